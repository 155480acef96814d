"""A demonstration as a compact stream of joints: what a viewer of its own needs to move a body.

Every segment has a parent and a place in it; a frame has the place of the pelvis and a quaternion a segment,
turning its axes into its parent's (the pelvis's into the room's). Axes as in ``docs/conventions.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from coxa.report.demonstration.flesh import PARTS
from coxa.report.demonstration.stage import Stage

Floats = NDArray[np.float64]

VERSION = 1
_STILL_M = 1e-6


@dataclass(frozen=True)
class Joints:
    """Segments relative to their parents.

    Attributes:
        names: (n_bodies).
        parent: (n_bodies) index, -1 for the pelvis.
        place_m: (n_frames, n_bodies, 3) in the parent, of the pelvis in the room.
        quaternion: (n_frames, n_bodies, 4) x, y, z, w; from one frame to the next the shorter way.
    """

    names: tuple[str, ...]
    parent: tuple[int, ...]
    place_m: Floats
    quaternion: Floats

    def moves(self, body: int) -> bool:
        """Whether the segment's place in its parent changes."""
        return bool(np.ptp(self.place_m[:, body], axis=0).max() > _STILL_M)


def joints_of(stage: Stage) -> Joints:
    """The stage's body, segment by segment."""
    body = stage.played.performance.person.body
    place, rotation = stage.place_m.copy(), stage.rotation.copy()
    for i, parent in enumerate(body.parent):
        if parent >= 0:
            back = np.swapaxes(stage.rotation[:, parent], -1, -2)
            rotation[:, i] = back @ stage.rotation[:, i]
            place[:, i] = np.einsum("tij,tj->ti", back, stage.place_m[:, i] - stage.place_m[:, parent])
    n_frames, n_bodies = rotation.shape[:2]
    turned = Rotation.from_matrix(rotation.reshape(-1, 3, 3)).as_quat().reshape(n_frames, n_bodies, 4)
    for k in range(1, n_frames):
        turned[k] *= np.where(np.sum(turned[k] * turned[k - 1], axis=-1) < 0, -1.0, 1.0)[:, None]
    return Joints(tuple(body.bodies), tuple(int(p) for p in body.parent), place, turned)


def stream(stage: Stage) -> dict[str, Any]:
    """What goes into the JSON."""
    played, joints = stage.played, joints_of(stage)
    return {
        "format": "coxa-demonstration",
        "version": VERSION,
        "exercise": played.spec.id,
        "title": played.spec.title,
        "side": played.side,
        "units": {"place": "m", "time": "s", "rotation": "unit quaternion x, y, z, w"},
        "axes": "X anterior, Y up, Z to the right; the pelvis stands in the room, all else in its parent",
        "floor_m": round(stage.floor_m, 4),
        "segments": [
            {"name": name, "parent": parent, "place_m": _rounded(joints.place_m[0, i], 4)}
            for i, (name, parent) in enumerate(zip(joints.names, joints.parent, strict=True))
        ],
        "parts": [
            {
                "name": part.name,
                "segment": joints.names.index(part.segment),
                "balls_m": [list(b) for b in part.balls],
            }
            for part in PARTS
        ],
        "time_s": _rounded(played.begins_s, 3),
        "lasts_s": round(played.lasts_s, 3),
        "key_frame": played.key_frame,
        "pelvis_m": [_rounded(row, 4) for row in joints.place_m[:, 0]],
        "rotation": [[_rounded(q, 5) for q in frame] for frame in joints.quaternion],
        "captions": captions(stage),
    }


def captions(stage: Stage) -> list[dict[str, Any]]:
    """What is said from when on; empty words end the ones before."""
    played = stage.played
    rows: list[dict[str, Any]] = []
    for begins_s, caption in zip(played.begins_s, played.captions, strict=True):
        if not rows or rows[-1]["text"] != caption.text:
            rows.append({"from_s": round(float(begins_s), 3), "text": caption.text, "cue": caption.strong})
    return rows


def _rounded(values: Floats, digits: int) -> list[float]:
    return [round(float(v), digits) + 0.0 for v in values]
