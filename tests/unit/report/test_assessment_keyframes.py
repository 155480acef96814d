from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from coxa.adapters.keyframes import key_frames
from coxa.bootstrap.assessing import Measured, case_of
from coxa.catalog.protocols import library
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.recording import Recording
from coxa.report.assessment.case import Case
from coxa.report.assessment.page import page
from coxa.report.assessment.sheet import sheet
from tests.support.assessed import nothing_seen, seated_case, walking_case
from tests.support.fakes import FakeReader

NAMES = ("left_shoulder", "right_shoulder", "left_hip", "right_hip", "left_knee", "right_knee")
BODY = np.array([[60.0, 100], [20, 100], [50, 180], [30, 180], [55, 260], [25, 260]])


def seen(case: Case, speed_px_s: float = 0.0) -> Recording:
    """Somebody in a picture of 640 by 480, standing at 200 px or walking to the right."""
    assert case.motion is not None
    time_s = case.motion.time_s
    position = BODY + np.array([200.0, 0.0]) + speed_px_s * time_s[:, None, None] * np.array([1.0, 0.0])
    good = np.full(position.shape[:2], 0.9)
    points = ImagePoints(NAMES, position, good, np.zeros_like(good), Camera.level(640, 480, 1.0), "made up")
    return Recording(time_s, image_points=(points,))


def taken(case: Case, recording: Recording, film: FakeReader | None = None):
    assert case.motion is not None
    film = film or FakeReader(n_frames=4000, rate_hz=50.0)
    return key_frames(case.assessment, case.protocol, case.motion, recording, film)


def test_start_end_range_and_where_something_else_helped() -> None:
    case = seated_case()
    frames = taken(case, seen(case))
    assert [one.moment for one in frames if one.side == "left"] == ["start", "end range"]
    right = [one for one in frames if one.side == "right"]
    assert [one.moment for one in right] == ["start", "hiking the pelvis passes its limit", "end range"]
    compensated = [
        rep for one in case.assessment.results if one.side == "right" for rep in one.repetitions
        if any(held.exceeded_s is not None for held in rep.compensations)
    ]  # fmt: skip
    assert right[0].time_s in {rep.start_s for rep in compensated}
    assert right[0].time_s < right[1].time_s < right[2].time_s


def test_pictures_are_cut_to_the_person_and_drawn_upon() -> None:
    case = seated_case()
    frames = taken(case, seen(case))
    for one in frames:
        picture = cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture.shape[1::-1] == one.size_px
        assert picture.shape[0] == 400
        assert picture.shape[1] < 400  # the whole film is wider than high
        assert (picture > 128).any(axis=2).mean() > 0.01  # lines on black
    assert len({one.size_px for one in frames if one.side == "right"}) == 1


def test_somebody_walking_is_followed() -> None:
    case = walking_case()
    frames = taken(case, seen(case, speed_px_s=60.0))
    assert [one.moment for one in frames if one.side == "left"] == [
        "foot strike",
        "middle of the stance",
        "foot off",
    ]
    for one in frames:
        picture = cv2.imdecode(np.frombuffer(one.jpeg, np.uint8), cv2.IMREAD_COLOR)
        columns = np.flatnonzero((picture > 128).any(axis=(0, 2)))
        assert abs(columns.mean() - picture.shape[1] / 2) < 0.1 * picture.shape[1]


def test_nobody_in_the_picture_gives_no_picture() -> None:
    case = seated_case()
    recording = seen(case)
    gone = replace(recording.image_points[0], position_px=np.full((recording.n_frames, 6, 2), np.nan))
    assert taken(case, replace(recording, image_points=(gone,))) == ()


@pytest.mark.parametrize("film", [FakeReader(n_frames=0), FakeReader(n_frames=10, rate_hz=50.0)])
def test_a_film_that_ends_early_gives_no_picture(film: FakeReader) -> None:
    case = seated_case()
    assert taken(case, seen(case), film) == ()


def test_nothing_found_gives_no_picture() -> None:
    case = nothing_seen()
    assert taken(case, seen(case)) == ()


def test_a_recording_without_pictures_gives_none() -> None:
    case = seated_case()
    assert taken(case, Recording(seen(case).time_s)) == ()


def test_without_pictures_the_film_is_not_even_opened(tmp_path: Path) -> None:
    case = seated_case()
    assert case.motion is not None
    nowhere = Measured(tmp_path / "gone.mp4", case.motion, (), Recording(case.motion.time_s), True)
    shown = case_of(case.assessment, library(), nowhere, pictures=False)
    assert shown.key_frames == ()
    assert "data:image/jpeg" not in page(sheet([shown]))
