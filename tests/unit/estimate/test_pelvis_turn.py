"""The turn of the pelvis in the estimator: derivatives, what it corrects, where it counts."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog.loader import body_model, body_priors, observability
from coxa.estimate.body import Pose
from coxa.estimate.landmarks import SharedParameters
from coxa.estimate.observability import ability_of
from coxa.estimate.observations import NormalEquations
from coxa.estimate.pelvis_turn import KIND, ReadTurns, add_turn, offsets
from coxa.kinematics.rotations import rotation_about
from coxa.model.channels import PelvisTurn
from coxa.model.recording import Recording


def channel(angle: np.ndarray, fault: str = "") -> PelvisTurn:
    return PelvisTurn(angle, np.full(len(angle), 0.05), offset_sd_rad=0.1, correlation_s=0.0, fault=fault)


def pose(rotation: np.ndarray) -> Pose:
    return Pose(np.zeros((1, 3)), rotation[None], np.zeros((1, len(body_model().joints))))


def equations(told: PelvisTurn, at: Pose, offset: float = 0.0) -> tuple[NormalEquations, int]:
    layout = SharedParameters(body_model(), body_priors(), None)
    (unknown,) = offsets([told], layout)
    shared = np.array(layout.mean)
    shared[unknown] = offset
    sums = NormalEquations.empty(len(at), body_model().n_dof, len(shared))
    add_turn(told, unknown, at, shared, 1.0, sums)
    return sums, unknown


def leaning(heading: float) -> np.ndarray:
    return rotation_about(1, heading) @ rotation_about(0, 0.2) @ rotation_about(2, -0.3)


@pytest.mark.parametrize("off", [0.03, 0.4])  # within the gate, and beyond it
def test_right_sides_are_the_descent_of_the_cost(off: float) -> None:
    told, start, step = channel(np.array([0.7 + off])), leaning(0.6), 1e-6
    here, unknown = equations(told, pose(start), offset=0.1)
    for axis in range(3):
        moved, _ = equations(told, pose(rotation_about(axis, step) @ start), offset=0.1)
        slope = (moved.cost[0] - here.cost[0]) / step
        assert -here.right[0, 3 + axis] == pytest.approx(slope, rel=1e-3, abs=1e-3)
    moved, _ = equations(told, pose(start), offset=0.1 + step)
    assert -here.right_shared[unknown] == pytest.approx((moved.cost[0] - here.cost[0]) / step, rel=1e-3)
    assert not np.delete(here.right[0], [3, 4, 5]).any()


def test_a_heading_once_around_is_no_error() -> None:
    told = channel(np.array([np.pi - 0.02]))
    sums, _ = equations(told, pose(leaning(-np.pi + 0.02)))
    assert abs(sums.cost[0]) < 0.5 * (0.05 / 0.05) ** 2


def test_missing_readings_tell_nothing() -> None:
    sums, _ = equations(channel(np.array([np.nan])), pose(np.eye(3)))
    assert not sums.info.any()
    assert not sums.cost.any()


def test_it_counts_only_about_frames_in_which_it_was_read() -> None:
    turns, time_s = ReadTurns(), np.arange(60) / 29.0
    angle = np.full(60, np.nan)
    angle[20:22] = 0.3
    turns.add(Recording(time_s, turns=(channel(angle, "a knee is hidden"),)))
    near = np.abs(time_s - 0.5 * (time_s[20] + time_s[21])) <= 0.2 + 0.5 / 29.0
    np.testing.assert_array_equal(turns.about(time_s), near)
    told = turns.explained({"pelvis_left_rotation": "why; to see it: how", "hip_flexion_left": "other"})
    assert told == {
        "pelvis_left_rotation": "why: a knee is hidden; to see it: how",
        "hip_flexion_left": "other",
    }


def test_only_with_it_a_network_tells_the_turn_of_the_pelvis() -> None:
    name, table = "pelvis_left_rotation", observability()
    assert ability_of(name, ("pose_network",), table).at_best == "not_observable"
    assert ability_of(name, ("pose_network", KIND), table).at_best == "observed"
    assert ability_of("trunk_left_rotation", ("pose_network", KIND), table).at_best == "weak"
