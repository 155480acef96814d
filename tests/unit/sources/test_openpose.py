"""OpenPose folders: sets told apart, people kept apart, what is not told refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.one_camera import CameraTold
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError
from tests.support import keypoint_files as files

TOLD = ReadOptions(rate_hz=files.RATE_HZ, picture_px=files.PICTURE, camera=CameraTold(files.FOV_DEG))


@pytest.fixture(scope="module")
def seen():
    return files.picture(files.done(duration_s=0.5), "openpose")


@pytest.mark.parametrize("layout", ["body_25", "body_25b", "openpose_coco_18", "coco_17", "halpe_26"])
def test_every_set_comes_back_by_its_landmarks(layout, seen, tmp_path):
    points = seen.image_points[0]
    folder = files.write_openpose(tmp_path / "film", [files.foreign(points, layout)])
    reader = open_recording(folder, TOLD)
    recording = files.whole(reader)
    read = recording.image_points[0]
    assert reader.header.format == loader.keypoint_formats()[layout].title
    assert set(read.names) == set(loader.keypoint_formats()[layout].landmarks.values())
    for name in read.names:
        there = points.position_px[:, points.names.index(name)]
        np.testing.assert_allclose(read.position_px[:, read.names.index(name)], there, atol=1e-9)
    np.testing.assert_allclose(recording.time_s, np.arange(seen.n_frames) / files.RATE_HZ)
    assert read.camera.focal_px == pytest.approx(points.camera.focal_px)
    assert np.isnan(read.depth_m).all()


def two_people(points, tmp_path, *, swap=(), lost=()):
    """One walks to the right of the other; some frames list them the other way round, some lack one."""
    left = files.foreign(points, "body_25")
    right = left + np.array([400.0, 0.0, 0.0])
    folder = files.write_openpose(tmp_path / "film", [left, right])
    for path in sorted(folder.iterdir()):
        frame = int(path.name.split("_")[1])
        content = json.loads(path.read_text())
        if frame in swap:
            content["people"].reverse()
        if frame in lost:
            del content["people"][1]
        path.write_text(json.dumps(content))
    return folder, left, right


def test_people_are_counted_from_the_left_and_keep_their_identity(seen, tmp_path):
    folder, left, right = two_people(seen.image_points[0], tmp_path, swap=(0, 3, 4, 9), lost=(6, 7))
    for person, rows in (("1", left), ("2", right)):
        reader = open_recording(folder, ReadOptions(**{**_fields(TOLD), "person": person}))
        assert reader.header.people == ("1", "2")
        points = files.whole(reader).image_points[0]
        hip = points.position_px[:, points.names.index("left_hip")]
        expected = rows[:, loader.keypoint_formats()["body_25"].points.index("LHip"), :2]
        missing = [6, 7] if person == "2" else []
        assert np.isnan(hip[missing]).all()
        kept = [t for t in range(len(hip)) if t not in missing]
        np.testing.assert_allclose(hip[kept], expected[kept], atol=1e-9)


def test_without_a_choice_the_one_who_fills_the_film_is_read_and_said(seen, tmp_path):
    folder, _, _ = two_people(seen.image_points[0], tmp_path, lost=(6, 7))
    reader = open_recording(folder, TOLD)
    assert any("2 people; 1, who fills" in note for note in reader.header.notes)


def test_who_is_not_there_is_refused_with_the_names(seen, tmp_path):
    folder, _, _ = two_people(seen.image_points[0], tmp_path)
    with pytest.raises(SourceError, match="--person one of: 1, 2"):
        open_recording(folder, ReadOptions(**{**_fields(TOLD), "person": "5"}))


def test_zero_confidence_is_missing_and_frames_left_out_stay_open(seen, tmp_path):
    rows = files.foreign(seen.image_points[0], "body_25")
    rows[2, 10] = 0.0  # right knee
    rows[3, 10, 2] = 0.0
    folder = files.write_openpose(tmp_path / "film", [rows], first=40)
    (folder / "film_000000000045_keypoints.json").unlink()
    reader = open_recording(folder, TOLD)
    recording = files.whole(reader)
    points = recording.image_points[0]
    knee = points.position_px[:, points.names.index("right_knee")]
    assert np.isnan(knee[[2, 3, 5]]).all() and np.isfinite(knee[[1, 4, 6]]).all()
    assert np.isnan(points.position_px[5]).all() and recording.n_frames == len(rows)
    assert any("1 of 15 frames are missing in the numbering" in note for note in reader.header.notes)


@pytest.mark.parametrize(("left_out", "option"), [("rate_hz", "--rate-hz"), ("picture_px", "--picture WxH")])
def test_what_is_not_told_is_asked_for_by_its_option(left_out, option, seen, tmp_path):
    folder = files.write_openpose(tmp_path / "film", [files.foreign(seen.image_points[0], "body_25")])
    with pytest.raises(SourceError, match=option):
        open_recording(folder, ReadOptions(**{**_fields(TOLD), left_out: None}))


def test_the_assumed_field_of_view_is_said(seen, tmp_path):
    folder = files.write_openpose(tmp_path / "film", [files.foreign(seen.image_points[0], "body_25")])
    reader = open_recording(folder, ReadOptions(**{**_fields(TOLD), "camera": CameraTold()}))
    assert any("--camera-fov-deg" in note for note in reader.header.notes)


def test_shares_of_the_picture_are_scaled_and_a_wrong_picture_is_refused(seen, tmp_path):
    rows = files.foreign(seen.image_points[0], "body_25")
    shares = rows / np.array([*files.PICTURE, 1.0])
    reader = open_recording(files.write_openpose(tmp_path / "shares", [shares]), TOLD)
    assert any("shares of the picture" in note for note in reader.header.notes)
    points = files.whole(reader).image_points[0]
    hip = loader.keypoint_formats()["body_25"].points.index("LHip")
    np.testing.assert_allclose(points.position_px[:, points.names.index("left_hip")], rows[:, hip, :2])
    folder = files.write_openpose(tmp_path / "small", [rows])
    with pytest.raises(SourceError, match="outside a picture of 320 x 240"):
        open_recording(folder, ReadOptions(**{**_fields(TOLD), "picture_px": (320, 240)}))


def test_two_films_in_one_folder_are_refused(seen, tmp_path):
    rows = files.foreign(seen.image_points[0], "body_25")
    files.write_openpose(tmp_path / "film", [rows])
    files.write_openpose(tmp_path / "film", [rows], stem="other")
    with pytest.raises(SourceError, match="more than one film"):
        open_recording(tmp_path / "film", TOLD)


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path):
    with pytest.raises(SourceError, match="no JSON files"):
        open_recording(tmp_path, TOLD)


def _fields(options: ReadOptions) -> dict:
    return {name: getattr(options, name) for name in options.__slots__}
