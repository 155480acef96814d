"""Hip tests on rendered people who cheat: what a source tells is told, what it cannot is not claimed."""

from __future__ import annotations

import pytest

from coxa.adapters.rendering.clips import Clip
from coxa.model.assessment import Verdict
from tests.support.rendered_assess import TESTS, Outcome, Source, clips_of, outcome
from tests.support.rendering import assets_or_skip

pytestmark = pytest.mark.slow


def seen_as(source: Source, protocol: str, movement: str, body: str) -> Outcome:
    assets_or_skip()
    test = next(test for test in TESTS if test.protocol == protocol)
    clip: Clip = next(c for c in clips_of(test) if (c.movement, c.body) == (movement, body))
    return outcome(test, clip, source)


def verdicts(one: Outcome, rule: str) -> list[Verdict]:
    assert one.assessment is not None
    repetitions = [r for result in one.assessment.results for r in result.repetitions if not r.cut]
    return [c.verdict for r in repetitions for c in r.compensations if c.rule == rule]


def test_a_bent_back_is_told_by_its_outline_and_never_by_keypoints() -> None:
    bent, straight = (
        {source: seen_as(source, "hip_hinge", name, "emil") for source in (Source.KEYPOINTS, Source.CAMERA)}
        for name in ("hinge_lumbar_40", "hinge_lumbar_0")
    )
    for both in (bent, straight):
        assert verdicts(both[Source.KEYPOINTS], "back_flexes") == [Verdict.NOT_OBSERVABLE]
        assert all(one.judged.claims == 0 and one.judged.counted == one.judged.of for one in both.values())
    assert verdicts(bent[Source.CAMERA], "back_flexes") == [Verdict.COMPENSATED]
    assert verdicts(straight[Source.CAMERA], "back_flexes") != [Verdict.COMPENSATED]


def test_a_pelvis_that_follows_the_chest_is_told_by_a_phone_on_it_and_never_by_keypoints() -> None:
    protocol = "trunk_rotation_standing"
    alone = seen_as(Source.KEYPOINTS, protocol, "rotation_standing_following", "emil")
    assert set(verdicts(alone, "pelvis_turns")) == {Verdict.NOT_OBSERVABLE}
    with_phone = seen_as(Source.SACRUM, protocol, "rotation_standing_following", "emil")
    assert set(verdicts(with_phone, "pelvis_turns")) == {Verdict.COMPENSATED}
    assert alone.judged.claims == with_phone.judged.claims == 0
