"""Progress as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from coxa.app.progress import Change, Measure, Progress
from coxa.model.normal import Z95

_LEVELS = "▁▂▃▄▅▆▇█"


def lines(of: Progress) -> Iterator[str]:
    """What a terminal shows."""
    yield f"{of.person.name}, as of {of.as_of}"
    if of.measures:
        yield ""
        yield "Measures (last value ± 95 %, change since the first, whether it is more than the error)"
    for one in of.measures:
        yield f"  {title(one)}: {value(one)}; {change(one.since_first)}  {spark(one)}"
    yield ""
    yield adherence(of)
    if of.pain:
        day, score = of.pain[-1]
        worst = max(of.pain, key=lambda told: told[1])
        yield f"Pain: {score:g} of 10 on {day}; the most {worst[1]:g} on {worst[0]}."
    for milestone in of.milestones:
        yield f"  {milestone.on}  {milestone.words}"
    yield ""
    yield from of.next


def title(one: Measure) -> str:
    """Protocol, quantity, side."""
    words = [one.quantity.replace("_", " "), one.side]
    return f"{' '.join(word for word in words if word)} ({one.protocol.replace('_', ' ')})"


def value(one: Measure) -> str:
    """The last one."""
    last = one.points[-1]
    return f"{last.value_deg:.0f}° ± {Z95 * last.sd_deg:.0f}° on {last.on}"


def change(told: Change | None) -> str:
    """What can be said of a change."""
    if told is None:
        return "measured once"
    words = f"{told.difference_deg:+.0f}° since {told.since}, "
    words += f"{told.probability:.0%} sure of its direction"
    if told.real:
        return f"{words}; a real change (more than {told.detectable_deg:.0f}°)"
    return f"{words}; no more than the error ({told.detectable_deg:.0f}°)"


def adherence(of: Progress) -> str:
    """Done of planned."""
    told = of.adherence
    days = "day" if told.extra == 1 else "days"
    extra = f", and {told.extra} more {days}" if told.extra else ""
    if told.share is None:
        return f"Nothing was planned yet{extra}."
    return f"Done {told.done} of {told.planned} planned sessions ({told.share:.0%}){extra}."


def spark(one: Measure) -> str:
    """The course in one word."""
    values = [point.value_deg for point in one.points]
    low, high = min(values), max(values)
    if len(values) < 2 or high == low:
        return ""
    return "".join(_LEVELS[round((at - low) / (high - low) * (len(_LEVELS) - 1))] for at in values)
