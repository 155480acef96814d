"""What an exercise is done with, put where the body is: the words of its equipment say what.

Of alternatives the first is shown; what may be left out ("band or none") is. A word that is not known shows
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from coxa.model.coordinates import SIDES
from coxa.report.demonstration.flesh import GRIP
from coxa.report.demonstration.played import Played
from coxa.report.demonstration.stage import Solid, Stage, bare_stage

Floats = NDArray[np.float64]

_EDGE = 0.008  # of boxes: how round


def staged(played: Played) -> Stage:
    """Body, floor and props."""
    stage = bare_stage(played)
    return stage.with_props(tuple(props_of(stage)))


def props_of(stage: Stage) -> Iterator[Solid]:
    """The props of an exercise, those that lie on the floor first."""
    equipment = stage.played.spec.equipment
    full = any("barbell" in words and "none" not in words for words in equipment)  # the hands
    for words in equipment:
        if "none" in words or (full and "kettlebell" in words):
            continue
        found = [(words.find(word), -len(word), word) for word in _MAKERS if word in words]
        if found:
            yield from _MAKERS[min(found)[2]](stage)


def _box(name: str, tint: str, low: Floats, high: Floats) -> Solid:
    """Edges along the room's axes, from corner to corner (3,)."""
    corners = np.array(list(product(*zip(low + _EDGE, high - _EDGE, strict=True))))
    return Solid(name, tint, corners[None], np.full(8, _EDGE))


def _moving(name: str, tint: str, balls: list[Floats], radii: list[float]) -> Solid:
    """Balls with a course of (n_frames, 3) each."""
    return Solid(name, tint, np.stack(balls, axis=1), np.array(radii))


def _floor_span(stage: Stage) -> tuple[Floats, Floats]:
    """Corners (2,) x, z of what is near the floor at any time."""
    near = []
    for solid in stage.body:
        low = solid.centres_m[..., 1] - solid.radii_m < stage.floor_m + 0.15
        near.append(solid.centres_m[low][:, [0, 2]])
    points = np.concatenate(near)
    return points.min(axis=0), points.max(axis=0)


def _mat(stage: Stage) -> Iterator[Solid]:
    low, high = _floor_span(stage)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2 + 0.16, 0.34)
    top = stage.floor_m
    yield _box(
        "mat",
        "mat",
        np.array([middle[0] - half[0], top - 0.02, middle[1] - half[1]]),
        np.array([middle[0] + half[0], top, middle[1] + half[1]]),
    )


def _pillow(stage: Stage) -> Iterator[Solid]:
    head = stage.points("head", (0.0, 0.12, 0.0))[0]
    height = max(head[1] - 0.085 - stage.floor_m, 0.05)
    half = np.array([0.17, 0.0, 0.13])
    low = np.array([head[0], stage.floor_m, head[2]]) - half
    yield _box("pillow", "soft", low, low + 2 * half + [0.0, height, 0.0])


def _seat(name: str, half_x: float, half_z: float) -> Callable[[Stage], Iterator[Solid]]:
    def make(stage: Stage) -> Iterator[Solid]:
        pelvis = stage.points("pelvis", (0.0, 0.0, 0.0))[0]
        top = pelvis[1] - 0.090
        if top - stage.floor_m > 0.02:
            low = np.array([pelvis[0] - half_x - 0.06, stage.floor_m, pelvis[2] - half_z])
            yield _box(name, "wood", low, np.array([pelvis[0] + half_x - 0.06, top, pelvis[2] + half_z]))

    return make


def _bench(stage: Stage) -> Iterator[Solid]:
    back = stage.points("thorax", (-0.085, 0.10, 0.0))[stage.played.key_frame]
    low = np.array([back[0] - 0.36, stage.floor_m, back[2] - 0.55])
    yield _box("bench", "wood", low, np.array([back[0] + 0.06, back[1] - 0.01, back[2] + 0.55]))


def _table(stage: Stage) -> Iterator[Solid]:
    """Under who lies on it, from the head to the edge that the thighs hang over."""
    lain_on = [solid for solid in stage.body if solid.name in ("pelvis", "thorax", "hair")]
    centres = np.concatenate([solid.at(0) for solid in lain_on])
    radii = np.concatenate([solid.radii_m for solid in lain_on])
    half_width, over = np.array([0.0, 0.0, 0.12]), np.array([0.06, 0.0, 0.0])
    low, high = centres.min(axis=0) - over - half_width, centres.max(axis=0) + over / 2 + half_width
    top = float((centres[:, 1] - radii).min())
    low[1], high[1] = stage.floor_m, top
    yield _box("table", "wood", low, high)


def _step(stage: Stage) -> Iterator[Solid]:
    foot = stage.points(f"foot_{stage.played.side}", (0.05, -0.078, 0.0))[0]
    low = np.array([foot[0] - 0.17, stage.floor_m, foot[2] - 0.17])
    yield _box("step", "wood", low, np.array([foot[0] + 0.20, foot[1], foot[2] + 0.17]))


def _wall(stage: Stage) -> Iterator[Solid]:
    """Behind who goes to it, before whose hands are on it (and seen through), beside who may need it."""
    centres = np.concatenate([solid.centres_m.reshape(-1, 3) for solid in stage.body])
    tint = "wall"
    if "hinge" in stage.played.spec.id:
        back = float((stage.body[0].centres_m[..., 0] - stage.body[0].radii_m).min())
        low, high = np.array([back - 0.09, 0.0, -0.75]), np.array([back - 0.01, 0.0, 0.75])
    elif any("hand" in words for words in stage.played.spec.equipment):
        reach = max(float(stage.points(f"forearm_{side}", (0.0, -0.365, 0.0))[:, 0].max()) for side in SIDES)
        low, high = np.array([reach, 0.0, -0.6]), np.array([reach + 0.02, 0.0, 0.6])
        tint = "glass"
    else:
        away = -0.75 if stage.played.side == "right" else 0.75
        low, high = np.array([-0.5, 0.0, away - 0.04]), np.array([0.6, 0.0, away + 0.04])
    low[1], high[1] = stage.floor_m, max(stage.floor_m + 1.75, float(centres[:, 1].max()) + 0.05)
    yield _box("wall", tint, low, high)


def _hands(stage: Stage) -> Floats:
    """(n_frames, 3) between the hands."""
    return np.asarray((stage.points("forearm_left", GRIP) + stage.points("forearm_right", GRIP)) / 2)


def _sink(stage: Stage) -> Iterator[Solid]:
    at = _hands(stage)[stage.played.key_frame]
    low = np.array([at[0] - 0.10, stage.floor_m, -0.5])
    high = np.array([at[0] + 0.45, at[1] - 0.04, 0.5])
    yield _box("sink", "white", low, high)
    foot, bend = np.array([high[0] - 0.06, high[1], 0.0]), np.array([high[0] - 0.06, high[1] + 0.22, 0.0])
    for start, end in ((foot, bend), (bend, bend - [0.16, 0.0, 0.0])):
        yield Solid("tap", "iron", np.array([[start, end]]), np.full(2, 0.015))


def _machine(stage: Stage) -> Iterator[Solid]:
    at = _hands(stage)[stage.played.key_frame]
    low = np.array([at[0] + 0.02, stage.floor_m, -0.3])
    yield _box("washing machine", "white", low, low + np.array([0.55, 0.85, 0.6]))
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ring = np.stack([np.full(16, low[0]), low[1] + 0.45 + 0.17 * np.sin(turn), 0.17 * np.cos(turn)], axis=1)
    yield Solid("door", "iron", ring[None], np.full(16, 0.01))


def _something(stage: Stage) -> Iterator[Solid]:
    """Taken at the furthest point, and carried up."""
    course = _hands(stage).copy()
    key = stage.played.key_frame
    course[:key] = course[key]
    reach = np.array([0.0, 0.0, 0.09])
    yield _moving("something light", "wood", [course - reach, course + reach], [0.07, 0.07])


def _chair(stage: Stage) -> Iterator[Solid]:
    """Its back under the hand of the side that works."""
    hand = stage.points(f"forearm_{stage.played.side}", GRIP)
    top = hand[0]
    low = np.array([top[0] - 0.03, stage.floor_m, top[2] - 0.2])
    yield _box("chair", "wood", low, np.array([top[0] + 0.02, top[1] - 0.03, top[2] + 0.2]))
    seat = stage.floor_m + 0.45
    yield _box(
        "chair",
        "wood",
        np.array([low[0], seat - 0.04, low[2]]),
        np.array([low[0] + 0.42, seat, low[2] + 0.4]),
    )
    for z in (low[2], low[2] + 0.37):
        corner = np.array([low[0] + 0.38, stage.floor_m, z])
        yield _box("chair", "wood", corner, np.array([corner[0] + 0.03, seat, z + 0.03]))


def _dowel(stage: Stage) -> Iterator[Solid]:
    """Along the back, from below the sacrum to above the head."""
    low, high = stage.points("pelvis", (-0.147, 0.05, 0.0)), stage.points("head", (-0.120, 0.13, 0.0))
    along = (high - low) / np.linalg.norm(high - low, axis=1, keepdims=True)
    yield _moving("dowel", "wood", [low - 0.22 * along, high + 0.22 * along], [0.013, 0.013])


def _barbell(stage: Stage) -> Iterator[Solid]:
    middle = _hands(stage)
    end = np.array([0.0, 0.0, 0.62])
    yield _moving("barbell", "iron", [middle - end, middle + end], [0.014, 0.014])
    turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    for z in (-0.56, 0.56):
        ring = [middle + np.array([0.16 * np.cos(a), 0.16 * np.sin(a), z]) for a in turn]
        yield _moving("plate", "iron", ring, [0.02] * len(ring))


def _kettlebell(stage: Stage) -> Iterator[Solid]:
    """In the hand of the side that does not stand."""
    other = "left" if stage.played.side == "right" else "right"
    hand = stage.points(f"forearm_{other}", GRIP)
    yield _moving("kettlebell", "iron", [hand - [0, 0.11, 0]], [0.075])
    yield _moving("handle", "iron", [hand, hand - [0, 0.06, 0]], [0.018, 0.035])


def _roller(stage: Stage) -> Iterator[Solid]:
    """Under the hip that is lain on, a little below the crest."""
    under = stage.points("pelvis", (0.09, 0.07, 0.10 if stage.played.side == "right" else -0.10))
    under[:, 1] = stage.floor_m + 0.06
    yield _moving("ball", "ball", [under], [0.06])


_MAKERS: dict[str, Callable[[Stage], Iterator[Solid]]] = {
    "mat": _mat,
    "pillow": _pillow,
    "chair or box": _seat("chair", 0.24, 0.24),
    "chair": _chair,
    "wall or chair": _chair,
    "block": _seat("block", 0.14, 0.17),
    "bench": _bench,
    "table": _table,
    "step": _step,
    "wall": _wall,
    "sink": _sink,
    "washing machine": _machine,
    "something": _something,
    "dowel": _dowel,
    "barbell": _barbell,
    "kettlebell": _kettlebell,
    "ball or roller": _roller,
    "ball or wall": lambda stage: iter(()),  # it would hide what it steadies
}
