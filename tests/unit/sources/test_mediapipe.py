"""MediaPipe's landmarks as scripts dump them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError
from tests.support import keypoint_files as files

NAMES = loader.keypoint_formats()["mediapipe_33"].points


@pytest.fixture(scope="module")
def seen():
    return files.picture(files.done(duration_s=0.5), "blazepose_full")


def same_hip(points, seen):
    truth = seen.image_points[0]
    for name in ("left_hip", "right_heel"):
        there = truth.position_px[:, truth.names.index(name)]
        np.testing.assert_allclose(points.position_px[:, points.names.index(name)], there, atol=1e-6)


def read(path, **told):
    return files.whole(open_recording(path, ReadOptions(**told))).image_points[0]


def saved(tmp_path, content):
    path = tmp_path / "film.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_frames_with_size_rate_and_world_landmarks_need_nothing_told(seen, tmp_path):
    points = read(saved(tmp_path, files.mediapipe(seen)))
    same_hip(points, seen)
    truth = seen.image_points[0]
    depth = truth.depth_m[:, truth.names.index("left_hip")]
    np.testing.assert_allclose(points.depth_m[:, points.names.index("left_hip")], depth)
    assert points.detector == "blazepose_full"


def as_lists(content):
    return [[list(point.values()) for point in frame["landmarks"]] for frame in content["frames"]]


def as_tasks(content):
    return [
        {"pose_landmarks": [frame["landmarks"]], "pose_world_landmarks": [frame["world_landmarks"]]}
        for frame in content["frames"]
    ]


def as_solutions(content):
    return [{"pose_landmarks": {"landmark": frame["landmarks"]}} for frame in content["frames"]]


def as_names(content):
    return [
        {"landmarks": dict(zip([name.upper() for name in NAMES], frame["landmarks"], strict=True))}
        for frame in content["frames"]
    ]


def as_numbers(content):
    return {str(frame["frame"]): frame["landmarks"] for frame in content["frames"]}


@pytest.mark.parametrize("shape", [as_lists, as_tasks, as_solutions, as_names, as_numbers])
def test_the_usual_shapes_of_dumps(shape, seen, tmp_path):
    path = saved(tmp_path, shape(files.mediapipe(seen)))
    same_hip(read(path, rate_hz=30, picture_px=files.PICTURE), seen)
    with pytest.raises(SourceError, match=r"--rate-hz|--picture"):
        read(path)


def test_a_frame_without_landmarks_stays_open(seen, tmp_path):
    content = files.mediapipe(seen)
    content["frames"][3]["landmarks"] = None
    points = read(saved(tmp_path, content))
    assert np.isnan(points.position_px[3]).all() and np.isfinite(points.position_px[4]).any()


def test_the_model_can_be_told_and_else_is_said_to_be_assumed(seen, tmp_path):
    path = saved(tmp_path, files.mediapipe(seen))
    assert read(path, detector="blazepose_heavy").detector == "blazepose_heavy"
    assert any("--detector" in note for note in open_recording(path, ReadOptions()).header.notes)
    with pytest.raises(SourceError, match="no detector 'kinekt'"):
        read(path, detector="kinekt")


def wide(content, pattern, start=0):
    rows = []
    for frame in content["frames"]:
        row = {}
        for index, (name, point) in enumerate(zip(NAMES, frame["landmarks"], strict=True)):
            for key, value in point.items():
                short = "v" if key == "visibility" else key
                row[
                    pattern.format(name=name, NAME=name.upper(), index=index + start, key=key, short=short)
                ] = value
        rows.append(row)
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("pattern", "start"),
    [
        ("{name}_{key}", 0),
        ("{NAME}.{key}", 0),
        ("{short}{index}", 1),
        ("{short}{index}", 0),
        ("landmark_{index}_{key}", 0),
        ("{key}_{index}", 0),
    ],
)
def test_wide_tables(pattern, start, seen, tmp_path):
    path = tmp_path / "film.csv"
    wide(files.mediapipe(seen), pattern, start).to_csv(path, index=False)
    same_hip(read(path, rate_hz=30, picture_px=files.PICTURE), seen)


@pytest.mark.parametrize("named", [True, False])
def test_long_tables(named, seen, tmp_path):
    rows = [
        {
            "frame": frame["frame"],
            "time_s": frame["timestamp_ms"] / 1000,
            "landmark": NAMES[i] if named else i,
            **point,
        }
        for frame in files.mediapipe(seen)["frames"]
        for i, point in enumerate(frame["landmarks"])
    ]
    path = tmp_path / "film.csv"
    pd.DataFrame(rows).sample(frac=1, random_state=1).to_csv(path, index=False)
    same_hip(read(path, picture_px=files.PICTURE), seen)
    pd.DataFrame([*rows, rows[5]]).to_csv(path, index=False)
    with pytest.raises(SourceError, match="twice"):
        read(path, picture_px=files.PICTURE)


def test_a_table_of_something_else_says_what_is_expected(tmp_path):
    path = tmp_path / "film.csv"
    path.write_text("day,sales\n1,2\n")
    with pytest.raises(SourceError, match=r"columns day, sales(.|\n)*MediaPipe landmarks"):
        read(path)


def test_without_places_in_space_less_is_claimed(seen, tmp_path):
    points = read(saved(tmp_path, files.mediapipe(seen, world=False)), detector="blazepose_heavy")
    assert points.detector == "blazepose_without_depth" and np.isnan(points.depth_m).all()
    assert loader.detectors()[points.detector].kind == "picture_network"
