"""A demonstration as binary glTF 2.0: a node a segment, turned by an animation, a mesh a part of the body.

Written here, since it is a header, a JSON and a run of numbers. A node ``room`` turns Coxa's axes (X towards
the camera) into glTF's (Z towards it); beneath it places are Coxa's, in metres. Props are nodes beside the
pelvis.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull
from scipy.spatial.transform import Rotation

from coxa.report.demonstration.colours import TINTS, rgb
from coxa.report.demonstration.flesh import PARTS
from coxa.report.demonstration.stage import Solid, Stage
from coxa.report.demonstration.stream import captions, joints_of

Floats = NDArray[np.float64]

_FLOAT, _SHORT = 5126, 5123
_ARRAY, _ELEMENTS = 34962, 34963
_TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4"}
_ROUND = 60  # points on a ball before the hull is taken
_JSON, _BIN = 0x4E4F534A, 0x004E4942
_HALF = float(np.sqrt(0.5))


def glb(stage: Stage) -> bytes:
    """The whole file."""
    return _Writer(stage).bytes()


@dataclass
class _Buffer:
    """Numbers one after the other, and where each run of them is."""

    data: bytearray = field(default_factory=bytearray)
    views: list[dict[str, Any]] = field(default_factory=list)
    accessors: list[dict[str, Any]] = field(default_factory=list)

    def add(self, values: NDArray[Any], kind: int, target: int | None = None) -> int:
        """Index of the accessor of values (n,) or (n, 3) or (n, 4)."""
        wide = np.ascontiguousarray(values, np.float32 if kind == _FLOAT else np.uint16)
        table = wide.reshape(len(wide), -1)
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.data), "byteLength": wide.nbytes}
        if target is not None:
            view["target"] = target
        self.data += wide.tobytes()
        self.data += bytes(-len(self.data) % 4)
        self.views.append(view)
        self.accessors.append(
            {
                "bufferView": len(self.views) - 1,
                "componentType": kind,
                "count": len(table),
                "type": _TYPES[table.shape[1]],
                "min": table.min(axis=0).tolist(),
                "max": table.max(axis=0).tolist(),
            }
        )
        return len(self.accessors) - 1


class _Writer:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._joints = joints_of(stage)
        self._buffer = _Buffer()
        self._materials: dict[str, int] = {}
        self._meshes: list[dict[str, Any]] = []
        self._nodes: list[dict[str, Any]] = []
        self._samplers: list[dict[str, Any]] = []
        self._channels: list[dict[str, Any]] = []

    def bytes(self) -> bytes:
        """Header, JSON, numbers."""
        played = self._stage.played
        room = self._node({"name": "room", "rotation": [0.0, -_HALF, 0.0, _HALF], "children": []})
        self._time = self._buffer.add(np.append(played.begins_s, played.lasts_s), _FLOAT)
        bodies = self._body()
        props = [self._prop(solid) for solid in self._stage.props]
        self._nodes[room]["children"] = [bodies, *props]
        document = {
            "asset": {"version": "2.0", "generator": "Coxa"},
            "scene": 0,
            "scenes": [{"nodes": [room]}],
            "nodes": self._nodes,
            "meshes": self._meshes,
            "materials": [self._material_of(tint) for tint in self._materials],
            "animations": [{"name": played.spec.id, "samplers": self._samplers, "channels": self._channels}],
            "accessors": self._buffer.accessors,
            "bufferViews": self._buffer.views,
            "buffers": [{"byteLength": len(self._buffer.data)}],
            "extras": {
                "exercise": played.spec.id,
                "title": played.spec.title,
                "side": played.side,
                "floor_m": self._stage.floor_m,
                "key_s": float(played.begins_s[played.key_frame]),
                "captions": captions(self._stage),
            },
        }
        return _packed(document, bytes(self._buffer.data))

    def _node(self, node: dict[str, Any]) -> int:
        self._nodes.append(node)
        return len(self._nodes) - 1

    def _body(self) -> int:
        """Index of the pelvis's node."""
        joints = self._joints
        nodes = []
        for i, name in enumerate(joints.names):
            node = self._node(
                {
                    "name": name,
                    "translation": joints.place_m[0, i].tolist(),
                    "rotation": joints.quaternion[0, i].tolist(),
                }
            )
            nodes.append(node)
            if joints.parent[i] >= 0:
                self._nodes[nodes[joints.parent[i]]].setdefault("children", []).append(node)
            self._animate(node, "rotation", joints.quaternion[:, i])
            if joints.moves(i):
                self._animate(node, "translation", joints.place_m[:, i])
        for part in PARTS:
            balls = np.array(part.balls)
            tint = {"left": "far-limb", "right": "limb"}.get(part.tint, part.tint)
            mesh = self._mesh(part.name, tint, balls[:, :3], balls[:, 3])
            child = self._node({"name": part.name, "mesh": mesh})
            owner = nodes[joints.names.index(part.segment)]
            self._nodes[owner].setdefault("children", []).append(child)
        return nodes[0]

    def _prop(self, solid: Solid) -> int:
        """Index of its node; what moves is a stiff body that goes where its balls go."""
        first = solid.at(0)
        if not solid.moves:
            return self._node(
                {"name": solid.name, "mesh": self._mesh(solid.name, solid.tint, first, solid.radii_m)}
            )
        middle = first.mean(axis=0)
        mesh = self._mesh(solid.name, solid.tint, first - middle, solid.radii_m)
        places = solid.centres_m.mean(axis=1)
        turns = np.stack([_turn(first - middle, c - c.mean(axis=0)) for c in solid.centres_m])
        node = self._node({"name": solid.name, "mesh": mesh, "translation": middle.tolist()})
        self._animate(node, "translation", places)
        self._animate(node, "rotation", turns)
        return node

    def _animate(self, node: int, path: str, values: Floats) -> None:
        """A frame stays to the end of the round at the last."""
        output = self._buffer.add(np.concatenate([values, values[-1:]]), _FLOAT)
        self._samplers.append({"input": self._time, "output": output, "interpolation": "LINEAR"})
        self._channels.append({"sampler": len(self._samplers) - 1, "target": {"node": node, "path": path}})

    def _mesh(self, name: str, tint: str, centres: Floats, radii: Floats) -> int:
        points, normals, triangles = _hull(centres, radii)
        material = self._materials.setdefault(tint, len(self._materials))
        primitive = {
            "attributes": {
                "POSITION": self._buffer.add(points, _FLOAT, _ARRAY),
                "NORMAL": self._buffer.add(normals, _FLOAT, _ARRAY),
            },
            "indices": self._buffer.add(triangles.reshape(-1), _SHORT, _ELEMENTS),
            "material": material,
        }
        self._meshes.append({"name": name, "primitives": [primitive]})
        return len(self._meshes) - 1

    @staticmethod
    def _material_of(tint: str) -> dict[str, Any]:
        linear = [((c / 255) / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in rgb(tint)]
        clear = tint == "glass"
        material: dict[str, Any] = {
            "name": tint if tint in TINTS else "body",
            "pbrMetallicRoughness": {
                "baseColorFactor": [*linear, 0.3 if clear else 1.0],
                "metallicFactor": 0.0,
                "roughnessFactor": 0.85,
            },
        }
        return {**material, "alphaMode": "BLEND"} if clear else material


def _ball() -> Floats:
    """(n, 3) directions, evenly spread (a Fibonacci lattice)."""
    k = np.arange(_ROUND) + 0.5
    height, turn = 1 - 2 * k / _ROUND, np.pi * (1 + 5**0.5) * k
    flat = np.sqrt(1 - height**2)
    return np.stack([flat * np.cos(turn), height, flat * np.sin(turn)], axis=1)


def _hull(centres: Floats, radii: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Vertices (n, 3), their normals (n, 3) and triangles (m, 3), seen from outside counter-clockwise."""
    directions = _ball()
    cloud = (centres[:, None] + radii[:, None, None] * directions).reshape(-1, 3)
    outward = np.tile(directions, (len(centres), 1))
    hull = ConvexHull(cloud)
    triangles = hull.simplices.copy()
    corners = cloud[triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    inward = np.sum(normal * hull.equations[:, :3], axis=1) < 0
    triangles[inward] = triangles[inward][:, [0, 2, 1]]
    used, renamed = np.unique(triangles, return_inverse=True)
    return cloud[used], outward[used], renamed.reshape(-1, 3)


def _turn(before: Floats, after: Floats) -> Floats:
    """(4,) the quaternion x, y, z, w that turns some balls best; nothing for a single one."""
    if len(before) == 1:
        return np.array([0.0, 0.0, 0.0, 1.0])
    u, _, vt = np.linalg.svd(after.T @ before)
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    return np.asarray(Rotation.from_matrix(u @ flip @ vt).as_quat(canonical=True))


def _packed(document: dict[str, Any], numbers: bytes) -> bytes:
    """Chunks of JSON and numbers under the header of glTF."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(numbers)
    return b"".join(
        [
            struct.pack("<III", 0x46546C67, 2, total),
            struct.pack("<II", len(text), _JSON),
            text,
            struct.pack("<II", len(numbers), _BIN),
            numbers,
        ]
    )
