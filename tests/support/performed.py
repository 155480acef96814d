"""Motions made up of smooth movements out and back, their angles exactly known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from coxa.model.motion import Motion, Observability
from coxa.specs.protocol import ProtocolSpec

RATE_HZ = 50.0
MOVE_S = 3.0
REST_S = 1.0


def out_and_back(n: int, delay_s: float = 0.0) -> np.ndarray:
    """So many repetitions from 0 to 1 to 0 with rests between; each begins late, and ends in time."""
    still, whole = round(REST_S * RATE_HZ), round(MOVE_S * RATE_HZ)
    late = round(delay_s * RATE_HZ)
    bell = 0.5 * (1 - np.cos(np.linspace(0, 2 * np.pi, whole)))
    if late:
        half = whole // 2
        out = 0.5 * (1 - np.cos(np.linspace(0, np.pi, half - late)))
        bell = np.concatenate([np.zeros(late), out, bell[half:]])
    return np.concatenate([np.zeros(still), *[np.concatenate([bell, np.zeros(still)]) for _ in range(n)]])


def motion_of(
    angles_deg: Mapping[str, np.ndarray],
    sd_deg: float = 0.5,
    levels: Mapping[str, Observability] | None = None,
) -> Motion:
    """A motion with these angles; the same standard deviation everywhere."""
    names = tuple(angles_deg)
    value = np.radians(np.column_stack([angles_deg[name] for name in names]))
    level = np.full(value.shape, Observability.OBSERVED, np.uint8)
    for name, one in (levels or {}).items():
        level[:, names.index(name)] = one
    time_s = np.arange(len(value)) / RATE_HZ
    return Motion(time_s, names, value, np.full(value.shape, np.radians(sd_deg)), level, source="made up")


def seated_rotation(**changes: object) -> ProtocolSpec:
    """A small protocol: seated internal rotation; hiking the pelvis is cheating, leaning spoils it."""
    rule = {"source": "test", "trust": "DESIGN", "direction": "either", "limit_deg": 5.0}
    content = {
        "source": "test",
        "trust": "DESIGN",
        "version": 1,
        "id": "seated",
        "title": "Seated rotation",
        "kind": "repetitions",
        "purpose": "test",
        "normed": True,
        "position": "seated",
        "setup": ("sit",),
        "camera": {"view": "front", "distance_m": 3.0, "height_m": 0.8},
        "instructions": ("turn",),
        "sides": "each",
        "quantities": [
            {
                "id": "internal_rotation",
                "title": "Internal rotation",
                "coordinate": "apparent_hip_internal_rotation_SIDE",
                "reading": "apparent",
                "min_motion_deg": 10.0,
                "full_motion_deg": 20.0,
                "ledger": [
                    {"part": "joint", "coordinate": "hip_internal_rotation_SIDE"},
                    {"part": "pelvis", "coordinate": "pelvis_right_up_obliquity", "sign": 1},
                ],
            }
        ],
        "compensations": [
            {
                **rule,
                "id": "hike",
                "title": "Hike",
                "coordinate": "pelvis_right_up_obliquity",
                "words": "the pelvis hiked",
            },
            {
                **rule,
                "id": "lean",
                "title": "Lean",
                "coordinate": "trunk_right_lean",
                "words": "the trunk leaned",
                "invalidates": True,
            },
        ],
        "trials": {"warm_up": 1, "count": 3},
        **changes,
    }
    return ProtocolSpec.model_validate(content)
