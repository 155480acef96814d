"""Boards worn on sacrum and T12 tell what keypoints cannot: pelvic tilt and lumbar flexion."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.model.motion import Observability
from tests.support.tag_coverage import TOLD, compared


@pytest.mark.slow
def test_pelvis_and_lumbar_spine_become_observed() -> None:
    columns = [TOLD.index(name) for name in ("pelvis_anterior_tilt", "lumbar_flexion")]
    without, worn = compared(2001, boards=()), compared(2001)
    assert not np.any(without.level[:, columns] == Observability.OBSERVED)
    assert np.mean(worn.level[:, columns] == Observability.OBSERVED) > 0.9
    assert np.nanmedian(worn.sd[:, columns]) < np.radians(8.0)
    assert np.degrees(np.nanpercentile(np.abs(worn.change[:, columns]), 90)) < 6.0
    assert np.nanmean(np.abs(worn.error) < 2.6 * worn.sd) > 0.9


def test_boards_alone_start_in_the_right_basin() -> None:
    """A person seen from behind, nothing but boards: the start must not take them for facing the camera."""
    alone = compared(2003, keypoints=False)
    tilt, turn = (TOLD.index(name) for name in ("pelvis_anterior_tilt", "pelvis_left_rotation"))
    assert np.degrees(np.abs(alone.error[:, [tilt, turn]])).max() < 30.0
