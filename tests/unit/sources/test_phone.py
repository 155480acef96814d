"""Phones on the body: every kind of file tells the same angles; what is not told is asked for."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.kinematics.rotations import rotation_about, rotation_from_vector
from coxa.model.errors import SourceError
from coxa.model.motion import Observability
from tests.support.malformed import damaged, edited, outcomes, written
from tests.support.phones import (
    Wear,
    angles_csv,
    device_angles,
    measured,
    quaternion_csv,
    raw_phone_csv,
    seated,
    sensor_json,
    shown,
    wear_file,
)

ONE = "apparent_hip_internal_rotation_right"
GOOD = Wear(askew_deg=8.0, slip_deg=0.1, tilt_bias_deg=0.0, noise_deg=0.05)


@pytest.fixture(scope="module")
def done():
    return seated(1)


@pytest.fixture(scope="module")
def shank(done):
    return shown(done, "tibia_right", GOOD, np.random.default_rng(0))


def texts(done, shank):
    time_s = done.time_s
    alpha, beta, gamma = device_angles(shank)
    events = [
        {"t": round(1000 * t), "alpha": a, "beta": b, "gamma": c, "absolute": False}
        for t, a, b, c in zip(
            time_s, *(np.degrees(one).tolist() for one in (alpha % (2 * np.pi), beta, gamma)), strict=True
        )
    ]
    logged = [
        {"sensor": "Orientation", "time": str(int(1.7e18 + 1e9 * t)), "seconds_elapsed": str(t)}
        | dict(zip(("qw", "qx", "qy", "qz"), map(str, q), strict=True))
        for t, q in zip(time_s.tolist(), _quaternion(shank), strict=True)
    ]
    return {
        "angles_ms.csv": angles_csv(time_s, shank),
        "angles_s.csv": angles_csv(time_s, shank, "s"),
        "angles_ns.csv": angles_csv(time_s, shank, "ns"),
        "bare_time.csv": angles_csv(time_s, shank).replace("time_ms", "timestamp"),
        "semicolons.csv": angles_csv(time_s, shank).replace(",", ";").replace(".", ","),
        "logger.csv": quaternion_csv(time_s, shank),
        "raw.csv": raw_phone_csv(time_s, shank),
        "sensor.json": sensor_json(time_s, shank),
        "events.json": json.dumps(events),
        "logger.json": json.dumps(logged),
    }


def _quaternion(rotation):
    from coxa.kinematics.rotations import quaternion_from_rotation

    return quaternion_from_rotation(rotation).tolist()


def truth_of(done, name, motion):
    true = np.interp(motion.time_s + done.time_s[0], done.time_s, done.truth()[name])
    return np.degrees(true - true[:60].mean())


def value_of(motion, name):
    value = np.degrees(motion[name])
    return value - value[:60].mean()


@pytest.mark.parametrize(
    "name",
    ["angles_ms.csv", "angles_s.csv", "angles_ns.csv", "bare_time.csv", "semicolons.csv", "logger.csv",
     "raw.csv", "sensor.json", "events.json", "logger.json"],
)  # fmt: skip
def test_every_kind_of_file_tells_the_same_angle(done, shank, tmp_path, name):
    path = tmp_path / name
    path.write_text(texts(done, shank)[name], encoding="utf-8")
    motion = measured(path, wear_file(tmp_path, ["tibia_right"]))
    apart = value_of(motion, ONE) - truth_of(done, ONE, motion)
    assert np.sqrt(np.mean(apart**2)) < 2.0
    assert np.ptp(motion[ONE]) > np.radians(35)  # it moved, and the sign is right
    level = motion.observability[:, motion.index(ONE)]
    assert (level == Observability.OBSERVED).all()


def test_device_angles_are_those_of_the_w3c(tmp_path):
    """Upright, its screen to the north: beta 90, all else 0."""
    upright = rotation_about(0, np.pi / 2)[None]
    alpha, beta, gamma = (np.degrees(one[0]) for one in device_angles(upright))
    assert (alpha, beta, gamma) == pytest.approx((0, 90, 0), abs=1e-9)
    for vector in np.random.default_rng(0).normal(size=(20, 3)):
        turned = rotation_from_vector(vector)[None]
        a, b, c = device_angles(turned)
        assert np.allclose(rotation_about(2, a) @ rotation_about(0, b) @ rotation_about(1, c), turned)


def test_heading_drift_does_not_touch_angles_against_gravity(done, tmp_path):
    mapping = wear_file(tmp_path, ["tibia_right"])
    found = []
    for drift in (0.0, 60.0):
        path = tmp_path / f"drift_{drift:.0f}.csv"
        worn = Wear(5.0, 0.0, 3.0, 0.0, 0.0, drift)
        path.write_text(angles_csv(done.time_s, shown(done, "tibia_right", worn, np.random.default_rng(4))))
        found.append(np.degrees(measured(path, mapping)[ONE]))
    assert np.abs(found[0] - found[1]).max() < 1.0


def test_the_pelvis_part_is_taken_off_by_a_second_phone(done, tmp_path):
    folder = tmp_path / "phones"
    folder.mkdir()
    rng = np.random.default_rng(2)
    for segment in ("tibia_right", "pelvis"):
        (folder / f"{segment}.csv").write_text(quaternion_csv(done.time_s, shown(done, segment, GOOD, rng)))
    mapping = wear_file(tmp_path, ["tibia_right", "pelvis"])
    motion = measured(folder, mapping)
    for name in ("hip_internal_rotation_right", "pelvis_right_up_obliquity", ONE):
        apart = value_of(motion, name) - truth_of(done, name, motion)
        assert np.mean(np.abs(apart)) < 2.0, name
    alone = measured(folder / "tibia_right.csv", mapping)
    assert not alone.observability[:, alone.index("hip_internal_rotation_right")].any()
    assert "pelvis" in alone.reasons["hip_internal_rotation_right"]


def test_folders_of_a_logging_app_are_phones(done, shank, tmp_path):
    """One folder for each phone; its other tables are left aside."""
    for name in ("tibia_right", "pelvis"):
        logged = tmp_path / "both" / name
        logged.mkdir(parents=True)
        (logged / "Orientation.csv").write_text(quaternion_csv(done.time_s, shank))
        (logged / "Metadata.csv").write_text("version,device name\n3,somebody's\n")
    mapping = tmp_path / "worn.yaml"
    mapping.write_text("posture: sitting\nphones: {tibia_right: {segment: tibia_right, screen: forward}}")
    motion = measured(tmp_path / "both" / "tibia_right", mapping)
    assert (motion.observability[:, motion.index(ONE)] == Observability.OBSERVED).all()
    mapping.write_text(
        "posture: sitting\nphones:\n  tibia_right: {segment: tibia_right, screen: forward}\n"
        "  pelvis: {segment: pelvis, screen: forward}\n"
    )
    both = measured(tmp_path / "both", mapping)
    assert both.observability[:, both.index("hip_internal_rotation_right")].any()


def test_the_constant_part_of_the_error_is_told_apart(done, shank, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(angles_csv(done.time_s, shank))
    motion = measured(path, wear_file(tmp_path, ["tibia_right"]))
    assert 2.0 < np.degrees(motion.constant_sd(ONE)) < np.degrees(motion.sd[:, motion.index(ONE)].min())


def test_standing_a_shank_says_nothing_of_rotation(done, shank, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(angles_csv(done.time_s, shank))
    motion = measured(path, wear_file(tmp_path, ["tibia_right"], "standing"))
    assert not motion.observability.any()
    assert "level" in motion.reasons[ONE]


REFUSED = {
    "nobody says where": ("", "on which segment"),
    "no posture": ("phones: {a: {segment: tibia_right, screen: forward}}", "what pose"),
    "no facing": ("posture: sitting\nphones: {a: {segment: tibia_right}}", "faces"),
    "no such segment": ("posture: sitting\nphones: {a: {segment: nose, screen: forward}}", "nose"),
    "no such word": ("posture: sitting\nphones: {a: {segment: tibia_right, screen: sideways}}", "screen"),
    "wrong": ("posture: sitting\nphones: {a: {segment: tibia_right, screen: up, top: left}}", "deg from"),
    "no YAML": ("phones: [", "phones"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_is_not_told_is_asked_for(done, shank, tmp_path, case):
    text, word = REFUSED[case]
    path, mapping = tmp_path / "a.csv", tmp_path / "worn.yaml"
    path.write_text(angles_csv(done.time_s, shank))
    mapping.write_text(text)
    with pytest.raises(SourceError) as refused:
        open_recording(path, ReadOptions(mapping=mapping if text else None))
    assert word in refused.value.fault
    assert refused.value.remedy


def test_pitch_and_gravity_need_to_be_told_whose_they_are(done, tmp_path):
    alpha, beta, gamma = device_angles(shown(done, "tibia_right", GOOD, np.random.default_rng(0)))
    rows = [
        f"{t:.4f},{b:.6f},{c:.6f},{a:.6f}" for t, a, b, c in zip(done.time_s, alpha, beta, gamma, strict=True)
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["seconds_elapsed,pitch,roll,yaw", *rows]))
    mapping = wear_file(tmp_path, ["tibia_right"])
    with pytest.raises(SourceError, match="Android"):
        open_recording(path, ReadOptions(mapping=mapping))
    mapping.write_text(mapping.read_text().replace("top: up", "top: up, angles: ios"))
    motion = measured(path, mapping)
    assert np.mean(np.abs(value_of(motion, ONE) - truth_of(done, ONE, motion))) < 2.0


def _rows(change):
    def edit(text):
        head, *rows = text.splitlines(keepends=True)
        return head + "".join(change(rows))

    return edit


EDITS = {
    "no_rows": _rows(lambda rows: []),
    "one_row": _rows(lambda rows: rows[:1]),
    "all_nan": _rows(lambda rows: [re.sub(r",-?\d+\.\d+", ",nan", row) for row in rows]),
    "infinite": _rows(lambda rows: [re.sub(r",-?\d+\.\d+", ",inf", row, count=1) for row in rows]),
    "time_back": _rows(lambda rows: rows[50:] + rows[:50]),
    "words": _rows(lambda rows: [*rows[:20], rows[20].replace(".", "x"), *rows[21:]]),
    "short_row": _rows(lambda rows: [*rows[:20], rows[20][:12] + "\n", *rows[21:]]),
    "huge": _rows(lambda rows: [re.sub(r",(-?\d)", r",1e300\1", row) for row in rows]),
    "constant": _rows(lambda rows: [row.split(",")[0] + "," + rows[0].split(",", 1)[1] for row in rows]),
    "no_header": lambda text: text.split("\n", 1)[1],
    "other_header": lambda text: re.sub("^[^\n]*", "a,b,c,d,e,f", text),
    "one_time": _rows(lambda rows: [rows[0].split(",")[0] + "," + row.split(",", 1)[1] for row in rows]),
}
JSON_EDITS = {
    "no_readings": lambda text: '{"readings": []}',
    "nulls": lambda text: re.sub(r"\[[^\[\]{}]{20,}?\]", "null", text),
    "three": lambda text: re.sub(r", -?\d\.\d+\]", "]", text),
    "words": lambda text: text.replace("0.", '"x', 1),
    "nested": lambda text: text.replace('"quaternion": [', '"quaternion": [['),
    "strings": lambda text: re.sub(r"(-?0\.\d+)", r'"\1"', text),
    "no_times": lambda text: text.replace("timestamp", "when"),
    "scaled": lambda text: re.sub(r"(-?0\.\d+)", r"3\1", text).replace("3-0", "-30"),
    "huge_time": lambda text: text.replace('"timestamp": ', '"timestamp": 1e300'),
    "list_of_numbers": lambda text: "[1, 2, 3]",
    "object": lambda text: '{"alpha": 1, "beta": 2, "gamma": 3}',
}


@pytest.mark.parametrize("kind", ["angles_ms.csv", "logger.csv", "raw.csv", "sensor.json", "events.json"])
def test_damaged_files_are_refused_or_read_sanely(done, shank, tmp_path, kind):
    sound = texts(done, shank)[kind].encode()
    suffix = "." + kind.rpartition(".")[2]
    edits = JSON_EDITS if suffix == ".json" else EDITS
    folder = tmp_path / "damaged"
    folder.mkdir()
    paths = written(folder, suffix, damaged(sound, seed=3))
    paths += written(folder, suffix, edited(sound, edits))
    assert len(paths) >= 20
    found = outcomes(paths, options={"mapping": str(wear_file(tmp_path, ["tibia_right"]))})
    bad = [one for one in found if not one.good]
    assert not bad, bad
    assert sum(one.kind == "refused" for one in found) >= 8
