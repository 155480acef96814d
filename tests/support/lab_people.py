"""Simulated people squatting in a laboratory: markers, in files as a laboratory would leave them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from coxa.adapters import formats
from coxa.kinematics.rotations import rotation_about
from coxa.model.recording import Recording
from tests.support.marker_person import marker_person
from tests.support.performed import out_and_back


def squat(depth_deg: float, rng: np.random.Generator, n: int = 3, noise_m: float = 0.0005) -> Recording:
    """Some squats, each a little different, seen by cameras that shake a little."""
    once = [depth * out_and_back(1) for depth in depth_deg + rng.normal(0.0, 2.0, n)]
    depth = np.radians(np.concatenate(once))
    pelvis = rotation_about(2, -0.2 * depth)
    legs = {"hip_flexion": 0.9 * depth, "knee_flexion": depth, "ankle_dorsiflexion": 0.2 * depth}
    angles = {f"{name}_{side}": value for name, value in legs.items() for side in ("left", "right")}
    recording = marker_person(pelvis, angles | {"trunk_flexion": 0.1 * depth})
    (points,) = recording.space_points
    points.position_m[:] += rng.normal(0.0, noise_m, points.position_m.shape)
    return recording


def squatting_people(folder: Path, n_people: int = 2, sessions: int = 2, seed: int = 0) -> Path:
    """Their files and a manifest, which also names one that is not there; the manifest's path."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    rows = ["recording,person,session,protocol"]
    for person in range(n_people):
        own = rng.normal(95.0, 8.0)
        for session in range(1, sessions + 1):
            path = folder / f"p{person}-{session}.trc"
            formats.writer_of(path)(squat(own + rng.normal(0.0, 3.0), rng), path)
            rows.append(f"{path.name},p{person},{session},deep_squat")
    rows.append("gone.trc,p9,1,deep_squat")
    manifest = folder / "people.csv"
    manifest.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return manifest
