"""A large cohort to measure with: recordings of others under many names, simulated ones, and poisoned ones.

- UI-PRMD (``../shared/data``): four repetitions of a person and movement joined, written as TRC. Each copy
  bears its own name in the first line of the file, as TRC does: some bytes of metadata differ, so that
  contents, hashes and tasks are different ones, and each copy is measured anew.
- Simulated squats of people drawn by chance, markers with noise; no two alike.
- Twenty that are poisoned: empty, cut, garbage, lying about their size, and some that crash, hang or fill
  the process that reads them. No decoder at hand crashes by itself, so those are read by :func:`work` below,
  which does it to itself where a file says so, and else is what every cohort is read by.
"""

from __future__ import annotations

import ctypes
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.app.cohort.parts import Answer
    from coxa.app.cohort.tasks import Task

WORK = "benchmarks.cohort_inputs:work"
LOG = "COXA_BENCHMARK_LOG"
_MARK = b"COXA-POISON "
_PROTOCOLS = {
    "m01": "deep_squat",
    "m02": "standing_leg_raise",
    "m05": "sit_to_stand",
    "m06": "standing_leg_raise",
}
_JOINED = 4  # repetitions
_SIMULATED = 0.3  # of the sound recordings
_POISONS = (
    "segfault", "segfault", "segfault", "abort", "abort", "memory", "memory", "hang", "exit", "exit",
    "empty", "empty", "garbage", "garbage", "text", "cut", "cut", "lie", "lie", "film",
)  # fmt: skip


def prepare() -> None:
    """As the work of every cohort."""
    from coxa.bootstrap import cohort_work

    cohort_work.prepare()


def work(task: Task, alive: Callable[[], None]) -> Answer:
    """What every cohort is read by, but for files that ask for the worst; says that it began."""
    from coxa.bootstrap import cohort_work

    if log := os.environ.get(LOG):
        with Path(log).open("a", encoding="ascii") as file:
            file.write(f"{task.key}\n")
    with Path(task.url).open("rb") as file:
        head = file.read(64)
    if head.startswith(_MARK):
        _suffer(head.removeprefix(_MARK).split()[0].decode())
    return cohort_work.work(task, alive)


def _suffer(what: str) -> None:
    if what == "segfault":
        ctypes.string_at(0)
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    held = []
    while what == "memory":
        held.append(bytearray(os.urandom(1)) * 64_000_000)
    while what == "hang":
        pass


def write_inputs(folder: Path, n: int, data: Path, n_poisoned: int = 20, seed: int = 1) -> Path:
    """Write them; the manifest's path."""
    import numpy as np

    from coxa.adapters import formats
    from tests.support.lab_people import squat

    folder.mkdir(parents=True)
    chance, rng = random.Random(seed), np.random.default_rng(seed)
    rows: list[tuple[str, str, str, str, str]] = []
    n_sound = n - n_poisoned
    n_simulated = round(_SIMULATED * n_sound)
    for number in range(n_simulated):
        path = folder / f"simulated-{number:05}.trc"
        formats.writer_of(path)(squat(float(rng.normal(95.0, 8.0)), rng, 3), path)
        rows.append((path.name, "deep_squat", f"s{number // 2}", "simulated", str(1 + number % 2)))
    bases = list(_bases(folder, data))
    for number in range(n_sound - n_simulated):
        name, person, protocol, content = bases[number % len(bases)]
        path = folder / f"{name}-{number // len(bases):03}.trc"
        path.write_bytes(content.replace(b"NAME", path.name.encode(), 1))
        rows.append((path.name, protocol, f"{person}-{number // len(bases)}", "laboratory", "1"))
    for number in range(n_poisoned):
        poison = _POISONS[number % len(_POISONS)]
        path = folder / f"poisoned-{number:02}-{poison}.{'mp4' if poison == 'film' else 'c3d'}"
        path.write_bytes(_poisoned(poison, number, folder, chance))
        rows.append((path.name, "deep_squat", f"x{number}", "poisoned", "1"))
    chance.shuffle(rows)
    manifest = folder / "manifest.csv"
    lines = ["recording,protocol,person,group,session", *(",".join(row) for row in rows)]
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest


def _bases(folder: Path, data: Path) -> Iterator[tuple[str, str, str, bytes]]:
    """Name, person, protocol and TRC of each four repetitions; in its first line stands ``NAME``."""
    import numpy as np

    from coxa.adapters import formats
    from coxa.adapters.reference.uiprmd import SAMPLE_RATE_HZ, load_uiprmd

    for source in sorted((data / "uiprmd").glob("m0*_s*_*.npz")):
        movement, person, _ = source.stem.split("_")
        if movement not in _PROTOCOLS:
            continue
        found = load_uiprmd(source)
        for place in range(0, len(found) - _JOINED + 1, _JOINED):
            some = [one.recording.space_points[0] for one in found[place : place + _JOINED]]
            joined = replace(some[0], position_m=np.concatenate([one.position_m for one in some]))
            time_s = np.arange(len(joined.position_m)) / SAMPLE_RATE_HZ
            path = folder / "base.trc"
            formats.writer_of(path)(replace(found[0].recording, time_s=time_s, space_points=(joined,)), path)
            content = path.read_bytes().replace(b"base.trc", b"NAME", 1)
            path.unlink()
            yield f"{source.stem}-{place}", f"{person}", _PROTOCOLS[movement], content


def _poisoned(what: str, number: int, folder: Path, chance: random.Random) -> bytes:
    if what == "empty":
        return b" " * (number % 2)  # two contents, not one twice
    if what in ("garbage", "film"):
        return chance.randbytes(200_000)
    if what == "text":
        return b"this is no recording\n" * 50
    if what in ("cut", "lie"):
        return _damaged_c3d(what, number, folder)
    return _MARK + what.encode() + b" %d\n" % number + b"." * 1000


def _damaged_c3d(what: str, number: int, folder: Path) -> bytes:
    import numpy as np

    from coxa.adapters import formats
    from tests.support.lab_people import squat

    path = folder / "base.c3d"
    formats.writer_of(path)(squat(90.0, np.random.default_rng(number), 1), path)
    content = bytearray(path.read_bytes())
    path.unlink()
    if what == "cut":
        return bytes(content[: 700 + number])
    content[2:6] = b"\xff\xff\xff\xff"  # as many points and samples as a header can claim
    return bytes(content)
