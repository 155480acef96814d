"""Clothes and colours: what of a body the camera sees as skin, hair, shirt, trousers and shoes.

Tight clothes are the body's own surface, 3 mm further out, in another colour. Medium ones lie a little off
it, with folds. Loose ones are drawn straight from top to bottom over the hollows of the posed body (smoothed
along it, then pushed out of it), so the lumbar hollow is hidden; they do not fall away from it by gravity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, eye_array

from coxa.adapters.rendering.mesh import averaging, border, normals, refined, smooth_noise, split, submesh
from coxa.adapters.rendering.rig import BONES, Posed, Rig
from coxa.model.coordinates import SIDES
from coxa.specs.rendering import BodySpec, Fit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Chosen = NDArray[np.bool_]

_LIPS = (0.42, 0.15, 0.13)
_SHOES = (0.55, 0.55, 0.56)
_BROW_SHARE = 0.55


@dataclass(frozen=True, slots=True)
class _Cut:
    """How cloth is made: off the skin [m], depth of folds [m], rounds of smoothing, and how upright it is."""

    offset_m: float
    folds_m: float
    rounds: int
    upright: float = 0.0


_CUTS = {
    Fit.TIGHT: _Cut(0.003, 0.0, 0),
    Fit.MEDIUM: _Cut(0.010, 0.0025, 6),
    Fit.LOOSE: _Cut(0.018, 0.0035, 160, 8.0),
}
_LAST_ROUNDS = 5
_SHOE_CUT = _Cut(0.007, 0.0, 12)


@dataclass(frozen=True, eq=False)
class Surface:
    """A drawable mesh in one pose: vertices (n, 3), normals (n, 3), faces (m, 3)."""

    vertices_m: Floats
    normals: Floats
    faces: Ints


@dataclass(frozen=True, eq=False)
class _Layer:
    """A garment over part of the body.

    Attributes:
        cut: how it is made.
        used: (k,) vertices of the body it lies on.
        faces: (m, 3) among them.
        average: (k, k) neighbours' middle.
        free: (k,) 1 where it may be smoothed, 0 along its hems.
        hangs: (k,) how much of that it hangs by: only about the trunk.
        finer: (j, k) to the drawn vertices.
        finer_faces: faces of those.
        folds_m: (j,) outwards.
        colour: (j, 3).
        rest_m: (j, 3).
    """

    cut: _Cut
    used: Ints
    faces: Ints
    average: csr_matrix
    free: Floats
    hangs: Floats
    finer: csr_matrix
    finer_faces: Ints
    folds_m: Floats
    colour: Floats
    rest_m: Floats


class Dressed:
    """A body in clothes.

    Args:
        rig: the body.
        spec: its colours.
        fit: how the clothes sit.
        seed: of the folds.
    """

    def __init__(self, rig: Rig, spec: BodySpec, fit: Fit, seed: int = 0) -> None:
        self._rig = rig
        body = _cut_out(rig, spec, fit)
        colour, offset = _paint(body.vertices_m, body.eye, body.head, spec)
        outward = normals(body.vertices_m, body.faces)
        self._vertices = body.vertices_m + outward * offset[:, None]
        self._weights = body.weights
        self._body_faces = body.faces
        cut = _CUTS[fit]
        outer = replace(cut, offset_m=1.6 * cut.offset_m)
        garments = (
            (body.shoes, _SHOES, _SHOE_CUT),
            (body.trousers, spec.trousers, cut),
            (body.shirt, spec.shirt, outer),
        )
        self._layers = [
            _layer(body, chosen, tint, made, seed + k) for k, (chosen, tint, made) in enumerate(garments)
        ]
        hidden = _inside(body.faces, body.shoes | body.shirt | body.trousers)
        faces = body.faces[~hidden[body.faces].all(axis=1)]
        parts = [(colour, body.vertices_m, np.where(body.eye, 0.0, 0.10), faces)]
        parts += [
            (layer.colour, layer.rest_m, np.full(len(layer.colour), 0.22), layer.finer_faces)
            for layer in self._layers
        ]
        first = np.cumsum([0, *(len(part[0]) for part in parts)])
        self.colour = np.vstack([part[0] for part in parts])
        self.rest_m = np.vstack([part[1] for part in parts])
        self.grain = np.concatenate([part[2] for part in parts])
        self.faces = np.vstack([part[3] + start for part, start in zip(parts, first, strict=False)])

    def surface(self, posed: Posed) -> Surface:
        """The dressed body in a pose."""
        body = self._rig.skin(posed, self._vertices, self._weights)
        outward = normals(body, self._body_faces)
        vertices, facing = [body], [outward]
        for layer in self._layers:
            draped = self._drape(layer, body[layer.used], outward[layer.used])
            away = normals(draped, layer.finer_faces)
            draped = draped + away * layer.folds_m[:, None]
            vertices.append(draped)
            facing.append(normals(draped, layer.finer_faces))
        return Surface(np.vstack(vertices), np.vstack(facing), self.faces)

    @staticmethod
    def _drape(layer: _Layer, body: Floats, outward: Floats) -> Floats:
        least = 0.35 * layer.cut.offset_m
        cloth = body + outward * layer.cut.offset_m
        for k in range(layer.cut.rounds):
            last = k >= layer.cut.rounds - _LAST_ROUNDS  # these ease the way from trunk to limbs
            give = 0.7 * (layer.free if last or not layer.cut.upright else layer.hangs)[:, None]
            cloth = cloth + give * (layer.average @ cloth - cloth)
            off = np.einsum("ij,ij->i", cloth - body, outward)
            cloth = cloth + outward * np.maximum(least - off, 0.0)[:, None]
        return np.asarray(layer.finer @ cloth)


def _layer(body: _Cloth, chosen: Chosen, tint: tuple[float, float, float], cut: _Cut, seed: int) -> _Layer:
    used, faces = submesh(body.faces, chosen)
    finer, finer_faces = refined(faces, len(used))
    places = np.asarray(finer @ body.vertices_m[used])
    folds = smooth_noise(places, 0.11, seed) + 0.5 * smooth_noise(places, 0.05, seed + 50)
    free = (~border(faces, len(used))).astype(float)
    limbs = _share(body.weights[used], "humerus", "girdle", "femur", "tibia", "forearm")
    return _Layer(
        cut,
        used,
        faces,
        averaging(faces, body.vertices_m[used], cut.upright),
        free,
        free * np.clip(1.0 - 2.0 * limbs, 0.0, 1.0),
        finer,
        finer_faces,
        cut.folds_m * folds,
        np.tile(np.array(tint), (len(places), 1)),
        places,
    )


def _inside(faces: Ints, chosen: Chosen) -> Chosen:
    """The chosen vertices two faces or more away from any other."""
    inside = chosen
    for _ in range(2):
        touched = np.zeros(len(chosen), bool)
        touched[faces[~inside[faces].all(axis=1)]] = True
        inside = inside & ~touched
    return inside


@dataclass(frozen=True, eq=False)
class _Cloth:
    """A body's surface with its triangles cut along the hems, and which vertices are under what.

    Attributes:
        vertices_m: (n, 3) at rest.
        faces: (m, 3).
        weights: (n, n_bones).
        eye: (n,).
        head: (n,).
        shirt: (n,), hems included.
        trousers: likewise.
        shoes: likewise.
    """

    vertices_m: Floats
    faces: Ints
    weights: NDArray[np.float32]
    eye: Chosen
    head: Chosen
    shirt: Chosen
    trousers: Chosen
    shoes: Chosen


_SLEEVES = {Fit.TIGHT: 0.30, Fit.MEDIUM: 0.55, Fit.LOOSE: 0.80}  # of the upper arm
_HEMS = {Fit.TIGHT: 0.030, Fit.MEDIUM: 0.0, Fit.LOOSE: -0.020}  # above the hips, of the stature


def _cut_out(rig: Rig, spec: BodySpec, fit: Fit) -> _Cloth:
    """Cut the body's surface along the hems of its clothes."""
    vertices, faces, weights = rig.rest.vertices_m, rig.rest.faces, np.asarray(rig.weights, float)
    n_old = len(vertices)
    matrix: csr_matrix = csr_matrix(eye_array(n_old))
    for name in _hems(vertices, rig, spec, fit):
        field = _hems(vertices, rig, spec, fit)[name]
        where = None
        if name.startswith("sleeve"):
            arm = _share(weights, "humerus", "girdle") > 0.5
            where = arm[faces].all(axis=1) & (vertices[faces, 2].mean(axis=1) * _SIGN[name] > 0)
        step, faces = split(faces, field, where)
        vertices, weights, matrix = step @ vertices, step @ weights, step @ matrix
    hems = _hems(vertices, rig, spec, fit)
    arms = _share(weights, "humerus", "forearm") > 0.5
    sleeve = np.where(vertices[:, 2] > 0, hems["sleeve_right"], hems["sleeve_left"]) < _TINY
    head = _share(weights, "head") > 0.5
    shirt = ~head & (hems["hem"] > -_TINY) & (hems["collar"] < _TINY) & (~arms | sleeve)
    shirt &= _share(weights, "forearm") < 0.5
    trousers = ~arms & (hems["waist"] < _TINY) & (hems["end"] > -_TINY)
    shoes = ~arms & (hems["shoe"] < _TINY)
    eye = np.asarray(matrix @ rig.rest.eye.astype(float)) > 0.5
    return _Cloth(vertices, faces, weights.astype(np.float32), eye, head, shirt, trousers, shoes)


_SIGN = {"sleeve_left": -1.0, "sleeve_right": 1.0}
_TINY = 1e-7


def _share(weights: NDArray[np.floating], *starts: str) -> Floats:
    return np.asarray(weights[:, [bone.startswith(starts) for bone in BONES]].sum(axis=1), float)


def _hems(place: Floats, rig: Rig, spec: BodySpec, fit: Fit) -> dict[str, Floats]:
    """(n,) fields, each zero along a hem."""
    heads = rig.heads
    stature = float(rig.rest.vertices_m[:, 1].max())
    hip, knee, ankle = (heads[f"{joint}_right"][1] for joint in ("hip", "knee", "ankle"))
    hem = hip + _HEMS[fit] * stature
    end = ankle + 0.02 * stature if spec.long_trousers else knee + 0.25 * (hip - knee)
    neck = heads["neck0"]
    fields = {
        "hem": place[:, 1] - hem,
        "waist": place[:, 1] - hem - 0.006 * stature,
        "end": place[:, 1] - end,
        "shoe": place[:, 1] - ankle - 0.008 * stature,
        "collar": place[:, 1] - neck[1] + 0.006 * stature + 0.45 * (place[:, 0] - neck[0]),
    }
    for side in SIDES:
        shoulder, elbow = heads[f"shoulder_{side}"], heads[f"elbow_{side}"]
        line = (elbow - shoulder) / np.linalg.norm(elbow - shoulder)
        length = _SLEEVES[fit] * np.linalg.norm(elbow - shoulder)
        fields[f"sleeve_{side}"] = (place - shoulder) @ line - length
    return fields


def _paint(place: Floats, is_eye: Chosen, head: Chosen, spec: BodySpec) -> tuple[Floats, Floats]:
    """Colours (n, 3) without clothes, and how far (n,) [m] hair stands off."""
    stature = float(place[:, 1].max())
    colour = np.tile(np.array(spec.skin), (len(place), 1))
    offset = np.zeros(len(place))
    middle = {sign: place[is_eye & (np.sign(place[:, 2]) == sign)].mean(axis=0) for sign in (-1, 1)}
    front, level = middle[1][:2]
    hair = _hair(place, head & ~is_eye, level, front, stature, spec)
    colour[hair], offset[hair] = spec.hair, 0.010 if spec.male > 0.5 else 0.020
    for centre in middle.values():
        off = place - centre
        brow = head & ~is_eye & (off[:, 0] > 0) & (np.abs(off[:, 2]) < 0.013 * stature)
        brow &= (off[:, 1] > 0.009 * stature) & (off[:, 1] < 0.014 * stature)
        colour[brow] = _BROW_SHARE * np.array(spec.hair) + (1 - _BROW_SHARE) * colour[brow]
        ball = is_eye & (np.linalg.norm(off, axis=1) < 0.03)
        ahead = off[ball, 0] / np.maximum(np.linalg.norm(off[ball], axis=1), 1e-9)
        colour[ball] = np.where(ahead[:, None] > 0.86, (0.02, 0.015, 0.01), (0.62, 0.60, 0.58))
    mouth = head & (np.abs(place[:, 2]) < 0.014 * stature) & (place[:, 0] > front + 0.004 * stature)
    mouth &= np.abs(place[:, 1] - (level - 0.042 * stature)) < 0.0055 * stature
    colour[mouth] = 0.5 * np.array(_LIPS) + 0.5 * np.array(spec.skin)
    return colour, offset


def _hair(place: Floats, head: Chosen, level: float, front: float, stature: float, spec: BodySpec) -> Chosen:
    """Top and back of the head; lower at the back on a woman."""
    back = front - place[:, 0]
    low = level + (0.0 if spec.male > 0.5 else -0.035) * stature
    crown = place[:, 1] > level + 0.036 * stature
    behind = (back > 0.055 * stature) & (place[:, 1] > low)
    return head & (crown | behind)
