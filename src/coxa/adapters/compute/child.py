"""Processes that read recordings for a worker, so that whatever a file does to them, the worker lives.

Started by :mod:`coxa.adapters.compute.nursery` as ``python -m coxa.adapters.compute.child FD WORK``. This
process, the nursery, loads what every recording needs (``prepare`` of the module of WORK, if it has one) and
then only forks readers, which so begin in no time. A reader answers tasks through a socket of its own; when
it dies, nothing else does.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from socket import send_fds, socket, socketpair
from threading import Lock
from typing import Any, TypeAlias

from coxa.adapters.child_processes import die_with, place_of
from coxa.app.cohort.parts import Answer, Status
from coxa.model.errors import ComputeError, CoxaError

#: Assesses one recording: the task, and what to call as it goes on.
Work: TypeAlias = "Callable[[Any, Callable[[], None]], Answer]"

#: What the worker and the nursery say to one another, one byte each: I am ready; a reader; how did it end?
READY, FORK, ENDED = b"r", b"f", b"e"
_SIGN_OF_LIFE_S = 1.0


def resolve(place: str) -> Any:
    """What ``module:name`` names."""
    module, name = place.split(":")
    return getattr(import_module(module), name)


def answered(work: Work, task: Any, alive: Callable[[], None]) -> Answer:
    """What working on a task comes to; every error is an answer.

    Raises:
        ComputeError: this machine is not fit for the task, which is no fault of the recording.
    """
    try:
        return work(task, alive)
    except ComputeError:
        raise
    except CoxaError as error:
        return Answer(Status.REFUSED, error.fault, error.remedy)
    except MemoryError:
        return Answer(Status.OUT_OF_MEMORY, *no_memory())
    except Exception as error:  # noqa: BLE001 - one recording's bug must not stop a thousand others
        return Answer(Status.FAILED, f"internal error: {_told(error)}", "a bug: please report it")


def no_memory() -> tuple[str, str]:
    """Reason and remedy."""
    return "it needs more memory than its worker may use", "allow more with --memory-gb, or cut it shorter"


def _told(error: Exception) -> str:
    where = place_of(error)
    return f"{type(error).__name__}: {error}{f' ({where})' if where else ''}"[:400]


class _Line:
    """The way back to the worker."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        self._said_s = 0.0

    def alive(self) -> None:
        """Tell the worker, now and then, that it goes on."""
        now = time.monotonic()
        if now - self._said_s > _SIGN_OF_LIFE_S:
            self._said_s = now
            self.send(("alive",))

    def send(self, message: tuple[Any, ...]) -> None:
        with self._lock:
            self._connection.send(message)


def peak_mb() -> float:
    """Most memory that this process has had at once."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(most / 1024.0) if sys.platform == "linux" else float(most / 1024.0**2)


def _read(line: _Line, connection: Connection, work: Work) -> None:
    """Answer tasks until the worker hangs up."""
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        began = time.perf_counter()
        try:
            answer = answered(work, task, line.alive)
        except ComputeError as error:
            line.send(("unfit", error.fault, error.remedy))
            return
        line.send(("done", answer, time.perf_counter() - began, peak_mb()))


def _fork(control: socket, work: Work) -> int:
    """A reader; the worker gets the other end of its line."""
    theirs, ours = socketpair()
    nursery, pid = os.getpid(), os.fork()
    if pid == 0:
        control.close()
        theirs.close()
        code = 1
        try:
            die_with(nursery)
            connection = Connection(ours.detach())
            _read(_Line(connection), connection, work)
            code = 0
        finally:
            os._exit(code)
    ours.close()
    send_fds(control, [str(pid).encode()], [theirs.fileno()])
    theirs.close()
    return pid


def main(arguments: list[str]) -> None:
    """Fork readers, and tell how they ended, as the worker asks for it."""
    number, place = arguments
    control = socket(fileno=int(number))
    os.dup2(2, 1)  # whatever native libraries print
    work: Work = resolve(place)
    prepare = getattr(import_module(place.partition(":")[0]), "prepare", None)
    if prepare is not None:
        prepare()
    reader = 0
    control.sendall(READY)
    while asked := control.recv(1):
        if asked == FORK:
            reader = _fork(control, work)
        else:
            control.sendall(
                os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]).to_bytes(2, "big", signed=True)
            )


if __name__ == "__main__":
    main(sys.argv[1:])
