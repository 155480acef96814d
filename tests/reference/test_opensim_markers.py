"""Angles from clusters without a medial marker against OpenSim's inverse kinematics with the given models."""

from __future__ import annotations

import time

import pytest

from coxa.catalog.markers import marker_motion
from tests.support.marker_agreement import OPENSIM, opensim, read_trc

pytestmark = [pytest.mark.reference, pytest.mark.slow]

OPENSIM_FRAMES_PER_S = 15.6  # on the same clip and machine


@pytest.fixture(scope="module")
def rows(reference_data):
    return list(opensim(reference_data / "opensim"))


@pytest.mark.parametrize("name", OPENSIM)
def test_angles_follow_opensim(rows, name):
    person, _, what = name.partition(" ")
    found = [row for row in rows if (row.person, row.recording) == (person, what or "walk")]
    assert len(found) == 14
    for row in found:
        limit = 5.0 if "hip_internal_rotation" in row.coordinate else 3.0
        assert row.rmse <= limit, row


def test_sixty_times_as_fast_as_opensim(reference_data):
    recording = read_trc(reference_data / "opensim" / "subject4" / "squats1.trc")
    start = time.process_time()
    marker_motion(recording)
    assert recording.n_frames / (time.process_time() - start) > 60 * OPENSIM_FRAMES_PER_S
