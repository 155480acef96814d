"""Laws of rotations and angles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coxa.kinematics import angles as an
from coxa.kinematics import rotations as ro

MIRROR = np.diag([1.0, 1.0, -1.0])
vectors = arrays(float, (5, 3), elements=st.floats(-1.7, 1.7))  # length < pi
turns = arrays(float, (4,), elements=st.floats(-3.1, 3.1))
below_pole = arrays(float, (4,), elements=st.floats(-1.5, 1.5))
sides = st.sampled_from(["left", "right"])


def mirrored(rotation):
    return MIRROR @ rotation @ MIRROR


def same_angle(a, b, tolerance=1e-7):
    np.testing.assert_allclose(np.angle(np.exp(1j * (np.asarray(a) - b))), 0.0, atol=tolerance)


@given(vectors)
def test_exponential_is_a_rotation_and_logarithm_undoes_it(vector):
    rotation = ro.rotation_from_vector(vector)
    np.testing.assert_allclose(
        rotation @ ro.transpose(rotation), np.broadcast_to(np.eye(3), (5, 3, 3)), atol=1e-12
    )
    np.testing.assert_allclose(np.linalg.det(rotation), 1.0, atol=1e-12)
    np.testing.assert_allclose(ro.vector_from_rotation(rotation), vector, atol=1e-9)


@given(vectors, st.floats(1e-12, 1e-3))
def test_small_rotations_keep_their_digits(vector, scale):
    small = vector * scale
    np.testing.assert_allclose(
        ro.vector_from_rotation(ro.rotation_from_vector(small)), small, rtol=1e-9, atol=1e-16
    )


@given(arrays(float, 3, elements=st.floats(-1, 1)).filter(lambda v: np.linalg.norm(v) > 0.1))
def test_half_a_turn(axis):
    vector = np.pi * ro.unit(axis)
    rotation = ro.rotation_from_vector(vector)
    again = ro.rotation_from_vector(ro.vector_from_rotation(rotation))
    np.testing.assert_allclose(again, rotation, atol=1e-9)


@given(vectors, vectors)
def test_quaternions_round_trip_and_compose(a, b):
    rotation = ro.rotation_from_vector(a) @ ro.rotation_from_vector(b)
    quaternion = ro.quaternion_from_rotation(rotation)
    np.testing.assert_allclose(np.linalg.norm(quaternion, axis=-1), 1.0, atol=1e-12)
    assert np.all(quaternion[..., 0] >= 0)
    np.testing.assert_allclose(ro.rotation_from_quaternion(quaternion), rotation, atol=1e-12)
    np.testing.assert_allclose(ro.rotation_from_quaternion(-2.5 * quaternion), rotation, atol=1e-12)


@given(vectors, vectors)
def test_rotation_between_takes_one_to_the_other_without_twist(a, b):
    a, b = a + 1e-3, b + 1e-3 * np.array([1, -1, 2])
    if min(np.linalg.norm(a, axis=-1).min(), np.linalg.norm(b, axis=-1).min()) < 1e-4:
        return
    rotation = ro.rotation_between(a, b)
    turned = (rotation @ ro.unit(a)[..., None])[..., 0]
    np.testing.assert_allclose(turned, ro.unit(b), atol=1e-6)
    shortest = np.arctan2(
        np.linalg.norm(ro.cross(ro.unit(a), ro.unit(b)), axis=-1), ro.dot(ro.unit(a), ro.unit(b))
    )
    np.testing.assert_allclose(
        np.linalg.norm(ro.vector_from_rotation(rotation), axis=-1), shortest, atol=1e-6
    )


@pytest.mark.parametrize("axis", np.vstack([np.eye(3), [[1, 2, -3]]]))
def test_rotation_between_opposites_is_half_a_turn(axis):
    np.testing.assert_allclose(ro.rotation_between(axis, -axis) @ axis, -axis, atol=1e-12)


@given(turns)
def test_rotation_about_agrees_with_the_exponential(angle):
    for axis in range(3):
        np.testing.assert_allclose(
            ro.rotation_about(axis, angle),
            ro.rotation_from_vector(angle[:, None] * np.eye(3)[axis]),
            atol=1e-12,
        )


@given(vectors, vectors, st.sampled_from(["xy", "xz", "yx", "yz", "zx", "zy"]))
def test_frames_are_right_handed_and_keep_the_first_axis(a, b, order):
    frame = ro.frame_from_axes(a, b, order)
    good = np.isfinite(frame).all((-1, -2)) & (np.linalg.norm(ro.cross(a, b), axis=-1) > 1e-3)
    np.testing.assert_allclose(np.linalg.det(frame[good]), 1.0, atol=1e-9)
    np.testing.assert_allclose(frame[good][..., "xyz".index(order[0])], ro.unit(a)[good], atol=1e-12)
    assert np.all(ro.dot(frame[good][..., "xyz".index(order[1])], b[good]) > 0)


def test_missing_in_missing_out():
    nan3, nan33 = np.full(3, np.nan), np.full((3, 3), np.nan)
    for result in (
        ro.unit(nan3),
        ro.unit(np.zeros(3)),
        ro.rotation_from_vector(nan3),
        ro.vector_from_rotation(nan33),
        ro.quaternion_from_rotation(nan33),
        ro.rotation_from_quaternion(np.full(4, np.nan)),
        ro.rotation_between(nan3, [1, 0, 0]),
        ro.rotation_about(1, np.nan)[1],
        ro.frame_from_axes(nan3, [1, 0, 0], "xy"),
    ):
        assert np.isnan(result).all()


@given(turns, below_pole, turns, sides, vectors)
def test_hip_angles_round_trip_in_any_posture(flexion, adduction, rotation, side, posture):
    pelvis = ro.rotation_from_vector(posture[:4])
    femur = an.femur_from_hip_angles(pelvis, flexion, adduction, rotation, side)
    found = an.hip_angles(pelvis, femur, side)
    for wanted, angle in zip((flexion, adduction, rotation), found, strict=True):
        same_angle(angle, wanted)


@given(vectors, vectors)
def test_turning_the_room_changes_no_joint_angle(a, b):
    pelvis, femur = ro.rotation_from_vector(a), ro.rotation_from_vector(b)
    room = ro.rotation_from_vector([0.3, -1.9, 0.7])
    for before, after in zip(
        an.hip_angles(pelvis, femur, "left"), an.hip_angles(room @ pelvis, room @ femur, "left"), strict=True
    ):
        steep = np.abs(np.abs(an.hip_angles(pelvis, femur, "left").adduction) - np.pi / 2) < 1e-4
        same_angle(np.where(steep, 0, before), np.where(steep, 0, after), 1e-6)


@given(vectors, vectors)
def test_mirror_mirrors_every_angle(a, b):
    pelvis, other = ro.rotation_from_vector(a), ro.rotation_from_vector(b)
    left = an.hip_angles(pelvis, other, "left")
    right = an.hip_angles(mirrored(pelvis), mirrored(other), "right")
    for one, two in zip(left, right, strict=True):
        same_angle(one, two)
    signs = np.array([1, -1, -1])
    for one, two, sign in zip(
        an.trunk_angles(pelvis, other), an.trunk_angles(mirrored(pelvis), mirrored(other)), signs, strict=True
    ):
        same_angle(one, sign * two)
    rotation, obliquity, tilt = an.pelvis_angles(pelvis)
    m_rotation, m_obliquity, m_tilt = an.pelvis_angles(mirrored(pelvis))
    same_angle(rotation, -m_rotation)
    same_angle(obliquity, -m_obliquity)
    same_angle(tilt, m_tilt)
    same_angle(an.knee_flexion(pelvis, other), an.knee_flexion(mirrored(pelvis), mirrored(other)))


@given(turns, below_pole, turns)
def test_room_angles_round_trip(rotation, obliquity, tilt):
    pelvis = ro.rotation_about(1, rotation) @ ro.rotation_about(0, -obliquity) @ ro.rotation_about(2, -tilt)
    for wanted, angle in zip((rotation, obliquity, tilt), an.pelvis_angles(pelvis), strict=True):
        same_angle(angle, wanted)


@pytest.mark.parametrize("pole", [-np.pi / 2, np.pi / 2])
@given(turns, turns)
def test_at_the_poles_angles_are_finite_and_compose_back(pole, first, last):
    middle = np.full_like(first, pole)
    zxy = ro.rotation_about(2, first) @ ro.rotation_about(0, middle) @ ro.rotation_about(1, last)
    a, b, c = an.zxy_angles(zxy)
    again = ro.rotation_about(2, a) @ ro.rotation_about(0, b) @ ro.rotation_about(1, c)
    np.testing.assert_allclose(again, zxy, atol=1e-7)
    yxz = ro.rotation_about(1, first) @ ro.rotation_about(0, middle) @ ro.rotation_about(2, last)
    a, b, c = an.yxz_angles(yxz)
    again = ro.rotation_about(1, a) @ ro.rotation_about(0, b) @ ro.rotation_about(2, c)
    np.testing.assert_allclose(again, yxz, atol=1e-7)


@given(below_pole, sides, turns)
def test_lying_on_the_side_leaves_the_hip_as_it_is(flexion, side, turn):
    lying = ro.rotation_about(1, turn) @ ro.rotation_about(0, np.full(4, np.pi / 2))
    femur = an.femur_from_hip_angles(lying, flexion, 0.2, -0.3, side)
    same_angle(an.hip_angles(lying, femur, side).flexion, flexion)
    assert np.isfinite(an.pelvis_angles(lying)).all()


@given(
    st.tuples(turns, arrays(float, 4, elements=st.floats(-1.2, 1.2)), below_pole),
    arrays(float, 4, elements=st.floats(0.3, 2.5)),
    sides,
    vectors,
)
def test_shank_against_the_pelvis_is_the_hip_rotation(hip, knee, side, posture):
    flexion, adduction, rotation = hip
    pelvis = ro.rotation_from_vector(posture[:4])
    femur = an.femur_from_hip_angles(pelvis, flexion, adduction, rotation, side)
    shank = (femur @ ro.rotation_about(2, -knee))[..., 1]
    same_angle(an.apparent_hip_internal_rotation(femur[..., 1], shank, pelvis[..., 2], side), rotation)


@given(below_pole, arrays(float, 4, elements=st.floats(-1.2, 1.2)), below_pole, turns, sides)
def test_apparent_rotation_takes_no_notice_of_tilt_and_heading(rotation, adduction, tilt, heading, side):
    pelvis = ro.rotation_about(1, heading) @ ro.rotation_about(2, -tilt)
    femur = an.femur_from_hip_angles(pelvis, 1.2, adduction, rotation, side)
    shank = (femur @ ro.rotation_about(2, np.full(4, -1.5)))[..., 1]
    same_angle(
        an.apparent_hip_internal_rotation(femur[..., 1], shank, an.level_right(pelvis), side), rotation
    )


@given(vectors, vectors, vectors)
def test_thigh_trunk_angle_is_the_same_in_a_mirror_and_in_any_room(trunk, thigh, right):
    right = right + np.array([0.0, 0.0, 2.0])
    angle = an.thigh_trunk_angle(trunk, thigh, right)
    aside = ro.unit(right)
    seen = [line - ro.dot(line, aside)[:, None] * aside for line in (trunk, thigh)]
    usable = np.minimum(*(np.linalg.norm(line, axis=-1) for line in seen)) > 1e-3
    room = ro.rotation_from_vector([0.3, -1.9, 0.7])
    again = an.thigh_trunk_angle(trunk @ room.T, thigh @ room.T, right @ room.T)
    same_angle(np.where(usable, again, 0), np.where(usable, angle, 0))
    # A mirror turns the line from left to right hip round as well.
    mirror = an.thigh_trunk_angle(trunk @ MIRROR, thigh @ MIRROR, -right @ MIRROR)
    same_angle(np.where(usable, mirror, 0), np.where(usable, angle, 0))


@given(vectors, turns)
def test_trunk_lean_is_the_lines_direction_and_mirrors(line, heading):
    usable = np.linalg.norm(line[:4], axis=-1) > 1e-3
    line = ro.unit(np.where(usable[:, None], line[:4], [0.1, 0.2, 0.3]))
    right = an.level_right(ro.rotation_about(1, heading))
    ahead_lean, right_lean = an.trunk_lean(line, right)
    ahead = ro.cross(np.array([0.0, 1.0, 0.0]), right)
    up = np.cos(right_lean) * np.cos(ahead_lean)
    again = (
        (np.cos(right_lean) * np.sin(ahead_lean))[:, None] * ahead
        + up[:, None] * [0.0, 1.0, 0.0]
        + np.sin(right_lean)[:, None] * right
    )
    np.testing.assert_allclose(again, line, atol=1e-9)
    mirror_ahead, mirror_right = an.trunk_lean(line @ MIRROR, -right @ MIRROR)
    np.testing.assert_allclose(mirror_right, -right_lean, atol=1e-9)
    same_angle(np.cos(right_lean) * mirror_ahead, np.cos(right_lean) * ahead_lean, 1e-6)
