"""The room a person stands in: floor, walls, furniture, seen once by a camera that does not move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from coxa.adapters.rendering.raster import noise
from coxa.model.camera import Camera
from coxa.specs.rendering import LightSpec, RoomSpec

Floats = NDArray[np.float64]

_HALF_M = 2.3  # from the middle to each wall
_HEIGHT_M = 4.0
_BAND_PX = 40  # rows seen at a time, to keep the memory small
_FURNITURE = 10  # number of the first box; floor, walls and ceiling come before
_DEFAULT_PATTERN = {"plain": 0, "planks": 1, "tiles": 2, "carpet": 3, "plaster": 4, "stripes": 5, "bricks": 6}


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of furniture: lower and upper corner (3,) [m] along the room's axes, and a colour."""

    low_m: tuple[float, float, float]
    high_m: tuple[float, float, float]
    colour: tuple[float, float, float]
    pattern: str = "carpet"

    def triangles(self) -> tuple[Floats, NDArray[np.int64]]:
        """Vertices (8, 3) and faces (12, 3)."""
        corners = np.array([[(self.low_m, self.high_m)[b >> k & 1][k] for k in range(3)] for b in range(8)])
        quads = np.array([[0, 1, 3, 2], [4, 5, 7, 6], [0, 1, 5, 4], [2, 3, 7, 6], [0, 2, 6, 4], [1, 3, 7, 5]])
        return corners, np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


@dataclass(frozen=True, eq=False)
class Backdrop:
    """The empty room in a camera's picture.

    Attributes:
        ambient: (h, w, 3) light that shadows leave.
        lit: (h, w, 3) light that they take, where nothing is in the way.
        position_m: (h, w, 3) of what is seen.
        lambert: (h, w) cosine of the light on it.
        inverse_depth: (h s, w s) [1 / m] of furniture only, in samples; 0 elsewhere.
    """

    ambient: Floats
    lit: Floats
    position_m: Floats
    lambert: Floats
    inverse_depth: NDArray[np.float32]


def backdrop(
    camera: Camera, room: RoomSpec, light: LightSpec, furniture: list[Box], samples: int, seed: int
) -> Backdrop:
    """See an empty room.

    Args:
        camera: that looks.
        room: patterns and colours.
        light: direction and colours.
        furniture: what stands near the person; more is put along the walls.
        samples: along each side of a pixel.
        seed: of what stands along the walls.
    """
    things = [*furniture, *_things(room, camera, seed)]
    to_light = np.array(light.direction) / np.linalg.norm(light.direction)
    bands = []
    for top in range(0, camera.height_px, _BAND_PX):
        rows = (top, min(top + _BAND_PX, camera.height_px))
        coarse = _look(camera, rows, room, things, 1, seed)
        fine = _look(camera, rows, room, things, samples, seed)
        sky = (0.5 + 0.5 * fine.normal[..., 1])[..., None]
        ambient = fine.albedo * (sky * np.array(light.above) + (1 - sky) * np.array(light.below))
        near = (fine.which >= _FURNITURE) & (fine.which < _FURNITURE + len(furniture))
        bands.append(
            (
                _averaged(ambient, samples),
                _averaged(fine.albedo * np.array(light.key), samples),
                coarse.position,
                np.maximum(coarse.normal @ to_light, 0.0),
                np.where(near, 1.0 / fine.distance, 0.0).astype(np.float32),
            )
        )
    ambient, lit, position, lambert, depth = (np.concatenate(parts) for parts in zip(*bands, strict=True))
    return Backdrop(ambient, lit, position, lambert, depth)


def _averaged(image: Floats, samples: int) -> Floats:
    h, w = image.shape[0] // samples, image.shape[1] // samples
    return np.asarray(image.reshape(h, samples, w, samples, 3).mean(axis=(1, 3)))


@dataclass
class _Seen:
    """(h, w) fields of what each ray meets first."""

    distance: Floats
    position: Floats
    normal: Floats
    albedo: Floats
    which: NDArray[np.int64]


def _look(
    camera: Camera, rows: tuple[int, int], room: RoomSpec, things: list[Box], samples: int, seed: int
) -> _Seen:
    """What the rays through some rows of the picture meet."""
    h, w = (rows[1] - rows[0]) * samples, camera.width_px * samples
    x = ((np.arange(w) + 0.5) / samples - camera.centre_px[0]) / camera.focal_px
    y = (rows[0] + (np.arange(h) + 0.5) / samples - camera.centre_px[1]) / camera.focal_px
    rays = np.stack([*np.broadcast_arrays(x[None, :], y[:, None]), np.ones((h, w))], axis=-1)
    ray = rays @ camera.rotation_room_to_camera
    best = np.full((h, w), 60.0)
    normal = np.zeros((h, w, 3))
    which = np.full((h, w), -1)
    for k, (axis, place, side) in enumerate(_PLANES):
        if (camera.position_m[axis] - place) * side <= 0:
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (place - camera.position_m[axis]) / ray[..., axis]
        nearer = (t > 0) & (t < best)
        best[nearer], which[nearer] = t[nearer], k
        normal[nearer] = side * np.eye(3)[axis]
    for k, box in enumerate(things):
        t, facing = _meet(camera.position_m, ray, box)
        nearer = (t > 0) & (t < best)
        best[nearer], which[nearer] = t[nearer], _FURNITURE + k
        normal[nearer] = facing[nearer]
    position = camera.position_m + best[..., None] * ray
    albedo = _albedo(position, normal, which, room, things, seed)
    return _Seen(best, position, normal, albedo, which)


#: (axis, place, side from which it is seen): floor, then four walls, then the ceiling.
_PLANES = (
    (1, 0.0, 1.0),
    (0, -_HALF_M, 1.0),
    (0, _HALF_M, -1.0),
    (2, -_HALF_M, 1.0),
    (2, _HALF_M, -1.0),
    (1, _HEIGHT_M, -1.0),
)


def _meet(eye: Floats, ray: Floats, box: Box) -> tuple[Floats, Floats]:
    """Distance along each ray to a box (inf: missed) and the normal there."""
    with np.errstate(divide="ignore", invalid="ignore"):
        to_low = (np.array(box.low_m) - eye) / ray
        to_high = (np.array(box.high_m) - eye) / ray
    enter, leave = np.fmin(to_low, to_high), np.fmax(to_low, to_high)
    axis = enter.argmax(axis=-1)
    first, last = enter.max(axis=-1), leave.min(axis=-1)
    facing = -np.sign(np.take_along_axis(ray, axis[..., None], axis=-1)) * np.eye(3)[axis]
    return np.where(first <= last, first, np.inf), facing


def _things(room: RoomSpec, camera: Camera, seed: int) -> list[Box]:
    """Cupboards, pictures and boxes along the walls that the camera looks at."""
    rng = np.random.default_rng(seed)
    ahead = camera.rotation_room_to_camera[2] * [1.0, 0.0, 1.0]
    if np.linalg.norm(ahead) < 0.5:  # from above, whatever stands along a wall is out of the way
        ahead = np.zeros(3)
    boxes = []
    for k in range(room.things):
        axis, side = (0, 2)[k % 2], (-1.0, 1.0)[rng.integers(2)]
        along = rng.uniform(-0.85, 0.85) * _HALF_M
        wide, hangs = rng.uniform(0.2, 0.9), rng.uniform() < 0.45
        low, high = (rng.uniform(1.0, 1.5), rng.uniform(1.6, 2.3)) if hangs else (0.0, rng.uniform(0.3, 1.9))
        deep = 0.03 if hangs else rng.uniform(0.2, 0.4)
        colour = rng.uniform(0.04, 0.55) * (0.65 + rng.dirichlet(np.ones(3)))
        pattern = str(rng.choice(["planks", "carpet", "stripes", "plaster"]))
        middle = np.zeros(3)
        middle[axis], middle[2 - axis] = side * _HALF_M, along
        if middle @ ahead < 0:
            continue
        near, far = sorted((side * _HALF_M, side * (_HALF_M - deep)))
        span = {axis: (near, far), 2 - axis: (along - wide / 2, along + wide / 2), 1: (low, high)}
        corners = [tuple(float(span[i][end]) for i in range(3)) for end in (0, 1)]
        tint = np.minimum(colour, 0.8)
        boxes.append(Box(corners[0], corners[1], (tint[0], tint[1], tint[2]), pattern))  # type: ignore[arg-type]
    return boxes


def _albedo(
    position: Floats,
    normal: Floats,
    which: NDArray[np.int64],
    room: RoomSpec,
    things: list[Box],
    seed: int,
) -> Floats:
    surfaces = [(room.floor, room.floor_colour), *[(room.wall, room.wall_colour)] * 4]
    surfaces.append(("plaster", (0.7, 0.7, 0.7)))
    patterns = np.zeros(which.shape, np.int64)
    colours = np.full((*which.shape, 3), 0.5)
    for k, (pattern, colour) in [*enumerate(surfaces)] + [
        (_FURNITURE + i, (box.pattern, box.colour)) for i, box in enumerate(things)
    ]:
        here = which == k
        patterns[here], colours[here] = _DEFAULT_PATTERN[pattern], colour
    along = np.where(np.abs(normal[..., 0]) > 0.5, position[..., 2], position[..., 0])
    up = np.where(np.abs(normal[..., 1]) > 0.5, position[..., 2], position[..., 1])
    skirting = (which >= 1) & (which <= 4) & (position[..., 1] < 0.09)
    colours[skirting], patterns[skirting] = (0.62, 0.61, 0.58), 4
    return np.asarray(colours * _tone(along, up, patterns, float(seed % 97))[..., None])


@njit(cache=True, nogil=True)
def _planks(a, u, seed):  # type: ignore[no-untyped-def]
    plank = np.floor(a / 0.14)
    piece = np.floor((u + 3.0 * noise(plank * 3.7, seed, 0.5)) / 1.1)
    value = 0.70 + 0.35 * noise(a * 45.0, u * 3.0 + plank * 7.3, seed)
    value *= 0.75 + 0.5 * noise(plank * 5.1, piece * 3.3, seed)
    return value * (0.55 if a / 0.14 - plank < 0.03 else 1.0)


@njit(cache=True, nogil=True)
def _tiles(a, u, seed):  # type: ignore[no-untyped-def]
    x, y = a / 0.33, u / 0.33
    value = 0.88 + 0.16 * noise(np.floor(x) * 3.1, np.floor(y) * 3.3, seed)
    value *= 0.93 + 0.14 * noise(a * 9.0, u * 9.0, seed)
    return value * (0.6 if x - np.floor(x) < 0.02 or y - np.floor(y) < 0.02 else 1.0)


@njit(cache=True, nogil=True)
def _bricks(a, u, seed):  # type: ignore[no-untyped-def]
    y = u / 0.075
    x = a / 0.23 + 0.5 * (np.floor(y) % 2)
    value = 0.7 + 0.6 * noise(np.floor(x) * 3.3, np.floor(y) * 3.7, seed)
    value *= 0.85 + 0.3 * noise(a * 60.0, u * 60.0, seed)
    return 1.7 if x - np.floor(x) < 0.05 or y - np.floor(y) < 0.14 else value


@njit(cache=True, nogil=True)
def _stripes(a, u, seed):  # type: ignore[no-untyped-def]
    x = a / 0.24
    return (1.06 if x - np.floor(x) < 0.5 else 0.86) * (0.96 + 0.08 * noise(a * 30.0, u * 30.0, seed))


@njit(cache=True, nogil=True)
def _tone(along, up, pattern, seed):  # type: ignore[no-untyped-def]
    """Brightness (h, w) of patterns at places along and up a surface."""
    tone = np.ones(along.shape)
    for i in range(along.shape[0]):
        for j in range(along.shape[1]):
            a, u, kind = along[i, j] + 40.0, up[i, j] + 40.0, pattern[i, j]
            if kind == 1:
                tone[i, j] = _planks(a, u, seed)
            elif kind == 2:
                tone[i, j] = _tiles(a, u, seed)
            elif kind == 3:
                fine, coarse = noise(a * 160.0, u * 160.0, seed), noise(a * 5.0, u * 5.0, seed)
                tone[i, j] = 0.7 + 0.35 * fine + 0.3 * coarse
            elif kind == 4:
                coarse, fine = noise(a * 3.0, u * 3.0, seed), noise(a * 40.0, u * 40.0, seed)
                tone[i, j] = 0.92 + 0.06 * coarse + 0.06 * fine
            elif kind == 5:
                tone[i, j] = _stripes(a, u, seed)
            elif kind == 6:
                tone[i, j] = _bricks(a, u, seed)
    return tone
