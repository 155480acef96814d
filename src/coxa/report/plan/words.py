"""A screen and a programme as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coxa.model.plan import PlannedExercise, Programme, SessionKind
from coxa.model.screening import ScreenOutcome, ScreenStatus
from coxa.plan.workout import WorkoutReview

_SAYS = {
    ScreenStatus.CLEAR: "Nothing speaks against exercise.",
    ScreenStatus.CAUTION: "Exercise, with some of it left out.",
    ScreenStatus.INCOMPLETE: "No exercise before these questions are answered:",
    ScreenStatus.STOP: "No exercise now. See somebody first:",
}


def screen_lines(outcome: ScreenOutcome, questions: Mapping[str, str]) -> Iterator[str]:
    """What the screen says, and what is still to be answered."""
    yield _SAYS[outcome.status]
    for one in outcome.referrals:
        yield f"  {one.how_soon.upper()}: {one.whom}. {one.words}"
    for caution in outcome.cautions:
        yield f"  {caution.words} Ask {caution.whom}."
    if not outcome.referrals:
        for name in outcome.open_questions:
            yield f"  {name}: {questions[name]}"


def plan_lines(plan: Programme) -> Iterator[str]:
    """The programme, week by week; whom to see where there is none."""
    yield plan.title
    if not plan.weeks:
        yield from (f"  {note}" for note in plan.notes)
        return
    for decision in plan.decisions:
        yield f"  {decision.track.replace('_', ' ').replace('.', ', ')}: {decision.words}"
    for week in plan.weeks:
        yield ""
        yield f"Week {week.number}, from {week.begins:%a %d %b %Y}" + (
            ", a lighter one" if week.deload else ""
        )
        for session in week.sessions:
            kind = "the minimum" if session.kind is SessionKind.MINIMUM else "session"
            yield f"  {session.on:%a %d %b}  {kind}, {session.duration_s / 60:.0f} min"
            if session.kind is SessionKind.FULL:
                yield from (f"    {_dosed(one)}" for one in session.exercises)
            else:
                yield f"    {', '.join(one.title for one in session.exercises)}"
        if week.challenge is not None:
            yield f"  Challenge: {week.challenge.title}. {week.challenge.words}"
        yield from (f"  Not kept whole: {one.words}" for one in week.relaxations)
    yield ""
    yield "Why"
    yield from _whys(plan)
    for retest in plan.retests:
        yield f"Retest on {retest.on:%a %d %b %Y}: {', '.join(retest.protocols)}"
    yield from plan.notes


def _dosed(one: PlannedExercise) -> str:
    much = f"{one.repetitions}" if one.repetitions is not None else f"{one.hold_s:.0f} s"
    each = " each side" if len(one.sides) > 1 else (f" {one.sides[0]}" if one.sides else "")
    more = f", {one.extra_sets} more {one.emphasis}" if one.extra_sets else ""
    return f"{one.title}: {one.sets} x {much}{each}{more}"


def _whys(plan: Programme) -> Iterator[str]:
    """Each exercise once."""
    told: set[str] = set()
    for week in plan.weeks:
        for one in (each for session in week.sessions for each in session.exercises):
            if one.exercise not in told:
                told.add(one.exercise)
                yield f"  {one.title}: {one.why[0].words} ({one.why[0].source}; {one.why[0].trust})"


def workout_lines(seen: WorkoutReview, why: Mapping[str, str]) -> Iterator[str]:
    """A week of one's own, what it lacks, the block and the swaps.

    Args:
        seen: the week.
        why: each plane and motion is wanted.
    """
    counted = ", ".join(f"{plane} {count}" for plane, count in seen.planes)
    yield f"{len(seen.items)} items read; planes: {counted}"
    if seen.unknown:
        yield f"Not understood, so not counted: {', '.join(seen.unknown)}"
    for name in (*seen.missing_planes, *seen.missing_hip):
        yield f"Missing: {name.replace('_', ' ')} ({why[name]})"
    if seen.block:
        yield f"Add, {sum(one.duration_s for one in seen.block) / 60:.0f} min:"
    for one in seen.block:
        yield f"  {_dosed(one)}"
        yield from (f"    {reason.words} ({reason.source}, {reason.trust})" for reason in one.why)
    for swap in seen.swaps:
        yield f"Instead of \u201c{swap.instead_of}\u201d, if you like: {swap.title}, since {swap.why}."
    if not seen.allowed:
        yield "No block and no swaps before the screen allows exercise: coxa screen."
