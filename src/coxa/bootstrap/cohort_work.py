"""One recording of a cohort: what the processes that read them run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coxa import __version__

if TYPE_CHECKING:
    from coxa.app.cohort.parts import Answer
    from coxa.app.cohort.tasks import Engine, Task
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
    from coxa.adapters.cohort.inputs import fetched, sha256_of
    from coxa.app import assess as use_case
    from coxa.app.cohort.rows import answer_of
    from coxa.app.request import MeasureOptions, ReadOptions
    from coxa.assess.norms import Person
    from coxa.bootstrap.assessing import measured
    from coxa.catalog.protocols import library
    from coxa.model.errors import CoxaError, SourceError

    _require_same(task.engine)
    known = library(Path(task.engine.protocols) if task.engine.protocols else None)
    reading = ReadOptions(height_m=task.told.height_m)
    options = MeasureOptions(reading=reading, pose=task.engine.pose, overlay=False)
    with fetched(task.url) as path:
        if sha256_of(str(path)) != task.sha256:
            raise SourceError(f"{task.url}: it has changed since the cohort was planned", "run again")
        try:
            held = measured(path, options, lambda _: alive())
        except CoxaError as error:  # told of the recording, not of its copy here
            raise type(error)(error.fault.replace(str(path), task.url), error.remedy) from error
    person = Person(task.told.age_y, task.told.sex or None)
    sides = (task.side,) if task.side else ()
    performed = [use_case.Performed(held.motion, held.events)]
    found = use_case.run(performed, task.protocol, known, person, sides)
    answer = answer_of(found, held.motion)
    return replace(answer, motion=_parquet(held.motion)) if task.engine.motions else answer


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
