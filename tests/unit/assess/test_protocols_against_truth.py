"""Every shipped protocol, done well and cheated in every way it watches, on exactly known movements.

Made from the protocols themselves: a rule that is added is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from coxa.app.agreement import defined
from coxa.assess.assessment import Standards, assess
from coxa.assess.norms import Person as Reference
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.model.assessment import Assessment, Repetition, Verdict
from coxa.model.motion import Motion, Observability
from coxa.simulate.acts import ACTS
from coxa.simulate.cheating import Cheat, Cheated, Trial, staged
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person
from coxa.specs.protocol import ProtocolSpec

LIBRARY = library()
PROTOCOLS = [one for one in LIBRARY.protocols.values() if one.kind in ("repetitions", "hold")]
#: What may be left over of an apparent motion done well: the line from hips to shoulders is no segment.
LEFT_OVER_DEG = 2.5
TOGETHER = ("back_flexes", "trunk_flexes", "pelvis_stays")


def sides(protocol: ProtocolSpec) -> tuple[str, ...]:
    return ("right", "left") if protocol.sides == "each" else ("",)


def cheats(protocol: ProtocolSpec) -> Iterator[Cheat | None]:
    yield None
    for rule in protocol.compensations:
        for way in (1.0, -1.0) if rule.direction == "either" else (1.0,):
            yield Cheat(rule.id, 2.0 * way * rule.limit_deg)


def as_told(truth: Motion) -> Motion:
    means = defined(truth, loader.observability())
    level = np.where(means, Observability.OBSERVED, Observability.NOT_OBSERVABLE)
    return replace(truth, observability=level.astype(np.uint8))


@cache
def performed(name: str) -> tuple[Cheated, Assessment]:
    """Every quantity on every side: done well once, and cheated once in every way."""
    protocol = LIBRARY.protocol(name)
    person = Person.of(loader.body_model(), loader.body_priors(), 1.72)
    trials = [
        Trial(side, quantity.id, cheat, hold_s=0.3, rest_s=0.6)
        for side in sides(protocol)
        for cheat in cheats(protocol)
        for quantity in protocol.quantities
    ]
    what = staged(ACTS[name], protocol, person, trials)
    motion = as_told(perform(what, person, times(what.duration_s, 40.0)).truth())
    standards = Standards(loader.assess_rules(), LIBRARY.norms)
    return what, assess(motion, protocol, standards, Reference())


def paired(name: str) -> list[tuple[Trial, Repetition]]:
    """What was done and what was found of it."""
    what, found = performed(name)
    pairs = []
    for result in found.results:
        mine = [
            one for one in what.done if (one.trial.side, one.trial.quantity) == (result.side, result.quantity)
        ]
        assert len(result.repetitions) == len(mine), (result.quantity, result.side)
        for one, repetition in zip(mine, result.repetitions, strict=True):
            assert one.start_s <= repetition.peak_s <= one.back_s
            pairs.append((one.trial, repetition))
    return pairs


each = pytest.mark.parametrize("name", [one.id for one in PROTOCOLS])


@each
def test_repetitions_are_counted_on_the_side_that_does_them(name: str) -> None:
    assert len(paired(name)) == len(performed(name)[0].done)


@each
def test_done_well_every_rule_is_clean_and_the_parts_add_up(name: str) -> None:
    for trial, repetition in paired(name):
        if trial.cheat is None:
            assert repetition.verdict is Verdict.CLEAN, (trial, repetition.reasons)
            assert not repetition.partial
            if repetition.ledger:
                assert abs(np.degrees(repetition.left_over)) <= LEFT_OVER_DEG


@each
def test_what_is_cheated_is_said_on_both_sides_and_nothing_else(name: str) -> None:
    for trial, repetition in paired(name):
        if trial.cheat is not None:
            fired = [one.rule for one in repetition.compensations if one.verdict is Verdict.COMPENSATED]
            assert trial.cheat.rule in fired, trial
            # A back that bends low is a trunk that bends: rules that share a joint may speak up together.
            assert len(fired) == 1 or trial.cheat.rule in ("back_flexes", "trunk_flexes", "pelvis_stays"), (
                trial,
                fired,
            )


def test_every_protocol_of_repetitions_can_be_performed() -> None:
    assert {one.id for one in PROTOCOLS} == set(ACTS)
