from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.model.motion import Motion, Observability
from coxa.report import lettering
from coxa.report.labels import FAMILIES
from coxa.report.overlay import draw
from coxa.report.panel import NOBODY, NOTE, ROWS, SILENT, emptiest_corner, layout, reading
from tests.support.made_up import a_motion, a_recording

GREY = 128


def a_picture(width: int = 1280, height: int = 720) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 3), GREY, np.uint8)


def a_reading(value_deg: float, sd_deg: float, level: Observability) -> Motion:
    one = np.ones((1, 1))
    return Motion(
        np.zeros(1),
        ("a",),
        np.radians(value_deg) * one,
        np.radians(sd_deg) * one,
        (one * level).astype(np.uint8),
    )


@pytest.mark.parametrize(
    ("value", "sd", "level", "words"),
    [
        (34.4, 3.0, Observability.OBSERVED, "34° ±6°"),
        (-0.3, 0.1, Observability.OBSERVED, "0° ±1°"),
        (-12.0, 11.0, Observability.WEAK, "~ \u221212° ±22°"),
        (12.0, 11.0, Observability.NOT_OBSERVABLE, "not observable"),
        (np.nan, 11.0, Observability.OBSERVED, "not observable"),
    ],
)
def test_readings_in_words(value: float, sd: float, level: Observability, words: str) -> None:
    assert reading(a_reading(value, sd, level), 0, "a")[0] == words


def test_every_letter_used_is_in_the_typeface() -> None:
    unknown = lettering._ink("\ue000", 40)
    words = "".join(
        [*(FAMILIES[key].short for key in ROWS), SILENT, NOTE, NOBODY, "LeftRight0123456789.°±\u2212~"]
    )
    for letter in set(words) - {" ", "?"}:
        assert not np.array_equal(lettering._ink(letter, 40), unknown), letter


def test_the_skeleton_is_where_the_points_are_and_the_panel_in_its_corner() -> None:
    picture, recording, motion = a_picture(), a_recording(1), a_motion(1)
    points = recording.image_points[0]
    position = np.full_like(points.position_px, np.nan)
    position[0, points.names.index("left_hip")] = (900.0, 300.0)
    position[0, points.names.index("left_knee")] = (900.0, 600.0)
    draw(picture, replace(points, position_px=position), motion, 0, 1.0)
    changed = (picture != GREY).any(axis=2)
    form = layout((1280, 720), motion.coordinates)
    assert changed[: form.height, : form.width].mean() > 0.99
    rest = changed.copy()
    rest[: form.height, : form.width] = False
    rows, columns = np.nonzero(rest)
    assert 885 < columns.min() < columns.max() < 915
    assert 285 < rows.min() < rows.max() < 615


def test_points_seen_too_badly_are_not_drawn() -> None:
    recording, motion = a_recording(1), a_motion(1)
    points = replace(recording.image_points[0], visibility=np.zeros((1, 33)))
    nobody, unseen = a_picture(), a_picture()
    draw(nobody, points, motion, 0, 1.0, (1, 1))
    draw(unseen, replace(points, position_px=points.position_px * np.nan), motion, 0, 1.0, (1, 1))
    form = layout((1280, 720), motion.coordinates)
    np.testing.assert_array_equal(nobody[: -form.height], unseen[: -form.height])


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (640, 480), (640, 66), (320, 640), (64, 640)])
def test_any_size_can_be_drawn_upon(size: tuple[int, int]) -> None:
    for corner in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        picture = a_picture(*size)
        draw(picture, a_recording(1).image_points[0], a_motion(1), 0, 10.0, corner)
        assert (picture != GREY).any()


def test_the_panel_keeps_clear_of_the_person() -> None:
    names = a_motion(1).coordinates
    top_left = np.full((5, 33, 2), 50.0)
    assert emptiest_corner((1280, 720), names, top_left) != (-1, -1)
    assert emptiest_corner((1280, 720), names, np.full((5, 33, 2), 640.0)) == (-1, -1)


def test_wild_points_do_not_break_the_drawing() -> None:
    points = a_recording(1).image_points[0]
    wild = points.position_px * np.array([1e9, -1e12])
    draw(a_picture(), replace(points, position_px=wild), a_motion(1), 0, 1.0)
