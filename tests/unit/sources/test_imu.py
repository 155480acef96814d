"""Files of worn sensors: what the columns are, in which units, on which segments; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.sources.imu import open_imu_csv, open_orientations_sto
from coxa.adapters.sources.imu_columns import looks_like_imu, segment_of
from coxa.app.request import ReadOptions
from coxa.kinematics.rotations import rotation_from_vector, vector_from_rotation
from coxa.model.errors import SourceError
from tests.support.worn import (
    LOWER,
    moving,
    quaternion_csv,
    quaternion_sto,
    quaternions_z_up,
    raw_csv,
    raw_signals,
)

FACING_FREE = ("pelvis",)


@pytest.fixture(scope="module")
def done():
    return moving(("squat",), 9.0, 50.0)


@pytest.fixture(scope="module")
def mounting():
    return rotation_from_vector(np.random.default_rng(0).normal(size=(len(LOWER), 3)))


@pytest.fixture(scope="module")
def sto(done, mounting):
    return quaternion_sto(done.time_s, LOWER, quaternions_z_up(done, LOWER, mounting))


@pytest.fixture(scope="module")
def csv(done, mounting):
    return quaternion_csv(done.time_s, LOWER, quaternions_z_up(done, LOWER, mounting))


@pytest.fixture(scope="module")
def raw(done, mounting):
    signals = raw_signals(done, LOWER, mounting, np.random.default_rng(1), magnetometer=False)
    return raw_csv(done.time_s, signals)


def opened(tmp_path, text, name="walk.csv", **options):
    path = tmp_path / name
    path.write_text(text)
    opener = open_orientations_sto if path.suffix == ".sto" else open_imu_csv
    return opener(path, ReadOptions(**options))


def recording_of(reader):
    return next(iter(reader.parts(10**6)))


def degrees_off(done, channel):
    owners = [done.person.body.bodies.index(name) for name in channel.segments]
    true = done.segments()[1][:, owners]
    turn = vector_from_rotation(np.swapaxes(true, -1, -2) @ channel.rotation)
    return np.degrees(np.linalg.norm(turn, axis=-1))


@pytest.mark.parametrize("kind", ["sto", "csv"])
def test_quaternions_become_segments_however_the_sensors_are_strapped_on(done, sto, csv, tmp_path, kind):
    reader = opened(tmp_path, {"sto": sto, "csv": csv}[kind], f"walk.{kind}")
    (channel,) = recording_of(reader).orientations
    assert channel.segments == LOWER
    assert reader.header.rate_hz == pytest.approx(50.0, rel=0.01)
    assert "Z is up" in reader.header.axes
    assert degrees_off(done, channel).max() < 4.0
    assert channel.errors is not None
    assert (channel.errors.misalignment_sd_rad > np.radians(1)).all()


def test_raw_signals_become_segments(done, raw, tmp_path):
    reader = opened(tmp_path, raw)
    (channel,) = recording_of(reader).orientations
    assert np.median(degrees_off(done, channel)) < 4.0
    assert any("bias" in note for note in reader.header.notes)
    assert (channel.errors.heading_rate_sd_rad_s >= np.radians(10) / 60).all()


def test_units_of_raw_signals_may_come_from_a_mapping_file(raw, tmp_path):
    silent = raw.replace(" [deg/s]", "").replace(" [g]", "")
    with pytest.raises(SourceError, match="unit of its gyroscopes"):
        opened(tmp_path, silent)
    mapping = tmp_path / "map.yaml"
    mapping.write_text("{gyroscope: deg/s, accelerometer: g}")
    told = recording_of(opened(tmp_path, silent, mapping=mapping)).orientations[0]
    same = recording_of(opened(tmp_path, raw)).orientations[0]
    assert np.allclose(told.rotation, same.rotation)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [("[deg/s]|[rad/s]", "gyroscope|gravity turns"), ("[g]|[m/s2]", "accelerometer")],
)
def test_units_that_gravity_contradicts_are_refused(raw, tmp_path, wrong, words):
    with pytest.raises(SourceError, match=words):
        opened(tmp_path, raw.replace(*wrong.split("|")))


def test_gyroscopes_too_slow_for_gravity_are_refused(done, mounting, tmp_path):
    signals = raw_signals(done, LOWER, mounting, np.random.default_rng(1), magnetometer=False)
    text = raw_csv(done.time_s, signals, gyroscope="rad/s").replace("[rad/s]", "[deg/s]")
    with pytest.raises(SourceError, match="gravity turns"):
        opened(tmp_path, text)


def test_a_separate_standing_pose_is_used(done, sto, tmp_path):
    lines = sto.splitlines()
    pose = tmp_path / "pose.sto"
    pose.write_text("\n".join(lines[:7]) + "\n")
    (channel,) = recording_of(opened(tmp_path, sto, "walk.sto", calibration=pose)).orientations
    assert degrees_off(done, channel).max() < 4.0


def test_a_standing_pose_without_all_sensors_is_refused(sto, tmp_path):
    pose = tmp_path / "pose.sto"
    pose.write_text("\n".join(sto.splitlines()[:7]).replace("femur_left_imu", "wrist_imu") + "\n")
    with pytest.raises(SourceError, match="femur_left"):
        opened(tmp_path, sto, "walk.sto", calibration=pose)


def test_strange_names_need_a_mapping(sto, tmp_path):
    strange = sto
    for k, name in enumerate(LOWER):
        strange = strange.replace(f"{name}_imu", f"S{k}")
    with pytest.raises(SourceError, match="where it is worn"):
        opened(tmp_path, strange, "walk.sto")
    mapping = tmp_path / "map.yaml"
    mapping.write_text("sensors: {S0: pelvis, S2: femur_right}")
    reader = opened(tmp_path, strange, "walk.sto", mapping=mapping)
    assert recording_of(reader).orientations[0].segments == ("pelvis", "femur_right")
    assert any("left out" in note for note in reader.header.notes)


@pytest.mark.parametrize("content", ["sensors: {S0: tail}", "[1, 2]", "sensors: {", "gyroscope: furlongs"])
def test_a_mapping_that_says_nothing_sensible_is_refused(sto, tmp_path, content):
    mapping = tmp_path / "map.yaml"
    mapping.write_text(content)
    with pytest.raises(SourceError):
        opened(tmp_path, sto, "walk.sto", mapping=mapping)


def test_two_sensors_on_one_segment_are_refused(sto, tmp_path):
    with pytest.raises(SourceError, match="both worn on"):
        opened(tmp_path, sto.replace("femur_left_imu", "thigh_right"), "walk.sto")


def test_missing_quaternions_stay_missing(done, csv, tmp_path):
    lines = csv.splitlines()
    cells = lines[300].split(",")
    lines[300] = ",".join([cells[0], "", "", "", "", *cells[5:]])
    (channel,) = recording_of(opened(tmp_path, "\n".join(lines) + "\n")).orientations
    assert np.isnan(channel.rotation[299, 0]).all()
    assert np.isfinite(channel.rotation[299, 1:]).all()


def test_somebody_who_only_stands_faces_nowhere_that_is_known(mounting, tmp_path):
    still = moving(("squat",), 2.0, 50.0, standing_s=9.0)
    text = quaternion_csv(still.time_s, LOWER, quaternions_z_up(still, LOWER, mounting))
    reader = opened(tmp_path, text)
    assert any("nothing tells which way" in note for note in reader.header.notes)
    assert (recording_of(reader).orientations[0].errors.misalignment_sd_rad[:, 1] > 1.0).all()


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("pelvis_imu", "pelvis"),
        ("femur_r_imu", "femur_right"),
        ("calcn_l_imu", "foot_left"),
        ("torso_imu", "thorax"),
        ("RightUpperLeg", "femur_right"),
        ("L_Shank", "tibia_left"),
        ("RTHIGH", "femur_right"),
        ("sensor_7", None),
        ("thigh", None),
    ],
)
def test_names_say_segments(name, segment):
    assert segment_of(name, {}) == segment


@pytest.mark.parametrize(
    ("columns", "yes"),
    [
        ("time pelvis_qw pelvis_qx pelvis_qy pelvis_qz", True),
        ("t gx gy gz ax ay az", True),
        ("Time pelvis_gyr_x pelvis_gyr_y pelvis_gyr_z pelvis_acc_x pelvis_acc_y pelvis_acc_z", True),
        ("time LASI_x LASI_y LASI_z", False),
        ("time hip_flexion_l knee_angle_r", False),
        ("time thorax pelvis", False),
    ],
)
def test_headings_of_sensors_are_told_from_others(columns, yes):
    assert looks_like_imu(columns.split()) is yes
