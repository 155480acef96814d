"""From tags seen in pictures to a channel of the recording, as frames come, and what to say of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.app.ports import BoardWatcher
from coxa.model.boards import SeenTag
from coxa.model.channels import BoardCorners
from coxa.model.coordinates import SIDES
from coxa.model.keypoints import Keypoints
from coxa.specs.tags import NeutralRules

Floats = NDArray[np.float64]

_UPRIGHT = (("hip", "shoulder"), ("knee", "hip"), ("ankle", "knee"))
_WATCHED = ("hip", "shoulder")


class Boards:
    """Gathers what is read of one person's boards; knows when the person stood neutrally, and once.

    Args:
        watcher: finds the tags.
        names: of the pose network's points.
        rules: what a neutral stance is, where it is not told.
        neutral_s: from when to when the person stands neutrally [start, end); None: the first time that the
            keypoints show somebody upright and still.
    """

    def __init__(
        self,
        watcher: BoardWatcher,
        names: tuple[str, ...],
        rules: NeutralRules,
        neutral_s: tuple[float, float] | None = None,
    ) -> None:
        self._watcher = watcher
        self._stance = Stance(names, rules, neutral_s)
        self._n_frames = 0
        self._read: Counter[str] = Counter()

    def see(self, picture: NDArray[np.uint8]) -> Mapping[int, SeenTag]:
        """Tags of the next picture."""
        seen = self._watcher.see(picture)
        self._n_frames += 1
        self._read.update(board.name for board in self._watcher.boards if set(board.tags) & set(seen))
        return seen

    def empty(self) -> BoardCorners:
        """The channel without frames."""
        return self._watcher.channel(np.zeros(0), [])

    def channel(
        self, time_s: Floats, tags: Sequence[Mapping[int, SeenTag]], seen: Sequence[Keypoints | None]
    ) -> BoardCorners:
        """The corners of the next frames, and which share of the neutral stance each of them is."""
        standing = [self._stance.share(float(at_s), one) for at_s, one in zip(time_s, seen, strict=True)]
        return replace(self._watcher.channel(time_s, tags), standing=np.array(standing, float))

    @property
    def figures(self) -> dict[str, Any]:
        """Board -> number of frames in which it was read; of those that were read at all."""
        return {
            board.name: self._read[board.name] for board in self._watcher.boards if self._read[board.name]
        }

    def notes(self) -> Iterator[str]:
        """Sentences that a person should read before believing the result."""
        if not self.figures:
            yield (
                "Boards were looked for and none was read. Wear them as their pages show, film from 2 to 3 m "
                "in good light, with the boards turned to the camera, and keep the picture sharp."
            )
            return
        read = ", ".join(f"{name.replace('_', ' ')} in {n}" for name, n in self.figures.items())
        yield f"Boards read, of {self._n_frames} frames: {read}."
        if (stood_s := self._stance.stood_s) is not None:
            span = f"{stood_s[0]:.1f} to {stood_s[1]:.1f} s"
            yield f"The neutral stance that boards are held against was seen from {span}."
        else:
            yield (
                "No neutral stance was found, so how the boards sit is less sure: begin by standing straight "
                "and still for a second, or tell when you do with --neutral."
            )


class Stance:
    """Knows when a person stood neutrally, and once, as frames come.

    Args:
        names: of the pose network's points.
        rules: what a neutral stance is, where it is not told.
        neutral_s: from when to when the person stands neutrally [start, end); None: the first time that the
            keypoints show somebody upright and still.
    """

    def __init__(
        self, names: tuple[str, ...], rules: NeutralRules, neutral_s: tuple[float, float] | None = None
    ) -> None:
        self._names = names
        self._rules = rules
        self._told_s = neutral_s
        self._stood: list[tuple[float, float]] = []  # from when, how long
        self._recent: list[tuple[float, Floats]] = []
        self._before_s: float | None = None

    @property
    def stood_s(self) -> tuple[float, float] | None:
        """From when to when the person stood; None: not yet."""
        return (self._stood[0][0], sum(self._stood[-1])) if self._stood else None

    def share(self, time_s: float, seen: Keypoints | None) -> float:
        """Of one look at the neutral stance that the time up to the next frame is; 0 outside of it."""
        step_s = 0.0 if self._before_s is None else time_s - self._before_s
        self._before_s = time_s
        if self._told_s is not None:
            start_s, end_s = self._told_s
            standing, wanted_s = start_s <= time_s < end_s, end_s - start_s
        else:
            wanted_s = self._rules.seconds
            over = bool(self._stood) and time_s - self._stood[0][0] > self._rules.within_s
            standing = self._is_standing(time_s, seen) and not over
        stood_s = sum(length_s for _, length_s in self._stood)
        more_s = min(step_s, wanted_s - stood_s)
        if not standing or more_s <= 0:
            return 0.0
        self._stood.append((time_s - step_s, more_s))
        return more_s / wanted_s

    def _is_standing(self, time_s: float, seen: Keypoints | None) -> bool:
        columns = {name: self._sides(name) for name in ("shoulder", "hip", "knee", "ankle")}
        if seen is None or not all(columns.values()):
            self._recent.clear()
            return False
        watched = seen.position_px[[column for name in _WATCHED for column in columns[name]]]
        self._recent.append((time_s, watched))
        while len(self._recent) > 1 and time_s - self._recent[1][0] >= self._rules.still_s:
            self._recent.pop(0)
        place = {name: seen.world_m[rows].mean(axis=0) for name, rows in columns.items()}
        return self._is_upright(place) and self._is_still()

    def _is_upright(self, place: Mapping[str, Floats]) -> bool:
        least = np.cos(np.radians(self._rules.max_lean_deg))
        lines = [place[high] - place[low] for low, high in _UPRIGHT]
        return all(-line[1] > least * np.linalg.norm(line) for line in lines)  # y points down

    def _is_still(self) -> bool:
        """Whether hips and shoulders are where they were a moment ago; single frames tremble."""
        (before_s, before), (now_s, now) = self._recent[0], self._recent[-1]
        if not now_s > before_s:
            return False
        size = max(float(np.ptp(now[:, 1])), 1.0)
        way = float(np.linalg.norm(now - before, axis=1).mean())
        return way / size < self._rules.max_speed * max(now_s - before_s, self._rules.still_s)

    def _sides(self, name: str) -> list[int]:
        return [self._names.index(f"{side}_{name}") for side in SIDES if f"{side}_{name}" in self._names]
