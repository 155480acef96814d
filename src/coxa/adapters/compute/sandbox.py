"""A process of its own for what reads recordings: a file may crash it, hang it or fill its memory.

One sandbox belongs to one thread of one worker. Its process, the reader, reads many recordings, one after the
other, and another takes its place after it died and when it is due.
"""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from typing import Any

from coxa.adapters.compute.child import no_memory
from coxa.adapters.compute.nursery import Nursery, Reader
from coxa.app.cohort.parts import Answer, Status
from coxa.model.errors import ComputeError
from coxa.specs.cohort import CohortRules


@dataclass(frozen=True, slots=True)
class Limits:
    """What one recording may cost.

    Attributes:
        memory_mb: of the process that reads it.
        patience_s: without a sign of life.
    """

    memory_mb: float
    patience_s: float


@dataclass(frozen=True, slots=True)
class Worked:
    """An answer and what it took.

    Attributes:
        answer: to the task.
        seconds: of the work itself, in the process that gave the answer.
        attempts: processes that tried.
        peak_mb: most memory of that process so far.
    """

    answer: Answer
    seconds: float
    attempts: int
    peak_mb: float


class _Died(Exception):  # noqa: N818 - never leaves this module
    """The process ended while it was at a task; ``code`` as :mod:`subprocess` has it."""

    def __init__(self, code: int, seconds: float) -> None:
        super().__init__(code)
        self.code, self.seconds = code, seconds


class Sandbox:
    """Runs tasks in a process that may die.

    Args:
        work: ``module:name`` of a :data:`coxa.adapters.compute.child.Work`.
        limits: what a recording may cost.
        rules: habits.
    """

    def __init__(self, work: str, limits: Limits, rules: CohortRules) -> None:
        self._limits, self._rules = limits, rules
        self._nursery = Nursery(work)
        self._reader: Reader | None = None
        self._n_done = 0
        self._stopped = False

    def run(self, task: Any) -> Worked:
        """What a task comes to.

        A process that died at its first recording was killed by it. One that had read others before may have
        been spoilt by them, and one that somebody killed from outside says nothing of the recording: these
        recordings get a fresh process.

        Raises:
            ComputeError: no process can be started, or :meth:`stop` was called.
        """
        killed, code = 0, 0
        for attempt in range(1, self._rules.most_deaths + 2):
            fresh = self._n_done == 0
            try:
                answer, seconds, peak_mb = self._ask(task)
            except _Died as death:
                self._require_wanted()
                code = death.code
                killed += code == -signal.SIGKILL
                if (fresh and code != -signal.SIGKILL) or killed >= self._rules.most_deaths:
                    return Worked(_crashed(code, killed), death.seconds, attempt, 0.0)
                continue
            return Worked(answer, seconds, attempt, peak_mb)
        return Worked(_crashed(code, killed), 0.0, attempt, 0.0)

    def stop(self) -> None:
        """End it from another thread, for good; what it is at is lost."""
        self._stopped = True
        self._nursery.kill()
        reader = self._reader
        if reader is not None:
            reader.kill()

    def close(self) -> None:
        """End all processes at once."""
        self._drop_reader()
        self._nursery.close()

    def _require_wanted(self) -> None:
        if self._stopped:
            raise ComputeError("the worker was stopped", "run the same command again: it goes on from there")

    def _drop_reader(self) -> None:
        if self._reader is not None:
            self._reader.kill()
            self._nursery.ended()
            self._reader.close()
        self._reader, self._n_done = None, 0

    def _ask(self, task: Any) -> tuple[Answer, float, float]:
        if self._n_done >= self._rules.tasks_per_child:
            self._drop_reader()
        if self._reader is None:
            self._require_wanted()
            self._reader = self._nursery.reader()
        began = time.monotonic()
        try:
            self._reader.line.send(task)
            return self._answer(self._reader, began)
        except (EOFError, OSError):
            code = self._nursery.ended()
            self._reader.close()
            self._reader, self._n_done = None, 0
            raise _Died(code, time.monotonic() - began) from None

    def _answer(self, reader: Reader, began: float) -> tuple[Answer, float, float]:
        heard = began
        while True:
            if reader.line.poll(self._rules.memory_check_s):
                message = reader.line.recv()
                heard = time.monotonic()
                if message[0] == "done":
                    self._n_done += 1
                    return message[1], message[2], message[3]
                if message[0] == "unfit":
                    raise ComputeError(message[1], message[2])
                continue
            now, used_mb = time.monotonic(), reader.used_mb()
            if used_mb > self._limits.memory_mb:
                self._drop_reader()
                return Answer(Status.OUT_OF_MEMORY, *no_memory()), now - began, used_mb
            if now - heard > self._limits.patience_s:
                self._drop_reader()
                return _stalled(self._limits.patience_s), now - began, used_mb


def _crashed(code: int, killed: int) -> Answer:
    if killed:
        return Answer(
            Status.CRASHED,
            f"the process that read it was killed {killed} times",
            "see whether the machine ran out of memory, then run again with --retry",
        )
    try:
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
    except ValueError:
        how = f"by signal {-code}"
    return Answer(
        Status.CRASHED,
        f"the process that read it ended {how}",
        "the file is damaged in a way its decoder does not survive: export it anew",
    )


def _stalled(patience_s: float) -> Answer:
    return Answer(
        Status.STALLED,
        f"nothing of it was read for {patience_s:g} s",
        "see whether the file can be played; a slow network or machine: wait longer with --patience",
    )
