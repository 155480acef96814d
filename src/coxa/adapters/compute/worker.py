"""One task, wherever it runs: the one function that every engine maps over tasks."""

from __future__ import annotations

import os
import resource
import socket
import sys
import threading
import time
from dataclasses import dataclass

from coxa.adapters.cohort.parts import Parts
from coxa.adapters.cohort.places import Folder
from coxa.adapters.compute.sandbox import Limits, Sandbox
from coxa.app.cohort.parts import Effort, Part
from coxa.app.cohort.ports import Receipt
from coxa.app.cohort.tasks import Task
from coxa.catalog.loader import cohort_rules
from coxa.model.errors import ComputeError


@dataclass(frozen=True, slots=True)
class Duty:
    """What a worker is told once. Plain values: it travels with every task.

    Attributes:
        work: ``module:name`` of what assesses one recording.
        out: where parts go: a folder, or an address that fsspec knows.
        limits: of one recording.
        seen: name of a file in ``out`` and what is in it: whoever works elsewhere must find it there; empty:
            the work is done where the table is.
    """

    work: str
    out: str
    limits: Limits
    seen: tuple[str, str] = ("", "")


def work_on(sandbox: Sandbox, duty: Duty, task: Task) -> Receipt:
    """Assess one recording and keep its part.

    Raises:
        OutputError: the part cannot be kept.
        ComputeError: no process can be started for it.
    """
    began, clock = time.time(), time.perf_counter()
    worked = sandbox.run(task)
    waited_s = time.perf_counter() - clock - worked.seconds
    effort = Effort(
        seconds=worked.seconds,
        waited_s=max(waited_s, 0.0),
        worker=worker_name(),
        attempts=worked.attempts,
        peak_mb=worked.peak_mb + _own_peak_mb(),
        began=began,
    )
    Parts(duty.out).put(Part(task.key, worked.answer, effort))
    return Receipt(task.key, worked.answer.status, effort)


class _Kept(threading.local):
    """The sandbox of this thread, kept from task to task."""

    sandbox: Sandbox | None = None
    duty: Duty | None = None


_kept = _Kept()


def run_one(duty: Duty, task: Task) -> Receipt:
    """As :func:`work_on`, in the sandbox of this thread: what a scheduler sends to its workers.

    Raises:
        ComputeError: the table is not to be seen from here.
        SourceError: nothing here speaks to such places.
    """
    if _kept.sandbox is None or _kept.duty != duty:
        _require_same_folder(duty)
        if _kept.sandbox is not None:
            _kept.sandbox.close()
        _kept.sandbox, _kept.duty = new_sandbox(duty), duty
    return work_on(_kept.sandbox, duty, task)


def _require_same_folder(duty: Duty) -> None:
    name, word = duty.seen
    if name and Folder(duty.out).get(name) != word.encode():
        raise ComputeError(
            f"the worker at {socket.gethostname()} does not see {duty.out}",
            "name a place that all machines share, as all of them name it, or an address (s3://...)",
        )


def new_sandbox(duty: Duty) -> Sandbox:
    """One for one thread."""
    return Sandbox(duty.work, duty.limits, cohort_rules())


def worker_name() -> str:
    """Machine, process and thread."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.current_thread().name}"


def _own_peak_mb() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most / 1024.0) if sys.platform == "linux" else float(most / 1024.0**2)
