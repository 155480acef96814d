"""How rendered people look to the real pose network, and how fast they are drawn.

Draws every n-th clip of a split (a few frames of each) and prints, per clip, in how many frames the network
finds the person, how well its outline meets the true one, how far its keypoints are from the joint centres,
and how far the right shank's angle in the picture is off. Nothing is fitted here, so either split may be
looked at.

Usage: python benchmarks/rendered_bench.py [--split tuning] [--pose full] [--step 40] [--rate 6]
       [--movement NAME ...] [--camera NAME ...] [--fit NAME ...]
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.adapters.rendering.clips import Clip, clips  # noqa: E402
from coxa.adapters.rendering.film import Film  # noqa: E402
from coxa.specs.rendering import Fit  # noqa: E402
from tests.support.rendering import seen_by_the_network  # noqa: E402


def main() -> None:
    """Draw, look, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", default="tuning")
    parser.add_argument("--pose", default="full")
    parser.add_argument("--step", type=int, default=40, help="every n-th clip")
    parser.add_argument("--rate", type=float, default=6.0, help="frames a second")
    parser.add_argument("--movement", nargs="*")
    parser.add_argument("--camera", nargs="*")
    parser.add_argument("--fit", nargs="*", default=[str(fit) for fit in Fit])
    told = parser.parse_args()
    fits = [Fit(name) for name in told.fit]
    chosen = list(clips(told.split, movements=told.movement, cameras=told.camera, fits=fits))[:: told.step]
    speed(chosen[0])
    print(f"\n{'clip':<58}{'found':>7}{'IoU':>7}{'points px':>11}{'shank deg':>11}")
    rows = []
    for clip in chosen:
        seen = seen_by_the_network(Film(replace(clip, rate_hz=told.rate)), told.pose)
        rows.append([seen[name] for name in ("found", "iou", "keypoints_px", "shank_deg")])
        print("{:<58}{:>7.2f}{:>7.2f}{:>11.1f}{:>11.1f}".format(clip.name, *rows[-1]), flush=True)
    print("{:<58}{:>7.2f}{:>7.2f}{:>11.1f}{:>11.1f}".format("middle of all", *np.nanmedian(rows, axis=0)))


def speed(clip: Clip, n_frames: int = 20) -> None:
    """Frames a second of one thread, compiled before."""
    for width, height, samples in ((640, 480, 2), (1280, 720, 2), (1920, 1080, 2)):
        film = Film(replace(clip, width_px=width, height_px=height, samples=samples, rate_hz=10.0))
        frames = film.frames()
        next(frames)
        wall, cpu = time.perf_counter(), time.process_time()
        done = sum(1 for _, _ in zip(range(n_frames), frames, strict=False))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(
            f"{width} x {height}, {samples} x {samples} samples a pixel: {done / cpu:.1f} frames a second of "
            f"CPU, {done / wall:.1f} on this machine now"
        )


if __name__ == "__main__":
    main()
