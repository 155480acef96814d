"""Says one helpful thing at a time: by priority, spaced, with praise when it has been put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from coxa.model.coaching import Cue, CueKind
from coxa.specs.coach import CoachRules

#: Said whenever they are due: they are short, and waited for.
AT_ONCE = frozenset(
    {CueKind.COUNT, CueKind.HOLD, CueKind.GO, CueKind.SWITCH, CueKind.REST, CueKind.DONE, CueKind.STOP}
)

#: Said again while they last, but not at once.
REPEATED = frozenset({CueKind.FAULT, CueKind.SETUP})


@dataclass(frozen=True, slots=True)
class Speaker:
    """State: when what was said last.

    Attributes:
        last_s: when anything but a count was said.
        praised_s: when praise was said.
        spoken_s: rule and side -> when its fault, or what is wrong with the set-up, was spoken of.
    """

    last_s: float = float("-inf")
    praised_s: float = float("-inf")
    spoken_s: dict[tuple[str, str], float] = field(default_factory=dict)


def speak(
    state: Speaker, wanted: Sequence[tuple[int, Cue]], rules: CoachRules
) -> tuple[Speaker, tuple[Cue, ...]]:
    """What is said of what could be: ``wanted`` are cues with their priority, 1 first."""
    if not wanted:
        return state, ()
    said = [cue for _, cue in wanted if cue.kind in AT_ONCE]
    for _, cue in sorted((one for one in wanted if one[1].kind not in AT_ONCE), key=lambda one: one[0]):
        if _may_be_said(state, cue, rules):
            said.append(cue)
            state = _said(state, cue)
            break
    return state, tuple(said)


def _may_be_said(state: Speaker, cue: Cue, rules: CoachRules) -> bool:
    if cue.time_s - state.last_s < rules.gap_s:
        return False
    if cue.kind is CueKind.PRAISE:
        return cue.time_s - state.praised_s >= rules.praise_gap_s
    if cue.kind in REPEATED:
        spoken = state.spoken_s.get((cue.rule, cue.side), float("-inf"))
        return cue.time_s - spoken >= rules.cooldown_s
    return True


def _said(state: Speaker, cue: Cue) -> Speaker:
    spoken = state.spoken_s
    if cue.kind in REPEATED:
        spoken = {**spoken, (cue.rule, cue.side): cue.time_s}
    praised = cue.time_s if cue.kind is CueKind.PRAISE else state.praised_s
    return replace(state, last_s=cue.time_s, praised_s=praised, spoken_s=spoken)
