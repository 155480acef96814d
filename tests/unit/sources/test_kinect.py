"""Joints of a Kinect v2."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError
from tests.support import keypoint_files as files

JOINTS = loader.keypoint_formats()["kinect_v2"].points
TOLD = ReadOptions(rate_hz=30)


@pytest.fixture(scope="module")
def seen():
    return files.space(files.done(duration_s=0.5), "kinect_v2")


@pytest.fixture(scope="module")
def rows(seen):
    return files.kinect_rows(seen)


def same(recording, seen):
    points, truth = recording.space_points[0], seen.space_points[0]
    assert points.kind == "kinect_v2"
    for name in truth.names:
        there = truth.position_m[:, truth.names.index(name)]
        np.testing.assert_allclose(points.position_m[:, points.names.index(name)], there, atol=1e-6)


def bare(rows, path, *, state=True, comma=False, blank=False):
    flat = (rows if state else rows[..., :3]).reshape(len(rows), -1)
    lines = [",".join(f"{value:.9g}" for value in row) + ("," if comma else "") for row in flat]
    path.write_text("\n".join(([""] if blank else []) + lines) + "\n")
    return path


@pytest.mark.parametrize("form", [{}, {"state": False}, {"comma": True}, {"blank": True}])
def test_bare_numbers(form, rows, seen, tmp_path):
    same(files.whole(open_recording(bare(rows, tmp_path / "joints.csv", **form), TOLD)), seen)


@pytest.mark.parametrize("pattern", ["{joint}_{axis}", "{joint}.{AXIS}", "{joint}{AXIS}", "{joint} {axis}"])
def test_wide_tables_with_names(pattern, rows, seen, tmp_path):
    table = {"time_s": seen.time_s}
    for index, joint in enumerate(JOINTS):
        for axis in range(3):
            table[pattern.format(joint=joint, axis="xyz"[axis], AXIS="XYZ"[axis])] = rows[:, index, axis]
    path = tmp_path / "joints.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    recording = files.whole(open_recording(path, ReadOptions()))
    same(recording, seen)
    np.testing.assert_allclose(recording.time_s, seen.time_s - seen.time_s[0], atol=1e-9)


def test_long_tables(rows, seen, tmp_path):
    table = [
        {"Timestamp": t, "JointID": i, "Position.X": x, "Position.Y": y, "Position.Z": z, "State": s}
        for t, frame in zip(seen.time_s, rows, strict=True)
        for i, (x, y, z, s) in enumerate(frame)
    ]
    path = tmp_path / "joints.csv"
    pd.DataFrame(table).rename(columns={"Timestamp": "time"}).to_csv(path, index=False)
    same(files.whole(open_recording(path, ReadOptions())), seen)


def skeleton(rows):
    words = [str(len(rows))]
    for frame in rows:
        words += ["1", "7205 0 0 0 0 0 0 0.1 0.2 2", "25"]
        words += [f"{x} {y} {z} 1 2 3 4 0 0 0 1 {int(s)}" for x, y, z, s in frame]
    return "\n".join(words) + "\n"


@pytest.mark.parametrize("suffix", [".txt", ".skeleton"])
def test_skeleton_text(suffix, rows, seen, tmp_path):
    path = tmp_path / f"joints{suffix}"
    path.write_text(skeleton(rows))
    same(files.whole(open_recording(path, TOLD)), seen)
    path.write_text(skeleton(rows)[:-300])
    with pytest.raises(SourceError, match="cut off"):
        open_recording(path, TOLD)


def test_guesses_of_the_sensor_are_left_out_and_counted(rows, tmp_path):
    guessed = rows.copy()
    guessed[:, JOINTS.index("KneeLeft"), 3] = 1
    reader = open_recording(bare(guessed, tmp_path / "joints.csv"), TOLD)
    points = files.whole(reader).space_points[0]
    assert np.isnan(points.position_m[:, points.names.index("left_knee")]).all()
    assert any("guesses" in note for note in reader.header.notes)
    assert any("tilt" in note for note in reader.header.notes)


def test_the_spine_base_is_no_landmark(rows, tmp_path):
    reader = open_recording(bare(rows, tmp_path / "joints.csv"), TOLD)
    names = files.whole(reader).space_points[0].names
    assert not [name for name in names if "pelvis" in name or "spine" in name.lower()]
    row = loader.observability().kinds["depth_camera"]
    assert row["pelvis_anterior_tilt"].at_best == "not_observable"
    assert {ability.at_best for name, ability in row.items() if "lumbar" in name} == {"not_observable"}


@pytest.mark.parametrize(("factor", "unit"), [(100.0, "cm"), (1000.0, "mm")])
def test_other_units_are_told_by_the_thighs(factor, unit, rows, seen, tmp_path):
    scaled = rows.copy()
    scaled[..., :3] *= factor
    reader = open_recording(bare(scaled, tmp_path / "joints.csv"), TOLD)
    assert reader.header.units == unit and any(unit in note for note in reader.header.notes)
    same(files.whole(reader), seen)


def test_no_body_has_such_thighs(rows, tmp_path):
    scaled = rows.copy()
    scaled[..., :3] *= 30
    with pytest.raises(SourceError, match="no thigh"):
        open_recording(bare(scaled, tmp_path / "joints.csv"), TOLD)


def test_a_mirrored_file_is_remarked_upon(rows, tmp_path):
    mirrored = rows.copy()
    mirrored[..., 0] *= -1
    reader = open_recording(bare(mirrored, tmp_path / "joints.csv"), TOLD)
    assert any("mirrored" in note for note in reader.header.notes)
    sound = open_recording(bare(rows, tmp_path / "joints.csv"), TOLD)
    assert not any("mirrored" in note for note in sound.header.notes)


def test_the_rate_is_asked_for_and_other_numbers_refused(rows, tmp_path):
    with pytest.raises(SourceError, match="--rate-hz"):
        open_recording(bare(rows, tmp_path / "joints.csv"), ReadOptions())
    path = tmp_path / "other.csv"
    path.write_text("\n".join([",".join(["1.5"] * 66)] * 5))
    with pytest.raises(SourceError, match="66 columns"):
        open_recording(path, TOLD)


def test_times_in_milliseconds_are_not_taken_for_seconds(rows, seen, tmp_path):
    table = {"time_s": 1000 * seen.time_s}
    for index, joint in enumerate(JOINTS):
        for axis in range(3):
            table[f"{joint}_{'xyz'[axis]}"] = rows[:, index, axis]
    path = tmp_path / "joints.csv"
    pd.DataFrame(table).to_csv(path, index=False)
    with pytest.raises(SourceError, match="seconds"):
        open_recording(path, ReadOptions())
