"""Kinematics and their derivatives against MuJoCo and finite differences."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest

from coxa.catalog import loader
from coxa.estimate.forward import forward, length_jacobian, point_jacobian
from coxa.kinematics.rotations import quaternion_from_rotation, rotation_from_vector

SEEDS = range(4)


@pytest.fixture(scope="module")
def body():
    return loader.body_model()


def drawn(body, seed):
    """(position, rotation, joints, log-lengths) of a random person in a random pose."""
    rng = np.random.default_rng(seed)
    low, high = body.joint_limits.T
    return (
        rng.normal(size=3),
        rotation_from_vector(rng.normal(size=3)),
        rng.uniform(low, high),
        rng.normal(size=body.n_lengths) * 0.1,
    )


def run(body, position, rotation, joints, lengths):
    """Places, rotations, anchors and axes."""
    n_bodies, n_joints = len(body.bodies), len(body.joints)
    place, turned = np.empty((n_bodies, 3)), np.empty((n_bodies, 3, 3))
    anchor, axis = np.empty((n_joints, 3)), np.empty((n_joints, 3))
    factor = body.length_factor(lengths)
    forward(body.arrays, position, rotation, joints, factor, place, turned, anchor, axis)
    return place, turned, anchor, axis


def simulated(body, position, rotation, joints, lengths):
    """MuJoCo's model and data of the same person and pose."""
    model = body.mjcf(lengths).compile()
    data = mujoco.MjData(model)
    data.qpos[:3], data.qpos[3:7] = position, quaternion_from_rotation(rotation)
    data.qpos[7:] = joints
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    return model, data


def site_place(body, name, place, turned, lengths):
    owner, local = body.sites[name]
    return place[owner] + turned[owner] @ (local * body.length_factor(lengths)[body.length_of_site[name]])


@pytest.mark.parametrize("seed", SEEDS)
def test_places_and_rotations_are_those_of_mujoco(body, seed):
    pose = drawn(body, seed)
    place, turned, *_ = run(body, *pose)
    model, data = simulated(body, *pose)
    for k, name in enumerate(body.bodies):
        np.testing.assert_allclose(place[k], data.body(name).xpos, atol=1e-12)
        np.testing.assert_allclose(turned[k].ravel(), data.body(name).xmat, atol=1e-12)
    for name in body.sites:
        at = site_place(body, name, place, turned, pose[3])
        np.testing.assert_allclose(at, data.site(name).xpos, atol=1e-12)
    assert model.nv == body.n_dof


@pytest.mark.parametrize("seed", SEEDS)
def test_derivatives_by_the_degrees_of_freedom_are_those_of_mujoco(body, seed):
    position, rotation, joints, lengths = drawn(body, seed)
    place, turned, anchor, axis = run(body, position, rotation, joints, lengths)
    model, data = simulated(body, position, rotation, joints, lengths)
    for name, (owner, _) in body.sites.items():
        found = np.empty((3, body.n_dof))
        point = site_place(body, name, place, turned, lengths)
        point_jacobian(body.arrays, owner, point, place, anchor, axis, found)
        expected = np.empty((3, model.nv))
        mujoco.mj_jacSite(model, data, expected, None, model.site(name).id)
        # MuJoCo turns the root about its own axes, we about the room's.
        expected[:, 3:6] = expected[:, 3:6] @ rotation.T
        np.testing.assert_allclose(found, expected, atol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_derivatives_by_the_lengths_are_finite_differences(body, seed):
    pose = drawn(body, seed)
    *rest, lengths = pose
    _, turned, *_ = run(body, *pose)
    step = 1e-6
    for name, (owner, local) in body.sites.items():
        found = np.empty((3, body.n_lengths))
        scales = body.length_of_site[name]
        length_jacobian(body.arrays, owner, local, scales, body.length_factor(lengths), turned, found)
        for k in range(body.n_lengths):
            ends = []
            for sign in (1, -1):
                moved = lengths.copy()
                moved[k] += sign * step
                place, turned_too, *_ = run(body, *rest, moved)
                ends.append(site_place(body, name, place, turned_too, moved))
            np.testing.assert_allclose(found[:, k], (ends[0] - ends[1]) / (2 * step), atol=1e-8)
