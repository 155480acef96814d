"""A played demonstration in the room: the solids of the body frame by frame, the floor, and the props."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.report.demonstration.flesh import PARTS
from coxa.report.demonstration.played import Played

Floats = NDArray[np.float64]

_CORNERS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """The hull of some balls.

    Attributes:
        name: for people to read.
        tint: how it is coloured.
        centres_m: (n_frames, n_balls, 3) in the room; one frame: it does not move.
        radii_m: (n_balls,).
    """

    name: str
    tint: str
    centres_m: Floats
    radii_m: Floats

    @property
    def moves(self) -> bool:
        """Whether it has a place of its own in every frame."""
        return len(self.centres_m) > 1

    @property
    def is_box(self) -> bool:
        """Whether its balls are the corners of a box."""
        return len(self.radii_m) == _CORNERS and not self.moves

    def at(self, frame: int) -> Floats:
        """(n_balls, 3) centres in a frame."""
        return np.asarray(self.centres_m[frame if self.moves else 0])


@dataclass(frozen=True)
class Stage:
    """What is seen.

    Attributes:
        played: the demonstration.
        place_m: (n_frames, n_bodies, 3) of the segments.
        rotation: (n_frames, n_bodies, 3, 3).
        floor_m: height of the floor.
        body: the parts of the body.
        props: what is stood, lain or held on.
    """

    played: Played
    place_m: Floats
    rotation: Floats
    floor_m: float
    body: tuple[Solid, ...]
    props: tuple[Solid, ...] = ()

    def points(self, segment: str, local: tuple[float, float, float]) -> Floats:
        """(n_frames, 3) of a place in a segment."""
        i = self.played.performance.person.body.bodies.index(segment)
        return np.asarray(self.place_m[:, i] + self.rotation[:, i] @ np.array(local))

    def with_props(self, props: tuple[Solid, ...]) -> Stage:
        """The same with these props."""
        return replace(self, props=props)


def bare_stage(played: Played) -> Stage:
    """Body and floor; the floor is under the lowest part of trunk and legs."""
    performance = played.performance
    place, rotation = performance.segments()
    bodies = performance.person.body.bodies
    solids = []
    for part in PARTS:
        i = bodies.index(part.segment)
        balls = np.array(part.balls)
        centres = place[:, None, i] + np.einsum("tij,bj->tbi", rotation[:, i], balls[:, :3])
        solids.append(Solid(part.name, part.tint, centres, balls[:, 3]))
    lowest = [
        float((solid.centres_m[..., 1] - solid.radii_m).min())
        for solid, part in zip(solids, PARTS, strict=True)
        if not part.segment.startswith(("humerus", "forearm"))
    ]
    return Stage(played, place, rotation, min(lowest), tuple(solids))
