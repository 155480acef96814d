"""How well each angle could be told, and if not, which markers were missing and what would help."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.body import points_of
from coxa.estimate.markers.person import Person
from coxa.model import coordinates
from coxa.model.motion import Observability
from coxa.specs.markers import MarkerAssumptions

Floats = NDArray[np.float64]
Levels = NDArray[np.uint8]


def levels(value: Floats, sd: Floats, known: MarkerAssumptions) -> Levels:
    """Levels (n_frames, n_coordinates) of :class:`Observability`."""
    weak = np.radians(known.judgement.weak_sd_deg)
    level = np.where(sd > weak, Observability.WEAK, Observability.OBSERVED)
    level[~np.isfinite(value + sd)] = Observability.NOT_OBSERVABLE
    lever = np.radians(known.judgement.lever_min_knee_flexion_deg)
    for side in coordinates.SIDES:
        knee = value[:, coordinates.ALL.index(f"knee_flexion_{side}")]
        apparent = coordinates.ALL.index(f"apparent_hip_internal_rotation_{side}")
        level[~(knee >= lever), apparent] = Observability.NOT_OBSERVABLE
    return level.astype(np.uint8)


def parts_of(coordinate: str) -> tuple[str, ...]:
    """The parts of the body a coordinate is computed from (keys of ``points_of``)."""
    if coordinate == "thorax_left_rotation":
        return ("thorax",)
    parts: tuple[str, ...] = ("pelvis",)
    if coordinate.startswith(("trunk", "thigh_trunk")):
        parts += ("thorax",)
    if "lean" in coordinate or coordinate.startswith("thigh_trunk"):
        parts += ("shoulders",)
    side = coordinate.rpartition("_")[2]
    if side not in coordinates.SIDES:
        return parts
    parts += (f"{side}_thigh",)
    if coordinate.startswith(("knee", "ankle", "apparent")):
        parts += (f"{side}_shank",)
    if coordinate.startswith("ankle"):
        parts += (f"{side}_foot",)
    return parts


class Tally:
    """Counts, over all frames so far, what was seen and what was told."""

    def __init__(self, person: Person, known: MarkerAssumptions) -> None:
        self.person, self.known = person, known
        self.n_frames = 0
        self._built = points_of(person)
        self._seen: dict[str, int] = {}
        self._levels = np.zeros((len(Observability), len(coordinates.ALL)), int)

    def add(self, markers: Mapping[str, Floats], whole: Mapping[str, Floats], level: Levels) -> None:
        """Count some more frames.

        Args:
            markers: as worn, before anything was put back.
            whole: with what segments carry and put back.
            level: from :func:`levels`.
        """
        self.n_frames += len(level)
        for name in {*markers, *whole}:
            at = whole.get(name, markers.get(name))
            if at is not None and len(at) == len(level):
                self._seen[name] = self._seen.get(name, 0) + int(np.isfinite(at).all(axis=-1).sum())
        for word in Observability:
            self._levels[word] += (level == word).sum(axis=0)

    def reasons(self) -> dict[str, str]:
        """Coordinate -> why it is not observed, or not throughout."""
        told = {}
        for column, coordinate in enumerate(coordinates.ALL):
            lost = self.n_frames - int(self._levels[Observability.OBSERVED, column])
            if not lost:
                continue
            if coordinate == "lumbar_flexion":
                told[coordinate] = (
                    "no marker lies between the tenth thoracic vertebra and the sacrum; "
                    "the thorax against the pelvis is trunk_flexion"
                )
                continue
            causes = self._causes(coordinate, bool(self._levels[Observability.WEAK, column]))
            told[coordinate] = f"{'; '.join(causes)} ({lost} of {self.n_frames} frames)"
        return told

    def _causes(self, coordinate: str, weak: bool) -> list[str]:
        parts = parts_of(coordinate)
        causes = [*self._roadless(parts)]
        points = [name for part in parts for name in self._built[part]]
        never = [self._spoken(name) for name in points if not self._seen.get(name)]
        if never and not causes:
            causes.append(f"markers not recorded: {', '.join(never)} (wear them, at least in a static trial)")
        behind = dict.fromkeys(name for point in points for name in self._behind(point))
        gaps = [self._spoken(name) for name in behind if 0 < self._seen.get(name, 0) < self.n_frames]
        if gaps:
            causes.append(f"gaps in markers: {', '.join(gaps)}")
        judgement = self.known.judgement
        if coordinate.startswith("apparent"):
            lever = judgement.lever_min_knee_flexion_deg
            causes.append(f"with the knee straighter than {lever:.0f} deg the shank is no lever")
        if weak:
            limit = judgement.weak_sd_deg
            causes.append(f"its markers cannot tell it to {limit:.0f} deg (1 sd) in this posture")
        return causes

    def _roadless(self, parts: tuple[str, ...]) -> list[str]:
        """Joints that cannot be found at all, and why."""
        causes = []
        for side in coordinates.SIDES:
            for part, joint, roads in (
                ("thigh", "knee", self.person.knee_roads),
                ("shank", "ankle", self.person.ankle_roads),
            ):
                if f"{side}_{part}" in parts and not roads[side]:
                    causes.append(
                        f"the {side} {joint} centre cannot be found: {self.person.notes[f'{side}_{joint}']} "
                        f"(wear a medial {joint} marker, at least in a static trial)"
                    )
        return causes

    def _behind(self, point: str) -> tuple[str, ...]:
        """The markers a point rests on."""
        if point in self.person.carried:
            return self.person.clusters[self.person.carried[point]].members
        if point == "sacrum" and "sacrum" not in self.person.where.landmarks:
            return ("left_psis", "right_psis")
        return (point,)

    def _spoken(self, name: str) -> str:
        return self.person.where.spoken(name)
