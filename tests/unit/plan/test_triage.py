from __future__ import annotations

from datetime import date, timedelta

import pytest

from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen, ScreenStatus
from coxa.plan.free_text import flattened, prompted
from coxa.plan.triage import in_force, screened

DAY = date(2026, 11, 22)
SPEC = triage()
ALL_NO = {one.id: Answer.NO for one in SPEC.questions}


def outcome(age_y: float | None = 40, notes: str = "", **answers: Answer):  # type: ignore[no-untyped-def]
    return screened(SPEC, Screen(DAY, {**ALL_NO, **answers}, age_y, notes))


def test_all_no_is_clear() -> None:
    assert outcome().status is ScreenStatus.CLEAR


@pytest.mark.parametrize(
    ("question", "whom", "how_soon"),
    [
        ("saddle_numbness", "emergency", "now"),
        ("bladder_or_bowel", "emergency", "now"),
        ("leg_weakness", "doctor", "today"),
        ("major_trauma", "emergency", "today"),
        ("fever", "doctor", "today"),
        ("cannot_stand_on_it", "emergency", "now"),
        ("calf_swelling", "emergency", "now"),
    ],
)
@pytest.mark.parametrize("answer", [Answer.YES, Answer.NOT_SURE])
def test_a_red_flag_stops_and_says_whom_to_see(
    question: str, whom: str, how_soon: str, answer: Answer
) -> None:
    found = outcome(**{question: answer})
    assert found.status is ScreenStatus.STOP
    assert not found.allows_exercise
    assert whom in found.referrals[0].whom
    assert found.referrals[0].how_soon == how_soon
    assert found.referrals[0].source
    assert found.referrals[0].trust


def test_combinations_stop_where_one_sign_alone_does_not() -> None:
    assert outcome(night_pain=Answer.YES).allows_exercise
    assert outcome(cancer_history=Answer.YES).allows_exercise
    assert not outcome(cancer_history=Answer.YES, night_pain=Answer.YES).allows_exercise
    assert not outcome(weight_loss=Answer.YES, night_pain=Answer.YES).allows_exercise


def test_age_counts_and_an_unknown_age_is_taken_as_the_worse() -> None:
    assert outcome(age_y=40, minor_trauma=Answer.YES).allows_exercise
    assert not outcome(age_y=70, minor_trauma=Answer.YES).allows_exercise
    assert not outcome(age_y=None, minor_trauma=Answer.YES).allows_exercise
    assert not outcome(age_y=13, growing_hip=Answer.YES).allows_exercise


def test_a_caution_leaves_exercises_out_with_its_source() -> None:
    found = outcome(hip_replacement=Answer.YES)
    assert found.status is ScreenStatus.CAUTION
    assert "reverse_clam" in found.cautions[0].avoid
    assert found.cautions[0].source


def test_what_is_not_answered_leaves_the_screen_open() -> None:
    found = screened(SPEC, Screen(DAY, {"fever": Answer.NO}, 40.0))
    assert found.status is ScreenStatus.INCOMPLETE
    assert "saddle_numbness" in found.open_questions
    assert "growing_hip" not in found.open_questions  # of children
    stopped = screened(SPEC, Screen(DAY, {"fever": Answer.YES}, 40.0))
    assert stopped.status is ScreenStatus.STOP


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("I can't lift my left leg into the car", "leg_weakness"),
        ("I can\u2019t lift my left leg into the car", "leg_weakness"),
        ("ICH KANN DAS LINKE BEIN NICHT MEHR HEBEN", "leg_weakness"),
        ("j'arrive pas a lever la jambe", "leg_weakness"),
        ("No puedo levantar la pierna izquierda", "leg_weakness"),
        ("Drętwieje mi krocze", "getting_worse"),
        ("Не могу поднять левую ногу", "leg_weakness"),  # noqa: RUF001
        ("bacağımı arabaya kaldıramıyorum", "leg_weakness"),  # noqa: RUF001
        ("我抬不起腿", "leg_weakness"),
        ("J\u2019ai de la FIÈVRE", "fever"),
        ("fievre", "fever"),
        ("Fie\u0300vre depuis hier", "fever"),
        ("SCHÜTTELFROST", "fever"),
    ],
)
def test_free_text_brings_up_the_question(text: str, question: str) -> None:
    assert question in [one.question for one in prompted(SPEC, text)]


def test_plain_notes_bring_up_nothing() -> None:
    assert prompted(SPEC, "stiff hip after sitting, better when I walk") == ()


def test_free_text_decides_nothing() -> None:
    notes = "fever, cancer, cannot lift my leg, incontinent"
    assert outcome(notes=notes) == outcome()


def test_what_the_notes_bring_up_is_asked_first() -> None:
    found = screened(SPEC, Screen(DAY, {}, 40.0, "I have fever"))
    assert found.open_questions[0] == "fever"


def test_letters_are_compared_without_marks_and_apostrophes() -> None:
    assert flattened("L\u2019\u00c9T\u00c9, \u0141\u00f3d\u017a, Stra\u00dfe") == "lete, lodz, strasse"


def test_an_old_screen_or_none_allows_nothing() -> None:
    clear = outcome()
    assert in_force(SPEC, clear, DAY).allows_exercise
    assert not in_force(SPEC, clear, DAY + timedelta(days=SPEC.valid_days + 1)).allows_exercise
    assert not in_force(SPEC, clear, DAY - timedelta(days=1)).allows_exercise
    assert not in_force(SPEC, None, DAY).allows_exercise


def test_a_stop_does_not_grow_old() -> None:
    stopped = outcome(fever=Answer.YES)
    assert in_force(SPEC, stopped, DAY + timedelta(days=400)).status is ScreenStatus.STOP
