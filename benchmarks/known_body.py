"""Our side of the peer benchmark: the body model on the markers OpenSim uses.

Calibrates the body to the person first (lengths and places of the markers, by turns with the poses), then
times ``poses`` (inverse kinematics, no covariance) or ``smooth`` (all frames together, with covariance).

Usage: python benchmarks/known_body.py poses|smooth [--frames N]
Prints one JSON object: frames, seconds, and the residual of the markers.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.catalog import loader  # noqa: E402
from coxa.estimate.body import BodyModel, Pose  # noqa: E402
from coxa.estimate.known_body import KnownBody, KnownMarkers  # noqa: E402
from coxa.estimate.readout import segments  # noqa: E402
from coxa.estimate.smoother import Schedule, Window  # noqa: E402
from coxa.estimate.start import POINTS, pose_from_points  # noqa: E402
from coxa.model.recording import Recording  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402
from tests.support.trc import load_trc  # noqa: E402

Floats = NDArray[np.float64]

FIRST_FRAME = 300
ROUNDS = 6
SOFT_TISSUE_M = 0.01
_TRUNK = {"C7": "thorax", "L_Shoulder": "thorax", "R_Shoulder": "thorax", "L_Sternum": "thorax"}
_TRUNK |= {
    "R_Sternum": "thorax",
    "L.ASIS": "pelvis",
    "L.PSIS": "pelvis",
    "r.ASIS": "pelvis",
    "r.PSIS": "pelvis",
}
_ARM = {"elbow_lat": "humerus", "elbow_med": "humerus", "humerus": "humerus"}
_ARM |= {"forearm": "forearm", "wrist_radius": "forearm", "wrist_ulna": "forearm"}
_LEG = {"knee": "femur", "thigh1": "femur", "thigh2": "femur", "thigh3": "femur", "thigh4": "femur"}
_LEG |= {"thigh5": "femur", "sh2": "tibia", "sh3": "tibia", "sh4": "tibia", "shank_antsup": "tibia"}
_LEG |= {"ankle": "tibia", "calc": "foot", "5meta": "foot", "toe": "foot"}


def owners(names: tuple[str, ...]) -> dict[str, str]:
    """Marker -> segment, for the markers that a segment carries (joint centres are left out)."""
    found = dict(_TRUNK)
    for prefixes, side in ((("L_",), "left"), (("R_", "r_"), "right")):
        for prefix in prefixes:
            found |= {prefix + name: f"{segment}_{side}" for name, segment in (_ARM | _LEG).items()}
    return {name: found[name] for name in names if name in found}


def joint_points(recording: Recording) -> Floats:
    """(n_frames, len(POINTS), 3): where the joints are about, for the start."""
    points = recording.space_points[0]
    at = {name: points.position_m[:, k] for k, name in enumerate(points.names)}
    nothing = np.full_like(at["C7"], np.nan)
    columns = []
    for name in POINTS:
        side, part = name.split("_", 1)
        letter, low = ("L", "L") if side == "left" else ("R", "r")
        marker = {
            "shoulder": f"{letter}_Shoulder",
            "elbow": f"{letter}_elbow_lat",
            "wrist": f"{letter}_wrist_ulna",
            "hip": f"{letter}_HJC",
            "knee": f"{low}_knee",
            "ankle": f"{low}_ankle",
            "heel": f"{low}_calc",
            "foot_index": f"{low}_toe",
        }[part]
        columns.append(at.get(marker, nothing))
    return np.stack(columns, axis=1)


def calibrate(body: BodyModel, recording: Recording) -> tuple[KnownBody, Pose]:
    """Marker places and poses by turns, from the joint points: the person, and a pose of each frame."""
    priors = loader.body_priors()
    points = recording.space_points[0]
    owner = owners(points.names)
    joints = joint_points(recording)
    pose = pose_from_points(joints, body)
    lengths = _log_lengths(body, joints)
    seen = np.stack([points.position_m[:, points.names.index(name)] for name in owner], axis=1)
    index = np.array([body.bodies.index(segment) for segment in owner.values()], np.int64)
    for _ in range(ROUNDS):
        place, rotation = segments(body, pose, lengths)
        local = np.einsum("tkji,tkj->tki", rotation[:, index], seen - place[:, index])
        markers = KnownMarkers(
            tuple(owner), index, np.nanmedian(local, axis=0), np.full(len(owner), SOFT_TISSUE_M)
        )
        person = KnownBody(body, priors, lengths, markers)
        pose = person.poses(recording, pose.window(slice(1)), iterations=10)
    return person, pose


def _log_lengths(body: BodyModel, joints: Floats) -> Floats:
    at = {name: joints[:, k] for k, name in enumerate(POINTS)}
    spans = {
        "pelvis_width": ("left_hip", "right_hip", 2 * 0.0865),
        "femur": ("left_hip", "left_knee", 0.4165),
        "tibia": ("left_knee", "left_ankle", 0.418),
        "upper_arm": ("left_shoulder", "left_elbow", 0.295),
        "forearm": ("left_elbow", "left_wrist", 0.25),
        "trunk": ("left_hip", "left_shoulder", 0.455),
    }
    lengths = np.zeros(body.n_lengths)
    for name, (a, b, model) in spans.items():
        measured = np.nanmedian(np.linalg.norm(at[a] - at[b], axis=1))
        lengths[body.lengths.index(name)] = np.log(measured / model)
    return lengths


def main() -> None:
    """Calibrate, warm up, time, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("poses", "smooth"))
    parser.add_argument("--frames", type=int, default=400)
    options = parser.parse_args()
    whole = load_trc(required_folder() / "opensim" / "subject4" / "squats1.trc")
    recording = whole.window(slice(FIRST_FRAME, FIRST_FRAME + options.frames))
    body = loader.body_model()
    person, pose = calibrate(body, recording)
    work = {"poses": _poses, "smooth": _smooth}[options.what]
    work(person, recording, pose)
    begin = time.perf_counter()
    result = work(person, recording, pose)
    seconds = time.perf_counter() - begin
    print(
        json.dumps(
            {
                "frames": recording.n_frames,
                "seconds": seconds,
                "points": len(person.markers.names),
                "degrees_of_freedom": body.n_dof,
                "marker_rmse_m": round(marker_rmse(person, recording, result), 5),
            }
        )
    )


def _poses(person: KnownBody, recording: Recording, pose: Pose) -> Pose:
    return person.poses(recording, pose.window(slice(1)), iterations=2)


def _smooth(person: KnownBody, recording: Recording, pose: Pose) -> Pose:
    """Start frame by frame, relinearise at the smoothed path, then covariances of every frame."""
    start = person.poses(recording, pose.window(slice(1)), iterations=1)
    window = Window(person, recording, person.first_arrival(start))
    path, _ = window.solve(window.initial(start), Schedule(iterations=1))
    smoothed = window.posterior(path)
    assert np.isfinite(smoothed.covariance).all()
    return smoothed.path.pose


def marker_rmse(person: KnownBody, recording: Recording, pose: Pose) -> float:
    """Root mean square distance of the markers from the model's, m."""
    place, rotation = segments(person.body, pose, person.log_lengths)
    owner, local = person.markers.owner, person.markers.local_m
    model = place[:, owner] + np.einsum("tkij,kj->tki", rotation[:, owner], local)
    points = recording.space_points[0]
    seen = np.stack([points.position_m[:, points.names.index(n)] for n in person.markers.names], axis=1)
    return float(np.sqrt(np.nanmean(np.sum((model - seen) ** 2, axis=-1))))


if __name__ == "__main__":
    main()
