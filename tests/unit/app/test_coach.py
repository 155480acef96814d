"""A coached session and what it comes to."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from coxa.app.coach import Session, frames_of, pictures_of
from coxa.app.session_review import Review, review
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.coach.engine import Coach
from coxa.model.camera import Camera
from coxa.model.channels import ImagePoints
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.report.coaching.document import session_document
from coxa.report.coaching.words import lines
from tests.support.sessions import shown


def session(name: str, **more: object) -> Session:
    told = {"sets": 1, "repetitions": 0, "hold_s": 0.0}
    return Session(Coach(exercise(name), loader.coach_rules(), **(told | more)))  # type: ignore[arg-type]


def reviewed(name: str, motion: Motion, **more: object) -> Review:
    made = session(name, **more)
    made.push(motion)
    return review(made, "film.mp4")


def without(motion: Motion, *names: str, told_at_best: Observability = Observability.WEAK) -> Motion:
    """The same where some coordinates were not observed."""
    level = motion.observability.copy()
    for name in names:
        level[:, ALL.index(name)] = told_at_best
    return replace(motion, observability=level)


def shrinking(name: str, share: float) -> Motion:
    """The last third of it goes less far."""
    motion = shown(name)
    value = motion.value.copy()
    late = motion.time_s > motion.time_s[-1] * 0.66
    value[late] = value[0] + share * (value[late] - value[0])
    return replace(motion, value=value)


def test_a_demonstration_is_good_and_its_best_frame_is_an_end_range() -> None:
    found = reviewed("squat", shown("squat"))
    (side,) = found.sides
    assert (side.side, side.good, side.partial, side.faulty) == ("", 3, 0, 0)
    assert side.mean_deg is not None and 75 < side.mean_deg < 105
    assert side.sd_deg is not None and side.sd_deg < 3
    assert side.drift is not None and not side.drift.real
    assert found.best is not None
    assert found.best.time_s in [one.peak_s for one in found.summary.repetitions]
    words = "\n".join(lines(found))
    assert "3 repetitions; range" in words and "Faults" not in words


def test_drift_beyond_its_error_is_told() -> None:
    found = reviewed("squat", shrinking("squat", 0.75))
    (side,) = found.sides
    assert side.drift is not None and side.drift.real
    assert -30 < side.drift.deg < -15
    assert "less far than the first" in "\n".join(lines(found))


def test_a_fault_is_timed_counted_and_its_worst_frame_found() -> None:
    motion = shown("squat", rule="leans_aside", beyond_deg=15.0)
    found = reviewed("squat", motion)
    document = session_document(found)
    assert {one["rule"] for one in document["faults"]} == {"leans_aside"}
    assert all(one["end_s"] > one["start_s"] and one["worst_deg"] > 10 for one in document["faults"])
    assert found.worst is not None
    lean = np.abs(motion["trunk_right_lean"] - motion["trunk_right_lean"][0])
    assert abs(lean[np.searchsorted(motion.time_s, found.worst.time_s)] - lean.max()) < np.radians(4)
    assert "the lean to a side" in found.worst.why
    assert "Faults:" in "\n".join(lines(found))


def test_a_fault_that_spoils_makes_faulty_repetitions() -> None:
    (side,) = reviewed("squat", shown("squat", rule="back_rounds")).sides
    assert (side.good, side.faulty) == (0, 3)


def test_what_counts_but_is_not_seen_is_said_with_how_to_see_it() -> None:
    nothing = Observability.NOT_OBSERVABLE
    found = reviewed("squat", without(shown("squat"), "knee_flexion_right", told_at_best=nothing))
    words = "\n".join(lines(found))
    assert found.counted_by == {"knee_flexion_right": 0.0}
    assert "Coxa cannot see what repetitions are counted by" in words and "It would be seen with" in words
    assert "no repetitions" in words


def test_what_is_seen_vaguely_counts_what_surely_happened_and_says_so() -> None:
    found = reviewed("squat", without(shown("squat"), "knee_flexion_right"))
    assert [side.good for side in found.sides] == [3]
    assert "too little for their ranges" in "\n".join(lines(found))


def test_how_somebody_stands_in_one_camera_is_told() -> None:
    filmed = Recording(np.arange(2.0))
    assert pictures_of(filmed) == [None, None]
    place = np.full((2, 1, 2), 5.0)
    camera = Camera.looking_at(np.array([3.0, 1.0, 0.0]), np.array([0.0, 1.0, 0.0]), 640, 480, 500.0)
    points = ImagePoints(("nose",), place, np.ones((2, 1)), np.zeros((2, 1)), camera, "blazepose_full")
    one = pictures_of(replace(filmed, image_points=(points,)))
    assert [(told.width_px, told.names) for told in one if told] == [(640, ("nose",))] * 2
    assert all(told and math.isnan(told.brightness) for told in one)
    assert pictures_of(replace(filmed, image_points=(points, points))) == [None, None]
    dim = replace(filmed, image_points=(points,), brightness=np.array([0.5, 0.05]))
    assert [told.brightness for told in pictures_of(dim) if told] == [0.5, 0.05]
    assert [told.brightness for told in pictures_of(dim.window(slice(1, 2))) if told] == [0.05]


def test_what_cannot_be_watched_is_named() -> None:
    camera = without(without(shown("squat"), "trunk_flexion"), "lumbar_flexion")
    assert session_document(reviewed("squat", camera))["not_seen"][0]["rule"] == "back_rounds"
    outlined = reviewed("squat", without(shown("squat"), "trunk_flexion"))
    assert not session_document(outlined)["not_seen"]
    assert outlined.observed["lumbar_flexion"] == 1.0
    assert "Not watched, since this source cannot tell: the rounding of the back" in "\n".join(
        lines(reviewed("squat", camera))
    )


def test_a_session_that_never_began_says_so() -> None:
    motion = shown("squat")
    found = reviewed("squat", replace(motion, value=motion.value + 0.9))
    assert found.begun == frozenset()
    words = "\n".join(lines(found))
    assert "It never began" in words and "a little wider than the hips" in words


def test_of_two_sides_the_one_not_done_is_named() -> None:
    words = "\n".join(lines(reviewed("clam", shown("clam", "left"), repetitions=10)))
    assert "Left: 3 repetitions" in words and "Not coached: right" in words and "--side right" in words
    words = "\n".join(lines(reviewed("clam", shown("clam", "left"), repetitions=3)))
    assert "Left: 3 repetitions" in words and "Not coached: right" in words  # who lies on the wrong side


def test_a_hold_tells_its_time() -> None:
    found = reviewed("bridge_hold", shown("bridge_hold"))
    assert found.sides[0].held_s > 5
    assert "s in good form" in "\n".join(lines(found))


@pytest.mark.parametrize("name", ["lateral_hip_release", "marching", "single_leg_stance", "brettzel_1"])
def test_every_kind_has_a_document_and_words(name: str) -> None:
    found = reviewed(name, shown(name))
    document = session_document(found)
    assert document["exercise"]["id"] == name
    assert lines(found)[0].startswith(found.spec.title)
    assert not any(isinstance(one, float) and math.isnan(one) for one in document.values())


def test_coordinates_that_a_motion_lacks_are_not_observable() -> None:
    motion = shown("squat")
    few = ("knee_flexion_right", "made_up")
    part = Motion(motion.time_s, few, motion.value[:, :2], motion.sd[:, :2], motion.observability[:, :2])
    frame = next(frames_of(part))
    assert frame.value[ALL.index("knee_flexion_right")] == motion.value[0, 0]
    assert np.isfinite(frame.value).sum() == 1 and frame.level.sum() == motion.observability[0, 0]


def test_a_recording_that_ends_in_a_rest_says_so() -> None:
    found = reviewed("squat", shown("squat"), sets=2, repetitions=2)
    assert "on it was a rest" in "\n".join(lines(found))
    assert "on it was a rest" not in "\n".join(lines(reviewed("squat", shown("squat"))))
