"""What a decoder may do when a file is poisoned: works for the sandbox, each worse than the other."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coxa.model.errors import SourceError

Tell = Callable[[float, str], None]


def fine(folder: Path, tell: Tell) -> Mapping[str, Any]:
    tell(0.5, "reading")
    (folder / "out.txt").write_text("made")
    return {"recordings": 1}


def refuses(folder: Path, tell: Tell) -> Mapping[str, Any]:
    raise SourceError("film.mp4 holds no pictures", "choose a video")


def breaks(folder: Path, tell: Tell) -> Mapping[str, Any]:
    raise KeyError("a word of somebody's file")


def crashes(folder: Path, tell: Tell) -> Mapping[str, Any]:
    tell(0.1, "reading")
    ctypes.string_at(0)
    return {}


def hangs(folder: Path, tell: Tell) -> Mapping[str, Any]:
    time.sleep(600)
    return {}


def hangs_while_it_says_that_it_goes_on(folder: Path, tell: Tell) -> Mapping[str, Any]:
    while True:
        tell(0.1, "reading")
        time.sleep(0.05)


def eats_addresses(folder: Path, tell: Tell) -> Mapping[str, Any]:
    return {"n": len(bytearray(64 << 30))}


def eats_memory(folder: Path, tell: Tell) -> Mapping[str, Any]:
    held = []
    while True:
        held.append(os.urandom(8 << 20))
        tell(0.1, "reading")


def computes(folder: Path, tell: Tell) -> Mapping[str, Any]:
    while True:
        pass


def fills_the_disk(folder: Path, tell: Tell) -> Mapping[str, Any]:
    with (folder / "out.bin").open("wb") as file:
        while True:
            file.write(bytes(1 << 20))


def speaks_nonsense(folder: Path, tell: Tell) -> Mapping[str, Any]:
    os.write(3, b'{"done": "not what it should be"}\n')
    os.write(_line(), b'\xff{"done"\n')
    time.sleep(600)
    return {}


def never_ends_its_line(folder: Path, tell: Tell) -> Mapping[str, Any]:
    while True:
        os.write(_line(), b"x" * 4096)


def _line() -> int:
    """Where the messages go: the only pipe that is open."""
    here = Path("/proc/self/fd")
    return next(int(one.name) for one in here.iterdir() if "pipe:" in str(one.readlink()))


def leaves_a_child(folder: Path, tell: Tell) -> Mapping[str, Any]:
    child = os.fork()
    if child == 0:
        time.sleep(600)
    (folder / "child").write_text(str(child))
    return {}


def looks_around(folder: Path, tell: Tell) -> Mapping[str, Any]:
    """What it could reach, had nobody stopped it."""
    secret = Path((folder / "secret").read_text())
    tried = {
        "read": secret.read_text,
        "list": lambda: list(secret.parent.iterdir()),
        "write": lambda: (secret.parent / "mine").write_text("x"),
        "link": lambda: os.link(secret, folder / "linked"),
        "connect": lambda: socket.create_connection(("127.0.0.1", int((folder / "port").read_text())), 1),
        "run": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "parent's surroundings": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "kill the parent": lambda: os.kill(os.getppid(), 0),
        "change the code": lambda: (Path(__file__).parent / "changed.py").write_text(""),
    }
    reached = []
    for name, attempt in tried.items():
        try:
            attempt()
        except OSError:
            continue
        reached.append(name)
    return {"reached": reached, "environment": sorted(os.environ)}
