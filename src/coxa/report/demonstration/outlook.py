"""From where a figure is looked at, and what is seen from there: outlines on a sheet, the far ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.model.coordinates import SIDES
from coxa.report.demonstration.flesh import MARKS
from coxa.report.demonstration.stage import Solid, Stage
from coxa.specs.exercise import ExerciseSpec

Floats = NDArray[np.float64]

#: Units of the sheet; the figure is drawn between a line of title and two lines of words.
WIDTH, HEIGHT = 960, 840
_TOP, _BOTTOM, _EDGE = 104, 112, 24
_GLASS = "glass"
_SUNK = 0.03  # so far parts may sink into a box that they stand or lie on [m]
_NECK = 0.12  # it never hides the chin, however its middle lies [m]
_TURNS = 36  # points that a circle is made of
_DISTANCE = 5.0  # to the camera [m]: near enough to look solid, far enough not to distort
#: Degrees from the person's front to the right, and above. A view straight from one side hides what is
#: nearer and further, so that the figure is seen a little from the corner of each view.
_VIEWS = {
    "front": (24.0, 9.0),
    "oblique": (45.0, 9.0),
    "side": (74.0, 9.0),
    "rear": (148.0, 16.0),
    "overhead": (24.0, 60.0),
    "any": (24.0, 16.0),
}
_LYING_ON_SIDE = (14.0, 17.0)
_LEANING_DEG, _LEANING_AZIMUTH = 30.0, 48.0  # seen from straight in front, the head hides who leans
_SEATED_AZIMUTH = 36.0  # of who sits on the floor the shins lie across
_LYING, _ON_THE_FLOOR = 16.0, 14.0


def outlook(spec: ExerciseSpec, side: str) -> tuple[float, float]:
    """Azimuth and elevation of the camera, deg. Who lies on the side has it in front of the body."""
    azimuth, elevation = _VIEWS[spec.camera.view]
    if spec.demonstration.stance.startswith("lying_on"):
        azimuth, elevation = _LYING_ON_SIDE
    elif spec.demonstration.stance in ("supine", "prone"):
        elevation = _LYING
    elif spec.position in ("quadruped", "seated"):
        elevation = max(elevation, _ON_THE_FLOOR)
        azimuth = _SEATED_AZIMUTH if (spec.position, spec.camera.view) == ("seated", "side") else azimuth
    if spec.camera.view == "front" and spec.demonstration.stance == "standing" and _leans(spec):
        azimuth = _LEANING_AZIMUTH
    return (azimuth if side == "right" else -azimuth), elevation


def _leans(spec: ExerciseSpec) -> bool:
    return spec.demonstration.poses[0].angles_deg.get("pelvis_anterior_tilt", 0.0) > _LEANING_DEG


@dataclass(frozen=True, slots=True)
class Arc:
    """A corner of an outline: part of a circle, from one point on it to another, by the right or the left."""

    radius: float
    start: tuple[float, float]
    end: tuple[float, float]
    large: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn of a solid: its outline, exact as arcs and as a polygon; or a line.

    Attributes:
        tint: of the solid.
        points: (n, 2) polygon, or the points of a line.
        arcs: the outline; empty for a line.
    """

    tint: str
    points: Floats
    arcs: tuple[Arc, ...] = ()


@dataclass(frozen=True)
class Camera:
    """Puts places of the room on the sheet.

    Attributes:
        rotation: (3, 3) room to camera: right, up, towards the camera.
        target_m: (3,) what it looks at.
        scale: units of the sheet a metre, where it looks at.
        middle: (2,) where the target is on the sheet.
    """

    rotation: Floats
    target_m: Floats
    scale: float = 1.0
    middle: tuple[float, float] = (0.0, 0.0)

    def seen(self, places_m: Floats) -> tuple[Floats, Floats, Floats]:
        """(..., 2) on the sheet, (...) size of a metre there, (...) nearness."""
        own = (places_m - self.target_m) @ self.rotation.T
        metre = self.scale * _DISTANCE / (_DISTANCE - own[..., 2])
        x = self.middle[0] + metre * own[..., 0]
        y = self.middle[1] - metre * own[..., 1]
        return np.stack([x, y], axis=-1), metre, own[..., 2]


def camera_of(stage: Stage) -> Camera:
    """Such that body and props stay on the sheet at all times."""
    azimuth, elevation = (radians(a) for a in outlook(stage.played.spec, stage.played.side))
    towards = np.array([cos(elevation) * cos(azimuth), sin(elevation), cos(elevation) * sin(azimuth)])
    right = np.cross([0.0, 1.0, 0.0], towards)
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(towards, right), towards])
    everything = [solid.centres_m.reshape(-1, 3) for solid in (*stage.body, *stage.props)]
    places = np.concatenate(everything)
    camera = Camera(rotation, (places.min(axis=0) + places.max(axis=0)) / 2)
    low, high = _extent(camera, (*stage.body, *stage.props, _floor(stage)))
    room = np.array([WIDTH - 2 * _EDGE, HEIGHT - _TOP - _BOTTOM])
    scale = float(np.min(room / (high - low)))
    centre = (low + high) / 2
    middle = (WIDTH / 2 - scale * centre[0], _TOP + room[1] / 2 - scale * centre[1])
    return Camera(rotation, camera.target_m, scale, middle)


def _extent(camera: Camera, solids: Sequence[Solid]) -> tuple[Floats, Floats]:
    """(2,) corners of everything at scale 1 around the target."""
    lows, highs = [], []
    for solid in solids:
        at, metre, _ = camera.seen(solid.centres_m)
        radius = (metre * solid.radii_m)[..., None]
        lows.append((at - radius).reshape(-1, 2).min(axis=0))
        highs.append((at + radius).reshape(-1, 2).max(axis=0))
    return np.min(lows, axis=0), np.max(highs, axis=0)


def floor_shape(stage: Stage, camera: Camera) -> Shape:
    """A patch of floor under everything."""
    return Shape("floor", camera.seen(_floor(stage).at(0))[0])


def _floor(stage: Stage) -> Solid:
    places = np.concatenate([s.centres_m.reshape(-1, 3) for s in (*stage.body, *stage.props)])
    low, high = places.min(axis=0), places.max(axis=0)
    centre, half = (low + high) / 2, (high - low) / 2 + 0.05
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, z = centre[0] + half[0] * np.cos(turn), centre[2] + half[2] * np.sin(turn)
    ring = np.stack([x, np.full(48, stage.floor_m - 0.004), z], axis=1)
    return Solid("floor", "floor", ring[None], np.zeros(48))


def still_shapes(stage: Stage, camera: Camera) -> list[Shape]:
    """What does not move, the far first; what lies on the floor before all."""
    solids = [s for s in stage.props if not s.moves and s.tint != _GLASS]
    solids.sort(key=lambda s: (s.tint != "mat", _nearness(camera, s, 0)))
    return [shape for solid in solids for shape in _still(camera, solid)]


def glass_shapes(stage: Stage, camera: Camera) -> list[Shape]:
    """What is before the body and seen through."""
    return [shape for s in stage.props if s.tint == _GLASS for shape in _still(camera, s)]


def _still(camera: Camera, solid: Solid) -> list[Shape]:
    return [silhouette(camera, solid, 0), *([_top(camera, solid)] if solid.is_box else [])]


def moving_shapes(stage: Stage, camera: Camera, frame: int) -> list[Shape]:
    """Body and what moves with it in a frame, the far first; limbs are near or far as their side is.

    Where a box is before a part of the body, the box is drawn once more, over it.
    """
    solids = [*stage.body, *(s for s in stage.props if s.moves)]
    solids.sort(key=lambda s: _nearness(camera, s, frame))
    boxes = [s for s in stage.props if s.is_box and s.tint not in (_GLASS, "mat")]
    eye = camera.target_m + _DISTANCE * camera.rotation[2]
    hidden = [s for s in solids if any(_is_behind(s, box, frame, eye) for box in boxes)]
    near = near_side(stage, camera)
    shapes: list[Shape] = []
    for solid in hidden:
        shapes += _dressed(stage, camera, solid, frame, near)
    if hidden:
        shapes += still_shapes(replace(stage, props=tuple(boxes)), camera)
    for solid in solids:
        if solid not in hidden:
            shapes += _dressed(stage, camera, solid, frame, near)
    return shapes


def _is_behind(solid: Solid, box: Solid, frame: int, eye: Floats) -> bool:
    """Whether a plane along a face of the box parts the two, with the eye on the side of the box."""
    centres, radii = solid.at(frame), solid.radii_m[:, None]
    low, high = (centres - radii).min(axis=0), (centres + radii).max(axis=0)
    corners = box.at(0)
    first, last = corners.min(axis=0), corners.max(axis=0)
    if low[1] > last[1] - _SUNK:
        return False
    beyond = before = False
    for k in (0, 2):
        if high[k] <= first[k] + _SUNK:
            beyond, before = beyond or eye[k] > first[k], before or eye[k] < first[k]
        elif low[k] >= last[k] - _SUNK:
            beyond, before = beyond or eye[k] < last[k], before or eye[k] > last[k]
    return bool(beyond and not before)


def _dressed(stage: Stage, camera: Camera, solid: Solid, frame: int, near: str) -> list[Shape]:
    shape = silhouette(camera, solid, frame)
    return [Shape(_tint(solid, near), shape.points, shape.arcs), *_marks(stage, camera, solid, frame)]


def near_side(stage: Stage, camera: Camera) -> str:
    """The side of the body that is nearer to the camera, all in all; of who lies on one, the upper one."""
    below = stage.played.spec.demonstration.stance.removeprefix("lying_on_")
    if below in SIDES:
        lain_on = below if stage.played.side == "right" else opposite_side(below)
        return opposite_side(lain_on)
    sides: dict[str, list[float]] = {side: [] for side in SIDES}
    for solid in stage.body:
        side = solid.name.partition(" ")[0]
        if side in sides:
            sides[side].append(float(camera.seen(solid.centres_m)[2].mean()))
    return max(sides, key=lambda side: float(np.mean(sides[side])))


def opposite_side(side: str) -> str:
    """The other one."""
    return SIDES[1 - SIDES.index(side)]


def _tint(solid: Solid, near: str) -> str:
    side = solid.name.partition(" ")[0]
    if side not in SIDES:
        return solid.tint
    kind = "limb" if solid.tint in SIDES else solid.tint
    return kind if side == near else f"far-{kind}"


def _nearness(camera: Camera, solid: Solid, frame: int) -> float:
    nearness = float(camera.seen(solid.at(frame))[2].mean())
    return nearness - _NECK if solid.name == "neck" else nearness


def _marks(stage: Stage, camera: Camera, solid: Solid, frame: int) -> list[Shape]:
    """Lines on a part, where they are on the side that is seen."""
    shapes = []
    bodies = stage.played.performance.person.body.bodies
    segment = {"pelvis": "pelvis", "thorax": "thorax", "lumbar spine": "lumbar"}.get(solid.name)
    for mark in MARKS:
        if segment is None or mark.part != solid.name:
            continue
        i = bodies.index(segment)
        forward = stage.rotation[frame, i, :, 0]
        places = stage.place_m[frame, i] + np.array(mark.points) @ stage.rotation[frame, i].T
        eye = camera.target_m + _DISTANCE * camera.rotation[2]
        if mark.faces * float(forward @ (eye - places.mean(axis=0))) > 0.25 * _DISTANCE:
            shapes.append(Shape("mark", camera.seen(places)[0]))
    return shapes


def _top(camera: Camera, box: Solid) -> Shape:
    """The upper face of a box, lighter."""
    corners = box.at(0)
    upper = corners[corners[:, 1] >= corners[:, 1].max() - 1e-9]
    at = camera.seen(upper)[0].astype(np.float32)
    return Shape(f"{box.tint}-top", cv2.convexHull(at)[:, 0].astype(float))


def silhouette(camera: Camera, solid: Solid, frame: int) -> Shape:
    """What is seen of a solid in a frame: the hull of circles."""
    at, metre, _ = camera.seen(solid.at(frame))
    radii = metre * solid.radii_m
    turn = np.linspace(0, 2 * np.pi, _TURNS, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points = (at[:, None] + radii[:, None, None] * ring).reshape(-1, 2)
    order = cv2.convexHull(points.astype(np.float32), returnPoints=False)[:, 0]
    owner = order // _TURNS
    return Shape(solid.tint, points[order], _arcs(points[order], owner, radii))


def _arcs(points: Floats, owner: NDArray[np.int32], radii: Floats) -> tuple[Arc, ...]:
    """Corners of a hull, each the run of points of one circle."""
    breaks = np.flatnonzero(owner != np.roll(owner, 1))
    if not len(breaks):  # one circle hides the others
        half = len(points) // 2
        first, middle = tuple(points[0].tolist()), tuple(points[half].tolist())
        radius = float(radii[owner[0]])
        return Arc(radius, first, middle, False), Arc(radius, middle, first, False)
    arcs = []
    n = len(points)
    for start, after in zip(breaks, np.roll(breaks, -1), strict=True):
        length = int((after - start) % n) or n
        first, last = points[start], points[(start + length - 1) % n]
        radius = float(radii[owner[start]])
        arcs.append(Arc(radius, tuple(first.tolist()), tuple(last.tolist()), length - 1 > _TURNS // 2))
    return tuple(arcs)
