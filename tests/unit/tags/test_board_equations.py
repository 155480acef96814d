"""Every derivative of the boards' equations, held against finite differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.body import Pose
from coxa.estimate.estimator import Estimator
from coxa.estimate.path import Path, moved
from coxa.kinematics.boards import worn_board
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.camera import Camera
from coxa.model.channels import BoardCorners
from coxa.model.recording import Recording

STEP = 1e-5


@pytest.fixture
def scene() -> tuple[Estimator, Recording, Path]:
    rng = np.random.default_rng(3)
    boards = loader.tag_boards()
    worn = tuple(worn_board(boards.board(name), boards) for name in ("sacrum", "t12", "left_shank"))
    n_corners = sum(board.n_corners for board in worn)
    camera = Camera.looking_at(np.array([-2.5, 0.4, 0.5]), np.zeros(3), 1920, 1080, 1500.0)
    pixels = np.array([960.0, 540.0]) + 60 * rng.normal(size=(2, n_corners, 2))
    pixels[1, :8] = np.nan
    sd = np.full((2, n_corners), 3.0)
    corners = BoardCorners(worn, pixels, sd, np.array([0.5, 0.0]), camera, gate=1e9)
    recording = Recording(np.array([0.0, 0.05]), boards=(corners,))
    estimator = Estimator(loader.body_model(), loader.body_priors(), {}, recording)
    body = estimator.body
    pose = Pose(
        0.1 * rng.normal(size=(2, 3)),
        np.asarray(rotation_from_vector(0.2 * rng.normal(size=(2, 3)))),
        0.2 * rng.normal(size=(2, len(body.joints))),
    )
    path = Path(pose, np.zeros((2, body.n_dof)), 0.1 * rng.normal(size=estimator.n_shared))
    return estimator, recording, path


def _cost(estimator: Estimator, recording: Recording, path: Path) -> float:
    return float(estimator.observe(recording, path, 0.05).cost.sum())


def _firm(recording: Recording) -> Recording:
    channel = recording.boards[0]
    boards = tuple(replace(board, wobble_sd=np.zeros(6)) for board in channel.boards)
    return replace(recording, boards=(replace(channel, boards=boards),))


def test_gradient_is_that_of_the_cost(scene: tuple[Estimator, Recording, Path]) -> None:
    """Without wobble: with it, its own dependence on the pose is left out, as Gauss-Newton does."""
    _, recording, path = scene
    recording = _firm(recording)
    estimator = Estimator(loader.body_model(), loader.body_priors(), {}, recording)
    equations = estimator.observe(recording, path, 0.05)
    n = estimator.body.n_dof
    for frame in range(2):
        for k in range(n):
            step = np.zeros((2, 2 * n))
            step[frame, k] = STEP
            none = np.zeros(estimator.n_shared)
            slope = (
                _cost(estimator, recording, moved(path, step, none))
                - _cost(estimator, recording, moved(path, -step, none))
            ) / (2 * STEP)
            assert -equations.right[frame, k] == pytest.approx(slope, rel=1e-4, abs=1e-3)
    for k in range(estimator.n_shared):
        step = np.zeros(estimator.n_shared)
        step[k] = STEP
        still = np.zeros((2, 2 * n))
        slope = (
            _cost(estimator, recording, moved(path, still, step))
            - _cost(estimator, recording, moved(path, still, -step))
        ) / (2 * STEP)
        assert -equations.right_shared[k] == pytest.approx(slope, rel=1e-4, abs=1e-3)


def test_information_is_symmetric_and_never_negative(scene: tuple[Estimator, Recording, Path]) -> None:
    estimator, recording, path = scene
    equations = estimator.observe(recording, path, 0.05)
    for frame in range(2):
        assert np.allclose(equations.info[frame], equations.info[frame].T)
        assert np.linalg.eigvalsh(equations.info[frame]).min() > -1e-6 * np.abs(equations.info[frame]).max()


def test_wobble_widens(scene: tuple[Estimator, Recording, Path]) -> None:
    estimator, recording, path = scene
    still = _firm(recording)
    firm = Estimator(estimator.body, estimator.priors, {}, still).observe(still, path, 0.05)
    loose = estimator.observe(recording, path, 0.05)
    gained = firm.info - loose.info
    assert all(np.linalg.eigvalsh(one).min() > -1e-6 * np.abs(one).max() for one in gained)
    assert np.trace(gained[0]) > 0.5 * np.trace(firm.info[0])
