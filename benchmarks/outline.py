"""What the outline of the back tells of lumbar flexion and the hip, on rendered people nothing was fitted to.

Draws each clip once, lets the real pose network look at it, and keeps what it saw in .build/seen (delete
that folder where the drawing has changed). Prints, per body, clothes and view: the share of frames that were
read, the error of the change from the person's own neutral stance, how many errors lie in the stated 95%
interval, the area under the ROC curve for 20 deg against none, and why frames were not read; then hip flexion
(femur against pelvis) in the hinge beside what thigh and trunk alone would say.

Usage: python benchmarks/outline.py [--split reporting] [--body NAME ...] [--rate 6] [--quick]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.adapters.rendering.clips import Clip  # noqa: E402
from coxa.adapters.rendering.seen import Seen  # noqa: E402
from coxa.catalog.loader import rendering  # noqa: E402
from coxa.model.motion import Observability  # noqa: E402
from coxa.specs.rendering import Fit, Split  # noqa: E402
from tests.support.outline_films import Change, area_under_curve, change  # noqa: E402

HINGES = (
    "hinge_lumbar_0",
    "hinge_lumbar_20",
    "hinge_lumbar_40",
    "hinge_rounded",
    "hinge_chest_out",
    "hinge_rounded_above",
)
SQUATS = ("squat", "squat_tuck")
FEW = ("hinge_lumbar_0", "hinge_lumbar_20", "hinge_lumbar_40")
DEEP_DEG = 30.0
BENT_DEG = (18.0, 26.0)
STRAIGHT_DEG = 3.0
LIGHTS, ROOMS = ("lamp", "window", "ceiling"), ("parlour", "practice", "cellar")


def seen_clips(
    split: Split,
    bodies: Iterable[str],
    movements: Iterable[str],
    fit: Fit,
    rate: float,
    camera: str = "side",
    arms: str | None = None,
) -> Iterator[tuple[str, Seen]]:
    """Body and what the network saw of it, clip by clip; light and room go round."""
    k = 0
    for movement in movements:
        for body in bodies:
            k += 1
            light, room = LIGHTS[k % 3], ROOMS[(k // 3) % 3]
            clip = Clip(
                movement, body, camera, split, fit, arms=arms, light=light, room=room, rate_hz=rate, seed=k
            )
            yield body, Seen.of(clip)


def row(title: str, found: list[Change]) -> str:
    """One line of the table of lumbar flexion."""
    true, read, sd = (
        np.concatenate([getattr(one, name) for one in found]) for name in ("true", "read", "sd")
    )
    n_frames = sum(one.n_frames for one in found)
    faults = Counter(fault for one in found for fault in one.faults).most_common(3)
    said = "; ".join(f"{fault} ({n})" for fault, n in faults)
    if not len(true):
        return f"{title:32s} {0:4.0%}{'':39s}  {said}"
    error = read - true
    bent = read[(true >= BENT_DEG[0]) & (true <= BENT_DEG[1])]
    straight = read[np.abs(true) < STRAIGHT_DEG]
    figures = (
        f"{np.sqrt(np.mean(error**2)):6.1f} {np.median(np.abs(error)):6.1f} "
        f"{np.percentile(np.abs(error), 95):6.1f} {np.mean(np.abs(error) < 1.96 * sd):8.0%} "
        f"{area_under_curve(bent, straight):8.3f}"
    )
    return f"{title:32s} {len(true) / n_frames:4.0%} {figures}  {said}"


def lumbar(split: Split, bodies: list[str], rate: float, quick: bool) -> None:
    """Lumbar flexion against the person's own neutral stance."""
    say(f"{'body, clothes, view':32s} read  rmse median    p95   in 95%      AUC  not read because")
    for fit, movements in (
        (Fit.TIGHT, FEW if quick else HINGES + SQUATS),
        (Fit.MEDIUM, FEW),
        (Fit.LOOSE, FEW),
    ):
        everybody: list[Change] = []
        for body in bodies:
            found = [change(seen) for _, seen in seen_clips(split, [body], movements, fit, rate)]
            everybody += found
            say(row(f"{body}, {fit}, side", found))
        say(row(f"everybody, {fit}, side", everybody))
    for arms in ("dowel", "on_hips"):
        clips = seen_clips(split, bodies, ["hinge_lumbar_20"], Fit.TIGHT, rate, arms=arms)
        say(row(f"everybody, tight, arms {arms}", [change(seen) for _, seen in clips]))
    clips = seen_clips(split, bodies, ["hinge_lumbar_20"], Fit.TIGHT, rate, camera="oblique")
    say(row("everybody, tight, oblique", [change(seen) for _, seen in clips]))


def hips(split: Split, bodies: list[str], rate: float, quick: bool) -> None:
    """Femur against pelvis in the hinge, the near side."""
    say("\nhip flexion, near side, all frames; deep: the trunk leans forward by more than 30 deg")
    say(f"{'movement':22s} median   deep  in 95% observed | thigh-trunk, deep: median    bias")
    name, thigh_trunk = "hip_flexion_right", "thigh_trunk_angle_right"
    pooled = []
    for movement in FEW if quick else HINGES:
        rows = []
        for _, seen in seen_clips(split, bodies, [movement], Fit.TIGHT, rate):
            motion, true = seen.motion(), seen.truth_deg[name]
            level = motion.observability[:, motion.index(name)] == Observability.OBSERVED
            sd = np.degrees(motion.sd[:, motion.index(name)])
            deep = seen.truth_deg["trunk_forward_lean"] > DEEP_DEG
            error, other = (np.degrees(motion[one]) - true for one in (name, thigh_trunk))
            rows.append(np.column_stack([error, other, sd, level, deep]))
        pooled += rows
        say(_hip_row(movement, np.vstack(rows)))
    say(_hip_row("all", np.vstack(pooled)))


def _hip_row(title: str, table: np.ndarray) -> str:
    error, other, sd, level, deep = table.T
    observed, deep = level > 0, deep > 0
    within = np.mean(np.abs(error[observed]) < 1.96 * sd[observed]) if observed.any() else np.nan
    return (
        f"{title:22s} {np.median(np.abs(error)):6.1f} {np.median(np.abs(error[deep])):6.1f} {within:7.0%} "
        f"{observed.mean():8.0%} | {np.median(np.abs(other[deep])):24.1f} {np.mean(other[deep]):+7.1f}"
    )


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Draw, look, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", default="reporting", choices=[str(split) for split in Split])
    parser.add_argument("--body", nargs="*")
    parser.add_argument("--rate", type=float, default=6.0, help="frames a second")
    parser.add_argument("--quick", action="store_true", help="fewer movements")
    told = parser.parse_args()
    split = Split(told.split)
    bodies = told.body or list(rendering().bodies[split])
    lumbar(split, bodies, told.rate, told.quick)
    hips(split, bodies, told.rate, told.quick)


if __name__ == "__main__":
    main()
