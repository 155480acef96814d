"""What phones read directly is what the body's own readout says, in every posture and on both sides."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.app.routes import estimator_for
from coxa.catalog import loader
from coxa.kinematics.rotations import rotation_about
from coxa.model.channels import OrientationErrors, SegmentOrientations
from coxa.model.motion import Observability
from coxa.model.recording import Recording
from coxa.simulate.acts import ACTS
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.simulate.script import KeyPose, Script

LEVEL = [("seated_hip_rotation", "sitting"), ("prone_hip_rotation", "prone")]


def posed(protocol, side, change):
    """A person in the act's start pose with this added, as segments and truth."""
    act = ACTS[protocol]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.75)
    pose = {**act.start, **change}
    script = Script("pose", (KeyPose(0.0, pose),), stance=act.stance, support=act.support)
    return perform(script if side == "right" else script.mirrored(), person, np.zeros(1))


def read(done, segments, posture, heading=0.0):
    """What phones that sit exactly tell; the room turned about the vertical."""
    _, rotation = done.segments()
    at = [done.person.body.bodies.index(name) for name in segments]
    n = len(segments)
    small = np.full((n, 3), np.radians(1.0))
    errors = OrientationErrors(small, 1.0, small, 0.0, small[:, 0], small[:, 0] / 60, small[:, 0] ** 2)
    turned = rotation_about(1, heading) @ rotation[:, at]
    channel = SegmentOrientations(tuple(segments), turned, small[:, 0], errors, posture)
    recording = Recording(done.time_s, orientations=(channel,))
    return estimator_for(recording).push(recording)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(("protocol", "posture"), LEVEL)
@pytest.mark.parametrize("turn", [-35.0, 30.0])
def test_hip_rotation_of_shank_and_thigh(side, protocol, posture, turn):
    done = posed(protocol, side, {"hip_internal_rotation_right": turn})
    for segment in (f"tibia_{side}", f"femur_{side}"):
        motion = read(done, (segment,), posture, heading=2.0)
        name = f"apparent_hip_internal_rotation_{side}"
        assert np.degrees(motion[name][0] - done.truth()[name][0]) == pytest.approx(0.0, abs=1.0)
        assert motion.observability[0, motion.index(name)] == Observability.OBSERVED


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(("protocol", "posture"), LEVEL)
def test_the_pelvis_part_is_taken_off(side, protocol, posture):
    roll = "pelvis_right_up_obliquity" if posture == "sitting" else "pelvis_left_rotation"
    done = posed(protocol, side, {"hip_internal_rotation_right": 20.0, roll: 12.0})
    motion = read(done, (f"tibia_{side}", "pelvis"), posture)
    joint, apparent = f"hip_internal_rotation_{side}", f"apparent_hip_internal_rotation_{side}"
    truth = done.truth()
    assert np.degrees(motion[joint][0] - truth[joint][0]) == pytest.approx(0.0, abs=2.0)
    assert abs(np.degrees(motion[apparent][0] - motion[joint][0])) > 8.0


@pytest.mark.parametrize("raised", [30.0, 70.0, 105.0])
def test_a_thigh_raised_lying(raised):
    done = posed("hip_flexion", "right", {"hip_flexion_right": raised})
    motion = read(done, ("femur_right",), "supine")
    k = motion.index("thigh_trunk_angle_right")
    assert np.degrees(motion.value[0, k]) == pytest.approx(raised, abs=1.0)
    assert motion.observability[0, k] == Observability.WEAK


def test_a_sternum_leans_forward_and_to_the_right():
    done = posed(
        "trunk_rotation_seated", "right", {"pelvis_anterior_tilt": 15.0, "pelvis_right_up_obliquity": -8.0}
    )
    motion = read(done, ("thorax",), "sitting")
    assert motion["trunk_forward_lean"][0] > np.radians(5)
    assert motion["trunk_right_lean"][0] > np.radians(3)
