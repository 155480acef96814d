"""The outline of the back in the estimator: derivatives, what it tells, what the neutral stance tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.catalog.loader import body_model, body_priors
from coxa.estimate.body import N_ROOT_DOF, Pose
from coxa.estimate.landmarks import SharedParameters
from coxa.estimate.observations import NormalEquations
from coxa.estimate.outline import Back, Faults, add_back
from coxa.model.channels import BackOutline, OutlineErrors

ERRORS = OutlineErrors(
    correlation_s=0.0,
    offset_sd_rad=(0.2, 0.15),
    gain_sd=(0.1, 0.1),
    neutral_sd_rad={"lumbar_flexion": 0.05, "pelvis_anterior_tilt": 0.05},
)


@pytest.fixture
def tied() -> tuple[Back, SharedParameters]:
    shared = SharedParameters(body_model(), body_priors(), None)
    return Back.of(channel(np.zeros((0, 2))), body_model(), shared), shared


def channel(angle: np.ndarray, standing: np.ndarray | None = None) -> BackOutline:
    share = np.zeros(len(angle)) if standing is None else standing
    return BackOutline(angle, np.full(angle.shape, 0.05), share, ERRORS)


def poses(*lumbar: float) -> Pose:
    body = body_model()
    joints = np.zeros((len(lumbar), len(body.joints)))
    joints[:, body.joints.index("lumbar_flexion")] = lumbar
    joints[:, body.joints.index("thoracic_flexion")] = 0.1
    return Pose(np.zeros((len(lumbar), 3)), np.tile(np.eye(3), (len(lumbar), 1, 1)), joints)


def equations(back: Back, told: BackOutline, pose: Pose, shared: np.ndarray) -> NormalEquations:
    body = body_model()
    sums = NormalEquations.empty(len(pose), body.n_dof, len(shared))
    add_back(told, back, body, pose, shared, 1.0, sums)
    return sums


def test_right_sides_are_the_descent_of_the_cost(tied: tuple[Back, SharedParameters]) -> None:
    back, layout = tied
    body, told = body_model(), channel(np.array([[0.42, 0.33]]))
    shared = np.array(layout.mean)
    shared[back.unknowns.ravel()] = [0.05, 0.02, -0.03, 0.01]
    pose = poses(0.3)
    here = equations(back, told, pose, shared)
    step = 1e-6
    for joint in back.joints:
        moved = poses(0.3)
        moved.joints[0, joint] += step
        slope = (equations(back, told, moved, shared).cost[0] - here.cost[0]) / step
        assert -here.right[0, N_ROOT_DOF + joint] == pytest.approx(slope, rel=1e-3, abs=1e-3)
    for unknown in back.unknowns.ravel():
        varied = shared.copy()
        varied[unknown] += step
        slope = (equations(back, told, pose, varied).cost[0] - here.cost[0]) / step
        assert -here.right_shared[unknown] == pytest.approx(slope, rel=1e-3, abs=1e-3)
    others = np.delete(here.right[0], N_ROOT_DOF + back.joints)
    assert not others.any()
    assert len(others) == body.n_dof - len(back.joints)


def test_missing_readings_tell_nothing(tied: tuple[Back, SharedParameters]) -> None:
    back, layout = tied
    sums = equations(back, channel(np.full((2, 2), np.nan)), poses(0.1, 0.2), np.array(layout.mean))
    assert not sums.info.any()
    assert not sums.cost.any()


def test_a_neutral_stance_ties_the_offset(tied: tuple[Back, SharedParameters]) -> None:
    """One look at a person standing, then bent: with the stance the bend is known, without it is not."""
    back, layout = tied
    shared = np.array(layout.mean)
    column = N_ROOT_DOF + back.joints[0]
    angle = np.array([[0.0, 0.0], [0.7, 0.45]])
    doubt = []
    for standing in (np.array([1.0, 0.0]), np.zeros(2)):
        sums = equations(back, channel(angle, standing), poses(0.0, 0.7), shared)
        unknowns = back.unknowns.ravel()
        info = np.zeros((6, 6))
        for frame in range(2):
            info[frame, frame] = sums.info[frame, column, column] + 1 / 0.5**2
            info[frame, 2:] = info[2:, frame] = sums.border[frame, column, unknowns]
        info[2:, 2:] = sums.info_shared[np.ix_(unknowns, unknowns)]
        info[2:, 2:] += np.diag(1 / np.array(layout.sd)[unknowns] ** 2)
        doubt.append(np.sqrt(np.linalg.inv(info)[1, 1]))
    assert doubt[0] < 0.75 * doubt[1]


def test_a_wild_reading_pulls_no_harder_than_the_gate(tied: tuple[Back, SharedParameters]) -> None:
    back, layout = tied
    shared = np.array(layout.mean)
    far, further = (
        equations(back, channel(np.array([[value, 0.0]])), poses(0.0), shared).right[
            0, N_ROOT_DOF + back.joints[0]
        ]
        for value in (1.0, 2.0)
    )
    assert far == pytest.approx(further)


def test_what_spoilt_most_frames_is_the_reason() -> None:
    reasons = {"lumbar_flexion": "not seen; to see it: film it", "hip_flexion_left": "a guess"}
    faults, few, many = Faults(), channel(np.zeros((2, 2))), channel(np.zeros((5, 2)))
    assert faults.explained(reasons) == reasons
    faults.count([few])
    assert faults.explained(reasons) == reasons
    faults.count([replace(many, fault="an arm hides it")])
    assert faults.explained(reasons) == {**reasons, "lumbar_flexion": "an arm hides it; to see it: film it"}
