"""One recording of a cohort: what the processes that read them run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coxa import __version__

if TYPE_CHECKING:
    from coxa.app.assess import Performed
    from coxa.app.cohort.parts import Answer
    from coxa.app.cohort.tasks import Engine, Task
    from coxa.app.jobs import Role
    from coxa.model.motion import Motion


def prepare() -> None:
    """Load what every recording needs, before the first."""
    from coxa.adapters import formats  # noqa: F401
    from coxa.adapters.sinks import memory, parquet  # noqa: F401
    from coxa.app import aligned, assess, recorded  # noqa: F401
    from coxa.catalog.fingerprint import catalogue_hash
    from coxa.catalog.loader import body_model, observability
    from coxa.catalog.protocols import library
    from coxa.estimate.markers import estimator  # noqa: F401

    catalogue_hash()
    body_model()
    observability()
    library()


def work(task: Task, alive: Callable[[], None]) -> Answer:
    """Measure and assess a recording.

    Args:
        task: which, and how.
        alive: called as frames are done.

    Raises:
        ComputeError: this machine has another Coxa than the one that planned the task.
        CoxaError: the recording is refused.
    """
    from coxa.app import assess as use_case
    from coxa.app.cohort.rows import answer_of
    from coxa.assess.norms import Person
    from coxa.catalog.protocols import library

    _require_same(task.engine)
    known = library(Path(task.engine.protocols) if task.engine.protocols else None)
    performed = _performed(task, alive)
    person = Person(task.told.age_y, task.told.sex or None)
    sides = (task.side,) if task.side else ()
    found = use_case.run(performed, task.protocol, known, person, sides)
    motion = performed[0].motion
    answer = answer_of(found[:1], motion)  # the first bears the comparison with a helped one
    return replace(answer, motion=_parquet(motion)) if task.engine.motions else answer


def _performed(task: Task, alive: Callable[[], None]) -> list[Performed]:
    """The recording's motion, then the helped one's if there is one."""
    from coxa.app.assess import Performed
    from coxa.app.jobs import Role
    from coxa.app.request import MeasureOptions, ReadOptions
    from coxa.bootstrap.assessing import measured

    with _as_planned(task) as (path, beside):
        options = MeasureOptions(
            reading=ReadOptions(height_m=task.told.height_m, calibration=beside.get(Role.CALIBRATION)),
            pose=task.engine.pose,
            overlay=False,
            static=beside.get(Role.STATIC),
        )
        span = replace(options, start_s=task.span.start_s, end_s=task.span.end_s)
        held = measured(path, span, lambda _: alive())
        performed = [Performed(held.motion, held.events)]
        if helped := beside.get(Role.HELPED):
            held = measured(helped, options, lambda _: alive())
            performed.append(Performed(held.motion, held.events, helped=True))
        return performed


@contextmanager
def _as_planned(task: Task) -> Iterator[tuple[Path, dict[Role, Path]]]:
    """The recording and the files beside it, as files of this machine.

    What is refused meanwhile is told of the files that were named, not of their copies here.

    Raises:
        SourceError: one of them has changed since it was planned.
    """
    from coxa.adapters.cohort.inputs import fetched, sha256_of
    from coxa.model.errors import CoxaError, SourceError

    asked = [(task.url, task.content.sha256), *((one.url, one.sha256) for one in task.content.companions)]
    with ExitStack() as stack:
        paths = []
        for url, sha256 in asked:
            path = stack.enter_context(fetched(url))
            if sha256_of(str(path)) != sha256:
                raise SourceError(f"{url}: it has changed since the cohort was planned", "run again")
            paths.append(path)
        try:
            yield paths[0], dict(zip((one.role for one in task.content.companions), paths[1:], strict=True))
        except CoxaError as error:
            fault = error.fault
            for path, (url, _) in zip(paths, asked, strict=True):
                fault = fault.replace(str(path), url)
            raise type(error)(fault, error.remedy) from error


def _require_same(planned: Engine) -> None:
    from coxa.catalog.fingerprint import catalogue_hash
    from coxa.model.errors import ComputeError

    folder = Path(planned.protocols) if planned.protocols else None
    mine = (__version__, catalogue_hash(folder))
    if mine != (planned.version, planned.catalogue):
        raise ComputeError(
            f"a worker has Coxa {mine[0]} with catalogue {mine[1][:12]}, the cohort was planned with "
            f"{planned.version} and {planned.catalogue[:12]}",
            "install the same Coxa, and the same protocols, on all machines",
        )


def _parquet(motion: Motion) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from coxa.adapters.sinks.parquet import motion_table

    buffer = pa.BufferOutputStream()
    pq.write_table(motion_table(motion), buffer, compression="zstd")
    content: bytes = buffer.getvalue().to_pybytes()
    return content
