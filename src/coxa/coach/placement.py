"""Whether a person stands in the picture as an exercise wants it: one thing at a time, gravest first.

Only what pictures show is used: where the keypoints are, how surely the network saw them, how bright it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from coxa.model.coaching import Cue, CueKind, Picture
from coxa.specs.coach import PlacementRules
from coxa.specs.protocol import CameraPlace, Position

Floats = NDArray[np.float64]


class Placement(NamedTuple):
    """State.

    Attributes:
        trouble: what is wrong now, by its name in the catalogue; empty: nothing.
        since_s: since when.
        told: something was wrong for long enough to be told.
        looked_s: when a picture was looked at last; how somebody stands does not change in a moment.
    """

    trouble: str = ""
    since_s: float = 0.0
    told: bool = False
    looked_s: float = float("-inf")


class Filmed(Protocol):
    """What is filmed from a place: an exercise, or a test of movement."""

    @property
    def position(self) -> Position:
        """Of the body."""
        ...

    @property
    def camera(self) -> CameraPlace:
        """Where it goes."""
        ...


class Body(NamedTuple):
    """What is seen of a body: parts by name, (2,) each, and all of its points, (n, 2); pixels."""

    seen: dict[str, Floats]
    position_px: Floats


def look(
    state: Placement, picture: Picture, spec: Filmed, rules: PlacementRules, *, working: bool
) -> tuple[Placement, Cue | None]:
    """The state after a picture, and what should be said of it.

    Args:
        state: before it.
        picture: this one.
        spec: what is filmed, and from where.
        rules: habits.
        working: a set is under way: how the body is turned is the exercise's own matter.
    """
    now = picture.time_s
    if now - state.looked_s < rules.every_s:
        return state, None
    trouble = next(troubles(picture, spec, rules, working=working), "")
    if trouble != state.trouble:
        return Placement(trouble, now, state.told, now), None
    lasted = now - state.since_s >= rules.lasts_s
    if not lasted or not (trouble or state.told):
        return state._replace(looked_s=now), None
    cue = Cue(now, CueKind.SETUP, rules.words[trouble or "well"], trouble or "well")
    return Placement(trouble, state.since_s, bool(trouble), now), cue


def troubles(picture: Picture, spec: Filmed, rules: PlacementRules, *, working: bool) -> Iterator[str]:
    """All that is wrong, the gravest first."""
    body = _body(picture, rules)
    if picture.brightness < rules.dark_below:  # not known: NaN
        yield "dark"
    if len(body.position_px) < rules.least_points:
        yield "nobody"
        return
    yield from _cut_off(body, spec, rules)
    if not working:
        yield from _size(body, picture, rules)
        if spec.position in rules.turned_in:
            yield from _turned(body, spec, rules)


def _body(picture: Picture, rules: PlacementRules) -> Body:
    x, y = picture.position_px.T
    inside = (x >= 0) & (x < picture.width_px) & (y >= 0) & (y < picture.height_px)
    seen = inside & (picture.visibility >= rules.seen_from)
    at = {name: k for k, name in enumerate(picture.names)}
    parts = {}
    for part, names in rules.parts.items():
        found = [at[name] for name in names if name in at and seen[at[name]]]
        if found:
            parts[part] = picture.position_px[found].mean(axis=0)
    return Body(parts, picture.position_px[seen])


def _cut_off(body: Body, spec: Filmed, rules: PlacementRules) -> Iterator[str]:
    missing = [part for part in ("head", "feet") if part not in body.seen]
    if len(missing) > 1:
        yield "too_near"
    elif missing:
        yield f"{missing[0]}_out" if spec.position in rules.upright else "cut_off"


def _size(body: Body, picture: Picture, rules: PlacementRules) -> Iterator[str]:
    """How much of the picture the body fills, along the longer side of it."""
    extent = np.ptp(body.position_px, axis=0) / np.array([picture.width_px, picture.height_px])
    if extent.max() > rules.fills_at_most:
        yield "too_near"
    elif extent.max() < rules.fills_at_least:
        yield "too_far"


def _turned(body: Body, spec: Filmed, rules: PlacementRules) -> Iterator[str]:
    """The shoulders' width against the trunk's length tells from where the body is seen."""
    facing = _facing(body)
    borders = rules.views.get(spec.camera.view)
    if borders is None or isnan(facing):
        return
    if facing < borders.from_share:
        yield borders.below
    elif facing > borders.to_share:
        yield borders.beyond


def _facing(body: Body) -> float:
    """Width of the shoulders over the length of the trunk, in the picture; negative: seen from behind."""
    names = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    if not all(name in body.seen for name in names):
        return float("nan")
    left, right, left_hip, right_hip = (body.seen[name] for name in names)
    down = 0.5 * (left_hip + right_hip - left - right)
    across = left - right
    length = float(np.hypot(*down))
    if length == 0.0:
        return float("nan")
    from_front = down[1] * across[0] - down[0] * across[1] >= 0
    return float(np.hypot(*across)) / length * (1.0 if from_front else -1.0)
