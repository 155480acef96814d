"""Cohorts of made-up recordings: small files that say what reading them comes to, and who reads them so.

Nothing heavy is imported here: processes that read are started again and again.
"""

from __future__ import annotations

import csv
import ctypes
import hashlib
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from coxa.app.cohort.parts import Answer, Part, Status
from coxa.app.cohort.ports import Receipt
from coxa.app.cohort.tasks import Engine, Task
from coxa.model.errors import NothingToMeasureError

WORK = "tests.support.cohorts:work"
ENGINE = Engine("1.0", "catalogue")
#: What reading a poisoned recording does to the process that reads it.
POISONS = ("refuse", "bug", "segfault", "abort", "exit", "memory", "hang")


def work(task: Task, alive: Callable[[], None]) -> Answer:
    """Do what the recording says; where the environment names a log, say that it was begun."""
    log = os.environ.get("COXA_TEST_LOG")
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{task.key}\n")
    content = Path(task.url).read_bytes()
    assert hashlib.sha256(content).hexdigest() == task.content.sha256
    told = json.loads(content)
    time.sleep(told.get("seconds", 0.0))
    _do(told["do"], task.url)
    return Answer(Status.DONE, method=told.get("method", "markers"), n_frames=10, duration_s=0.1,
                  measures=tuple(told["measures"]), untold=tuple(told.get("untold", ())),
                  notes=tuple(told.get("notes", ())))  # fmt: skip


def _do(what: str, url: str) -> None:
    if what == "refuse":
        raise NothingToMeasureError(f"{url}: nobody is in it", "film a person")
    if what == "bug":
        raise ZeroDivisionError("made up")
    if what == "segfault":
        ctypes.string_at(0)
    if what == "abort":
        os.abort()
    if what == "exit":
        os._exit(3)
    if what == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    held = []
    while what == "memory":
        held.append(bytearray(os.urandom(1)) * 32_000_000)
    while what == "hang":
        time.sleep(60)


def measure(value: float | None, **columns: Any) -> dict[str, Any]:
    """A row of measures of one result."""
    level = "not observable" if value is None else "observed"
    return {
        "kind": "result", "quantity": "depth", "side": "", "part": "",
        "coordinate": "thigh_trunk_angle_right", "unit": "deg",
        "value": value, "sd": None if value is None else 3.0,
        "minimal_detectable": None if value is None else 8.3, "observability": level, "verdict": "clean",
        "n_repetitions": 4, "n_counted": 4, "norm": "", "percentile": None,
    } | columns  # fmt: skip


def recording(folder: Path, name: str, do: str = "measure", **told: Any) -> Path:
    """One made-up recording; its name is part of its content."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.trc"
    told = {"name": name, "do": do, "measures": [], **told}
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def some(folder: Path, n: int, poisons: Sequence[str] = (), seconds: float = 0.0) -> Path:
    """A folder of recordings, some of them poisoned."""
    for number in range(n):
        recording(folder, f"good-{number:03}", measures=[measure(100.0 + number)], seconds=seconds)
    for number, poison in enumerate(poisons):
        recording(folder, f"poison-{number:03}-{poison}", poison)
    return folder


def trial(
    folder: Path, n_people: int = 24, sessions: Iterable[str] = ("1", "2"), gain: float = 8.0, seed: int = 0
) -> Path:
    """A manifest of people in two groups, of whom one gains something, both sides, with gaps; its path."""
    rng, rows = random.Random(seed), []  # noqa: S311
    for person in range(n_people):
        group = ("control", "training")[person % 2]
        own = rng.gauss(34.0, 6.0)
        limbs = {side: own + rng.gauss(0.0, 2.5) for side in ("left", "right")}
        for session in sessions:
            grown = gain if group == "training" and session != "1" else 0.0
            found = [
                measure(
                    None if rng.random() < 0.06 else limb + grown + rng.gauss(0.0, 2.0),
                    quantity="internal_rotation",
                    side=side,
                    coordinate=f"apparent_hip_internal_rotation_{side}",
                )
                for side, limb in limbs.items()
            ]
            lost = [one["side"] for one in found if one["value"] is None]
            untold = [
                {"what": f"internal rotation, {side}", "coordinate": "", "remedy": "film from the front",
                 "reason": "the shank was hidden"}
                for side in lost
            ]  # fmt: skip
            notes = ["The frame rate is low: fast movement falls between."] if rng.random() < 0.1 else []
            name = f"p{person:03}-{session}"
            recording(folder, name, measures=found, untold=untold, notes=notes)
            rows.append((f"{name}.trc", f"p{person:03}", group, session, "clinic-a"))
    path = folder / "manifest.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("recording", "person", "group", "session", "site"))
        writer.writerows(rows)
    return path


class Shelf:
    """Parts in memory."""

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self.parts = {part.key: part for part in parts}
        self.damaged: set[str] = set()

    def keys(self) -> set[str]:
        return set(self.parts)

    def get(self, key: str) -> Part | None:
        return None if key in self.damaged else self.parts.get(key)

    def put(self, part: Part) -> None:
        self.parts[part.key] = part
        self.damaged.discard(part.key)

    def drop(self, keys: Iterable[str]) -> None:
        for key in list(keys):
            self.parts.pop(key, None)


class Worker:
    """Works at once, in this process, in an order of its own; may be stopped after some."""

    notes: Sequence[str] = ()

    def __init__(self, shelf: Shelf, stop_after: int | None = None, backwards: bool = False) -> None:
        self.shelf, self.stop_after, self.backwards = shelf, stop_after, backwards
        self.began: list[str] = []

    def run(self, tasks: Iterable[Task]) -> Iterable[Receipt]:
        order = list(tasks)
        for task in reversed(order) if self.backwards else order:
            if self.stop_after is not None and len(self.began) >= self.stop_after:
                raise KeyboardInterrupt
            self.began.append(task.key)
            part = part_of(task)
            self.shelf.put(part)
            yield Receipt(task.key, part.answer.status, part.effort)

    def close(self) -> None:
        pass


def part_of(task: Task) -> Part:
    """What a made-up task comes to."""
    status = Status.CRASHED if "poison" in task.url else Status.DONE
    return Part(task.key, Answer(status, measures=(measure(float(len(task.url))),)))
