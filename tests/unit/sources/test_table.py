"""Tables that a measurement wrote, and CSV files told apart by their columns."""

from __future__ import annotations

import json

import numpy as np
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from coxa.adapters.formats import open_recording, writer_of
from coxa.adapters.sinks.parquet import KeypointsParquetSink, MotionParquetSink
from coxa.adapters.sources import csv_kinds
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError
from tests.support import keypoint_files as files
from tests.support.made_up import a_motion, a_recording


def written(sink, recording, motion):
    for first in (0, 20):
        part = slice(first, first + 20)
        sink.write(recording.window(part), motion.window(part))
    sink.commit()


def test_a_motion_comes_back_as_angles_and_hides_what_was_hidden(tmp_path):
    motion = a_motion(40)
    written(MotionParquetSink(tmp_path / "motion.parquet"), a_recording(40), motion)
    reader = open_recording(tmp_path / "motion.parquet", ReadOptions())
    recording = files.whole(reader)
    angles = recording.angles[0]
    assert angles.names == motion.coordinates and angles.convention == "coxa"
    hidden = motion.observability == 0
    np.testing.assert_allclose(angles.value, np.where(hidden, np.nan, motion.value), rtol=1e-12)
    np.testing.assert_allclose(recording.time_s, motion.time_s)
    assert any("not observable" in note for note in reader.header.notes)


def test_keypoints_come_back_with_their_camera_and_detector(tmp_path):
    recording = a_recording(40)
    written(KeypointsParquetSink(tmp_path / "keypoints.parquet"), recording, a_motion(40))
    read = files.whole(open_recording(tmp_path / "keypoints.parquet", ReadOptions()))
    points, truth = read.image_points[0], recording.image_points[0]
    assert points.names == truth.names and points.detector == truth.detector
    assert points.camera.focal_px == truth.camera.focal_px
    np.testing.assert_allclose(points.position_px, truth.position_px, rtol=1e-6)
    np.testing.assert_allclose(points.visibility, truth.visibility, rtol=1e-6)


def test_older_keypoints_need_the_picture(tmp_path):
    path = tmp_path / "keypoints.parquet"
    written(KeypointsParquetSink(path), a_recording(40), a_motion(40))
    table = pq.read_table(path)
    metadata = {key: value for key, value in table.schema.metadata.items() if key != b"coxa_recording"}
    pq.write_table(table.replace_schema_metadata(metadata), path)
    with pytest.raises(SourceError, match="--picture"):
        open_recording(path, ReadOptions())
    points = files.whole(open_recording(path, ReadOptions(picture_px=(1280, 720)))).image_points[0]
    assert points.camera.width_px == 1280


def test_a_table_of_ours_is_tidy_and_says_its_units(tmp_path):
    path = tmp_path / "recording.csv"
    writer_of(path)(a_recording(3), path)
    first = path.read_text().splitlines()[0]
    assert json.loads(first.removeprefix("# coxa_recording: "))["source"] == "hinge.mp4"
    table = pyarrow.csv.read_csv(path, pyarrow.csv.ReadOptions(skip_rows=1)).to_pandas()
    assert list(table) == ["channel", "time_s", "point", "component", "unit", "value"]
    hip = table[(table["point"] == "left_hip") & (table["component"] == "x")]
    assert set(hip["unit"]) == {"px"} and len(hip) == 3


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda t: t.replace("left_hip", "hip of the left", 5), "point or component"),
        (lambda t: t.replace('"component","unit"', '"komponent","unit"'), "no column component"),
        (lambda t: t.replace('"version": 1', '"version": 9'), "version 9"),
        (lambda t: t.replace('"camera": {', '"kamera": {', 1), "camera is not described"),
        (lambda t: t + t.splitlines()[-1] + "\n", "twice"),
        (lambda t: t.replace("# coxa_recording: {", "# coxa_recording: [{", 1), "not JSON"),
        (lambda t: t.replace("image_points_0", "image_points_7"), "does not have"),
    ],
)
def test_an_edited_table_is_refused_by_what_is_wrong(edit, words, tmp_path):
    path = tmp_path / "recording.csv"
    writer_of(path)(a_recording(3), path)
    path.write_text(edit(path.read_text()))
    with pytest.raises(SourceError, match=words):
        open_recording(path, ReadOptions())


def test_a_parquet_file_of_others_is_named(tmp_path):
    path = tmp_path / "sales.parquet"
    pq.write_table(pyarrow.table({"day": [1], "sales": [2]}), path)
    with pytest.raises(SourceError, match=r"day, sales(.|\n)*motion.parquet"):
        open_recording(path, ReadOptions())


def test_a_table_of_worn_sensors_goes_to_their_reader(tmp_path, monkeypatch):
    path = tmp_path / "walk.csv"
    path.write_text("time_s,pelvis_qw,pelvis_qx,pelvis_qy,pelvis_qz\n0.0,1,0,0,0\n0.1,1,0,0,0\n")
    asked = []
    monkeypatch.setattr(csv_kinds, "open_imu_csv", lambda *given: asked.append(given))
    open_recording(path, ReadOptions(height_m=1.7))
    assert asked == [(path, ReadOptions(height_m=1.7))]
