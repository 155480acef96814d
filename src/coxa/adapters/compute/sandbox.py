"""A process of its own for what reads recordings: a file may crash it, hang it or fill its memory.

One sandbox belongs to one thread of one worker. Its process reads many recordings, one after the other, and
is started anew after it died and when it is due.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from socket import socketpair
from typing import Any

from coxa.adapters.compute.child import no_memory
from coxa.app.cohort.parts import Answer, Status
from coxa.model.errors import ComputeError
from coxa.specs.cohort import CohortRules

_MB = 1024.0**2
_START_S = 120.0  # on a busy machine; it takes about 3 s
#: Each worker has one core: nothing in it may start threads of its own to compute.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_NUM_THREADS",
    ),
    "1",
)  # fmt: skip


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
        self._work, self._limits, self._rules = work, limits, rules
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
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
        killed = 0
        for attempt in range(1, self._rules.most_deaths + 2):
            fresh = self._n_done == 0
            try:
                answer, seconds, peak_mb = self._ask(task)
            except _Died as death:
                self._require_wanted()
                killed += death.code == -signal.SIGKILL
                blamed = fresh and death.code != -signal.SIGKILL
                if blamed or killed >= self._rules.most_deaths:
                    return Worked(_crashed(death.code, killed), death.seconds, attempt, 0.0)
                continue
            return Worked(answer, seconds, attempt, peak_mb)
        return Worked(_crashed(-signal.SIGKILL, killed), 0.0, attempt, 0.0)

    def stop(self) -> None:
        """End it from another thread, for good; what it is at is lost."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def _require_wanted(self) -> None:
        if self._stopped:
            raise ComputeError("the worker was stopped", "run the same command again: it goes on from there")

    def close(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._line is not None:
            self._line.close()
        self._process = self._line = None
        self._n_done = 0

    def _ask(self, task: Any) -> tuple[Answer, float, float]:
        if self._n_done >= self._rules.tasks_per_child:
            self.close()
        line, began = self._started(), time.monotonic()
        try:
            line.send(task)
            return self._answer(line, began)
        except (EOFError, OSError):
            code = self._ended()
            self.close()
            raise _Died(code, time.monotonic() - began) from None

    def _answer(self, line: Connection, began: float) -> tuple[Answer, float, float]:
        heard = began
        while True:
            if line.poll(self._rules.memory_check_s):
                message = line.recv()
                heard = time.monotonic()
                if message[0] == "done":
                    self._n_done += 1
                    return message[1], message[2], message[3]
                if message[0] == "unfit":
                    raise ComputeError(message[1], message[2])
                continue
            now, used_mb = time.monotonic(), self._used_mb()
            if used_mb > self._limits.memory_mb:
                self.close()
                return Answer(Status.OUT_OF_MEMORY, *no_memory()), now - began, used_mb
            if now - heard > self._limits.patience_s:
                self.close()
                return _stalled(self._limits.patience_s), now - began, used_mb

    def _started(self) -> Connection:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._line is not None:
            return self._line
        self._require_wanted()
        ours, theirs = socketpair()
        command = [sys.executable, "-m", "coxa.adapters.compute.child", str(theirs.fileno()), self._work]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [*command, str(os.getpid())],
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **ONE_THREAD},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # an interruption from the keyboard is the worker's to deal with
            )
        except OSError as error:
            ours.close()
            raise ComputeError(f"no process can be started: {error}", "free memory or processes") from error
        finally:
            theirs.close()
        self._line = Connection(ours.detach())
        self._await_ready(self._line)
        return self._line

    def _await_ready(self, line: Connection) -> None:
        try:
            if line.poll(_START_S) and line.recv() == ("ready",):
                return
            fault = f"a process that reads recordings was not ready within {_START_S:g} s"
        except (EOFError, OSError):
            fault = f"a process that reads recordings ended as it started (exit code {self._ended()})"
        self.close()
        raise ComputeError(fault, "run coxa doctor on that machine")

    def _ended(self) -> int:
        """How it ended, waiting for the moment between the line's end and the process's own."""
        if self._process is None:
            return 0
        try:
            return self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            return 0

    def _used_mb(self) -> float:
        """Memory in use by the process, as the machine tells it; 0 where it does not."""
        if self._process is None:
            return 0.0
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0.0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / _MB


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
