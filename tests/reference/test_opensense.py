"""Worn sensors against OpenSim's inverse kinematics of the same orientations."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.opensense import BASE, assumed, motion_of, recording_of, rows

pytestmark = pytest.mark.reference

#: From before OpenSim's result to after it; calibration has seen the whole recording.
SPAN = slice(800, 1750)
HIP_AND_PELVIS = (
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "pelvis_anterior_tilt",
    "hip_flexion",
    "hip_adduction",
    "hip_internal_rotation",
)


@pytest.fixture(scope="module")
def walk(reference_data, tmp_path_factory):
    mapping = tmp_path_factory.mktemp("mapping") / "base.yaml"
    mapping.write_text(BASE)
    return recording_of(reference_data, mapping=mapping)


@pytest.fixture(scope="module")
def table(walk, reference_data):
    return {row.coordinate: row for row in rows(motion_of(walk.window(SPAN)), reference_data)}


def both_sides(table, name):
    found = [row.offset_removed for key, row in table.items() if key.startswith(name)]
    return float(np.sqrt(np.mean(np.square(found))))


@pytest.mark.parametrize("name", HIP_AND_PELVIS)
def test_pelvis_and_hips_follow_opensim(table, name):
    assert both_sides(table, name) <= 4.0


def test_knees_follow_opensim(table):
    assert both_sides(table, "knee_flexion") <= 3.0


def test_each_side_follows_where_the_trunk_is_rigid_as_opensim_has_it(walk, reference_data):
    table = {row.coordinate: row for row in rows(motion_of(*assumed(walk.window(SPAN))), reference_data)}
    for name in HIP_AND_PELVIS:
        for key, row in table.items():
            if key.startswith(name):
                assert row.offset_removed <= 4.0, key


def test_the_walk_itself_tells_which_way_the_person_faced(walk, reference_data):
    # The tutorial's base sensor and the axes of knees and feet agree on the person's facing.
    alone = recording_of(reference_data).orientations[0].rotation
    told = walk.orientations[0].rotation
    apart = np.degrees(np.arccos((np.einsum("tkij,tkij->tk", alone, told) - 1) / 2))
    assert np.median(apart) < 8.0
