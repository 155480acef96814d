"""Left stays left where that can be told, and the network is trusted where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.vision.flips import EVERYTHING, LEGS, MIRRORED, FlipGuard, exchanged
from coxa.adapters.vision.landmarks import NAMES, Pose
from coxa.adapters.vision.roi import Roi

SIZE_PX = 400.0
PATIENCE = 15


def guard() -> FlipGuard:
    return FlipGuard(ratio=0.5, separation=0.06, patience=PATIENCE)


def person(half_width_px: float = 40.0, noise_seed: int = 0) -> Pose:
    """Somebody upright facing the camera; the left side is on the picture's right."""
    noise = np.random.default_rng(noise_seed).normal(0, 1, (len(NAMES), 2))
    position = np.zeros((len(NAMES), 2))
    for row, name in enumerate(NAMES):
        side = 1 if "left" in name else -1 if "right" in name else 0
        position[row] = 200 + side * half_width_px, 20 + 10 * row
    return Pose(
        position_px=position + noise,
        visibility=np.linspace(0.5, 1, len(NAMES)),
        world_m=np.c_[position, position[:, :1]] / 400,
        score=1.0,
        next_roi=Roi(200, 200, SIZE_PX, 0.0),
    )


def test_exchanging_twice_changes_nothing() -> None:
    pose = person()
    back = exchanged(exchanged(pose))
    assert np.array_equal(back.position_px, pose.position_px)
    assert np.array_equal(back.visibility, pose.visibility)
    assert np.array_equal(MIRRORED[MIRRORED], EVERYTHING)


def test_every_side_has_its_other_side() -> None:
    for name, other in zip(NAMES, MIRRORED, strict=True):
        assert ("left" in name) == ("right" in NAMES[other])


@pytest.mark.parametrize("rows", [EVERYTHING, LEGS], ids=["everything", "legs"])
def test_a_sudden_exchange_is_put_right_and_told(rows: np.ndarray) -> None:
    keep = guard()
    assert keep(person(), SIZE_PX)[1] is False
    upright, swapped = keep(exchanged(person(noise_seed=1), rows), SIZE_PX)
    assert swapped
    assert upright.position_px == pytest.approx(person(noise_seed=1).position_px)


def test_a_person_turning_round_is_left_alone() -> None:
    keep = guard()
    for step, angle in enumerate(np.linspace(0, np.pi, 31)):
        assert keep(person(40 * np.cos(angle), step), SIZE_PX)[1] is False


def test_from_the_side_the_network_is_trusted() -> None:
    keep = guard()
    keep(person(half_width_px=5), SIZE_PX)
    assert keep(exchanged(person(half_width_px=5, noise_seed=1)), SIZE_PX)[1] is False


def test_a_wrong_beginning_is_given_up() -> None:
    keep = guard()
    keep(exchanged(person()), SIZE_PX)
    told = [keep(person(noise_seed=seed), SIZE_PX)[1] for seed in range(1, 3 * PATIENCE)]
    assert told[0] and not told[-1]


def test_after_forgetting_the_next_pose_is_taken_as_it_is() -> None:
    keep = guard()
    keep(person(), SIZE_PX)
    keep.forget()
    assert keep(exchanged(person()), SIZE_PX)[1] is False
