"""A new assessment as retests of the tracks it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import degrees

from coxa.model.assessment import Assessment
from coxa.model.plan import Track
from coxa.model.training import RetestResult
from coxa.plan.needs import candidates, observed
from coxa.specs.programme import Planning


def retests_of(
    on: date, assessment: Assessment, tracks: Sequence[Track], planning: Planning
) -> Iterator[RetestResult]:
    """What it says of each track; nothing of those it does not measure.

    Control is shown where what speaks against it is as improbable as a finding must be probable; between
    the two it could not be told.
    """
    possible = planning.rules.findings.possible
    for track in tracks:
        answers = planning.programmes[track.programme].ranges
        names = [one.quantity for one in answers if assessment.protocol in one.protocols]
        found = next((one for one in (observed(assessment, name, track.side) for name in names) if one), None)
        against = [
            one.probability
            for one in candidates(assessment, planning)
            if (one.track, one.side) == (track.programme, track.side) and one.value_deg is None
        ]
        worst = max(against, default=0.5)
        control = False if worst >= possible else (True if worst <= 1.0 - possible else None)
        if found is None and control is None:
            continue
        figure = None if found is None else found.result
        yield RetestResult(
            on=on,
            track=track.id,
            value_deg=None if figure is None else degrees(figure.value),
            sd_deg=None if figure is None else degrees(figure.sd),
            control=control,
        )
