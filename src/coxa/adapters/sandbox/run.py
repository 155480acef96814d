"""Starts the process, listens to it, and ends it: by the clock, by its memory, or because nobody wants it."""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from coxa.adapters.child_processes import ONE_THREAD, used_mb
from coxa.adapters.sandbox.__main__ import NO_MEMORY
from coxa.model.errors import ComputeError
from coxa.specs.uploads import UploadRules

_LOOK_S = 0.2
#: What the process may know of its surroundings: nothing that is secret.
_PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    "NUMBA_CACHE_DIR", "COXA_PROTOCOLS", "HOME",
)  # fmt: skip
_DAMAGED = "It may be damaged in a way its decoder does not survive: play it, and export it anew"
_SHORTER = "Upload a shorter part"
_OTHER = "Try a shorter part, or another format"
_log = logging.getLogger("coxa.sandbox")


class How(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of it.

    Attributes:
        how: it ended.
        found: plain JSON; nothing in it is to be trusted further than a file from outside.
        fault: why it was refused.
        remedy: what can be done about it.
        held: what confined it.
    """

    how: How
    found: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""
    remedy: str = ""
    held: tuple[str, ...] = ()


#: Told the share that is done and what it is at, about five times a second; False: nobody wants it any more.
Listener = Callable[[float, str], bool]


def run(work: str, folder: Path, rules: UploadRules, listener: Listener) -> Ended:
    """Do one piece of work in a process of its own; whatever it does, this returns.

    Args:
        work: ``module:name`` of a :data:`coxa.adapters.sandbox.__main__.Work`.
        folder: its own; the only place where it may write.
        rules: what it may cost.
        listener: asked again and again whether to go on.

    Raises:
        ComputeError: no process can be started.
    """
    spare = folder / "tmp"
    spare.mkdir(exist_ok=True)
    told = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            # -P: no file of the folder it is started from is ever taken for a module.
            [
                *(sys.executable, "-P", "-m", "coxa.adapters.sandbox"),
                *(work, str(folder), str(os.getpid()), rules.model_dump_json()),
            ],
            env={**told, **ONE_THREAD, "TMPDIR": str(spare)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
    except OSError as error:
        raise ComputeError(f"no process can be started: {error}", "free memory or processes") from error
    try:
        return _Conversation(process, rules, listener).held()
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """It and whatever it may have started."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


class _Conversation:
    """Listening, with an eye on clock and memory."""

    def __init__(self, process: subprocess.Popen[bytes], rules: UploadRules, listener: Listener) -> None:
        self._process, self._rules, self._listener = process, rules, listener
        self._began = self._heard = time.monotonic()
        self._progress, self._words = 0.0, ""
        self._confined: tuple[str, ...] | None = None
        self._ended: Ended | None = None
        self._line = b""

    def held(self) -> Ended:
        """Until it has said how it ends, or is made to."""
        out = self._process.stdout
        assert out is not None  # noqa: S101 - it is a pipe
        os.set_blocking(out.fileno(), False)
        with selectors.DefaultSelector() as ready:
            ready.register(out, selectors.EVENT_READ)
            while self._ended is None:
                if ready.select(_LOOK_S) and not self._read(out.fileno()):
                    self._ended = self._ended or self._died()
                if self._ended is None:
                    self._ended = self._overstepped()
                if self._ended is None and not self._listener(self._progress, self._words):
                    self._ended = Ended(How.STOPPED)
        return self._ended

    def _read(self, handle: int) -> bool:
        """Whether there may be more."""
        part = os.read(handle, 1 << 16)
        self._line += part
        *lines, self._line = self._line.split(b"\n")
        most = self._rules.message_kb << 10
        if any(len(one) > most for one in (*lines, self._line)):
            self._ended = _refused("The process that read it said more than it may", _DAMAGED)
        for one in lines:
            if self._ended is None:
                self._take(one)
        return bool(part)

    def _take(self, line: bytes) -> None:
        """One message; whoever wrote it may be somebody else's code by now."""
        try:
            message = json.loads(line)
            match message:
                case {"ready": [*held]}:
                    self._confined = tuple(map(str, held))
                case {"progress": int() | float() as share, "words": str() as words}:
                    self._progress, self._words = min(max(float(share), 0.0), 1.0), words
                case {"done": dict() as found}:
                    self._ended = Ended(How.DONE, found, held=self._confined or ())
                case {"refused": [str() as fault, str() as remedy]}:
                    self._ended = _refused(fault, remedy)
                case {"broken": str() as where}:
                    _log.error("a recording was not survived: %.200s", where)
                    self._ended = _refused("Something broke while it was read", "It was noted. " + _OTHER)
                case _:
                    raise ValueError("unknown message")
        except (ValueError, RecursionError):
            self._ended = _refused("The process that read it spoke nonsense", _DAMAGED)
        self._heard = time.monotonic()

    def _overstepped(self) -> Ended | None:
        """Whether it takes more than it may."""
        now = time.monotonic()
        if used_mb(self._process.pid) > self._rules.memory_mb:
            return _refused(*_told(NO_MEMORY))
        if now - self._began > self._rules.time_s:
            return _refused(f"Reading it took longer than {self._rules.time_s / 60:g} minutes", _SHORTER)
        patience = self._rules.silence_s if self._confined is not None else self._rules.start_s
        if now - self._heard > patience:
            return _refused(f"Nothing of it could be read for {patience:g} seconds", _DAMAGED)
        return None

    def _died(self) -> Ended:
        try:
            code = self._process.wait(5.0)
        except subprocess.TimeoutExpired:
            return _refused("The process that read it fell silent", _DAMAGED)
        if self._confined is None:
            raise ComputeError("the process that reads recordings ended as it started", "run coxa doctor")
        if code == -signal.SIGXCPU:
            return _refused("Reading it took more computing than one recording may", _SHORTER)
        if code == -signal.SIGKILL:
            return _refused("The machine ran out of memory while it was read", _SHORTER)
        return _refused("The process that read it crashed", _DAMAGED)


def _refused(fault: str, remedy: str) -> Ended:
    return Ended(How.REFUSED, fault=fault, remedy=remedy)


def _told(words: tuple[str, str]) -> tuple[str, str]:
    fault, remedy = (one[:1].upper() + one[1:] for one in words)
    return fault, remedy
