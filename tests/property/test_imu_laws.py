"""Laws of worn sensors: how they are strapped on, named, ordered and where north is makes no difference."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from coxa.adapters.sources.imu_calibration import Sensors, calibrated, standing_pose
from coxa.catalog import loader
from coxa.estimate.orientation_sensors import forget
from coxa.kinematics.rotations import rotation_about, rotation_from_vector, vector_from_rotation
from coxa.kinematics.sensor_calibration import angular_velocity
from coxa.specs.inertial import InertialMapping
from tests.support.worn import LOWER, moving

DONE = moving(("squat",), 8.0, 30.0)
TURNS = arrays(float, (len(LOWER), 3), elements=st.floats(-1.8, 1.8))
SEEDS = st.integers(0, 10_000)


def segments_of(mounting, heading, order=LOWER, fusion="quaternions"):
    """What calibration makes of sensors so mounted, whose worlds have these headings (n_sensors,)."""
    owners = [DONE.person.body.bodies.index(name) for name in order]
    rotation = rotation_about(1, heading) @ DONE.segments()[1][:, owners] @ mounting
    sensors = Sensors(order, order, DONE.time_s, rotation, angular_velocity(rotation, DONE.time_s))
    kind = loader.inertial_rules().fusions[fusion]
    return calibrated(sensors, standing_pose(rotation, DONE.time_s), kind, InertialMapping())[0]


def apart_deg(a, b):
    return np.degrees(np.linalg.norm(vector_from_rotation(np.swapaxes(a, -1, -2) @ b), axis=-1)).max()


PLAIN = segments_of(np.eye(3), np.zeros(len(LOWER)))


@settings(max_examples=15, deadline=None)
@given(turns=TURNS, north=st.floats(-3.1, 3.1))
def test_straps_and_north_make_no_difference(turns, north):
    other = segments_of(rotation_from_vector(turns), np.full(len(LOWER), north))
    assert apart_deg(PLAIN.rotation, other.rotation) < 0.5
    assert np.allclose(PLAIN.errors.misalignment_sd_rad, other.errors.misalignment_sd_rad, atol=0.01)


@settings(max_examples=10, deadline=None)
@given(headings=arrays(float, len(LOWER), elements=st.floats(-3.1, 3.1)))
def test_every_sensor_may_have_a_north_of_its_own_without_magnetometers(headings):
    alone = segments_of(np.eye(3), np.zeros(len(LOWER)), fusion="no_magnetometer")
    other = segments_of(np.eye(3), headings, fusion="no_magnetometer")
    assert apart_deg(alone.rotation, other.rotation) < 0.5


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(LOWER))
def test_the_order_of_sensors_makes_no_difference(order):
    other = segments_of(np.eye(3), np.zeros(len(LOWER)), tuple(order))
    columns = [other.segments.index(name) for name in LOWER]
    assert apart_deg(PLAIN.rotation, other.rotation[:, columns]) < 1e-6


@settings(max_examples=50, deadline=None)
@given(seed=SEEDS, n=st.integers(2, 12), share=st.floats(0.1, 0.9))
def test_forgetting_widens_the_covariance_and_keeps_the_mean(seed, n, share):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n + 2))
    info, right = root @ root.T + 0.1 * np.eye(n), rng.normal(size=n)
    columns = np.flatnonzero(rng.uniform(size=n) < share)
    if not len(columns):
        columns = np.array([0])
    variance = rng.uniform(0.01, 5.0, len(columns))
    wider, moved = forget(info, right, columns, variance)
    more = np.zeros(n)
    more[columns] = variance
    assert np.allclose(np.linalg.inv(wider), np.linalg.inv(info) + np.diag(more), atol=1e-6)
    assert np.allclose(np.linalg.solve(wider, moved), np.linalg.solve(info, right), atol=1e-6)
