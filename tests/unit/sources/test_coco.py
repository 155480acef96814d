"""COCO keypoints: by track, by the categories' names, as flags or as scores."""

from __future__ import annotations

import json

import numpy as np
import pytest

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError
from tests.support import keypoint_files as files


@pytest.fixture(scope="module")
def rows():
    seen = files.picture(files.done(duration_s=0.5), "coco_17")
    return files.foreign(seen.image_points[0], "coco_17")


def saved(tmp_path, content):
    path = tmp_path / "film.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_everything_the_file_says_is_used(rows, tmp_path):
    path = saved(tmp_path, files.coco({7: rows, 9: rows + np.array([500.0, 0, 0])}))
    reader = open_recording(path, ReadOptions(person="9"))
    assert reader.header.people == ("7", "9")
    assert reader.header.rate_hz == files.RATE_HZ
    points = files.whole(reader).image_points[0]
    assert (points.camera.width_px, points.camera.height_px) == files.PICTURE
    hip = points.position_px[:, points.names.index("left_hip")]
    np.testing.assert_allclose(hip, rows[:, 11, :2] + np.array([500.0, 0]), atol=1e-9)
    assert points.detector == "coco_17"


def test_names_of_the_categories_count_not_their_order(rows, tmp_path):
    content = files.coco({1: rows[:, ::-1]})
    content["categories"][0]["keypoints"].reverse()
    points = files.whole(open_recording(saved(tmp_path, content), ReadOptions())).image_points[0]
    np.testing.assert_allclose(
        points.position_px[:, points.names.index("left_hip")], rows[:, 11, :2], atol=1e-9
    )


def test_flags_are_not_scores(rows, tmp_path):
    flagged = rows.copy()
    flagged[..., 2] = 2
    flagged[:, 11, 2] = 1
    flagged[:, 12, 2] = 0
    points = files.whole(
        open_recording(saved(tmp_path, files.coco({1: flagged})), ReadOptions())
    ).image_points[0]
    by_name = dict(zip(points.names, points.visibility[0], strict=True))
    assert by_name["left_knee"] == 1.0
    assert by_name["left_hip"] == 0.5
    assert by_name["right_hip"] == 0.0
    assert np.isnan(points.position_px[:, points.names.index("right_hip")]).all()


def test_halpe_by_its_names_brings_the_feet(tmp_path):
    seen = files.picture(files.done(duration_s=0.3), "halpe_26")
    rows = files.foreign(seen.image_points[0], "halpe_26")
    path = saved(tmp_path, files.coco({1: rows}, "halpe_26"))
    points = files.whole(open_recording(path, ReadOptions())).image_points[0]
    assert {"left_heel", "right_small_toe", "left_foot_index"} <= set(points.names)
    assert points.detector == "halpe_26"


def test_a_bare_list_of_results_needs_the_picture_and_the_rate(rows, tmp_path):
    results = files.coco({1: rows})["annotations"]
    path = saved(tmp_path, results)
    with pytest.raises(SourceError, match="--rate-hz"):
        open_recording(path, ReadOptions(picture_px=files.PICTURE))
    with pytest.raises(SourceError, match="--picture"):
        open_recording(path, ReadOptions(rate_hz=30))
    recording = files.whole(open_recording(path, ReadOptions(rate_hz=30, picture_px=files.PICTURE)))
    assert recording.n_frames == len(rows)


def test_a_frame_without_anybody_stays_open(rows, tmp_path):
    content = files.coco({1: rows})
    del content["annotations"][4]
    points = files.whole(open_recording(saved(tmp_path, content), ReadOptions())).image_points[0]
    assert np.isnan(points.position_px[4]).all() and np.isfinite(points.position_px[5]).any()
    assert len(points.position_px) == len(rows)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda c: c["categories"][0]["keypoints"].__setitem__(3, "nose"), "named twice"),
        (lambda c: c["annotations"][0].__setitem__("image_id", 5), "not listed"),
        (lambda c: c["annotations"][0]["keypoints"].pop(), "threes"),
        (lambda c: c["images"][1].__setitem__("id", 1000), "twice"),
        (lambda c: c["images"][1].__setitem__("width", 99), "sizes"),
        (lambda c: c["annotations"][0]["keypoints"].__setitem__(0, "x"), "where a number should be"),
    ],
)
def test_nonsense_is_refused_by_name(spoil, words, rows, tmp_path):
    content = files.coco({1: rows})
    spoil(content)
    with pytest.raises(SourceError, match=words):
        open_recording(saved(tmp_path, content), ReadOptions())
