"""Pose networks against rendered people whose joints are known: ``python benchmarks/pose_networks.py``.

For each network and way of looking: the shank's angle in the picture, the error of each landmark (bias,
frame-to-frame noise, slow error and its correlation time), the error of the network's depth, time a frame.
Needs the reference data (COXA_REFERENCE_DATA, or ../shared/data) and the networks (``make setup``).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.video import PyAvVideo
from coxa.adapters.vision import assets
from coxa.adapters.vision.detector import PersonDetector
from coxa.adapters.vision.flips import exchanged
from coxa.adapters.vision.landmarks import NAMES, LandmarkNetwork, Pose
from coxa.adapters.vision.roi import Image, Roi

Floats = NDArray[np.float64]
Look = Callable[[LandmarkNetwork, Image, Roi], Pose]

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ("a_stand_er", "b_seat_ier", "c_hinge_neutral", "c_hinge_lumbar40", "d_rot_still", "d_rot_follow20")
PEOPLE = ("male", "female")
#: In the standing clip the leg is first lifted; the rotation starts here.
ROTATION_STARTS = {"a_stand_er": 21, "b_seat_ier": 0}
JOINTS = {"shoulder": "upperarm01", "hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot"}
RATE_HZ = 30.0
#: The rendering camera (data README): focal length px; position and target, axes x left, y back, z up, m.
FOCAL_PX = 320 / np.tan(np.radians(65 / 2))
CAMERAS = {"front": ((0, -3, 1), (0, 0, 0.88)), "side": ((-3, 0, 1), (0, -0.1, 0.85))}


def view_of(clip: str) -> str:
    return "side" if clip.startswith("c_") else "front"


# Ways of looking ------------------------------------------------------------------------------------------


def once(network: LandmarkNetwork, rgb: Image, roi: Roi) -> Pose:
    return network(rgb, roi)


def mirrored(network: LandmarkNetwork, rgb: Image, roi: Roi) -> Pose:
    """The pose seen in the mirror, brought back."""
    width = rgb.shape[1]
    image = np.ascontiguousarray(rgb[:, ::-1])
    seen = network(image, replace(roi, x_px=width - roi.x_px, rotation_rad=-roi.rotation_rad))
    back = exchanged(seen)
    return replace(
        back,
        position_px=np.array([width, 0]) + back.position_px * [-1, 1],
        world_m=back.world_m * [-1, 1, 1],
    )


def averaged(*looks: Look) -> Look:
    """Mean of several looks; the first one leads to the next frame's square."""

    def look(network: LandmarkNetwork, rgb: Image, roi: Roi) -> Pose:
        poses = [one(network, rgb, roi) for one in looks]
        position = np.mean([pose.position_px for pose in poses], axis=0)
        world = np.mean([pose.world_m for pose in poses], axis=0)
        return replace(poses[0], position_px=position, world_m=world)

    return look


def altered(scale: float = 1.0, turn_deg: float = 0.0) -> Look:
    """A square of another size or turn; the tracked one leads to the next frame's square."""

    def look(network: LandmarkNetwork, rgb: Image, roi: Roi) -> Pose:
        turned = replace(
            roi, size_px=roi.size_px * scale, rotation_rad=roi.rotation_rad + np.radians(turn_deg)
        )
        return network(rgb, turned)

    return look


LOOKS: dict[str, Look] = {
    "once": once,
    "tight": altered(0.85),
    "mirror": averaged(once, mirrored),
    "two_scales": averaged(once, altered(0.85)),
    "turns": averaged(once, altered(turn_deg=-15), altered(turn_deg=15)),
}


# Truth ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    """By landmark: ``px`` (n, 2) and ``depth_m`` (n,) beyond the middle of the hips."""

    px: dict[str, Floats]
    depth_m: dict[str, Floats]


def load_truth(data: Path, clip: str, person: str) -> Truth:
    entry = json.loads((data / "rendered" / f"truth_{person}.json").read_text())[clip]
    eye, target = (np.array(point, float) for point in CAMERAS[view_of(clip)])
    forward = (target - eye) / np.linalg.norm(target - eye)
    px, depth = {}, {}
    for part, bone in JOINTS.items():
        for side, letter in (("left", "L"), ("right", "R")):
            px[f"{side}_{part}"] = np.array(entry["joints_px"][f"{bone}.{letter}"])
            depth[f"{side}_{part}"] = (np.array(entry["joints_m"][f"{bone}.{letter}"]) - eye) @ forward
    middle = 0.5 * (depth["left_hip"] + depth["right_hip"])
    return Truth(px, {name: values - middle for name, values in depth.items()})


# Measuring ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """Landmarks of one clip: (n, 33, 2) px, (n, 33, 3) m, and the time a frame took."""

    px: Floats
    world_m: Floats
    ms: float


def see(path: Path, size: str, look: Look, n_threads: int) -> Seen:
    network = LandmarkNetwork(assets.landmark_network(size), n_threads)
    detect = PersonDetector(assets.verified(assets.DETECTOR), n_threads)
    poses, spent, roi = [], 0.0, None
    for frame in PyAvVideo(path).frames():
        roi = roi or detect(frame.rgb)[0].roi
        start = time.perf_counter()
        pose = look(network, frame.rgb, roi)
        spent += time.perf_counter() - start
        roi = pose.next_roi
        poses.append(pose)
    px, world = (np.array([getattr(pose, name) for pose in poses]) for name in ("position_px", "world_m"))
    return Seen(px, world, 1e3 * spent / len(poses))


def line_angle_deg(start: Floats, end: Floats) -> Floats:
    """Angle of a line in the picture from straight down, positive towards the picture's right."""
    across, down = (end - start).T
    return np.degrees(np.arctan2(across, down))


def shank_figures(seen: Seen, truth: Truth, first: int) -> dict[str, float]:
    knee, ankle = "right_knee", "right_ankle"
    read = line_angle_deg(*(seen.px[:, NAMES.index(name)] for name in (knee, ankle)))[first:]
    true = line_angle_deg(truth.px[knee], truth.px[ankle])[first:]
    error = (read - true + 180) % 360 - 180
    slope = np.polyfit(true, true + error, 1)[0]
    return {"mae": np.abs(error).mean(), "worst": np.abs(error).max(), "slope": slope, "bias": error.mean()}


def white_sd(error: Floats) -> float:
    """Frame-to-frame noise: second differences of white noise have 6 times its variance."""
    return float(np.sqrt(np.mean(np.diff(error, n=2) ** 2) / 6))


def correlation_time_s(error: Floats) -> float:
    """Time in which the slow part's autocovariance falls to 1/e of its value at one frame's lag."""
    centred = error - error.mean()
    covariance = np.array(
        [np.mean(centred[lag:] * centred[: len(centred) - lag]) for lag in range(len(error) // 2)]
    )
    below = np.flatnonzero(covariance[1:] < covariance[1] / np.e)
    return float(below[0] if below.size else len(error) // 2) / RATE_HZ


def landmark_errors(seen: Seen, truth: Truth, clip: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Figures of each landmark; lengths in mm at the person's distance of 3 m."""
    mm_per_px = 3000 / FOCAL_PX
    for name, true in truth.px.items():
        error = (seen.px[:, NAMES.index(name)] - true) * mm_per_px
        # Picture x: outwards for front views, towards the person's front for the right side seen.
        outwards = error[:, 0] * ((1 if name.startswith("left") else -1) if view_of(clip) == "front" else 1)
        up = -error[:, 1]
        slow = [np.sqrt(max(0.0, axis.var() - white_sd(axis) ** 2)) for axis in (outwards, up)]
        depth = seen.world_m[:, NAMES.index(name), 2] - truth.depth_m[name]
        yield (
            name.split("_")[1],
            {
                "bias_out": outwards.mean(),
                "bias_up": up.mean(),
                "white": np.hypot(white_sd(outwards), white_sd(up)) / np.sqrt(2),
                "slow": np.hypot(*slow) / np.sqrt(2),
                "tau_s": 0.5 * (correlation_time_s(outwards) + correlation_time_s(up)),
                "depth_bias": 1e3 * depth.mean(),
                "depth_sd": 1e3 * depth.std(),
                "depth_white": 1e3 * white_sd(depth),
            },
        )


# Tables ---------------------------------------------------------------------------------------------------


def table(
    title: str, columns: tuple[str, ...], rows: list[tuple[str, dict[str, float]]], digits: int = 2
) -> None:
    print(f"\n{title}\n\n| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for label, values in rows:
        print(f"| {label} | {' | '.join(f'{values[column]:.{digits}f}' for column in columns)} |")


def pooled(entries: list[dict[str, float]]) -> dict[str, float]:
    """Means of biases and times over clips, spread of the biases, root mean squares of deviations."""
    spread = {f"{key}_sd": np.std([e[key] for e in entries]) for key in ("bias_out", "bias_up", "depth_bias")}
    linear = {
        key: np.mean([e[key] for e in entries]) for key in ("bias_out", "bias_up", "tau_s", "depth_bias")
    }
    squares = ("white", "slow", "depth_sd", "depth_white")
    return spread | linear | {key: np.sqrt(np.mean([e[key] ** 2 for e in entries])) for key in squares}


def report(data: Path, size: str, look_name: str, n_threads: int, clips: tuple[str, ...]) -> None:
    shank: list[tuple[str, dict[str, float]]] = []
    errors: dict[tuple[str, str], list[dict[str, float]]] = {}
    depths: dict[str, tuple[list[Floats], list[Floats]]] = {}
    spent = []
    for person in PEOPLE:
        for clip in clips:
            truth = load_truth(data, clip, person)
            seen = see(data / "rendered" / f"{clip}_{person}.mp4", size, LOOKS[look_name], n_threads)
            spent.append(seen.ms)
            if clip in ROTATION_STARTS:
                shank.append((f"{clip} {person}", shank_figures(seen, truth, ROTATION_STARTS[clip])))
            for part, figures in landmark_errors(seen, truth, clip):
                errors.setdefault((view_of(clip), part), []).append(figures)
            for name, true in truth.depth_m.items():
                read, real = depths.setdefault(f"{view_of(clip)} {name.split('_')[1]}", ([], []))
                read.append(seen.world_m[:, NAMES.index(name), 2])
                real.append(true)
    print(f"\n## {size}, {look_name}: {np.median(spent):.1f} ms a frame, {n_threads} thread(s)")
    table("Shank in the picture, deg", ("mae", "worst", "slope", "bias"), shank)
    rows = [(f"{view} {part}", pooled(entries)) for (view, part), entries in errors.items()]
    columns = ("bias_out", "bias_out_sd", "bias_up", "bias_up_sd", "white", "slow", "tau_s")
    table("Landmarks, mm at the person (s)", columns, rows, 1)
    for label, row in rows:
        read, true = (np.concatenate(part) for part in depths[label])
        row["slope"] = np.polyfit(true, read, 1)[0] if np.ptp(true) else np.nan
    depth_columns = ("depth_bias", "depth_bias_sd", "depth_sd", "depth_white", "slope")
    table("Depth beyond the middle of the hips, mm; slope of read on true", depth_columns, rows, 2)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--networks", default="lite,full,heavy")
    parser.add_argument("--looks", default="once", help=f"of {', '.join(LOOKS)}")
    parser.add_argument("--clips", default=",".join(CLIPS))
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    data = Path(os.environ.get("COXA_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    for size in arguments.networks.split(","):
        for look in arguments.looks.split(","):
            report(data, size, look, arguments.threads, tuple(arguments.clips.split(",")))


if __name__ == "__main__":
    main()
