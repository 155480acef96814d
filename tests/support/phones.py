"""Phones strapped to simulated people: askew, slipping, with a heading that drifts and times that jitter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.app.routes import estimator_for
from coxa.catalog import loader
from coxa.kinematics.rotations import (
    quaternion_from_rotation,
    rotation_about,
    rotation_from_vector,
    transpose,
    vector_from_rotation,
)
from coxa.model.motion import Motion
from coxa.simulate.observe import _lasting
from coxa.simulate.perform import Performance, perform
from coxa.simulate.person import Person
from coxa.simulate.script import KeyPose, Script

Z_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])  # room to a world with Z up
#: Screen forward, top edge up: the phone's axes (columns) in the segment's: x left, y up, z forward.
SCREEN_FORWARD = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
#: Screen backward, top edge up.
SCREEN_BACKWARD = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
MOUNTS = {
    "tibia": SCREEN_FORWARD,
    "femur": SCREEN_FORWARD,
    "pelvis": SCREEN_BACKWARD,
    "thorax": SCREEN_FORWARD,
}


@dataclass(frozen=True)
class Wear:
    """How badly a phone is worn, and what is wrong with it."""

    askew_deg: float = 20.0
    slip_deg: float = 1.0
    slip_s: float = 3.0
    tilt_bias_deg: float = 0.7
    noise_deg: float = 0.3
    drift_deg_min: float = 5.0


def seated(seed: int, rate_hz: float = 60.0, hike_deg: float | None = None) -> Performance:
    """Somebody drawn by chance sits, not quite as told, and turns the right hip in and out four times.

    The pelvis is hiked on the right by 0 to 20 deg, with the turns inward.
    """
    rng = np.random.default_rng(seed)
    person = Person.drawn(loader.body_model(), loader.body_priors(), rng)
    start = {
        "hip_flexion_right": 85 + 5 * rng.normal(), "knee_flexion_right": 88 + 5 * rng.normal(),
        "hip_flexion_left": 85.0, "knee_flexion_left": 88.0, "hip_adduction_right": -8 + 4 * rng.normal(),
        "hip_adduction_left": -8.0, "hip_internal_rotation_right": 3 * rng.normal(),
        "pelvis_anterior_tilt": -5 + 5 * rng.normal(), "pelvis_right_up_obliquity": 0.0,
        "pelvis_left_rotation": 0.0,
    }  # fmt: skip
    hike = float(rng.uniform(0, 20)) if hike_deg is None else hike_deg
    poses, now = [KeyPose(0.0, start)], 2.0
    for k in range(8):
        inward = k % 2 == 0
        turn = rng.uniform(20, 38) * (1 if inward else -1)
        there = {
            **start,
            "hip_internal_rotation_right": start["hip_internal_rotation_right"] + turn,
            "pelvis_right_up_obliquity": hike if inward else 0.3 * hike * rng.uniform(-1, 1),
            "pelvis_left_rotation": 4 * rng.normal(),
            "pelvis_anterior_tilt": start["pelvis_anterior_tilt"] + 3 * rng.normal(),
            "knee_flexion_right": start["knee_flexion_right"] + 3 * rng.normal(),
        }
        poses += [KeyPose(now, start), KeyPose(now + 1.3, there), KeyPose(now + 1.9, there)]
        now += 3.2
    poses.append(KeyPose(now, start))
    script = Script("seated", tuple(poses), support=("left_hip", "right_hip"))
    n = round((now + 0.5) * rate_hz)
    time_s = (np.arange(n) + rng.uniform(-0.3, 0.3, n)) / rate_hz + 0.01
    return perform(script, person, time_s)


def shown(done: Performance, segment: str, wear: Wear, rng: np.random.Generator) -> np.ndarray:
    """(n_frames, 3, 3) phone to a world with Z up, its heading anybody's."""
    _, rotation = done.segments()
    n, time_s = len(done.time_s), done.time_s
    axis = rng.normal(size=3)
    askew = rotation_from_vector(np.radians(wear.askew_deg) * rng.uniform() * axis / np.linalg.norm(axis))
    slip = np.radians(wear.slip_deg) * _lasting(time_s, wear.slip_s, (n, 3), rng)
    noise = np.radians(wear.noise_deg) * rng.normal(size=(n, 3))
    tilt = rotation_from_vector(np.radians(wear.tilt_bias_deg) * _lasting(time_s, 2.0, (n, 3), rng))
    drift = rng.uniform(-1, 1) * np.radians(wear.drift_deg_min) / 60 * time_s + rng.uniform(0, 2 * np.pi)
    mount = MOUNTS[segment.partition("_")[0]] @ askew
    body = rotation[:, done.person.body.bodies.index(segment)]
    if segment.startswith("femur"):  # its screen up while sitting: the phone lies on the thigh
        mount = rotation_about(2, 0.0) @ mount
    return Z_UP @ rotation_about(1, drift) @ tilt @ body @ mount @ rotation_from_vector(slip + noise)


def angles_csv(time_s: np.ndarray, rotation: np.ndarray, unit: str = "ms") -> str:
    """As a page writes DeviceOrientation down."""
    alpha, beta, gamma = device_angles(rotation)
    scale = {"s": 1.0, "ms": 1e3, "ns": 1e9}[unit]
    rows = [
        f"{scale * t:.4f},{a:.3f},{b:.3f},{c:.3f},false"
        for t, a, b, c in zip(
            time_s, np.degrees(alpha) % 360, np.degrees(beta), np.degrees(gamma), strict=True
        )
    ]
    return "\n".join([f"time_{unit},alpha,beta,gamma,absolute", *rows]) + "\n"


def device_angles(rotation: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Alpha, beta and gamma [rad] with gamma within a quarter turn, as W3C has them."""
    r = rotation
    gamma = np.arctan2(-r[:, 2, 0], r[:, 2, 2])
    flipped = np.abs(gamma) > np.pi / 2
    gamma = np.where(flipped, gamma - np.pi * np.sign(gamma), gamma)
    beta = np.arcsin(np.clip(r[:, 2, 1], -1, 1))
    alpha = np.arctan2(-r[:, 0, 1], r[:, 1, 1])
    beta = np.where(flipped, np.sign(beta) * np.pi - beta, beta)
    alpha = np.where(flipped, alpha + np.pi, alpha)
    return alpha, beta, gamma


def quaternion_csv(time_s: np.ndarray, rotation: np.ndarray) -> str:
    """As Sensor Logger writes Orientation.csv: nanoseconds since 1970, quaternion z, y, x, w."""
    w, x, y, z = quaternion_from_rotation(rotation).T
    rows = [
        f"{int(1.7e18 + 1e9 * t)},{t:.6f},{q[0]:.8f},{q[1]:.8f},{q[2]:.8f},{q[3]:.8f}"
        for t, *q in zip(time_s, z, y, x, w, strict=True)
    ]
    return "\n".join(["time,seconds_elapsed,qz,qy,qx,qw", *rows]) + "\n"


def sensor_json(time_s: np.ndarray, rotation: np.ndarray, told: Mapping[str, str] | None = None) -> str:
    """As a page writes an orientation sensor's readings down."""
    w, x, y, z = quaternion_from_rotation(rotation).T
    readings = [
        {"timestamp": 1e3 * t, "quaternion": [a, b, c, d]}
        for t, a, b, c, d in zip(time_s.tolist(), x.tolist(), y.tolist(), z.tolist(), w.tolist(), strict=True)
    ]
    return json.dumps({**(told or {}), "readings": readings})


def raw_phone_csv(time_s: np.ndarray, rotation: np.ndarray) -> str:
    """As phyphox writes gyroscope and acceleration with gravity."""
    turned = vector_from_rotation(transpose(rotation[:-1]) @ rotation[1:]) / np.diff(time_s)[:, None]
    rate = np.concatenate([turned, turned[-1:]])
    force = 9.81 * rotation[:, 2]  # world's Z in the phone
    rows = [",".join(f"{v:.7g}" for v in (t, *g, *a)) for t, g, a in zip(time_s, rate, force, strict=True)]
    head = [
        '"Time (s)"',
        *(f'"Gyroscope {c} (rad/s)"' for c in "xyz"),
        *(f'"Acceleration {c} (m/s^2)"' for c in "xyz"),
    ]
    return "\n".join([",".join(head), *rows]) + "\n"


def wear_file(folder: Path, segments: Sequence[str], posture: str = "sitting") -> Path:
    """A mapping file for phones named after their segments."""
    path = folder / "worn.yaml"
    screens = {name: "backward" if name == "pelvis" else "forward" for name in segments}
    lines = [f"  {name}: {{segment: {name}, screen: {screen}, top: up}}" for name, screen in screens.items()]
    path.write_text("\n".join([f"posture: {posture}", "phones:", *lines]) + "\n", encoding="utf-8")
    return path


def measured(source: Path, mapping: Path | None) -> Motion:
    """What Coxa makes of the file or folder."""
    reader = open_recording(source, ReadOptions(mapping=mapping))
    estimator = estimator_for(reader.sample(2000), name=str(source))
    motions = [estimator.push(part) for part in reader.parts(500)] + [estimator.finish()]
    return Motion.concatenate([one for one in motions if one is not None])
