"""How good is Coxa? Reference recordings are measured anew and held against what others say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from coxa.app.agreement import Agreement, Sample, agreement, samples
from coxa.estimate.blas import one_thread
from coxa.model.errors import CoxaError, SourceError
from coxa.model.motion import Motion
from coxa.specs.estimator import ObservabilitySpec
from coxa.specs.validation import Limits, ReferenceSpec, ValidationSpec

N_PROCESSES = 2


@dataclass(frozen=True, slots=True)
class ReferenceTrial:
    """One recording, and what is true in it.

    Attributes:
        person: key of ``ReferenceSpec.people``.
        motion: key of ``ReferenceSpec.motions``.
        name: of the recording, for people to read.
        truth: in Coxa's coordinates and definitions; NaN where the reference says nothing.
        measure: what Coxa makes of it, at the frames of ``truth``.
        condition: key of ``ReferenceSpec.conditions``; empty: there is one only.
    """

    person: str
    motion: str
    name: str
    truth: Motion
    measure: Callable[[], Motion]
    condition: str = ""


class ReferenceSource(Protocol):
    """A set of reference recordings, in parts that are measured apart from one another; can be pickled."""

    @property
    def key(self) -> str:
        """In ``catalog/validation.yaml``."""
        ...

    def parts(self) -> Sequence[str]:
        """Names of the parts that are there; none: the recordings are absent."""
        ...

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """The recordings of one part."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """One coordinate of one recording, and where it belongs."""

    condition: str
    motion: str
    recording: str
    sample: Sample


class Measured(NamedTuple):
    """What became of one part: the pieces, and recordings Coxa refused, with the reason."""

    pieces: tuple[Piece, ...]
    refused: tuple[str, ...]


class Step(NamedTuple):
    """How far a validation has come."""

    source: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; empty ``motion`` or ``people``: all of them.

    Attributes:
        condition: key of ``ReferenceSpec.conditions``.
        motion: key of ``ReferenceSpec.motions``.
        people: a person, ``developed_on``, or ``held_out``.
        agreement: the figures.
    """

    condition: str
    motion: str
    people: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Judgement:
    """One promise, and whether it was kept."""

    coordinate: str
    condition: str
    figure: str
    limit: float | tuple[float, float]
    found: float

    @property
    def kept(self) -> bool:
        """NaN keeps nothing."""
        if isinstance(self.limit, tuple):
            return self.limit[0] <= self.found <= self.limit[1]
        return self.found <= self.limit

    @property
    def too_wide(self) -> bool:
        """Not kept, but on the safe side: intervals hold the truth more often than they say."""
        return isinstance(self.limit, tuple) and self.found > self.limit[1]


@dataclass(frozen=True, slots=True)
class SourceResult:
    """All rows of one source."""

    key: str
    spec: ReferenceSpec
    rows: tuple[Row, ...]
    judgements: tuple[Judgement, ...]
    pieces: tuple[Piece, ...]
    refused: tuple[str, ...] = ()

    def row(self, coordinate: str, condition: str = "", motion: str = "", people: str = "") -> Row | None:
        """The line of these; None: there is none."""
        wanted = (coordinate, condition, motion, people)
        for row in self.rows:
            if (row.agreement.coordinate, row.condition, row.motion, row.people) == wanted:
                return row
        return None

    @property
    def judged_people(self) -> str:
        """Whose rows the promises bear on."""
        return "held_out" if self.spec.limits_on == "held_out" else ""


@dataclass(frozen=True, slots=True)
class Validation:
    """The table.

    Attributes:
        version: of the promises.
        sources: in the order of the catalogue.
        absent: keys of sources whose recordings are not there.
    """

    version: int
    sources: tuple[SourceResult, ...]
    absent: tuple[str, ...] = field(default=())


def validate(
    sources: Sequence[ReferenceSource],
    spec: ValidationSpec,
    observability: ObservabilitySpec,
    on_progress: Callable[[Step], None] = lambda _: None,
) -> Validation:
    """Measure every recording, compare, tabulate.

    Raises:
        SourceError: none of the recordings is there.
    """
    work = {source.key: source.parts() for source in sources}
    absent = tuple(key for key, parts in work.items() if not parts)
    if len(absent) == len(work):
        raise SourceError(
            f"there are no reference recordings of: {', '.join(absent)}",
            "name their folder with --data, or with the environment variable COXA_REFERENCE_DATA",
        )
    present = [source for source in sources if work[source.key]]
    order = list(spec.sources)
    measured = _measure_all(present, work, spec, observability, on_progress)
    results = tuple(
        tabulate(source.key, spec.sources[source.key], measured[source.key], spec.min_frames)
        for source in sorted(present, key=lambda source: order.index(source.key))
    )
    return Validation(spec.version, results, absent)


def _measure_all(
    sources: Sequence[ReferenceSource],
    work: Mapping[str, Sequence[str]],
    spec: ValidationSpec,
    observability: ObservabilitySpec,
    on_progress: Callable[[Step], None],
) -> dict[str, list[Measured]]:
    """Key -> what became of each part, in the order of the parts."""
    total = sum(len(work[source.key]) for source in sources)
    found: dict[str, dict[str, Measured]] = {source.key: {} for source in sources}
    with ProcessPoolExecutor(N_PROCESSES) as pool:
        running = {}
        for source in sources:
            rules = observability if spec.sources[source.key].lever else None
            for part in work[source.key]:
                running[pool.submit(measure_part, source, part, rules)] = (source.key, part)
        try:
            for done, future in enumerate(as_completed(running), start=1):
                key, part = running[future]
                found[key][part] = future.result()
                on_progress(Step(key, done, total))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {key: [parts[part] for part in work[key]] for key, parts in found.items()}


def measure_part(source: ReferenceSource, part: str, observability: ObservabilitySpec | None) -> Measured:
    """Measure and compare the recordings of one part."""
    pieces: list[Piece] = []
    refused: list[str] = []
    with one_thread():
        for trial in source.trials(part):
            try:
                estimated = trial.measure()
            except CoxaError as error:
                refused.append(f"{trial.name}: {error.fault}")
                continue
            pieces += [
                Piece(trial.condition, trial.motion, trial.name, sample)
                for sample in samples(estimated, trial.truth, observability, trial.person, trial.motion)
            ]
    return Measured(tuple(pieces), tuple(refused))


def tabulate(key: str, spec: ReferenceSpec, parts: Sequence[Measured], min_frames: int) -> SourceResult:
    """Every row of one source."""
    pieces = tuple(piece for part in parts for piece in part.pieces)
    refused = tuple(name for part in parts for name in part.refused)
    rows = tuple(_rows(spec, pieces, min_frames))
    result = SourceResult(key, spec, rows, (), pieces, refused)
    return SourceResult(key, spec, rows, tuple(_judgements(result)), pieces, refused)


def _rows(spec: ReferenceSpec, pieces: Sequence[Piece], min_frames: int) -> Iterator[Row]:
    for condition in spec.conditions or ("",):
        here = [piece for piece in pieces if piece.condition == condition]
        for motion, people, name in _selections(spec):
            chosen = [
                piece for piece in here if piece.sample.person in people and motion in {"", piece.motion}
            ]
            for coordinate in spec.coordinates:
                parts = [piece.sample for piece in chosen if piece.sample.coordinate == coordinate]
                if parts:
                    yield Row(condition, motion, name, agreement(parts, min_frames))


def _selections(spec: ReferenceSpec) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Motion, people, and what they are called in a row."""
    everyone = tuple(spec.people)
    yield "", everyone, ""
    if spec.developed_on:
        yield "", spec.developed_on, "developed_on"
        yield "", tuple(person for person in everyone if person not in spec.developed_on), "held_out"
    for motion in spec.motions:
        yield motion, everyone, ""
    for person in everyone:
        yield "", (person,), person


def _judgements(result: SourceResult) -> Iterator[Judgement]:
    for condition in result.spec.conditions or ("",):
        for coordinate, limits in result.spec.limits.items():
            row = result.row(coordinate, condition, people=result.judged_people)
            if row is not None:
                yield from _held_against(row.agreement, limits, condition)


def _held_against(found: Agreement, limits: Limits, condition: str) -> Iterator[Judgement]:
    for figure in ("rmse_deg", "rmse_offset_removed_deg", "range_error_deg"):
        limit = getattr(limits, figure)
        if limit is not None:
            yield Judgement(found.coordinate, condition, figure, limit, getattr(found, figure))
    for figure in ("mae_observed_deg", "within_95", "within_95_observed"):
        bound = getattr(limits, figure)
        observed = found.coverage.observed > 0 or "observed" not in figure
        if bound is not None and observed:  # nothing is promised of what is not called observed
            yield Judgement(found.coordinate, condition, figure, bound, getattr(found.coverage, figure))
