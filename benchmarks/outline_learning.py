"""Learns how the outline of the back is read, on the rendered people for tuning; prints catalogue lines.

Tangents of the outline against the person's own neutral stance are held against lumbar flexion, and against
the line from hips to shoulders in the pelvis (robust ridge regression, its slope corrected for shrinkage).
Printed too: the error for each person when left out of the learning, and the shapes that outlines differ and
move by. Only bodies and cameras for tuning are looked at.

Usage: python benchmarks/outline_learning.py [--rate 6]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.outline import HINGES, SQUATS, say, seen_clips  # noqa: E402

from coxa.adapters.rendering.seen import Seen  # noqa: E402
from coxa.adapters.vision.outline import BackReader, Stance  # noqa: E402
from coxa.adapters.vision.roi import Roi  # noqa: E402
from coxa.catalog.loader import outline_rules, rendering  # noqa: E402
from coxa.kinematics.outline import oddness, tangents  # noqa: E402
from coxa.specs.rendering import Fit, Split  # noqa: E402

MOVEMENTS = (*HINGES, *SQUATS, "waiters_bow", "waiters_bow_rounded", "buttocks_out", "buttocks_tucked")
RIDGE = 2.0
FAR_DEG = 4.0  # errors beyond it count less and less
CLEAN_DEG = 6.0  # errors within it: the outline was one of a back
N_SHAPES = 4


class Rows(NamedTuple):
    """Frames: tangents (n, n_stations), those of the neutral stance, true angles (n, 2), person (n,); deg."""

    tangent: np.ndarray
    neutral: np.ndarray
    true: np.ndarray
    person: np.ndarray


def rows_of(seen: Seen, person: str) -> Rows | None:
    """Every readable frame of a film; None where no neutral stance was seen."""
    rules = outline_rules()
    # What is being learnt must not choose what it is learnt from.
    errors = rules.errors.model_copy(update={"max_odd_deg": 1e3, "max_sd_deg": 1e3})
    standing = rules.standing.model_copy(update={"max_offset": 1e3, "max_odd_deg": 1e3})
    reader = BackReader(rules.model_copy(update={"errors": errors, "standing": standing}))
    stations = np.array(rules.reading.stations)
    found, stood, frames = [], [], []
    for k in range(len(seen.time_s)):
        if not np.isfinite(seen.position_px[k]).all():
            continue
        roi = Roi(*seen.roi[k].tolist())
        read = reader.read(seen.pose(k), roi, float(seen.time_s[k]))
        stance = Stance.of(seen.position_px[k])
        if read.fault or stance is None:
            continue
        curve, _ = reader.curve(seen.pose(k), roi, stance)
        if curve is not None:
            found.append(np.degrees(tangents(curve, stations)[0]))
            stood.append(read.standing)
            frames.append(k)
    time_s, upright = seen.time_s[frames], np.array(stood, bool)
    if not upright.any():
        return None
    first = upright & (time_s <= time_s[upright][0] + rules.standing.seconds + 0.04)
    line = seen.truth_deg["trunk_forward_lean"] - seen.truth_deg["pelvis_anterior_tilt"]
    true = np.column_stack([seen.truth_deg["lumbar_flexion"], line - line[0]])[frames]
    tangent = np.array(found)
    neutral = np.tile(tangent[first].mean(axis=0), (len(tangent), 1))
    return Rows(tangent, neutral, true, np.full(len(tangent), person))


def learnt(change: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Weights (n_stations,) that turn changes of tangents into changes of the angle."""
    n = len(true)
    share = np.ones(n)
    weights = np.zeros(change.shape[1])
    for _ in range(15):
        info = change.T @ (share[:, None] * change) + RIDGE * n * np.eye(change.shape[1])
        weights = np.linalg.solve(info, change.T @ (share * true))
        share = np.minimum(1.0, FAR_DEG / np.maximum(np.abs(change @ weights - true), 1e-9)) ** 1.5
    slope = np.polyfit(true[share > 0.5], (change @ weights)[share > 0.5], 1)[0]
    return np.asarray(weights / slope)


def report(name: str, rows: Rows, true: np.ndarray) -> np.ndarray:
    """Print one angle's lines; returns the errors of all frames, each person's left out of the learning."""
    change = rows.tangent - rows.neutral
    error = np.empty(len(true))
    say(f"  {name}:")
    body = np.array([one.split()[0] for one in rows.person])
    for person in np.unique(body):
        out = body == person
        error[out] = change[out] @ learnt(change[~out], true[~out]) - true[out]
        say(f"    # {person} left out: rmse {np.sqrt(np.mean(error[out] ** 2)):.1f}")
    weights = learnt(change, true)
    offsets = [np.median(rows.neutral[rows.person == one] @ weights) for one in np.unique(rows.person)]
    say(f"    weights: [{', '.join(f'{one:.3f}' for one in weights)}]")
    say(f"    mean_deg: {np.mean(offsets):.1f}  # offset sd {np.std(offsets):.1f}")
    return error


def main() -> None:
    """Draw, learn, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rate", type=float, default=6.0, help="frames a second")
    rate = parser.parse_args().rate
    bodies = list(rendering().bodies[Split.TUNING])
    films = [
        rows_of(seen, f"{body} {fit}")
        for fit in (Fit.TIGHT, Fit.MEDIUM)
        for body, seen in seen_clips(Split.TUNING, bodies, MOVEMENTS, fit, rate)
    ]
    kept = [film for film in films if film is not None]
    rows = Rows(*(np.concatenate(part) for part in zip(*kept, strict=True)))
    error = report("lumbar", rows, rows.true[:, 0])
    report("trunk", rows, rows.true[:, 1])
    clean = rows.tangent[np.abs(error) < CLEAN_DEG]
    usual = clean.mean(axis=0)
    shapes = np.linalg.svd(clean - usual, full_matrices=False)[2][:N_SHAPES]
    say(f"  usual_deg: [{', '.join(f'{one:.1f}' for one in usual)}]\n  shapes:")
    for shape in shapes:
        say(f"    - [{', '.join(f'{one:.3f}' for one in shape)}]")
    odd = [oddness(one, usual, shapes) for one in clean]
    say(f"# oddness of clean outlines: median {np.median(odd):.1f}, 95% {np.percentile(odd, 95):.1f}")


if __name__ == "__main__":
    main()
