"""From many recordings to one table."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coxa import __version__

if TYPE_CHECKING:
    from coxa.adapters.cohort.opened import Cohort
    from coxa.adapters.compute.worker import Duty
    from coxa.app.cohort.parts import Status
    from coxa.app.cohort.ports import Executor
    from coxa.app.cohort.run import Tally
    from coxa.app.cohort.tasks import Listed
    from coxa.specs.reliability import ReliabilityFile

WORK = "coxa.bootstrap.cohort_work:work"
REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class CohortOptions:
    """How a cohort is worked through.

    Attributes:
        engine: ``serial``, ``processes`` or ``dask``.
        scheduler: address of a Dask scheduler; empty: workers of this machine.
        workers: how many, on this machine; None: as many as it has cores.
        side: for recordings whose manifest names none; empty: all that the test has.
        protocols: folder of protocols of one's own.
        pose: pose network for films; None: the truest that is installed.
        motions: keep the motions too.
        retry: do those again that ended in a mishap.
        memory_mb: of each process that reads; None: its part of what the machine has.
        patience_s: without a sign of life, before a recording is given up; None: as the catalogue says.
        report: write the page too.
        work: ``module:name`` of what assesses one recording.
    """

    engine: str = "processes"
    scheduler: str = ""
    workers: int | None = None
    side: str = ""
    protocols: Path | None = None
    pose: str | None = None
    motions: bool = False
    retry: bool = False
    memory_mb: float | None = None
    patience_s: float | None = None
    report: bool = True
    work: str = WORK


@dataclass(frozen=True, slots=True)
class CohortRun:
    """How it went.

    Attributes:
        out: where the table is.
        tally: what was done.
        not_begun: how many could not be read, or were there twice.
        n_recordings: that were asked for.
        left_out: files of folders that did not look like recordings.
        index: of the table.
        report: the page; None: none was written.
    """

    out: str
    tally: Tally
    not_begun: Mapping[Status, int]
    n_recordings: int
    left_out: int
    index: dict[str, Any]
    report: str | None


def cohort(
    inputs: Sequence[str],
    protocol: str,
    out: str,
    options: CohortOptions | None = None,
    on_progress: Callable[[Tally], None] = lambda _: None,
    on_note: Callable[[str], None] = lambda _: None,
) -> CohortRun:
    """Assess many recordings into one table; what is done already is not done again.

    Args:
        inputs: folders, patterns, manifests or files, here or at addresses that fsspec knows.
        protocol: id of the test, for recordings that name none; empty: a manifest names them all.
        out: folder or address of the table.
        options: how.
        on_progress: called after every recording.
        on_note: called with what people should know meanwhile.

    Raises:
        SourceError: an input cannot be read, or names nothing.
        SpecError: there is no such protocol.
        ComputeError: workers cannot be had, or were lost; what is done stays done.
        OutputError: the table cannot be written.
    """
    from coxa.adapters.cohort import inputs as sources
    from coxa.adapters.cohort.dataset import write_table
    from coxa.adapters.cohort.parts import Parts
    from coxa.adapters.vision import assets
    from coxa.app.cohort import run as use_case
    from coxa.app.cohort.tasks import Engine
    from coxa.catalog.fingerprint import catalogue_hash
    from coxa.catalog.protocols import library

    wanted = options or CohortOptions()
    known = library(wanted.protocols)
    found = sources.find([str(one) for one in inputs], protocol, wanted.side)
    for name in sorted({one.protocol for one in found.listed}):
        _require_one_recording(known.protocol(name))
    if found.left_out:
        on_note(f"{found.left_out} files of other kinds were left out; a pattern names them: 'folder/*.csv'.")
    engine = Engine(
        __version__,
        catalogue_hash(wanted.protocols),
        assets.chosen(wanted.pose).size,
        "" if wanted.protocols is None else str(wanted.protocols.resolve()),
        wanted.motions,
    )
    place = out if "://" in out else str(Path(out).resolve())
    listed = [_absolute(one) for one in found.listed]
    planned = use_case.plan(listed, sources.contents(listed, place), engine)
    store = Parts(place)

    def start(n_tasks: int) -> Executor:
        executor = _executor(wanted, place, n_tasks)
        for note in executor.notes:
            on_note(note)
        return executor

    tally = use_case.work_through(planned, store, start, on_progress, wanted.retry)
    index = write_table(planned, store, place, engine)
    page = write_report(place, wanted.protocols) if wanted.report else None
    not_begun = Counter(one.instead.status for one in planned if one.instead is not None)
    return CohortRun(out, tally, not_begun, len(planned), found.left_out, index, page)


def open_cohort(place: str | Path) -> Cohort:
    """Open the table of a cohort; nothing is read before it is asked for.

    Args:
        place: folder or address (s3://, gcs://, http://) of what ``coxa cohort`` wrote.

    Raises:
        SourceError: there is none, or it is not whole.
    """
    from coxa.adapters.cohort.opened import Cohort

    return Cohort(str(place))


def write_reliability(
    table: str, out: Path, laboratory: str, sessions: Sequence[str] = (), overwrite: bool = False
) -> ReliabilityFile:
    """A laboratory's own figures, from recordings repeated of the same people.

    Args:
        table: what :func:`cohort` wrote.
        out: YAML file.
        laboratory: whose figures.
        sessions: only these; none: all.
        overwrite: replace an older file by its next version.

    Raises:
        SourceError: there is no table, or no such session.
        NothingToMeasureError: nothing was repeated.
        OutputError: it cannot be written.
    """
    from coxa.adapters.cohort import lab
    from coxa.app.cohort.reliability import repeated
    from coxa.model.errors import SourceError

    opened = open_cohort(table)
    there = sorted(set(opened.arrow("recordings")["session"].to_pylist()))
    if strange := sorted(set(sessions) - set(there)):
        raise SourceError(f"{table}: there is no session {strange[0]!r}", f"choose among: {', '.join(there)}")
    chosen = opened.where(kind="result", **({"session": list(sessions)} if sessions else {}))
    of = f"sessions {', '.join(sessions)}" if sessions else "all sessions"
    source = f"repeated recordings of a cohort, {of}; its digest is {opened.index['digest']}"
    return lab.write_reliability(list(repeated(chosen.pandas())), out, laboratory, source, overwrite)


def write_report(place: str, protocols: Path | None = None) -> str:
    """Write the page of a table beside it; where it is.

    Raises:
        SourceError: there is no table.
        OutputError: it cannot be written.
    """
    from coxa.adapters.cohort.places import Folder
    from coxa.app.cohort.summary import Frames, summary
    from coxa.catalog.loader import cohort_rules
    from coxa.catalog.protocols import library
    from coxa.report.cohort.page import page

    opened = open_cohort(place)
    frames = Frames(
        recordings=opened.pandas("recordings"),
        results=opened.where(kind="result").pandas(),
        untold=opened.pandas("untold"),
        effort=opened.pandas("effort"),
    )
    found = summary(frames, opened.index["digest"], cohort_rules())
    Folder(place).put(REPORT, page(found, library(protocols).protocols).encode("utf-8", "replace"))
    return f"{place.rstrip('/')}/{REPORT}"


def _require_one_recording(spec: Any) -> None:
    from coxa.model.errors import SpecError

    if spec.kind == "battery":
        raise SpecError(
            f"{spec.id} is a battery: each of its recordings is a test of its own",
            f"name one of its parts for each recording, in a manifest: {', '.join(spec.parts)}",
        )


def _absolute(one: Listed) -> Listed:
    """Its files as workers in other folders find them too."""

    def there(url: str) -> str:
        return url if "://" in url else str(Path(url).absolute())

    beside = tuple(replace(each, url=there(each.url)) for each in one.companions)
    return replace(one, url=there(one.url), companions=beside)


def _executor(wanted: CohortOptions, place: str, n_tasks: int) -> Executor:
    from coxa.adapters.cohort.parts import Parts
    from coxa.adapters.compute.local import Processes, Serial

    n_workers = 1 if wanted.engine == "serial" else min(wanted.workers or _cores(), n_tasks)
    duty = _duty(wanted, place, n_workers)
    if wanted.engine == "serial":
        return Serial(duty)
    if wanted.engine == "processes":
        return Processes(duty, n_workers)
    from coxa.adapters.compute.scheduled import Dask

    return Dask(duty, Parts(place), wanted.scheduler, n_workers)


def _duty(wanted: CohortOptions, place: str, n_workers: int) -> Duty:
    from coxa.adapters.compute.sandbox import Limits
    from coxa.adapters.compute.worker import Duty
    from coxa.catalog.loader import cohort_rules

    rules = cohort_rules()
    memory_mb = wanted.memory_mb or rules.memory_share * _memory_mb() / n_workers
    return Duty(wanted.work, place, Limits(memory_mb, wanted.patience_s or rules.patience_s))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory_mb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024.0**2
