"""Screens and programmes of people of the record, and their own workouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from coxa import __version__
from coxa.adapters.silence import native_stdout_silenced
from coxa.adapters.sources.assessments import assessment_of
from coxa.adapters.sources.plan_file import PlanFile, read_plan_file
from coxa.adapters.sources.workout import read_workout
from coxa.adapters.store.records import SqlRecords
from coxa.app.clearance import clearance
from coxa.app.progress import current_programme
from coxa.app.record import Kind, Person
from coxa.app.record_documents import Screened
from coxa.app.training import Wishes, judged_screen, next_programme
from coxa.bootstrap.recording import keep
from coxa.catalog.planning import planning, workouts
from coxa.model.plan import Availability, Programme, Track
from coxa.model.screening import Screen, ScreenOutcome, ScreenStatus
from coxa.model.training import LogEntry
from coxa.plan.admitted import Admission
from coxa.plan.day import Light, judged
from coxa.plan.free_text import Prompt, prompted
from coxa.plan.triage import in_force, screened
from coxa.plan.workout import WorkoutReview, reviewed


def screen_person(records: SqlRecords, person: Person, told: Screen) -> ScreenOutcome:
    """What the answers allow; both are kept, also a screen that is still open.

    Args:
        records: where.
        person: whose; the birthday, where it is known, tells the age.
        told: the answers.

    Raises:
        CoxaError: it cannot be kept.
    """
    if told.age_y is None and person.born is not None:
        told = Screen(told.on, told.answers, person.age_y(told.on), told.notes)
    outcome = screened(planning().triage, told)
    keep(records, person, Kind.SCREEN, Screened(told, outcome), told.on, outcome.status.value)
    return outcome


def screen_person_file(
    records: SqlRecords, person: Person, path: Path, today: date
) -> tuple[ScreenOutcome, dict[str, str], tuple[Prompt, ...]]:
    """The answers of a file, kept; the outcome, the words of all questions, and which the notes bring up."""
    told, spec = read_plan_file(path, today).screen, planning().triage
    words = {one.id: one.words for one in spec.questions}
    return screen_person(records, person, told), words, prompted(spec, told.notes)


def still_closed(records: SqlRecords, person: Person, on: date) -> bool:
    """Whether the record allows no exercise on a day: besides the newest screen, symptoms since count."""
    return not clearance(records, person, planning().triage, on).allows_exercise


def plan_person(
    records: SqlRecords,
    person: Person,
    today: date,
    begins: date | None = None,
    path: Path | None = None,
    anew: bool = False,
) -> Programme:
    """The next programme of a person, kept where exercise is allowed; without weeks where it is not.

    Args:
        records: where.
        person: whose.
        today: the day it is made on.
        begins: its first day; None: today, or tomorrow where there was training today.
        path: YAML of wishes and goals; None: those of the last programme. A red flag among its answers is
            kept as a screen; only :func:`screen_person` keeps one that allows exercise.
        anew: from the assessments, not from where the log left.

    Raises:
        CoxaError: an entry or the file is not what it should be, or it cannot be kept.
    """
    told = None if path is None else read_plan_file(path, today)
    if told is not None:
        _keep_stop(records, person, told.screen)
    return plan_wished(records, person, _wishes(told, anew), today, begins)


def plan_wished(
    records: SqlRecords, person: Person, wishes: Wishes, today: date, begins: date | None = None
) -> Programme:
    """The same from wishes that were told otherwise than in a file.

    Raises:
        CoxaError: an entry or a wish is not what it should be, or it cannot be kept.
    """
    with native_stdout_silenced():  # the solver seldom, but sometimes, writes a line of its own
        plan = next_programme(
            records, person, planning(), assessment_of, wishes, today, begins, {"coxa": __version__}
        )
    if plan.weeks:
        keep(records, person, Kind.PROGRAMME, plan, plan.begins, plan.id, provenance=plan.provenance)
    return plan


def _wishes(told: PlanFile | None, anew: bool) -> Wishes:
    if told is None:
        return Wishes(anew=anew)
    return Wishes(told.availability, told.goals, told.programme, anew)


def _keep_stop(records: SqlRecords, person: Person, told: Screen) -> None:
    """A red flag comes into the record by any file; what was kept already is not kept twice."""
    outcome = screened(planning().triage, told)
    kept = records.entries(person.id, Kind.SCREEN)
    if outcome.status is not ScreenStatus.STOP or (kept and kept[-1].on > told.on):
        return
    if not kept or judged_screen(kept[-1], planning().triage) != outcome:
        screen_person(records, person, told)


def brought_up(*texts: str) -> tuple[Prompt, ...]:
    """Questions of the screen that free text brings up; it decides nothing."""
    return prompted(planning().triage, "\n".join(texts))


def pain_words(entry: LogEntry | None, pain: float | None = None) -> tuple[str, ...]:
    """What the rule of pain says of what was just logged; empty: nothing to be done about it.

    Args:
        entry: of an exercise; None: pain told apart from one.
        pain: 0..10, told apart from an exercise.
    """
    rules = planning().rules
    if entry is not None and entry.symptoms:
        felt = ", ".join(one.value for one in entry.symptoms).capitalize()
        return (f"{felt}: stop, and screen again before any exercise, not on the same day: coxa screen.",)
    if pain is not None and pain > rules.pain.hold_most:
        return (f"Pain {pain:g} of 10: if it is new or grows, screen again before exercise: coxa screen.",)
    told = None if entry is None else judged((entry,), rules)
    if told is None or not told.rule.startswith("pain."):
        return ()
    return (told.words if told.light is not Light.RED else f"{told.words} The next plan steps back.",)


def workout_file(path: Path, wishes: Path | None, today: date) -> WorkoutReview:
    """What a week of one's own training lacks; a block and swaps only where the answers allow exercise.

    Args:
        path: the week: text, CSV or YAML.
        wishes: as for a plan: screen, equipment; None: no screen, so nothing is added or swapped.
        today: the day of a screen that names none.
    """
    spec = planning().triage
    told = None if wishes is None else read_plan_file(wishes, today)
    outcome = None if told is None else screened(spec, told.screen)
    availability = Availability() if told is None else told.availability
    return _reviewed(path, availability, in_force(spec, outcome, today))


def workout_person(records: SqlRecords, person: Person, path: Path, today: date) -> WorkoutReview:
    """The same for a person of the record: equipment and tracks of their programme, their newest screen."""
    spec = planning().triage
    programme = current_programme(records, person, spec, today)
    screen = clearance(records, person, spec, today)
    if programme is None:
        return _reviewed(path, Availability(), screen)
    return _reviewed(path, programme.availability, screen, programme.tracks)


def _reviewed(
    path: Path, availability: Availability, screen: ScreenOutcome, tracks: Sequence[Track] = ()
) -> WorkoutReview:
    spec = workouts()
    return reviewed(read_workout(path, spec), spec, Admission(planning(), availability, screen), tracks)


def gap_words() -> Mapping[str, str]:
    """Why each plane and motion is wanted."""
    spec = workouts()
    return {name: one.why for name, one in (*spec.planes.items(), *spec.hip.items())}
