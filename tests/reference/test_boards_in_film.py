"""Film, pose network and boards in one run: what keypoints cannot see becomes observed, on real pixels."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.rendering.clips import Clip
from coxa.specs.rendering import Split
from tests.support.rendered_boards import LIKE_A_PHONE, Compared, measured, worn
from tests.support.rendering import assets_or_skip

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rendering")]

NAMES = ("pelvis_left_rotation", "thorax_left_rotation", "pelvis_anterior_tilt", "lumbar_flexion")
SLOW = {**LIKE_A_PHONE, "rate_hz": 6.0}


@pytest.fixture(scope="module")
def turning() -> Compared:
    assets_or_skip()
    clip = Clip("rotation_standing_following", "emil", "rear", Split.REPORTING, **SLOW)
    return measured(worn(clip), NAMES, pose="lite")


def test_boards_are_read_and_told_of(turning: Compared) -> None:
    assert set(turning.read) == {"sacrum", "t12", "upper_back"}
    assert "Boards read" in turning.notes


def test_pelvis_and_trunk_rotation(turning: Compared) -> None:
    for name in ("pelvis_left_rotation", "thorax_left_rotation"):
        median, most = np.percentile(np.abs(turning.change_deg[name]), [50, 95])
        assert median <= 3.0, name
        assert most <= 8.0, name


def test_pelvis_and_lumbar_spine_are_observed_and_where_they_say(turning: Compared) -> None:
    assert turning.observed["lumbar_flexion"].mean() > 0.7
    assert turning.observed["pelvis_left_rotation"].all()
    for name in NAMES:
        assert np.mean(np.abs(turning.error_deg[name]) < 1.96 * turning.sd_deg[name]) > 0.9, name
        assert np.median(turning.sd_deg[name]) < 11.0, name
