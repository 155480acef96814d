"""The mobility challenge of a week, from the person's own deficits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from coxa.model.plan import Challenge, Reason, Track, TrackStatus
from coxa.plan.admitted import Admission
from coxa.specs.programme import ChallengeSpec, ProgrammeSpec


def challenge_of(begins: date, tracks: Sequence[Track], admission: Admission) -> Challenge | None:
    """Each challenge of every track in turn, one a week, evenly; the same week gives the same challenge.

    None where no challenge is left for this person.
    """
    able: list[tuple[Track, ProgrammeSpec, ChallengeSpec]] = []
    active = sorted(
        (t for t in tracks if t.status is not TrackStatus.STOPPED), key=lambda t: (-t.weight, t.id)
    )
    for track in active:
        programme = admission.planning.programmes[track.programme]
        barred = programme.end_range if track.cautious else ()
        able += [
            (track, programme, one)
            for one in programme.challenges
            if admission.admits(one.exercise) and one.exercise not in barred
        ]
    if not able:
        return None
    monday = begins - timedelta(days=begins.weekday())
    track, programme, one = able[(monday.toordinal() // 7) % len(able)]
    found = track.deficits[0] if track.deficits else None
    why = (
        Reason("upkeep", programme.purpose, programme.source, programme.trust)
        if found is None
        else Reason(found.code, found.words, found.source or programme.source, found.trust or programme.trust)
    )
    days = min(one.days, max(len(admission.availability.weekdays), 1))
    return Challenge(monday, one.title, track.id, one.exercise, days, one.words, why)
