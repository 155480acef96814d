"""People whose angles are known exactly, filmed: real pixels, real pose network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import coxa
from coxa.adapters.reference.rendered import FOV_DEG, Clip, clips
from coxa.app.agreement import coverage
from coxa.catalog import loader
from coxa.model.motion import Motion, Observability

APPARENT = "apparent_hip_internal_rotation_right"
FALSE_FRIENDS = ("hip_flexion_right", "lumbar_flexion", "trunk_left_rotation")
#: What the outline of the back tells of a hinge seen from the side; its intervals must hold all the same.
OUTLINED = {("c_hinge_lumbar40", "hip_flexion_right"), ("c_hinge_lumbar40", "lumbar_flexion")}

Measured = dict[tuple[str, str], tuple[Clip, Motion]]


@pytest.fixture(scope="module")
def measured(reference_data: Path) -> Measured:
    """Every clip, measured as a user would."""
    return {
        (clip.name, clip.person): (clip, coxa.measure(clip.path, camera_fov_deg=FOV_DEG))
        for clip in clips(reference_data / "rendered")
    }


pytestmark = [pytest.mark.reference, pytest.mark.slow, pytest.mark.xdist_group("rendered")]


@pytest.mark.parametrize("person", ["male", "female"])
@pytest.mark.parametrize(("name", "limit_deg"), [("a_stand_er", 5.0), ("b_seat_ier", 3.0)])
def test_rotation_tests_read_the_shank(measured: Measured, name: str, person: str, limit_deg: float) -> None:
    clip, motion = measured[name, person]
    lever_deg = loader.observability().knee_lever_min_deg
    bent = np.degrees(clip.truth["knee_flexion_right"]) >= lever_deg
    true, read = np.degrees(clip.truth[APPARENT][bent]), np.degrees(motion[APPARENT][bent])
    assert np.abs(read - true).mean() <= limit_deg
    assert 0.9 <= np.polyfit(true, read, 1)[0] <= 1.1


def test_what_is_called_observed_holds_the_truth(measured: Measured) -> None:
    rows = coverage(((motion, clip.truth) for clip, motion in measured.values()), loader.observability())
    short = {name: row.within_95_observed for name, row in rows.items() if row.within_95_observed < 0.90}
    assert not short


@pytest.mark.parametrize("person", ["male", "female"])
@pytest.mark.parametrize("name", ["c_hinge_lumbar40", "d_rot_still", "d_rot_follow20"])
@pytest.mark.parametrize("coordinate", FALSE_FRIENDS)
def test_nothing_false_is_claimed(measured: Measured, name: str, person: str, coordinate: str) -> None:
    clip, motion = measured[name, person]
    k = motion.index(coordinate)
    if (name, coordinate) not in OUTLINED:
        assert (motion.observability[:, k] < Observability.OBSERVED).all()
    error = motion.value[:, k] - clip.truth.value[:, k]
    known = np.isfinite(error)
    assert (np.abs(error) <= 1.96 * motion.sd[:, k])[known].mean() >= 0.9
