"""Every exercise tests itself: its demonstration is counted without a fault, every fault of it fires alone.

Nothing here is written for an exercise: all of it comes from the catalogue's files.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest

from coxa.model.coaching import CueKind
from coxa.simulate.demonstrate import Pace
from tests.support.coached import SPECS, beyond_deg, coach_of, fired, run, seen, truth, watchable

#: Speed, stature [m], frame rate [Hz].
WAYS = ((0.6, 1.55, 30.0), (1.0, 1.7, 15.0), (1.6, 1.9, 8.0))
SIDED = [
    (name, side)
    for name, spec in SPECS.items()
    for side in (("right", "left") if spec.sides == "each" else ("right",))
]
RULES = [(name, rule.id) for name, spec in SPECS.items() for rule in spec.form]


def seed(*parts: object) -> np.random.Generator:
    return np.random.default_rng(crc32(repr(parts).encode()))


def counted_right(name: str, side: str, speed: float, stature_m: float, source: str, **film: float) -> None:
    spec = SPECS[name]
    frames = seen(*truth(name, side, speed, stature_m), source=source, **film).frames()  # type: ignore[arg-type]
    state, said = run(coach_of(spec, side), frames)
    assert fired(state) == set()
    assert not [cue for cue in said if cue.kind is CueKind.FAULT]
    if spec.signal is not None:
        visible = watchable(spec, spec.signal.coordinate, source)
        expected = Pace().repetitions * (2 if spec.sides == "alternate" else 1) if visible else 0
        assert [one.full for one in state.repetitions] == [True] * expected
        assert len([cue for cue in said if cue.kind is CueKind.COUNT]) == expected
    elif spec.kind == "hold":
        poses = spec.demonstration.poses
        lasted = (poses[-2].at_s - poses[-3].at_s) / speed
        assert lasted - 1.5 <= sum(one.held_s for one in state.works) <= lasted + 0.5 / speed


@pytest.mark.parametrize("source", ["all", "keypoints"])
@pytest.mark.parametrize(("name", "side"), SIDED)
def test_a_demonstration_is_counted_exactly_and_without_a_fault(name: str, side: str, source: str) -> None:
    for speed, stature_m, rate_hz in WAYS:
        rng = seed(name, side, speed, source)
        counted_right(name, side, speed, stature_m, source, rate_hz=rate_hz, rng=rng)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", SPECS)
def test_lost_frames_jitter_and_half_the_rate_change_no_count(name: str) -> None:
    for film in ({"rate_hz": 15.0, "dropped": 0.2, "jitter": 0.4}, {"rate_hz": 7.5}):
        counted_right(name, "right", 1.0, 1.7, "all", rng=seed(name, film), **film)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_every_fault_fires_and_no_other(name: str, rule: str) -> None:
    spec = SPECS[name]
    told = next(one for one in spec.form if one.id == rule)
    signal = told.coordinate if spec.signal is None else spec.signal.coordinate
    side = "left" if crc32(rule.encode()) % 2 and spec.sides == "each" else "right"
    for source, rate_hz, speed in (("all", 15.0, 1.0), ("keypoints", 30.0, 1.0)):
        if not (watchable(spec, told.coordinate, source) and watchable(spec, signal, source)):
            continue
        bad = truth(name, side, speed, 1.7, rule, beyond_deg(spec, rule, source))
        state, _ = run(coach_of(spec, side), seen(*bad, rate_hz, source, seed(name, rule, source)).frames())
        assert fired(state) == {rule}
        if spec.signal is not None and told.spoils:
            assert any(one.spoilt for one in state.repetitions)


@pytest.mark.parametrize(("name", "rule"), RULES)
def test_what_is_not_observed_is_never_a_fault_and_said_once(name: str, rule: str) -> None:
    spec = SPECS[name]
    told = next(one for one in spec.form if one.id == rule)
    if watchable(spec, told.coordinate, "keypoints"):
        return
    bad = truth(name, "right", 1.0, 1.7, rule, beyond_deg(spec, rule, "all"))
    state, said = run(coach_of(spec, "right"), seen(*bad, 15.0, "keypoints", seed(name, rule)).frames())
    assert rule not in fired(state)
    assert rule in state.blind
    assert len([cue for cue in said if cue.kind is CueKind.BLIND and told.title in cue.words]) <= 1
