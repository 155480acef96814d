"""How far our angles from markers are from the lab's own, on UI-PRMD."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.model.motion import Motion
from tests.support.uiprmd import load_uiprmd, true_motion

Floats = NDArray[np.float64]

MOVEMENTS = ("m01", "m02", "m04", "m05", "m06")
ANGLES = ("hip_flexion", "hip_adduction", "hip_internal_rotation", "knee_flexion", "ankle_dorsiflexion")


class Agreement(NamedTuple):
    """Medians over people of one angle, both sides together, deg.

    Attributes:
        raw_rmse: as they are.
        rmse: one constant removed from each repetition.
        rmse_one_offset: one constant removed from all repetitions of a person and side.
        worst_rmse: ``rmse`` of the person worst off.
        range_error: of the range of motion, absolute.
        covered: share of frames (not a median) whose 95% interval holds the lab's angle as it is.
        stated_sd: as stated with the angle.
        stated_constant_sd: its part that does not change over a recording.
    """

    raw_rmse: float
    rmse: float
    rmse_one_offset: float
    worst_rmse: float
    range_error: float
    covered: float
    stated_sd: float
    stated_constant_sd: float


class _Part(NamedTuple):
    """One angle of one side in one repetition, deg."""

    side: str
    error: Floats
    sd: Floats
    range_error: float
    constant_sd: float


def _compare(motion: Motion, truth: dict[str, Floats], angle: str) -> Iterator[_Part]:
    for side in ("left", "right"):
        name = f"{angle}_{side}"
        seen = np.isfinite(motion[name])
        if seen.sum() > 1:
            found, lab = np.degrees(motion[name][seen]), np.degrees(truth[name][seen])
            sd = np.degrees(motion.sd[seen, motion.index(name)])
            constant_sd = motion.diagnostics["median_constant_sd_deg"][name]
            yield _Part(side, found - lab, sd, abs(np.ptp(found) - np.ptp(lab)), constant_sd)


def _rms(errors: list[Floats]) -> float:
    return float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))


def _without_offset(parts: list[_Part]) -> list[Floats]:
    """Errors of one person, the mean of each side removed."""
    centred = []
    for side in ("left", "right"):
        errors = [part.error for part in parts if part.side == side]
        if errors:
            centred.append(np.concatenate(errors) - np.concatenate(errors).mean())
    return centred


def _summary(people: dict[str, list[_Part]]) -> Agreement:
    everyone = [part for parts in people.values() for part in parts]
    errors, sds = (np.concatenate([getattr(part, name) for part in everyone]) for name in ("error", "sd"))
    each = np.array(
        [
            (
                _rms([part.error for part in parts]),
                float(np.median([np.std(part.error) for part in parts])),
                _rms(_without_offset(parts)),
                float(np.median([part.range_error for part in parts])),
                float(np.median(np.concatenate([part.sd for part in parts]))),
                float(np.median([part.constant_sd for part in parts])),
            )
            for parts in people.values()
        ]
    )
    raw, rmse, one_offset, spans, sd, constant = np.median(each, axis=0)
    covered = float(np.mean(np.abs(errors) < 1.96 * sds))
    return Agreement(raw, rmse, one_offset, each[:, 1].max(), spans, covered, sd, constant)


def agreement(
    folder: Path, movements: tuple[str, ...] = MOVEMENTS, labels: tuple[str, ...] = ("correct",)
) -> dict[str, Agreement]:
    """Angle -> how well we agree with the lab, over all people in ``folder`` (``uiprmd``)."""
    people: dict[str, dict[str, list[_Part]]] = {}
    for path in sorted(folder.glob("m*_s*_*.npz")):
        movement, person, label = path.stem.split("_")
        if movement in movements and label in labels:
            for recording, truth in load_uiprmd(path):
                motion = true_motion(recording)
                for angle in ANGLES:
                    for part in _compare(motion, truth, angle):
                        people.setdefault(angle, {}).setdefault(person, []).append(part)
    return {angle: _summary(by_person) for angle, by_person in people.items()}
