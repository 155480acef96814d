"""Guidance into the picture: a body before simulated cameras that stand wrong, one thing said at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.catalog import loader
from coxa.coach.engine import Coach
from coxa.coach.placement import troubles
from coxa.model.coaching import CoachFrame, Cue, CueKind, Picture
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from coxa.simulate.observe import HEIGHT_PX, WIDTH_PX, CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.simulate.script import KeyPose, Script
from tests.support.coached import SPECS

RULES = loader.coach_rules()
PLACE = RULES.placement
RATE_HZ = 15.0
FRONT, SIDE, OBLIQUE = SPECS["hip_airplane"], SPECS["hip_hinge_wall"], SPECS["squat"]


@cache
def standing(azimuth_deg: float, distance_m: float = 3.5, up_px: float = 0.0) -> Picture:
    """Somebody who stands before a camera; what falls out of its picture is not seen, as networks have it."""
    detector = loader.detectors()["blazepose_heavy"]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.75)
    done = perform(Script("standing", (KeyPose(0.0), KeyPose(1.0))), person, np.array([0.0, 0.1]))
    camera = camera_around(middle_of(done), azimuth_deg, distance_m=distance_m)
    film = observe(done, [CameraView(camera, detector, noise=0.3)], np.random.default_rng(0))
    (points,) = film.image_points
    place = points.position_px[0] - np.array([0.0, up_px])
    inside = (place >= 0).all(1) & (place < (WIDTH_PX, HEIGHT_PX)).all(1)
    visibility = np.where(inside, 0.95, 0.1)
    return Picture(0.0, points.names, place, visibility, WIDTH_PX, HEIGHT_PX)


def first(picture: Picture, spec=SIDE, working: bool = False) -> str:  # type: ignore[no-untyped-def]
    return next(troubles(picture, spec, PLACE, working=working), "")


@pytest.mark.parametrize(
    ("spec", "azimuth_deg", "said"),
    [
        (SIDE, 90, ""),
        (SIDE, 270, ""),
        (SIDE, 70, ""),
        (SIDE, 110, ""),
        (SIDE, 0, "turn_sideways"),
        (SIDE, 180, "turn_sideways"),
        (SIDE, 45, "turn_sideways"),
        (FRONT, 0, ""),
        (FRONT, 90, "turn_to_face"),
        (FRONT, 180, "turn_to_face"),
        (OBLIQUE, 45, ""),
        (OBLIQUE, 315, ""),
        (OBLIQUE, 90, "turn_towards"),
        (OBLIQUE, 180, "turn_towards"),
    ],
)
def test_who_is_turned_wrongly_is_told_how_to_turn(spec, azimuth_deg: float, said: str) -> None:  # type: ignore[no-untyped-def]
    assert first(standing(azimuth_deg), spec) == said


def test_too_near_too_far_and_what_is_cut_off() -> None:
    assert first(standing(90)) == ""
    assert first(standing(90, distance_m=1.0)) == "too_near"
    assert first(standing(90, distance_m=14.0)) == "too_far"
    assert first(standing(90, up_px=-350.0)) == "feet_out"
    assert first(standing(90, up_px=+350.0)) == "head_out"
    assert first(standing(90, up_px=-350.0), SPECS["bridge_hold"]) == "cut_off"  # lying down


def test_darkness_goes_before_everything_and_nobody_before_the_rest() -> None:
    wrong = replace(standing(0), brightness=0.05)
    assert list(troubles(wrong, SIDE, PLACE, working=False)) == ["dark", "turn_sideways"]
    nobody = replace(wrong, visibility=np.zeros(len(wrong.names)), brightness=0.5)
    assert list(troubles(nobody, SIDE, PLACE, working=False)) == ["nobody"]
    gone = replace(wrong, position_px=np.full_like(wrong.position_px, np.nan), brightness=0.5)
    assert list(troubles(gone, SIDE, PLACE, working=False)) == ["nobody"]


def test_how_one_is_turned_is_ones_own_matter_while_working() -> None:
    assert first(standing(0), working=True) == ""
    assert first(standing(0, up_px=-350.0), working=True) == "feet_out"


def told(pictures: list[Picture], spec=SIDE) -> list[Cue]:  # type: ignore[no-untyped-def]
    """What the coach says of pictures alone: no angle is known."""
    coach = Coach(spec, RULES)
    state, said = coach.begin(), list[Cue]()
    nothing = np.full(len(ALL), np.nan)
    level = np.full(len(ALL), Observability.NOT_OBSERVABLE, np.uint8)
    for k, picture in enumerate(pictures):
        time_s = k / RATE_HZ
        frame = CoachFrame(time_s, nothing, nothing, level, replace(picture, time_s=time_s))
        state, cues = coach.step(state, frame)
        said += cues
    return said


def seconds(picture: Picture, lasting_s: float) -> list[Picture]:
    return [picture] * round(lasting_s * RATE_HZ)


def test_one_instruction_at_a_time_until_it_is_put_right_and_then_a_word() -> None:
    pictures = [
        *seconds(replace(standing(0), brightness=0.05), 4.0),
        *seconds(standing(0), 4.0),
        *seconds(standing(90), 4.0),
    ]
    said = told(pictures)
    assert [cue.rule for cue in said] == ["dark", "turn_sideways", "well"]
    assert {cue.kind for cue in said} == {CueKind.SETUP}
    assert said[0].words == PLACE.words["dark"]


def test_what_stays_wrong_is_said_again_but_does_not_nag() -> None:
    said = told(seconds(standing(0), 30.0))
    gaps = np.diff([cue.time_s for cue in said])
    assert 3 <= len(said) <= 4
    assert (gaps >= RULES.cooldown_s).all()


def test_a_moment_is_not_worth_a_word() -> None:
    good, bad = standing(90), standing(0)
    assert told([*seconds(good, 2), *seconds(bad, 0.6), *seconds(good, 3)]) == []


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_law_any_picture_gives_known_words_or_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = standing(0).names
    place = rng.uniform(-500, 2500, (len(names), 2))
    place[rng.uniform(size=len(names)) < rng.uniform()] = np.nan
    seen, light = rng.uniform(size=len(names)), float(rng.uniform())
    picture = Picture(0.0, names, place, seen, WIDTH_PX, HEIGHT_PX, light)
    for spec in (FRONT, SIDE, OBLIQUE, SPECS["bridge_hold"], SPECS["clam"]):
        for working in (False, True):
            assert all(one in PLACE.words for one in troubles(picture, spec, PLACE, working=working))
