"""Keeps libraries from writing to the terminal past Python."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_STDOUT, _STDERR = 1, 2


@contextmanager
def native_stderr_silenced() -> Iterator[None]:
    """What native code says on stderr goes nowhere; for code that reports its faults as exceptions."""
    with _silenced(_STDERR):
        yield


@contextmanager
def native_stdout_silenced() -> Iterator[None]:
    """What native code says on stdout goes nowhere, also what it keeps back until later."""
    with _silenced(_STDOUT):
        try:
            yield
        finally:
            if os.name == "posix":
                ctypes.CDLL(None).fflush(None)


@contextmanager
def _silenced(number: int) -> Iterator[None]:
    kept = os.dup(number)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, number)
        yield
    finally:
        os.dup2(kept, number)
        os.close(kept)
        os.close(nowhere)
