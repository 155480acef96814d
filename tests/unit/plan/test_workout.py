from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coxa.adapters.sources.workout import read_workout
from coxa.catalog.planning import workouts
from coxa.model.errors import SourceError
from coxa.model.plan import Availability, Track
from coxa.model.screening import Answer
from coxa.model.training import Stage
from coxa.plan.admitted import Admission
from coxa.plan.workout import WorkoutReview, reviewed
from coxa.plan.workout_text import read_items
from tests.support.plans import DAY, PLANNING, outcome

SPEC = workouts()


def review(text: str, equipment: tuple[str, ...] = ("bench", "dumbbell"), **answers: Answer) -> WorkoutReview:
    admission = Admission(PLANNING, Availability(equipment=equipment), outcome(**answers))
    return reviewed(read_items(text, SPEC), SPEC, admission)


def test_the_week_of_the_brief() -> None:
    squat, bench, run = read_items("squat 3x5, bench, run 30 min", SPEC)
    assert (squat.movement, squat.sets, squat.repetitions) == ("squat", 3, 5)
    assert bench.movement == "bench"
    assert (run.movement, run.minutes) == ("run", 30)


@pytest.mark.parametrize(
    ("text", "movement", "load_kg", "minutes", "weekday"),
    [
        ("Kniebeuge 3x5 82,5 kg", "squat", 82.5, None, None),
        ("Squats 3 \u00d7 5 @ 82.5kg", "squat", 82.5, None, None),
        ("DEADLIFT 100 lb", "deadlift", 45.36, None, None),
        ("Mon: run 1,5 h", "run", None, 90, 0),
        ("mercredi: souleve\u0301 de terre", "deadlift", None, None, 2),
        ("Dienstag Ausfallschritte 3x12", "lunge", None, None, 1),
        ("romanian deadlift 3x8", "deadlift", None, None, None),
        ("split squats 2x10", "lunge", None, None, None),
        ("Bankdru\u0308cken", "bench", None, None, None),
    ],
)
def test_items_are_read(
    text: str, movement: str, load_kg: float | None, minutes: float | None, weekday: int | None
) -> None:
    (item,) = read_items(text, SPEC)
    assert (item.movement, item.minutes, item.weekday) == (movement, minutes, weekday)
    assert item.load_kg == (None if load_kg is None else pytest.approx(load_kg, abs=0.01))


def test_unknown_words_are_kept_and_named() -> None:
    found = review("squat 3x5, zercher yoke carry 20m, \u98a8\u5442\u6587\u5316")
    assert found.unknown == ("zercher yoke carry 20m", "\u98a8\u5442\u6587\u5316")
    assert found.items[0].movement == "squat"


def test_it_shows_what_is_missing_fills_it_and_offers_swaps() -> None:
    found = review("squat 3x5, deadlift 3x5, bench 3x5")
    assert found.missing_planes == ("frontal", "transverse")
    assert {"internal_rotation", "external_rotation", "abduction"} <= set(found.missing_hip)
    assert 1 <= len(found.block) <= SPEC.most_in_block
    assert all(one.why and one.why[0].words for one in found.block)
    offered = {(one.instead_of, one.exercise) for one in found.swaps}
    assert {("squat 3x5", "split_squat"), ("squat 3x5", "step_up"), ("deadlift 3x5", "hip_thrust")} <= offered
    assert all(one.why for one in found.swaps)


def test_a_complete_week_lacks_nothing() -> None:
    assert review("football, squat, side lunges").block == ()


def test_nothing_understood_nothing_claimed() -> None:
    found = review("qwerty")
    assert (found.missing_planes, found.missing_hip, found.block) == ((), (), ())


def test_equipment_and_screen_hold_here_too() -> None:
    assert "hip_thrust" not in {one.exercise for one in review("deadlift", equipment=()).swaps}
    careful = review("squat", hip_replacement=Answer.YES)
    assert not {one.exercise for one in careful.block} & {"seated_ir_lift_off", "standing_hip_rotation"}
    stopped = review("squat", fever=Answer.YES)
    assert (stopped.block, stopped.swaps) == ((), ())


def test_the_persons_own_deficit_comes_first() -> None:
    track = Track("hip_external_rotation", "left", 1.0, Stage.RELEASE, 0, DAY)
    admission = Admission(PLANNING, Availability(), outcome())
    found = reviewed(read_items("squat", SPEC), SPEC, admission, (track,))
    assert found.block[0].exercise == "clam"


def test_text_csv_and_yaml_say_the_same(tmp_path: Path) -> None:
    texts = {
        "week.txt": "Mon: squat 3x5 82,5 kg\nWed: run 30 min",
        "week.csv": "day;exercise;sets;reps;kg;minutes\nMon;squat;3;5;82,5;\nWed;run;;;;30\n",
        "week.yaml": "Mon: squat 3x5 82,5 kg\nWed: [run 30 min]\n",
    }
    seen = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        items = read_workout(tmp_path / name, SPEC)
        seen.append([(i.movement, i.weekday, i.sets, i.repetitions, i.load_kg, i.minutes) for i in items])
    assert seen[0] == seen[1] == seen[2]
    assert seen[0] == [("squat", 0, 3, 5, 82.5, None), ("run", 2, None, None, None, 30.0)]


@pytest.mark.parametrize(("name", "content"), [("a.txt", b""), ("a.yaml", b"{"), ("a.txt", b"\xff\xfe\x00")])
def test_what_is_no_workout_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError):
        read_workout(tmp_path / name, SPEC)


@given(st.text(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_text_is_read_and_nothing_in_it_is_lost(text: str) -> None:
    items = read_items(text, SPEC)
    kept = "".join(one.text for one in items)
    assert all(letter in kept for letter in text if letter.isalpha())
