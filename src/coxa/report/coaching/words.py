"""A coached session in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from math import degrees as in_degrees

from coxa.app.session_review import Instant, Review, SideReview
from coxa.report.labels import FAMILIES, Family
from coxa.report.wording import degrees, error95, listed, number

#: Less of the frames than this, and what counts was as good as unseen.
_SELDOM = 0.5
_MANY = 12  # faults beyond these are counted, not listed


def lines(review: Review) -> list[str]:
    """What a person should know, most important first."""
    return [f"{review.spec.title} ({review.source})", *(f"  {line}" for line in _lines(review))]


def _lines(review: Review) -> Iterator[str]:
    yield from (_side(one, review) for one in review.sides if _is_known(one, review))
    yield from _silences(review)
    yield from _ended(review)
    yield from _instants(review)
    yield from _faults(review)


def _is_known(one: SideReview, review: Review) -> bool:
    """A side that never began, of an exercise that has two, is spoken of once, below."""
    return one.side in review.begun


def _side(one: SideReview, review: Review) -> str:
    who = f"{one.side.capitalize()}: " if one.side else ""
    if review.spec.kind != "repetitions":
        return f"{who}{one.held_s:.0f} s {'in good form' if review.spec.kind == 'hold' else 'passed'}"
    words = f"{who}{_counted(one.good + one.faulty)}"
    parts = [f"{count} {what}" for count, what in ((one.good, "good"), (one.faulty, "faulty")) if count]
    if one.faulty:
        words += f" ({', '.join(parts)})"
    if one.partial:
        words += f", {one.partial} more not far enough"
    if one.mean_deg is not None and one.error_sd_deg is not None:
        words += f"; range {degrees(one.mean_deg, one.error_sd_deg)} {error95(one.error_sd_deg)}"
        if one.sd_deg is not None:
            words += f" each, {number(one.sd_deg, 1)}° sd from one to the next"
    if one.drift is not None and one.drift.real:
        change = "more" if one.drift.deg > 0 else "less"
        words += f"; the last went {number(abs(one.drift.deg))}° {change} far than the first".replace(
            "more far", "further"
        )
    return words


def _counted(full: int) -> str:
    return f"{full or 'no'} repetition{'' if full == 1 else 's'}"


def _vaguely(review: Review, share: float) -> str:
    if review.summary.repetitions:
        return "Enough to count large movements, too little for their ranges, is told of"
    return "Coxa cannot see" if share == 0 else f"Coxa saw in only {100 * share:.0f} % of the frames"


def _silences(review: Review) -> Iterator[str]:
    """Why nothing, or not all, was coached."""
    spec = review.spec
    for name, share in review.counted_by.items():
        if share < _SELDOM:
            help_ = help_for(name)
            remedy = f" It would be seen with {help_}." if help_ else ""
            yield f"{_vaguely(review, share)} what repetitions are counted by ({title_of(name)}).{remedy}"
    idle = [one.side for one in review.sides if one.side not in review.begun]
    if len(idle) == len(review.sides):
        yield f"It never began: the start pose was not held still for {review.ready_s:g} s."
        yield from spec.setup
    elif idle and spec.sides == "each":
        rest = f"the dose of the {review.sides[0].side} side was not done" if review.done_s is None else ""
        only = " ".join(f"--side {side}" for side in idle)
        yield f"Not coached: {listed(idle)}, since {rest}; if it was done, coach it with {only}"
    if review.summary.blind:
        unseen = [rule.title for rule in spec.form if rule.id in review.summary.blind]
        yield f"Not watched, since this source cannot tell: {listed(unseen)}"


def _ended(review: Review) -> Iterator[str]:
    summary = review.summary
    if summary.stopped_s is not None:
        pain = f", pain {summary.pain} of 10" if summary.pain is not None else ""
        yield f"Stopped at {summary.stopped_s:.1f} s{pain}"
    elif review.done_s is not None:
        rest = review.end_s - review.done_s
        after = " What came after was not coached." if rest > 1 else ""
        yield f"The dose was done at {review.done_s:.1f} s.{after}"
    elif review.rest_until_s is not None:
        since = review.rest_until_s - review.spec.dose.rest_s
        yield f"From {since:.1f} s on it was a rest, in which nothing is coached."


def _instants(review: Review) -> Iterator[str]:
    for title, one in (("Best", review.best), ("Worst", review.worst)):
        if one is not None:
            yield f"{title} frame: {one.time_s:.2f} s{_where(one)}: {one.why}"


def _where(one: Instant) -> str:
    parts = [one.side] if one.side else []
    parts += [f"repetition {one.repetition}"] if one.repetition else []
    return f" ({', '.join(parts)})" if parts else ""


def _faults(review: Review) -> Iterator[str]:
    spells = sorted(review.summary.faults, key=lambda one: one.start_s)
    if not spells:
        return
    rules = {rule.id: rule for rule in review.spec.form}
    yield "Faults:"
    for one in spells[:_MANY]:
        side = f"{one.side}, " if one.side else ""
        what = f"{rules[one.rule].title} ({side}{_beyond(one.worst)})"
        yield f"  {one.start_s:.1f} to {one.end_s:.1f} s: {what}"
    if len(spells) > _MANY:
        yield f"  and {len(spells) - _MANY} more"


def _beyond(worst: float) -> str:
    return f"up to {number(in_degrees(worst))}°"


def _family(coordinate: str) -> Family | None:
    plain, _, side = coordinate.rpartition("_")
    return FAMILIES.get(plain) if side in ("left", "right") else FAMILIES.get(coordinate)


def help_for(coordinate: str) -> str:
    """What would make a coordinate observable; may be empty."""
    family = _family(coordinate)
    return "" if family is None else family.help


def title_of(coordinate: str) -> str:
    """A coordinate as people call it."""
    family = _family(coordinate)
    if family is None:
        return coordinate
    side = coordinate.rpartition("_")[2]
    return f"{family.short.lower()}, {side}" if family.paired else family.short.lower()
