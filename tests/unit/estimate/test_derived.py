"""Compiled angles are those of the kinematics, also at their poles."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.derived import DERIVED, derived_coordinates, spots
from coxa.estimate.derived_slopes import derived_slopes
from coxa.kinematics.angles import (
    apparent_hip_internal_rotation,
    level_right,
    pelvis_angles,
    thigh_trunk_angle,
    trunk_angles,
    trunk_lean,
)
from coxa.kinematics.rotations import rotation_from_vector

BODY = loader.body_model()


def plain(place: np.ndarray, rotation: np.ndarray) -> dict[str, np.ndarray]:
    at = {name: k for k, name in enumerate(BODY.bodies)}
    pelvis, thorax = rotation[:, at["pelvis"]], rotation[:, at["thorax"]]
    hips = [place[:, at[f"femur_{side}"]] for side in ("left", "right")]
    shoulders = [place[:, at[f"humerus_{side}"]] for side in ("left", "right")]
    trunk = 0.5 * (shoulders[0] + shoulders[1] - hips[0] - hips[1])
    right = level_right(pelvis)
    on_pelvis, in_room, lean = trunk_angles(pelvis, thorax), pelvis_angles(pelvis), trunk_lean(trunk, right)
    values = dict(zip(DERIVED[:3], on_pelvis, strict=True))
    values |= dict(zip(DERIVED[3:6], in_room, strict=True))
    values["thorax_left_rotation"] = pelvis_angles(thorax).left_rotation
    values |= {"trunk_forward_lean": lean[0], "trunk_right_lean": lean[1]}
    for side, hip in zip(("left", "right"), hips, strict=True):
        knee, ankle = place[:, at[f"tibia_{side}"]], place[:, at[f"foot_{side}"]]
        values[f"thigh_trunk_angle_{side}"] = thigh_trunk_angle(trunk, hip - knee, hips[1] - hips[0])
        name = f"apparent_hip_internal_rotation_{side}"
        values[name] = apparent_hip_internal_rotation(hip - knee, knee - ankle, right, side)
    return values


@pytest.mark.parametrize("turn", [None, [np.pi / 2, 0.0, 0.0], [0.0, 0.0, np.pi / 2], [0.0, np.pi, 0.0]])
def test_the_compiled_angles_are_the_plain_ones(turn: list[float] | None) -> None:
    rng = np.random.default_rng(4)
    place = rng.normal(size=(50, len(BODY.bodies), 3))
    rotation = rotation_from_vector(rng.normal(size=(50, len(BODY.bodies), 3)))
    if turn is not None:
        rotation[:] = rotation_from_vector(np.array(turn))
    expected, found = plain(place, rotation), derived_coordinates(BODY, place, rotation)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        apart = np.angle(np.exp(1j * (found[name] - value)))
        np.testing.assert_allclose(apart[np.isfinite(value)], 0.0, atol=1e-9, err_msg=name)
        np.testing.assert_array_equal(np.isfinite(found[name]), np.isfinite(value), err_msg=name)


@pytest.mark.parametrize("seed", range(5))
def test_they_go_as_differences_say(seed: int) -> None:
    rng = np.random.default_rng(seed)
    place, place_goes = rng.normal(size=(2, len(BODY.bodies), 3))
    rotation = rotation_from_vector(rng.normal(size=(len(BODY.bodies), 3)))
    turning = rng.normal(size=(len(BODY.bodies), 3))
    cross = np.cross(turning[:, None, :], np.eye(3)).transpose(0, 2, 1)
    told, step, at = np.empty(len(DERIVED)), 1e-6, spots(BODY)
    derived_slopes(place, rotation, place_goes, cross @ rotation, at, told)
    before, after = (
        derived_coordinates(
            BODY,
            (place + h * place_goes)[None],
            (rotation_from_vector(h * turning) @ rotation)[None],
        )
        for h in (-step, step)
    )
    for name, slope in zip(DERIVED, told, strict=True):
        apart = np.angle(np.exp(1j * (after[name] - before[name])))
        np.testing.assert_allclose(slope, apart[0] / (2 * step), rtol=1e-5, atol=1e-5, err_msg=name)
