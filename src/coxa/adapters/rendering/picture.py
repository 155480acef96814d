"""Draws meshes into a room: what one exposure of the camera collects, and what its sensor makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering import raster
from coxa.adapters.rendering.dress import Dressed, Surface
from coxa.adapters.rendering.rig import Posed
from coxa.adapters.rendering.room import Backdrop, Box
from coxa.adapters.rendering.scene import Board, Image
from coxa.model.camera import Camera
from coxa.specs.rendering import LightSpec

Floats = NDArray[np.float64]

_SHADOW_RADIUS_M = 1.7
_PAPER = 0.82  # albedo of white paper
_TEXELS_PER_PX = 6.0
_GAMMA = 2.2
_TONES, _BRIGHTEST = 16384, 4.0  # steps of the tone curve's table, and where it ends


@dataclass(frozen=True, slots=True)
class Sensor:
    """What a camera does to the light.

    The tone curve comes after the lens, so white blooms a little into black beside it, as in a camera: a
    printed tag's black square is seen about half a pixel smaller on each side.

    Attributes:
        blur_px: sd of the lens's blur.
        read_sd: noise in the dark, of 255.
        shot_sd: more of it at full light, of 255.
    """

    blur_px: float = 0.6
    read_sd: float = 1.2
    shot_sd: float = 2.0


@dataclass(frozen=True, eq=False)
class Extra:
    """A thing that moves: vertices (n, 3), faces (m, 3), colour (3,), where it is now."""

    vertices_m: Floats
    faces: NDArray[np.int64]
    colour: tuple[float, float, float]


class Painter:
    """Draws a person into a camera's picture.

    Args:
        camera: that looks.
        light: of the room.
        empty: the room without the person.
        dressed: the person.
        furniture: casts shadows.
        boards: worn.
        samples: along each side of a pixel.
    """

    def __init__(
        self,
        camera: Camera,
        light: LightSpec,
        empty: Backdrop,
        dressed: Dressed,
        furniture: Sequence[Box],
        boards: Sequence[Board] = (),
        samples: int = 2,
    ) -> None:
        self._camera, self._empty, self._dressed, self._samples = camera, empty, dressed, samples
        to_light = np.array(light.direction) / np.linalg.norm(light.direction)
        self._light = (to_light, np.array(light.key), np.array(light.above), np.array(light.below))
        self._cell_m = max(light.softness_m / 3.0, 2 * _SHADOW_RADIUS_M / 700)
        self._cast = [box.triangles() for box in furniture]
        self._boards = boards
        self.mask = np.zeros((camera.height_px, camera.width_px))

    def light(self, posed: Posed, surface: Surface, extras: Sequence[Extra] = ()) -> Floats:
        """Linear light (h, w, 3) of one instant; ``mask`` is then the share of each pixel that is person."""
        s, camera = self._samples, self._camera
        corner, normal, colour, rest, grain, faces = self._gather(surface, extras)
        h, w = camera.height_px, camera.width_px
        inverse = self._empty.inverse_depth.copy()
        face = np.full((h * s, w * s), -1, np.int32)
        first, second = np.zeros_like(inverse), np.zeros_like(inverse)
        raster.rasterise(self._in_samples(corner), faces, inverse, face, first, second)
        plates = self._plates(posed)
        offset = len(faces)
        if plates is not None:
            numbered = np.full(face.shape, -1, np.int32)
            raster.rasterise(self._in_samples(plates.corner), plates.faces, inverse, numbered, first, second)
            face = np.where(numbered >= 0, numbered + np.int32(offset), face)
        shadow = self._shadow(corner, faces, posed)
        out, covered = np.zeros((h, w, 3)), np.zeros((h, w))
        on_body = np.where(face < offset, face, np.int32(-1))
        mesh = (faces, corner, normal, colour, rest, grain)
        eye = camera.position_m
        raster.shade((on_body, first, second), mesh, self._light, shadow, eye, out, covered, s)
        self.mask = covered / s**2
        if plates is not None:
            plates.shade((face, first, second), offset, self._light, shadow, out, covered, s)
        empty = self._empty
        room = (empty.ambient, empty.lit, empty.position_m, empty.lambert)
        raster.fill_room(room, shadow, s, out, covered)
        return out

    def _gather(
        self, surface: Surface, extras: Sequence[Extra]
    ) -> tuple[Floats, Floats, Floats, Floats, Floats, NDArray[np.int64]]:
        dressed = self._dressed
        parts = [
            (
                surface.vertices_m,
                surface.normals,
                dressed.colour,
                dressed.rest_m,
                dressed.grain,
                surface.faces,
            )
        ]
        for extra in extras:
            n = len(extra.vertices_m)
            middle = extra.vertices_m.mean(axis=0)
            out = extra.vertices_m - middle
            out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
            tint = np.tile(np.array(extra.colour), (n, 1))
            parts.append((extra.vertices_m, out, tint, extra.vertices_m, np.zeros(n), extra.faces))
        first = np.cumsum([0, *(len(part[0]) for part in parts)])
        faces = np.vstack([part[5] + start for part, start in zip(parts, first, strict=False)])
        corner, normal, colour, rest, grain = (
            np.concatenate([np.asarray(part[k]) for part in parts]) for k in range(5)
        )
        return corner, normal, colour, rest, grain, faces

    def _in_samples(self, points_m: Floats) -> Floats:
        in_camera = self._camera.to_camera(points_m)
        depth = np.where(np.abs(in_camera[:, 2]) > 1e-6, in_camera[:, 2], 1e-6)
        px = self._camera.focal_px * in_camera[:, :2] / depth[:, None] + self._camera.centre_px
        return np.column_stack([px * self._samples, in_camera[:, 2]])

    def _shadow(self, corner: Floats, faces: NDArray[np.int64], posed: Posed) -> tuple[Floats, Floats, float]:
        to_light = self._light[0]
        aside = np.cross(to_light, [0.0, 0.0, 1.0] if abs(to_light[2]) < 0.9 else [1.0, 0.0, 0.0])
        aside /= np.linalg.norm(aside)
        axes = np.stack([aside, np.cross(aside, to_light), -to_light])
        n = int(2 * _SHADOW_RADIUS_M / self._cell_m)
        cells = np.column_stack([axes, -axes @ posed.origins_m["pelvis"]])
        cells[:2] /= self._cell_m
        cells[:2, 3] += 0.5 * n
        depth = np.full((n, n), np.inf)
        for points, triangles in [(corner, faces), *self._cast]:
            raster.rasterise_depth(points @ cells[:, :3].T + cells[:, 3], triangles, depth)
        return depth, np.ascontiguousarray(cells), max(2.5 * self._cell_m, 0.012)

    def _plates(self, posed: Posed) -> _Plates | None:
        if not self._boards:
            return None
        return _Plates(self._boards, posed, self._camera)


class _Plates:
    """The faces of boards where they are now, their pictures brought near the size they are seen in."""

    def __init__(self, boards: Sequence[Board], posed: Posed, camera: Camera) -> None:
        corners: list[Floats] = []
        normals: list[Floats] = []
        faces: list[list[int]] = []
        texels: list[Floats] = []
        shapes: list[tuple[int, ...]] = []
        for board in boards:
            axes, origin = posed.frames[board.segment], posed.origins_m[board.segment]
            for local, printed in board.faces:
                picture = printed
                place = origin + np.asarray(local, float) @ axes.T
                outward = np.cross(place[2] - place[0], place[1] - place[3])
                outward /= np.linalg.norm(outward)
                if outward @ (camera.position_m - place.mean(axis=0)) <= 0:
                    picture = np.full((2, 2), 235, np.uint8)  # the blank back
                    outward = -outward
                start = 4 * len(corners)
                corners.append(place)
                normals += [outward, outward]
                faces += [[start, start + 1, start + 2], [start, start + 2, start + 3]]
                seen = _texels(picture, camera.project(place))
                texels.append(seen.reshape(-1, 3))
                shapes += [seen.shape[:2]] * 2
        first = np.cumsum([0, *(len(one) for one in texels)])[:-1].repeat(2)
        self.corner = np.vstack(corners)
        self.faces = np.array(faces)
        self._mesh = (
            self.faces,
            self.corner,
            np.array(normals),
            np.tile(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]), (len(corners), 1)),
        )
        rows, columns = np.array(shapes).T
        self._pictures = (np.vstack(texels), first, np.ascontiguousarray(rows), np.ascontiguousarray(columns))

    def shade(
        self,
        buffers: tuple[NDArray[np.generic], ...],
        offset: int,
        light: tuple[Floats, ...],
        shadow: tuple[Floats, Floats, float],
        out: Floats,
        covered: Floats,
        samples: int,
    ) -> None:
        """Add what is seen of them."""
        raster.shade_pictures(
            buffers, offset, self._mesh, self._pictures, light, shadow, out, covered, samples
        )


def _texels(picture: Image, seen_px: Floats) -> Floats:
    """A picture, linear (h, w, 3), with a few texels per pixel that it is seen in."""
    edges = np.linalg.norm(np.roll(seen_px, -1, axis=0) - seen_px, axis=1)
    wanted = [max(edges[1], edges[3]), max(edges[0], edges[2])]
    colour = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    linear = _PAPER * (colour / 255.0) ** _GAMMA
    size = [
        min(n, max(int(np.ceil(_TEXELS_PER_PX * w)), 2))
        for n, w in zip(linear.shape[:2], wanted, strict=True)
    ]
    if size == list(linear.shape[:2]):
        return np.asarray(linear)
    return np.asarray(cv2.resize(linear, (size[1], size[0]), interpolation=cv2.INTER_AREA))


def develop(light: Floats, sensor: Sensor, rng: np.random.Generator) -> Image:
    """What the sensor makes of light (h, w, 3): blur of the lens, tone curve, noise; uint8 RGB."""
    if sensor.blur_px > 0:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), sensor.blur_px), float)
    level = np.clip(light * (_TONES / _BRIGHTEST), 0, _TONES - 1).astype(np.int32)
    bright = np.arange(_TONES) * (_BRIGHTEST / _TONES)
    soft = np.where(bright < 0.7, bright, 0.7 + 0.3 * np.tanh((bright - 0.7) / 0.3))
    value = (255.0 * soft ** (1 / _GAMMA) + 0.5).astype(np.float32)[level]
    sd = (sensor.read_sd + sensor.shot_sd * np.sqrt(soft)).astype(np.float32)[level]
    grain = rng.standard_normal(value.shape, dtype=np.float32)
    return np.clip(value + sd * grain, 0, 255).astype(np.uint8)
