"""The worker's end of :mod:`coxa.adapters.compute.child`: starts the nursery and asks it for readers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from socket import recv_fds, socket, socketpair

from coxa.adapters.child_processes import ONE_THREAD, used_mb
from coxa.adapters.compute.child import ENDED, FORK, READY
from coxa.model.errors import ComputeError

_START_S = 120.0  # on a busy machine; it takes about 3 s
_TRIES = 2  # of a nursery that somebody killed


class Reader:
    """A process that reads recordings.

    Attributes:
        pid: of it.
        line: to it: tasks go there, answers come from there.
    """

    def __init__(self, pid: int, line: Connection) -> None:
        self.pid, self.line = pid, line

    def kill(self) -> None:
        """End it at once; it may have ended already."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def used_mb(self) -> float:
        """Memory in use, as the machine tells it; 0 where it does not."""
        return used_mb(self.pid)


class Nursery:
    """Forks readers; started when the first is needed, and again if it was killed.

    Args:
        work: ``module:name`` of what readers do.
    """

    def __init__(self, work: str) -> None:
        self._work = work
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket | None = None

    def reader(self) -> Reader:
        """A fresh one.

        Raises:
            ComputeError: none can be had.
        """
        for _ in range(_TRIES):
            control = self._control or self._start()
            with suppress(OSError):
                control.sendall(FORK)
                told, lines, *_ = recv_fds(control, 32, 1)
                if told and lines:
                    return Reader(int(told), Connection(lines[0]))
            self.close()
        raise ComputeError(
            "processes that read recordings are killed as they start", "see the machine's memory"
        )

    def ended(self) -> int:
        """How the last reader ended, as :mod:`subprocess` has it; killed, where the nursery is gone too."""
        if self._control is not None:
            with suppress(OSError):
                self._control.sendall(ENDED)
                told = self._control.recv(2)
                if len(told) == 2:
                    return int.from_bytes(told, "big", signed=True)
        self.close()
        return -signal.SIGKILL

    def kill(self) -> None:
        """End it from another thread; readers end with it."""
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._control is not None:
            self._control.close()
        self._process = self._control = None

    def _start(self) -> socket:
        ours, theirs = socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "coxa.adapters.compute.child", str(theirs.fileno()), self._work],
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
        self._control = ours
        self._await_ready(ours)
        return ours

    def _await_ready(self, control: socket) -> None:
        control.settimeout(_START_S)
        try:
            ready = control.recv(1) == READY
        except TimeoutError:
            ready = False
        control.settimeout(None)
        if not ready:
            self.close()
            raise ComputeError(
                "a process that reads recordings ended as it started, or never was ready",
                "run coxa doctor on that machine",
            )
