"""Other people's angles: signs, orders, doubt, and what they do not hold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.estimate.given_angles import GivenAnglesEstimator
from coxa.kinematics.angles import (
    femur_from_hip_angles,
    hip_angles,
    knee_flexion,
    pelvis_angles,
    trunk_angles,
)
from coxa.kinematics.rotations import rotation_about, transpose
from coxa.model.channels import JointAngles, SpacePoints
from coxa.model.coordinates import ALL
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording

OPENSIM = (
    "pelvis_tilt",
    "pelvis_list",
    "pelvis_rotation",
    "hip_flexion_l",
    "hip_adduction_l",
    "hip_rotation_l",
)
LUMBAR = ("lumbar_extension", "lumbar_bending", "lumbar_rotation")


def translated(recording: Recording) -> Motion:
    convention = recording.angles[0].convention
    estimator = GivenAnglesEstimator(loader.angle_conventions(), convention, loader.observability())
    motion = estimator.push(recording)
    assert motion is not None
    assert estimator.finish() is None
    return motion


def recorded(names: tuple[str, ...], value: np.ndarray, convention: str, sd: float = np.nan) -> Recording:
    angles = JointAngles(names, value, np.full_like(value, sd), np.ones(len(names), bool), convention)
    return Recording(time_s=np.arange(len(value)) / 100, angles=(angles,))


def wandering(n_columns: int, n_frames: int = 30) -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.6, 0.6, (n_frames, n_columns))


def test_opensims_order_is_turned_into_bakers() -> None:
    names = (*OPENSIM, *LUMBAR, "knee_angle_l")
    value = wandering(len(names))
    q = dict(zip(names, value.T, strict=True))
    motion = translated(recorded(names, value, "opensim_knee_straight"))
    pelvis = rotation_about(2, q["pelvis_tilt"]) @ rotation_about(0, q["pelvis_list"])
    pelvis = pelvis @ rotation_about(1, q["pelvis_rotation"])
    lumbar = rotation_about(2, q["lumbar_extension"]) @ rotation_about(0, q["lumbar_bending"])
    lumbar = lumbar @ rotation_about(1, q["lumbar_rotation"])
    for name, wanted in pelvis_angles(pelvis)._asdict().items():
        np.testing.assert_allclose(motion[f"pelvis_{name}"], wanted, atol=1e-12)
    for name, wanted in trunk_angles(pelvis, pelvis @ lumbar)._asdict().items():
        np.testing.assert_allclose(motion[f"trunk_{name}"], wanted, atol=1e-12)
    np.testing.assert_allclose(
        motion["thorax_left_rotation"], pelvis_angles(pelvis @ lumbar).left_rotation, atol=1e-12
    )
    np.testing.assert_allclose(motion["hip_internal_rotation_left"], q["hip_rotation_l"])
    np.testing.assert_allclose(motion["knee_flexion_left"], -q["knee_angle_l"])
    assert (
        np.abs(motion["pelvis_left_rotation"] - q["pelvis_rotation"]).max() > 0.05
    )  # a renaming would not do


#: One posture of gait2354: coordinates (rad) and, from OpenSim 4.6, the bodies' rotations in the ground.
POSTURE = {
    "pelvis_tilt": -0.291922796,
    "pelvis_list": 0.177190672,
    "pelvis_rotation": 0.020283458,
    "lumbar_extension": 0.312219482,
    "lumbar_bending": -0.218273925,
    "lumbar_rotation": 0.098549716,
    "hip_flexion_r": -0.151806500,
    "hip_adduction_r": -0.011331713,
    "hip_rotation_r": 0.311590267,
    "knee_angle_r": -0.347234813,
    "hip_flexion_l": 0.057223865,
    "hip_adduction_l": -0.142504487,
    "hip_rotation_l": 0.075440024,
    "knee_angle_l": -0.129671020,
}
BODIES = {
    "pelvis": [
        [0.9585241, 0.2832881, -0.0312936],
        [-0.2843112, 0.9426975, -0.1746099],
        [-0.0199645, 0.1762649, 0.9841403],
    ],
    "torso": [
        [0.9978885, -0.0174732, 0.0625562],
        [0.0147093, 0.9989067, 0.0443742],
        [-0.0632632, -0.0433603, 0.9970545],
    ],
    "femur_r": [
        [0.8692155, 0.4253095, 0.2521432],
        [-0.3527632, 0.8907828, -0.2864684],
        [-0.3464426, 0.1600559, 0.9243158],
    ],
    "femur_l": [
        [0.9656141, 0.2212483, -0.1365233],
        [-0.2525514, 0.9229114, -0.2906067],
        [0.0617027, 0.3150931, 0.9470529],
    ],
    "tibia_r": [
        [0.672606, 0.695719, 0.2521432],
        [-0.6348418, 0.7175735, -0.2864684],
        [-0.3802328, 0.0326093, 0.9243158],
    ],
    "tibia_l": [
        [0.9288981, 0.3442524, -0.1365233],
        [-0.3697709, 0.8825062, -0.2906067],
        [0.0204406, 0.3204264, 0.9470529],
    ],
}


def test_bodies_of_opensims_own_model() -> None:
    motion = translated(recorded(tuple(POSTURE), np.array([list(POSTURE.values())]), "opensim_knee_straight"))
    body = {name: np.array(rotation) for name, rotation in BODIES.items()}
    wanted = {f"pelvis_{name}": value for name, value in pelvis_angles(body["pelvis"])._asdict().items()}
    wanted |= {f"trunk_{k}": v for k, v in trunk_angles(body["pelvis"], body["torso"])._asdict().items()}
    wanted["thorax_left_rotation"] = pelvis_angles(body["torso"]).left_rotation
    for side in ("left", "right"):
        femur, tibia = body[f"femur_{side[0]}"], body[f"tibia_{side[0]}"]
        wanted |= {f"hip_{k}_{side}": v for k, v in hip_angles(body["pelvis"], femur, side)._asdict().items()}
        wanted[f"knee_flexion_{side}"] = knee_flexion(femur, tibia)
    assert len(wanted) == 15
    for name, value in wanted.items():
        assert motion[name][0] == pytest.approx(float(value), abs=1e-6), name


def test_what_is_not_held_is_not_observable_and_says_why() -> None:
    motion = translated(recorded(OPENSIM[3:], wandering(3), "opensim_knee_bent"))
    level = dict(zip(ALL, motion.observability.T, strict=True))
    assert (level["hip_flexion_left"] == Observability.OBSERVED).all()
    assert (level["hip_flexion_right"] == Observability.NOT_OBSERVABLE).all()
    assert "hip_flexion_r" in motion.reasons["hip_flexion_right"]
    assert "pelvis_tilt" in motion.reasons["pelvis_anterior_tilt"]
    assert "shoulders" in motion.reasons["trunk_forward_lean"]
    assert "one joint" in motion.reasons["lumbar_flexion"]
    assert np.isnan(motion["hip_flexion_right"]).all()
    assert "hip_flexion_left" not in motion.reasons


def test_a_locked_joint_was_not_measured() -> None:
    value = wandering(9)
    value[:, 6:] = 0.1
    motion = translated(recorded((*OPENSIM, *LUMBAR), value, "opensim_knee_bent"))
    assert np.isnan(motion["trunk_flexion"]).all()
    assert "locked" in motion.reasons["trunk_flexion"]
    assert np.isfinite(motion["pelvis_anterior_tilt"]).all()


def test_the_sources_own_doubt_counts_before_the_conventions() -> None:
    names = ("hip_flexion_left",)
    usual = translated(recorded(names, wandering(1), "coxa"))
    told = translated(recorded(names, wandering(1), "coxa", sd=np.radians(2.0)))
    vague = translated(recorded(names, wandering(1), "coxa", sd=np.radians(15.0)))
    column = ALL.index("hip_flexion_left")
    assert np.degrees(usual.sd[:, column]) == pytest.approx(10.0)
    assert np.degrees(told.sd[:, column]) == pytest.approx(2.0)
    assert (vague.observability[:, column] == Observability.WEAK).all()


def test_gaps_stay_gaps() -> None:
    value = wandering(3)
    value[4:6, 0] = np.nan
    motion = translated(recorded(OPENSIM[3:], value, "opensim_knee_bent"))
    column = ALL.index("hip_flexion_left")
    assert np.flatnonzero(motion.observability[:, column] != Observability.OBSERVED).tolist() == [4, 5]
    assert "2 of 30 frames" in motion.reasons["hip_flexion_left"]


def test_apparent_rotation_needs_a_bent_knee() -> None:
    names = (
        "pelvis_tilt",
        "pelvis_list",
        "pelvis_rotation",
        "hip_flexion_l",
        "hip_adduction_l",
        "hip_rotation_l",
    )
    value = np.column_stack([np.zeros((2, 3)), np.full(2, 0.4), np.zeros(2), np.full(2, 0.3), [0.1, 1.0]])
    motion = translated(recorded((*names, "knee_angle_l"), value, "opensim_knee_bent"))
    apparent = motion["apparent_hip_internal_rotation_left"]
    assert np.isnan(apparent[0])
    assert apparent[1] == pytest.approx(0.3)


def test_an_unknown_convention_is_refused() -> None:
    with pytest.raises(NothingToMeasureError, match="somebody's"):
        translated(recorded(("a",), wandering(1), "somebody's"))


@pytest.mark.reference
@pytest.mark.parametrize("pattern", ["biomechzoo/*/straight*.c3d", "biomechzoo/*/turn*.c3d", "pycgm/*.c3d"])
def test_plug_in_gaits_angles_against_its_own_segment_axes(reference_data: Path, pattern: str) -> None:
    """Segment axes are stored beside the angles: both must agree, but for the heading."""
    for path in sorted((reference_data / "plug_in_gait").glob(pattern)):
        recording = Recording.concatenate(list(open_recording(path, ReadOptions()).parts(1000)))
        motion, points = translated(recording), recording.space_points[0]
        pelvis, thorax = axes(points, "PEL"), axes(points, "TRX", turned=True)
        wanted = {f"trunk_{name}": value for name, value in trunk_angles(pelvis, thorax)._asdict().items()}
        for name, value in pelvis_angles(pelvis)._asdict().items():
            if name != "left_rotation":  # its zero is the direction of walking
                wanted[f"pelvis_{name}"] = value
        for side in ("left", "right"):
            femur, tibia = (axes(points, side[0].upper() + segment) for segment in ("FE", "TI"))
            for name, value in hip_angles(pelvis, femur, side)._asdict().items():
                wanted[f"hip_{name}_{side}"] = value
            wanted[f"knee_flexion_{side}"] = knee_flexion(femur, tibia)
        for name, value in wanted.items():
            off = np.angle(np.exp(1j * (motion[name] - value)))
            assert np.isfinite(off).sum() > 50, (path.name, name)
            assert np.degrees(np.nanmax(np.abs(off))) < 0.01, (path.name, name)
        heading = motion["pelvis_left_rotation"] - pelvis_angles(pelvis).left_rotation
        quarter = np.degrees(np.angle(np.exp(4j * heading))) / 4.0
        assert np.nanmax(np.abs(quarter)) < 0.01, path.name


def axes(points: SpacePoints, segment: str, turned: bool = False) -> np.ndarray:
    """ISB frames (n_frames, 3, 3); the thorax stores its left axis to the right and its proximal one down."""
    origin, *ends = (points.position_m[:, points.names.index(segment + letter)] for letter in "OALP")
    ahead, left, up = ((end - origin) / np.linalg.norm(end - origin, axis=1, keepdims=True) for end in ends)
    return np.stack([ahead, -up, left] if turned else [ahead, up, -left], axis=-1)


def test_femur_round_trip_of_the_left() -> None:
    value = wandering(6)
    motion = translated(recorded(OPENSIM, value, "opensim_knee_bent"))
    pelvis = rotation_about(1, motion["pelvis_left_rotation"]) @ rotation_about(
        0, -motion["pelvis_right_up_obliquity"]
    )
    pelvis = pelvis @ rotation_about(2, -motion["pelvis_anterior_tilt"])
    hip = [motion[f"hip_{name}_left"] for name in ("flexion", "adduction", "internal_rotation")]
    femur = femur_from_hip_angles(pelvis, hip[0], hip[1], hip[2], "left")
    wanted = (
        rotation_about(2, value[:, 3]) @ rotation_about(0, -value[:, 4]) @ rotation_about(1, -value[:, 5])
    )
    np.testing.assert_allclose(transpose(pelvis) @ femur, wanted, atol=1e-12)
