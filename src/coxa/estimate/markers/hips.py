"""Where the hip centres lie in the pelvis: which of the ways is taken, and why."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.carry import pelvis_pose
from coxa.estimate.markers.joints import functional_hip
from coxa.estimate.markers.person import HipCentre
from coxa.estimate.markers.points import Points
from coxa.kinematics.anatomical_frames import pelvis_size
from coxa.kinematics.hip_centres import (
    hara_hip_centre,
    harrington_full_hip_centre,
    harrington_hip_centre,
)
from coxa.model.coordinates import SIDES
from coxa.model.recording import Subject
from coxa.specs.markers import HipMethod, MarkerAssumptions

Floats = NDArray[np.float64]


def hip_centres(
    sample: Points, static: Points | None, subject: Subject, known: MarkerAssumptions
) -> tuple[dict[str, HipCentre], dict[str, str]]:
    """Both hip centres in pelvic axes, and what was decided (``left_hip`` -> words).

    Of their own accord: the functional centre where the motion allows it; else Harrington's equation on
    pelvis and leg; on the pelvis alone where no leg length was told; Hara's where the pelvis has no size.
    """
    size = _size(sample)
    if not np.isfinite(size).all() and static:
        size = _size(static)
    centres = {side: _regression(side, size, subject.leg_length_m.get(side), known) for side in SIDES}
    notes = {f"{side}_hip": centre.method for side, centre in centres.items()}
    if known.hip_centre.method not in ("auto", "functional"):
        return centres, notes
    tried = {side: functional_hip(side, sample, centres[side], known) for side in SIDES}
    found = {side: centre for side, (centre, _) in tried.items() if centre is not None}
    if len(found) == len(SIDES):  # one alone would set the line between the two askew
        return found, {f"{side}_hip": centre.method for side, centre in found.items()}
    for side, (_, against) in tried.items():
        why = "the other side's functional centre is not believed" if side in found else against
        notes[f"{side}_hip"] += f"; {why}" if why else ""
    return centres, notes


def _size(at: Points) -> tuple[float, float]:
    if pelvis_pose(at) is None:
        return np.nan, np.nan
    return pelvis_size(at["left_asis"], at["right_asis"], at["sacrum"])


def _regression(
    side: str, size: tuple[float, float], leg: float | None, known: MarkerAssumptions
) -> HipCentre:
    method = _method(known.hip_centre.method, bool(np.isfinite(size).all()), leg is not None)
    width, depth = size
    if method == "hara" and leg is not None:
        place, words = hara_hip_centre(leg, side), "Hara 2016, from the length of the leg"
    elif method == "harrington_full" and leg is not None:
        place = harrington_full_hip_centre(width, depth, leg, side)
        words = "Harrington 2007, from pelvis and leg"
    else:
        place, words = harrington_hip_centre(width, depth, side), "Harrington 2007, from the pelvis alone"
    return HipCentre(place, known.hip_centre.regression_sd_m, words)


def _method(asked: HipMethod, has_size: bool, has_leg: bool) -> HipMethod:
    """The regression to take: the one asked for where it can be had."""
    if asked in ("hara", "harrington_full") and has_leg:
        return asked
    if asked == "harrington" or not has_leg:
        return "harrington"
    return "harrington_full" if has_size else "hara"
