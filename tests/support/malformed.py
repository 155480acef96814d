"""Damaged files, made from a sound one by a seeded fuzzer, and what a reader makes of each.

Readers run in a process of their own with a limit on time and on memory, so that a crash, a hang or a
runaway allocation is an outcome like any other and not the end of the tests.
"""

from __future__ import annotations

import json
import os
import random
import resource
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OPENER = "coxa.adapters.formats:open_recording"


@dataclass(frozen=True)
class Mutant:
    """A damaged file: what was done to it, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Outcome:
    """What a reader made of a file.

    Attributes:
        name: the file's name.
        kind: ``read``, ``refused`` (a CoxaError), ``failed`` (any other exception), ``hung`` or ``crashed``.
        words: the message of the error, or the header's notes.
        seconds: how long it took.
        n_frames: how many frames were read.
        insane: what is wrong with what was read, if anything.
    """

    name: str
    kind: str
    words: str = ""
    seconds: float = 0.0
    n_frames: int = 0
    insane: str = ""

    @property
    def good(self) -> bool:
        """A clear refusal, or a reading that holds no nonsense."""
        return self.kind == "refused" or (self.kind == "read" and not self.insane)


def damaged(sound: bytes, seed: int = 0, noisy: int = 8) -> Iterator[Mutant]:
    """Any format: empty, cut off, doubled, zeroed, drowned in noise, and ``noisy`` seeded byte noises."""
    draw = random.Random(seed)  # noqa: S311
    yield Mutant("empty", b"")
    yield Mutant("one_byte", sound[:1])
    for percent in (10, 50, 99):
        yield Mutant(f"cut_{percent}", sound[: len(sound) * percent // 100])
    yield Mutant("doubled", sound + sound)
    yield Mutant("zeroed", bytes(len(sound)))
    yield Mutant("noise_only", draw.randbytes(min(len(sound), 65536)))
    yield Mutant("middle_lost", sound[: len(sound) // 3] + sound[len(sound) // 2 :])
    for number in range(noisy):
        yield Mutant(f"noise_{number}", noised(sound, draw, 4 ** (1 + number % 5)))


def noised(sound: bytes, draw: random.Random, n_bytes: int, within: int | None = None) -> bytes:
    """Some bytes overwritten at random; every other one among the first 4 KB, where headers are."""
    content = bytearray(sound)
    end = min(within or len(content), len(content))
    for number in range(n_bytes if end else 0):
        content[draw.randrange(min(end, 4096) if number % 2 else end)] = draw.randrange(256)
    return bytes(content)


def edited(sound: bytes, edits: Mapping[str, Callable[[str], str]]) -> Iterator[Mutant]:
    """A text format: each edit makes one damaged file."""
    text = sound.decode("utf-8")
    for name, edit in edits.items():
        yield Mutant(name, edit(text).encode("utf-8"))


def written(folder: Path, suffix: str, mutants: Iterator[Mutant]) -> list[Path]:
    """The damaged files on disk, in order."""
    paths = []
    for mutant in mutants:
        path = folder / f"{mutant.name}{suffix}"
        path.write_bytes(mutant.content)
        paths.append(path)
    return paths


def outcomes(
    paths: Sequence[Path],
    opener: str = OPENER,
    options: Mapping[str, Any] | None = None,
    limit_s: float = 20.0,
    memory_mb: int = 1024,
) -> list[Outcome]:
    """What ``opener(path, ReadOptions(**options))`` makes of every file, reading each from end to end.

    Args:
        paths: files or folders.
        opener: ``module:function``.
        options: of :class:`coxa.app.request.ReadOptions`, as JSON has them.
        limit_s: for one file; beyond it the reader hangs.
        memory_mb: beyond what the interpreter takes by itself; more is refused to it.
    """
    done: list[Outcome] = []
    while len(done) < len(paths):
        job = {
            "opener": opener,
            "options": dict(options or {}),
            "memory_mb": memory_mb,
            "paths": [str(path) for path in paths[len(done) :]],
        }
        done += _run(job, limit_s)
    return done


def _run(job: Mapping[str, Any], limit_s: float) -> list[Outcome]:
    """Outcomes up to the first hang or crash, which is the last of them."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.support.malformed", json.dumps(job)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    done: list[Outcome] = []
    lines = _lines(child, limit_s)
    ready = next(lines, None)
    for path in job["paths"]:
        name = Path(path).name
        line = next(lines, None) if ready else None
        if line is None:
            done.append(Outcome(name, "crashed" if child.poll() is not None else "hung"))
            break
        done.append(Outcome(**json.loads(line)))
    child.kill()
    child.wait()
    return done


def _lines(child: subprocess.Popen[bytes], limit_s: float) -> Iterator[bytes]:
    """Lines the child prints, until one takes too long or it ends."""
    assert child.stdout is not None
    stream = child.stdout.fileno()
    waiting = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        due = time.monotonic() + 60.0  # the interpreter starts
        while True:
            if b"\n" in waiting:
                line, _, waiting = waiting.partition(b"\n")
                yield line
                due = time.monotonic() + limit_s
                continue
            if not selector.select(max(0.0, due - time.monotonic())):
                return
            more = os.read(stream, 65536)
            if not more:
                child.wait()
                return
            waiting += more


def _look_at(path: Path, opener: Callable[..., Any], options: Any) -> Outcome:
    """Read one file from end to end."""
    from coxa.model.errors import CoxaError

    began = time.monotonic()
    try:
        reader = opener(path, options)
        words = " | ".join(reader.header.notes)
        parts = [reader.sample(20), *reader.parts(200)]
        insane = "; ".join({fault for part in parts for fault in _insane(part)})
        n_frames = sum(part.n_frames for part in parts[1:])
        outcome = Outcome(path.name, "read", words, n_frames=n_frames, insane=insane)
    except CoxaError as error:
        outcome = Outcome(path.name, "refused", str(error))
    except Exception as error:  # noqa: BLE001 - what readers must never let through
        outcome = Outcome(path.name, "failed", f"{type(error).__name__}: {error}"[:500])
    return Outcome(**{**vars(outcome), "seconds": time.monotonic() - began})


def _insane(recording: Any) -> Iterator[str]:
    """What no sane recording holds."""
    import numpy as np

    if recording.n_frames == 0:
        yield "no frames"
    if not np.isfinite(recording.time_s).all():
        yield "times that are not finite"
    for channel in (*recording.image_points, *recording.space_points, *recording.orientations):
        names = getattr(channel, "names", getattr(channel, "segments", ()))
        if len(set(names)) < len(names):
            yield "a name twice"
    if any((np.abs(points.position_m) > 1e4).any() for points in recording.space_points):
        yield "points kilometres away"
    if any(np.isinf(angles.value).any() for angles in recording.angles):
        yield "infinite angles"
    for channel in recording.orientations:
        turned = channel.rotation[np.isfinite(channel.rotation).all(axis=(2, 3))]
        if len(turned) and np.abs(np.linalg.det(turned) - 1.0).max() > 1e-6:
            yield "orientations that are no rotations"


def _main(job: Mapping[str, Any]) -> None:
    from coxa.app.request import ReadOptions

    module, _, name = job["opener"].partition(":")
    opener = getattr(import_module(module), name)
    paths = {"calibration", "mapping"}
    options = {key: Path(value) if key in paths else value for key, value in job["options"].items()}
    print("ready", flush=True)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = taken + job["memory_mb"] * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for path in job["paths"]:
        print(json.dumps(vars(_look_at(Path(path), opener, ReadOptions(**options)))), flush=True)


if __name__ == "__main__":
    _main(json.loads(sys.argv[1]))
