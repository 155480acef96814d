"""Laws of the marker road, on a person whose angles are known exactly."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.catalog import loader
from coxa.catalog.markers import marker_motion
from coxa.estimate.markers import recognise
from coxa.kinematics import rotations as ro
from coxa.model.coordinates import ALL, JOINT
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Observability
from tests.support.marker_person import cluster_person, marker_person

RANGES_DEG = {
    "hip_flexion": (-20, 110),
    "hip_adduction": (-50, 30),
    "hip_internal_rotation": (-45, 45),
    "knee_flexion": (10, 130),
    "ankle_dorsiflexion": (-30, 30),
}
RANGES_DEG = {f"{name}_{side}": span for name, span in RANGES_DEG.items() for side in ("left", "right")} | {
    "trunk_flexion": (-20, 80),
    "trunk_right_bending": (-30, 30),
    "trunk_left_rotation": (-40, 40),
}
TELLS = [name for name in ALL if name != "lumbar_flexion"]
KNEES = ("knee_flexion_left", "knee_flexion_right")
postures = st.fixed_dictionaries(
    {name: st.floats(*map(np.radians, span)) for name, span in RANGES_DEG.items()}
)
rooms = st.tuples(st.floats(-3, 3), st.floats(-0.7, 0.7), st.floats(-0.7, 0.7))
MIRROR = np.diag([1.0, 1.0, -1.0])
few = settings(max_examples=25, deadline=None)


def pelvis_in(room):
    heading, obliquity, tilt = room
    return (ro.rotation_about(1, heading) @ ro.rotation_about(0, obliquity) @ ro.rotation_about(2, tilt))[
        None
    ]


def with_markers(recording, change, names=None):
    points = recording.space_points[0]
    moved = replace(points, position_m=change(points.position_m), names=names or points.names)
    return replace(recording, space_points=(moved,))


def assert_same(motion, wanted, names=TELLS, tolerance=1e-6):
    for name in names:
        np.testing.assert_allclose(
            np.angle(np.exp(1j * (motion[name] - wanted[name]))), 0.0, atol=tolerance, err_msg=name
        )


@few
@given(postures, rooms)
def test_angles_put_in_come_out_however_the_person_lies(posture, room):
    assert_same(marker_motion(marker_person(pelvis_in(room), posture)), posture, posture)


@pytest.mark.parametrize("lies_on", [-1, 1])
def test_lying_on_the_side_leaves_joint_angles_as_they_are(lies_on):
    pelvis = (ro.rotation_about(1, 0.4) @ ro.rotation_about(0, lies_on * np.pi / 2))[None]
    posture = {"hip_flexion_left": 0.8, "hip_adduction_right": -0.3, "knee_flexion_left": 0.6}
    motion = marker_motion(marker_person(pelvis, posture))
    assert_same(motion, posture, posture)
    column = motion.index("pelvis_left_rotation")
    assert motion.observability[0, column] == Observability.WEAK  # heading has no meaning there
    assert np.isfinite(motion.sd[0, column])


@few
@given(postures, rooms)
def test_mirror_mirrors_every_angle(posture, room):
    recording = marker_person(pelvis_in(room), posture)
    swap = {"L": "R", "R": "L"}
    names = tuple(swap.get(name[0], name[0]) + name[1:] for name in recording.space_points[0].names)
    mirrored = marker_motion(with_markers(recording, lambda p: p @ MIRROR, names))
    motion = marker_motion(recording)
    for name in TELLS:
        other = name.replace("_left", "_#").replace("_right", "_left").replace("_#", "_right")
        if name.endswith(("_left", "_right")):
            assert_same(mirrored, {name: motion[other]}, [name])
        else:  # the rest keeps or turns its sign with what its name says of a side
            sign = -1.0 if "left" in name or "right" in name else 1.0
            assert_same(mirrored, {name: sign * motion[name]}, [name])


@few
@given(postures, st.floats(-3, 3), st.floats(0.5, 1.5))
def test_heading_and_place_change_nothing_but_headings(posture, turn, shift):
    recording = marker_person(pelvis_in((0.2, 0.1, -0.3)), posture)
    motion = marker_motion(recording)
    room = ro.rotation_about(1, turn)
    turned = marker_motion(with_markers(recording, lambda p: p @ room.T + shift))
    headings = {"pelvis_left_rotation", "thorax_left_rotation"}
    assert_same(turned, motion, [name for name in TELLS if name not in headings])
    assert_same(turned, {name: motion[name] + turn for name in headings}, headings)


@few
@given(postures, rooms, st.randoms())
def test_order_of_markers_changes_nothing(posture, room, random):
    recording = marker_person(pelvis_in(room), posture)
    order = list(range(len(recording.space_points[0].names)))
    random.shuffle(order)
    names = tuple(recording.space_points[0].names[i] for i in order)
    shuffled = marker_motion(with_markers(recording, lambda p: p[:, order], names))
    np.testing.assert_array_equal(shuffled.value, marker_motion(recording).value)
    np.testing.assert_array_equal(shuffled.sd, marker_motion(recording).sd)


@few
@given(postures, st.floats(0.0, 0.01), st.floats(0.0, 0.01))
def test_more_noise_never_less_sd(posture, sd, more):
    less_sd = marker_motion(marker_person(pelvis_in((0, 0, 0)), posture, sd)).sd
    more_sd = marker_motion(marker_person(pelvis_in((0, 0, 0)), posture, sd + more)).sd
    column = [ALL.index(name) for name in TELLS if not name.startswith("apparent")]
    assert np.all(more_sd[:, column] >= less_sd[:, column] * (1 - 1e-3))


@few
@given(postures)
def test_size_of_the_person_changes_no_pelvis_and_trunk_angle(posture):
    recording = marker_person(pelvis_in((0.3, 0.1, 0.2)), posture)
    scaled = marker_motion(with_markers(recording, lambda p: 0.8 * p))
    names = [name for name in TELLS if name.startswith(("pelvis", "thorax")) or name in JOINT[-3:]]
    assert_same(scaled, marker_motion(recording), names)


def test_stated_sd_is_that_of_markers_shaken_by_it():
    rng = np.random.default_rng(0)
    posture = {
        "hip_flexion_left": 0.9,
        "hip_flexion_right": 0.2,
        **dict.fromkeys(KNEES, 1.0),
        "trunk_flexion": 0.4,
    }
    n = 4000
    known = loader.marker_assumptions().without_errors()
    person = marker_person(np.tile(pelvis_in((0.2, 0.1, -0.3)), (n, 1, 1)), posture, 0.003)
    shaken = with_markers(person, lambda p: p + 0.003 * rng.standard_normal(p.shape))
    motion, still = marker_motion(shaken, known), marker_motion(person, known)
    column = [ALL.index(name) for name in TELLS]
    ratio = motion.value[:, column].std(axis=0) / still.sd[0, column]
    np.testing.assert_allclose(ratio, 1.0, atol=0.06)


SET_OF = {"plug_in_gait": marker_person, "opencap": cluster_person}
N_SUBSET = 12


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(SET_OF)), st.data())
def test_any_subset_with_any_gaps_is_measured_or_refused_in_words(kind, data):
    bend = np.linspace(0.0, 1.2, N_SUBSET)
    recording = SET_OF[kind](np.tile(np.eye(3), (N_SUBSET, 1, 1)), dict.fromkeys(KNEES, bend))
    points = recording.space_points[0]
    keep = data.draw(st.lists(st.sampled_from(range(len(points.names))), unique=True))
    position = points.position_m[:, keep].copy()
    for _ in range(data.draw(st.integers(0, 4)) if keep else 0):
        start = data.draw(st.integers(0, N_SUBSET))
        position[start:, data.draw(st.integers(0, len(keep) - 1))] = data.draw(st.sampled_from([0.0, np.nan]))
    names = tuple(points.names[i] for i in keep)
    some = replace(points, names=names, position_m=position, sd_m=points.sd_m[keep])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            motion = marker_motion(replace(recording, space_points=(some,)))
        except NothingToMeasureError:
            assert not recognisable(names)
            return
    told = motion.observability > Observability.NOT_OBSERVABLE
    assert np.isfinite(motion.value[told]).all()
    assert np.isfinite(motion.sd[told]).all()
    for column, name in enumerate(ALL):
        assert told[:, column].all() or motion.reasons[name], name


def recognisable(names):
    sets = loader.marker_sets()
    try:
        return bool(recognise(names, sets).landmarks)
    except NothingToMeasureError:
        return False


@few
@given(postures, rooms, st.sampled_from(["LASI", "RASI", "LPSI", "RPSI"]))
def test_a_spine_missing_for_some_frames_changes_no_angle(posture, room, lost):
    turns = pelvis_in(room) @ ro.rotation_about(1, np.linspace(0.0, 0.5, 6))
    recording = marker_person(turns, posture)
    column = recording.space_points[0].names.index(lost)

    def gap(position):
        position = position.copy()
        position[2:4, column] = np.nan
        return position

    assert_same(marker_motion(with_markers(recording, gap)), marker_motion(recording))
