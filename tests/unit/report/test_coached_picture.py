"""The coached film: the count, the cue, and the part of the body it is about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.app.coach import Scene, Session, Tally
from coxa.catalog import loader
from coxa.catalog.exercises import exercise, exercises
from coxa.coach.engine import Coach
from coxa.model.channels import ImagePoints
from coxa.model.coaching import Cue, CueKind
from coxa.report.coaching.highlight import FAULT_ON_FILM, draw_highlight
from coxa.report.coaching.picture import CoachedPicture, wrapped
from coxa.report.lettering import Picture, width_of
from tests.support.made_up import a_recording

SIZE = (1280, 720)
AT = {
    **{"left_shoulder": (700, 200), "right_shoulder": (580, 200)},
    **{"left_hip": (680, 380), "right_hip": (600, 380), "left_knee": (690, 500), "right_knee": (590, 500)},
    **{"left_ankle": (690, 620), "right_ankle": (590, 620)},
}


def points() -> ImagePoints:
    """One person, upright, facing the camera."""
    known = a_recording(1).image_points[0]
    position, visibility = np.full((1, len(AT), 2), np.nan), np.ones((1, len(AT)))
    position[0] = list(AT.values())
    return replace(
        known, names=tuple(AT), position_px=position, visibility=visibility, depth_m=np.zeros((1, len(AT)))
    )


def grey() -> Picture:
    return np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)


def session(name: str = "squat", **more: object) -> Session:
    told = {"sets": 1, "repetitions": 8} | more
    return Session(Coach(exercise(name), loader.coach_rules(), **told))  # type: ignore[arg-type]


def scene(*cues: Cue, time_s: float = 1.0, status: str = "work", number: int = 3, **more: object) -> Scene:
    return Scene(time_s, status, (Tally("", number, 0.0),), 1, cues=cues, **more)  # type: ignore[arg-type]


def drawn(shown: Scene, artist: CoachedPicture | None = None) -> Picture:
    picture = grey()
    (artist or CoachedPicture(session(), SIZE)).draw(picture, points(), 0, 1.0, shown)
    return picture


FAULT = Cue(1.0, CueKind.FAULT, "Right knee over the toes.", "knee_in_right", "", "right knee")


def reddened(picture: Picture, place: tuple[int, int]) -> float:
    """How much redder than green a spot is."""
    x, y = place
    patch = picture[y - 22 : y + 22, x + 14 : x + 30].astype(float)
    return float((patch[..., 0] - patch[..., 1]).mean())


def test_the_count_changes_the_corner_and_nothing_else() -> None:
    changed = np.argwhere((drawn(scene(number=3)) != drawn(scene(number=4))).any(axis=2))
    assert len(changed)
    assert changed[:, 0].max() < 200 and changed[:, 1].max() < 320


def test_the_box_of_the_counter_keeps_its_size() -> None:
    def shaded(shown: Scene) -> int:
        picture = drawn(shown)
        return int((picture[5, :640].max(axis=-1) < 60).sum())

    widths = {shaded(scene(status=one)) for one in ("ready", "work", "done", "stopped")}
    assert len(widths) == 1 and widths.pop() > 100


def test_a_cue_stays_for_as_long_as_it_takes_to_read() -> None:
    artist = CoachedPicture(session(), SIZE)
    foot = slice(560, 710)
    shown = drawn(scene(FAULT), artist)[foot]
    assert (shown != drawn(scene())[foot]).any()
    assert (drawn(scene(time_s=2.5), artist)[foot] != drawn(scene())[foot]).any()
    np.testing.assert_array_equal(drawn(scene(time_s=9.0), artist)[foot], drawn(scene())[foot])


def test_counts_are_no_captions_and_silence_keeps_the_highlight() -> None:
    count = Cue(1.0, CueKind.COUNT, "3", number=3)
    np.testing.assert_array_equal(drawn(scene(count)), drawn(scene()))
    silent = drawn(scene(FAULT), CoachedPicture(session(), SIZE, silent=True))
    np.testing.assert_array_equal(silent[640:], drawn(scene())[640:])
    assert reddened(silent, AT["right_knee"]) > 20
    assert reddened(silent, AT["left_knee"]) < 5


@pytest.mark.parametrize(
    ("part", "side", "glowing", "dark"),
    [
        ("right knee", "", "right_knee", "left_knee"),
        ("front knee", "left", "left_knee", "right_knee"),
        ("knees", "", "left_knee", "left_ankle"),
        ("free leg", "left", "left_ankle", "right_ankle"),
        ("pelvis", "", "left_hip", "left_knee"),
    ],
)
def test_the_part_that_it_is_about_glows(part: str, side: str, glowing: str, dark: str) -> None:
    picture = grey()
    draw_highlight(picture, points(), 0, 1.0, part, side)
    assert reddened(picture, AT[glowing]) > 20
    assert abs(reddened(picture, AT[dark])) < 1


def test_every_highlight_of_the_catalogue_can_be_shown() -> None:
    for spec in exercises().values():
        told = session(spec.id, repetitions=None, sides=() if spec.sides == "none" else ("left",))
        for rule in spec.form:
            picture = grey()
            draw_highlight(
                picture, points(), 0, 1.0, *told.about(rule.id, "" if spec.sides == "none" else "left")
            )
            assert (picture != 120).any(), (spec.id, rule.highlight)


def test_what_is_not_seen_does_not_glow() -> None:
    picture, hidden = grey(), points()
    draw_highlight(picture, replace(hidden, visibility=0 * hidden.visibility), 0, 1.0, "trunk", "")
    np.testing.assert_array_equal(picture, grey())
    gone = replace(hidden, position_px=np.full_like(hidden.position_px, np.nan))
    CoachedPicture(session(), SIZE).draw(picture, gone, 0, 1.0, scene(FAULT))
    assert FAULT_ON_FILM in set(map(tuple, picture[560:710].reshape(-1, 3).tolist()))


def test_the_counter_stands_where_the_person_is_not() -> None:
    artist = CoachedPicture(session(), SIZE)
    artist.look(np.array([[[100.0, 100.0]]]))
    picture = drawn(scene(), artist)
    assert picture[5, 1270].max() < 60 and picture[5, 5].min() >= 110


def test_words_are_wrapped_and_none_is_lost() -> None:
    words = "Face the camera or stand a little aside, head to feet in the picture."
    lines = wrapped(words, 30, 400)
    assert " ".join(lines) == words
    assert all(width_of(one, 30) <= 400 for one in lines)
    assert wrapped("Incomprehensibilities", 40, 10) == ["Incomprehensibilities"]
    assert wrapped("", 40, 10) == [""]


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (720, 1280)])
def test_long_words_fit_into_any_picture(size: tuple[int, int]) -> None:
    long = Cue(1.0, CueKind.BLIND, "I cannot see: the rounding of the back. " + "Turn sideways, please. " * 6)
    picture = np.full((size[1], size[0], 3), 120, np.uint8)
    CoachedPicture(session(), size).draw(picture, points(), 0, 0.3, scene(long))
    assert (picture[:, 0] == 120).any() and (picture[-3:] == 120).all()


def test_seconds_of_a_hold_and_both_sides_of_turns() -> None:
    artist = CoachedPicture(session("bridge_hold", repetitions=None, hold_s=20.0), SIZE)
    held = Scene(1.0, "work", (Tally("", 0, 12.4),), 1)
    assert (drawn(held, artist) != drawn(replace(held, tallies=(Tally("", 0, 13.2),)), artist)).any()
    both = Scene(1.0, "work", (Tally("left", 2, 0.0), Tally("right", 3, 0.0)), 1)
    picture = drawn(both, CoachedPicture(session("marching"), SIZE))
    assert (picture[:200] != drawn(replace(both, tallies=both.tallies[:1]))[:200]).any()
