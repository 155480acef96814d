"""Whether a still pelvis is told from one that follows the trunk, on rendered people nothing was fitted to.

People turn the chest by 45 deg each way, sitting, half-kneeling and standing; the pelvis stays or follows by
20. Each clip is drawn once and looked at by the real pose network, and what it saw is kept in .build/seen
(delete that folder where the drawing has changed). For each posture and camera, about the ends of the turns:
the area under the ROC curve (still against following) and the root mean square error of the pelvis's turn
since the start, with the knees' reading in the estimate, and with keypoints alone; the share of frames in
which the knees told it; the error of trunk rotation (chest against pelvis) there; and how many errors of
``pelvis_left_rotation``, where it is called observed, lie in the stated 95% interval.

Usage: python benchmarks/pelvis_turn.py [--split reporting] [--camera NAME ...]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.adapters.rendering.clips import Clip, bench  # noqa: E402
from coxa.adapters.rendering.seen import Seen, estimated, kept_at  # noqa: E402
from coxa.model.errors import NothingToMeasureError  # noqa: E402
from coxa.model.motion import Motion, Observability  # noqa: E402
from coxa.specs.rendering import Split  # noqa: E402

Floats = NDArray[np.float64]

PELVIS, TRUNK, THORAX = "pelvis_left_rotation", "trunk_left_rotation", "thorax_left_rotation"
CAMERAS = ("front", "oblique", "side", "rear", "overhead")
POSTURES = ("standing", "seated", "half_kneeling")
START_S = 0.45  # nobody has moved yet
FAR_DEG = 40.0  # the end of a turn


@dataclass(frozen=True)
class Told:
    """One clip, deg: turns since the start, towards where the chest turned at the ends.

    Attributes:
        following: whether the pelvis did.
        pelvis: (n_ends,) with the knees' reading.
        alone: (n_ends,) with keypoints alone.
        true: (n_ends,) of the pelvis.
        trunk: (n_frames,) error of the chest against the pelvis, with the knees' reading.
        error: (n_frames,) of the pelvis's turn since the start, likewise.
        read: (n_frames,) whether the knees told it.
        held: (n_observed,) whether the interval about the heading holds the true one.
    """

    following: bool
    pelvis: Floats
    alone: Floats
    true: Floats
    trunk: Floats
    error: Floats
    read: NDArray[np.bool_]
    held: NDArray[np.bool_]


def told(clip: Clip) -> Told | None:
    """One clip; None where nobody is found in it."""
    seen = Seen.of(clip)
    recording = seen.recording(with_back=False)
    try:
        motion, alone = estimated(recording), estimated(replace(recording, turns=()))
    except NothingToMeasureError:
        return None
    if not np.isfinite(seen.position_px[:, 0, 0]).any():
        return None
    start = seen.time_s < START_S
    true, chest = seen.truth_deg[PELVIS], seen.truth_deg[THORAX]
    turned = _wrapped(chest - chest[0])
    ends, sign = np.abs(turned) > FAR_DEG, np.sign(turned)

    def since(one: Motion, name: str) -> Floats:
        value = np.degrees(one[name])
        return _wrapped(value - value[start][-1])

    column = motion.index(PELVIS)
    observed = motion.observability[:, column] == Observability.OBSERVED
    off = _wrapped(np.degrees(motion[PELVIS]) - true)
    sd = np.degrees(motion.sd[:, column])
    bent = seen.truth_deg[TRUNK]
    return Told(
        following="following" in clip.movement,
        pelvis=(sign * since(motion, PELVIS))[ends],
        alone=(sign * since(alone, PELVIS))[ends],
        true=(sign * _wrapped(true - true[0]))[ends],
        trunk=since(motion, TRUNK) - (bent - bent[0]),
        error=since(motion, PELVIS) - _wrapped(true - true[0]),
        read=np.isfinite(recording.turns[0].angle_rad),
        held=(np.abs(off) < 1.96 * sd)[observed],
    )


def _wrapped(angle: Floats) -> Floats:
    return np.asarray((angle + 180.0) % 360.0 - 180.0)


def area(following: Floats, still: Floats) -> float:
    """Probability that a following pelvis reads more than a still one."""
    more, same = following[:, None] > still[None], following[:, None] == still[None]
    return float(np.mean(more + 0.5 * same)) if more.size else np.nan


def row(title: str, found: list[Told]) -> str:
    """One line of the table."""
    kinds = [[one for one in found if one.following is follows] for follows in (True, False)]
    if not all(kinds):
        return f"{title:24s} nobody is found"
    both = [
        area(*(np.concatenate([getattr(one, name) for one in kind]) for kind in kinds))
        for name in ("pelvis", "alone")
    ]
    alone = np.concatenate([one.alone - one.true for one in found])
    read = np.concatenate([one.read for one in found])
    error = np.concatenate([one.error for one in found])
    trunk = np.concatenate([one.trunk for one in found])
    held = np.concatenate([one.held for one in found])
    ends = np.concatenate([one.pelvis - one.true for one in found])
    return (
        f"{title:24s} {len(found):5d} {read.mean():5.0%} | {both[0]:6.3f} {_rms(ends):5.1f} "
        f"{_rms(error[read]):6.1f} | {both[1]:6.3f} {_rms(alone):5.1f} | {_rms(trunk[read]):6.1f} | "
        f"{len(held) / len(read):8.0%} {held.mean() if len(held) else np.nan:6.0%}"
    )


def _rms(error: Floats) -> float:
    return float(np.sqrt(np.mean(error**2))) if len(error) else float("nan")


def turns(split: Split, cameras: tuple[str, ...]) -> Iterator[tuple[str, str, list[Clip]]]:
    """Posture, camera, and their clips."""
    all_clips = [clip for clip in bench(split) if clip.movement.startswith("rotation_")]
    for posture in POSTURES:
        for camera in cameras:
            names = {f"rotation_{posture}_{word}" for word in ("still", "following")}
            here = [one for one in all_clips if one.movement in names and one.camera == camera]
            yield posture, camera, here


def main() -> None:
    """Draw, look, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--split", default="reporting", choices=[str(split) for split in Split])
    parser.add_argument("--camera", nargs="*", default=list(CAMERAS), choices=CAMERAS)
    parser.add_argument("--drawn", action="store_true", help="only clips that are drawn already")
    given = parser.parse_args()
    say(f"{'':24s} {'':11s} | with the knees' read |keypoints only|  trunk | pelvis, absolute")
    heads = "clips  read |    AUC  ends   read |    AUC  ends |   read | observed in 95%"
    say(f"{'posture, camera':24s} {heads}")
    for posture, camera, clips in turns(Split(given.split), tuple(given.camera)):
        wanted = [clip for clip in clips if kept_at(clip).exists() or not given.drawn]
        found = [one for one in map(told, wanted) if one is not None]
        say(row(f"{posture}, {camera}", found) if wanted else f"{posture}, {camera}: not drawn")


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
