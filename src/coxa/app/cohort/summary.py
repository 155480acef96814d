"""A table in short: what was done, what is missing and why, groups, changes, reliability."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coxa.app.cohort.mixed import Model, models
from coxa.app.cohort.parts import Status
from coxa.app.cohort.reliability import Repeated, in_order, repeated
from coxa.specs.cohort import CohortRules

#: What can become of a figure, best first.
LEVELS = ("observed", "weak", "not observable")


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that was said of recordings.

    Attributes:
        of: its kind: a status, a test and what it could not tell, or a note.
        words: why.
        remedy: what somebody can do; may be empty.
        n: how many recordings.
        some: names of the first of them.
    """

    of: str
    words: str
    remedy: str
    n: int
    some: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How many recordings tell one quantity of one side.

    Attributes:
        protocol: id of the test.
        quantity: of it.
        side: of the person; may be empty.
        n: by level, as :data:`LEVELS`; what was not found counts as not observable.
    """

    protocol: str
    quantity: str
    side: str
    n: tuple[int, ...]

    @property
    def total(self) -> int:
        """Recordings that should tell it."""
        return sum(self.n)


@dataclass(frozen=True, slots=True)
class Cell:
    """One quantity of one side in one group and session.

    Attributes:
        group: which; may be empty.
        session: which; may be empty.
        values: what was observed, in the quantity's unit.
        people: who they are of.
        mean: of them.
        sd: between them.
        error: their mean standard deviation: of measuring.
    """

    group: str
    session: str
    values: tuple[float, ...]
    people: int
    mean: float
    sd: float
    error: float


@dataclass(frozen=True, slots=True)
class Compared:
    """One quantity of one side, by one method, over groups and sessions."""

    protocol: str
    quantity: str
    side: str
    method: str
    unit: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class CohortSummary:
    """Everything the page says.

    Attributes:
        n_recordings: that were asked for.
        by_status: how many ended how, most first.
        n_people: who are known by name.
        groups: names of groups.
        sessions: names of sessions, in order.
        methods: what was measured with -> recordings.
        failures: what did not work, most first.
        told: what was told how often.
        untold: why not, most first.
        notes: on the quality of recordings, most first.
        compared: quantities by group and session.
        models: what groups, sessions and sides make of them.
        repeated: reliability, where people were measured more than once.
        work_s: summed time of the work, and the median of one recording.
        peak_mb: most memory of a worker.
        digest: of the table.
        version: of the Coxa that made it.
        catalogue: SHA-256 of its catalogue.
    """

    n_recordings: int
    by_status: tuple[tuple[str, int], ...]
    n_people: int
    groups: tuple[str, ...]
    sessions: tuple[str, ...]
    methods: tuple[tuple[str, int], ...]
    failures: tuple[Reason, ...]
    told: tuple[Told, ...]
    untold: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    compared: tuple[Compared, ...]
    models: tuple[Model, ...]
    repeated: tuple[Repeated, ...]
    work_s: tuple[float, float]
    peak_mb: float
    digest: str
    version: str
    catalogue: str


@dataclass(frozen=True, slots=True)
class Frames:
    """The tables of a cohort, as :mod:`coxa.adapters.cohort.schema` has them."""

    recordings: pd.DataFrame
    results: pd.DataFrame
    untold: pd.DataFrame
    effort: pd.DataFrame


def summary(frames: Frames, digest: str, rules: CohortRules) -> CohortSummary:
    """A table in short.

    Args:
        frames: its tables; results are the measures of that kind.
        digest: of the table.
        rules: how many people a model needs.
    """
    recordings, results = frames.recordings, frames.results
    done = recordings[recordings["status"] == Status.DONE.value]
    failed = recordings[recordings["status"] != Status.DONE.value]
    notes = done[["recording", "notes"]].explode("notes").dropna().rename(columns={"notes": "words"})
    untold = frames.untold.assign(of=frames.untold["protocol"] + ": " + frames.untold["what"])
    seconds = frames.effort["seconds"]
    return CohortSummary(
        n_recordings=len(recordings),
        by_status=_counts(recordings["status"]),
        n_people=recordings.loc[recordings["person"] != "", "person"].nunique(),
        groups=tuple(sorted(set(recordings["group"]) - {""})),
        sessions=tuple(in_their_order(recordings["session"])),
        methods=_counts(done["method"]),
        failures=_reasons(failed.rename(columns={"status": "of", "reason": "words"})),
        told=tuple(_told(results)),
        untold=_reasons(untold.rename(columns={"reason": "words"})),
        notes=_reasons(notes.assign(of="note", remedy="")),
        compared=tuple(_compared(results)),
        models=tuple(models(results, rules)),
        repeated=tuple(repeated(results)),
        work_s=(float(seconds.sum()), float(seconds.median()) if len(seconds) else 0.0),
        peak_mb=float(frames.effort["peak_mb"].max()) if len(frames.effort) else 0.0,
        digest=digest,
        version=_only(recordings["engine"]),
        catalogue=_only(recordings["catalogue"]),
    )


def in_their_order(labels: pd.Series) -> list[str]:
    """Different labels but the empty one, as people count."""
    some = labels[labels != ""].drop_duplicates()
    return [str(one) for one in some.sort_values(key=in_order)]


def _only(column: pd.Series) -> str:
    return str(column.iloc[0]) if len(column) else ""


def _counts(column: pd.Series) -> tuple[tuple[str, int], ...]:
    counted = column[column != ""].value_counts()
    return tuple(
        (str(name), int(n)) for name, n in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    )


def _reasons(rows: pd.DataFrame) -> tuple[Reason, ...]:
    """The same words of several recordings once; a recording's own name in them does not make them differ."""
    if rows.empty:
        return ()
    named = rows.assign(
        words=[_without(words, name) for words, name in zip(rows["words"], rows["recording"], strict=True)]
    )
    found = [
        Reason(str(of), str(words), str(remedy), len(some), tuple(some["recording"].iloc[:3]))
        for (of, words, remedy), some in named.groupby(["of", "words", "remedy"], sort=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, one.of, one.words)))


def _without(words: str, recording: str) -> str:
    """``/data/a.c3d: it is empty`` as ``it is empty``."""
    name = recording.rpartition("/")[2]
    head, found, rest = words.partition(f"{name}: ")
    return rest if found and " " not in head else words


def _told(results: pd.DataFrame) -> list[Told]:
    level = results["observability"].where(results["value"].notna(), LEVELS[-1])
    found = []
    for names, some in level.groupby([results["protocol"], results["quantity"], results["side"]], sort=True):
        protocol, quantity, side = (str(name) for name in names)
        found.append(Told(protocol, quantity, side, tuple(int((some == one).sum()) for one in LEVELS)))
    return found


def _compared(results: pd.DataFrame) -> list[Compared]:
    told = results[(results["observability"] == LEVELS[0]) & results["value"].notna()]
    found = []
    for names, rows in told.groupby(["protocol", "quantity", "side", "method"], sort=True):
        sessions = in_their_order(rows["session"])
        cells = [_cell(some) for _, some in rows.groupby(["group", "session"])]
        cells.sort(key=lambda one: (one.group, sessions.index(one.session) if one.session else -1))
        protocol, quantity, side, method = (str(name) for name in names)
        found.append(Compared(protocol, quantity, side, method, str(rows["unit"].iloc[0]), tuple(cells)))
    return found


def _cell(rows: pd.DataFrame) -> Cell:
    values = rows["value"]
    return Cell(
        str(rows["group"].iloc[0]),
        str(rows["session"].iloc[0]),
        tuple(float(one) for one in values),
        rows.loc[rows["person"] != "", "person"].nunique(),
        float(values.mean()),
        float(values.std(ddof=1)) if len(values) > 1 else float("nan"),
        float(rows["sd"].mean()),
    )
