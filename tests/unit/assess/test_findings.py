"""What is said first, in which words; which side did it; what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.assess.echoes import without_echoes
from coxa.assess.findings import findings
from coxa.assess.silences import sides_of, silences
from coxa.catalog.loader import assess_rules
from coxa.model.assessment import (
    UNKNOWN,
    Comparison,
    Compensation,
    Estimate,
    LedgerEntry,
    NormComparison,
    Repetition,
    SideResult,
    Verdict,
)
from coxa.model.motion import Observability
from tests.support.performed import motion_of, seated_rotation

RULES = assess_rules()
QUANTITY = "internal_rotation"


def deg(value: float, sd: float = 1.0) -> Estimate:
    return Estimate(float(np.radians(value)), float(np.radians(sd)))


def held(rule: str, verdict: Verdict, size_deg: float = 8.0, onset: float | None = 0.4) -> Compensation:
    level = Observability.WEAK if verdict is Verdict.NOT_OBSERVABLE else Observability.OBSERVED
    return Compensation(rule, "c", deg(size_deg), 0.1, 0.99, onset, onset, None, level, verdict)


def repetition(number: int, verdict: Verdict, *rules: Compensation, **more: object) -> Repetition:
    nan = float("nan")
    one = Repetition(
        number, "right", 0.0, 1.0, 2.0, deg(0), deg(30), deg(0), deg(30), nan, nan, nan,
        compensations=rules, verdict=verdict,
    )  # fmt: skip
    return replace(one, **more)  # type: ignore[arg-type]


def side(*found: Repetition, name: str = "right", **more: object) -> SideResult:
    one = SideResult(name, QUANTITY, "c", found, deg(31), 0.1, Observability.OBSERVED)
    return replace(one, **more)  # type: ignore[arg-type]


CHEATED = held("hike", Verdict.COMPENSATED)
SPOILT = held("lean", Verdict.COMPENSATED, 12.0, None)
CLEAN = repetition(1, Verdict.CLEAN, held("hike", Verdict.CLEAN))


def test_a_rule_is_told_once_in_how_many_repetitions_how_far_and_when_it_began() -> None:
    result = side(
        repetition(1, Verdict.COMPENSATED, CHEATED, held("lean", Verdict.CLEAN)),
        repetition(2, Verdict.COMPENSATED, held("hike", Verdict.COMPENSATED, 10.0, 0.6)),
        repetition(3, Verdict.COMPENSATED, held("hike", Verdict.COMPENSATED, 9.0, None)),
        CLEAN,
        repetition(5, Verdict.COMPENSATED, SPOILT, partial=True),
    )
    found = findings(
        seated_rotation(
            compensations=[
                {**one.model_dump(), "cue": cue}
                for one, cue in zip(seated_rotation().compensations, ("Sit heavy.", ""), strict=True)
            ]
        ),
        [result],
        [],
    )
    spoilt, cheated = found
    assert (cheated.code, cheated.side, cheated.trust) == ("compensated.hike", "right", "DESIGN")
    assert cheated.words == (
        "Right side: the pelvis hiked by 9\u00b0 in 3 of 4 repetitions, beginning at 50\u202f% of the motion "
        "(the test allows 5\u00b0). Sit heavy."
    )
    assert spoilt.words == (
        "Right side: the trunk leaned by 12\u00b0 in 1 of 4 repetitions (the test allows 5\u00b0)."
    )
    assert spoilt.weight > cheated.weight


def test_a_clean_side_is_said_so_and_what_was_not_watched_with_it() -> None:
    (finding,) = findings(seated_rotation(), [side(CLEAN)], [])
    assert finding.code == f"clean.{QUANTITY}"
    assert finding.words == "Right side: 31\u00b0 in 1 repetition, nothing else moved beyond its limit."
    unseen = held("lean", Verdict.NOT_OBSERVABLE)
    two = side(*[repetition(k, Verdict.CLEAN, unseen, held("hike", Verdict.CLEAN)) for k in (1, 2)], name="")
    (finding,) = findings(seated_rotation(), [two], [])
    assert finding.words == (
        "31\u00b0 in 2 repetitions, nothing that could be watched moved beyond its limit; not watched: Lean."
    )


def test_one_repetition_that_is_not_clean_and_the_side_is_not() -> None:
    uncertain = repetition(2, Verdict.UNCERTAIN, held("hike", Verdict.UNCERTAIN))
    assert findings(seated_rotation(), [side(CLEAN, uncertain)], []) == ()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((), "Left side: no repetition was found."),
        ((replace(CLEAN, partial=True),), "Left side: no repetition was found, only partial ones."),
        ((replace(CLEAN, cut=True),), "Left side: no repetition was found, only partial ones."),
    ],
)
def test_nothing_found(found: tuple[Repetition, ...], words: str) -> None:
    (finding,) = findings(seated_rotation(), [side(*found, name="left")], [])
    assert (finding.code, finding.words, finding.side) == (f"none.{QUANTITY}", words, "left")


def norm(band: str) -> NormComparison:
    return NormComparison("n", 0.5, 0.1, deg(3), band, f"it is {band}", "a paper", "S", True)


BANDS = {"low": True, "high": True, "usual": False, "uncertain": False}


@pytest.mark.parametrize(("band", "told"), BANDS.items())
def test_only_what_is_unusual_is_a_finding(band: str, told: bool) -> None:
    found = findings(seated_rotation(), [side(CLEAN, norm=norm(band))], [])
    norms = [one for one in found if one.code.startswith("norm.")]
    assert bool(norms) == told
    for one in norms:
        assert (one.code, one.words) == (f"norm.{QUANTITY}.{band}", f"Right side: it is {band}.")
        assert (one.evidence, one.trust, one.side) == ("a paper", "S", "right")
        assert found[0] is one


def test_the_gravest_comes_first_and_a_screen_says_that_it_is_one() -> None:
    protocol = seated_rotation(normed=False)
    differ = Comparison(QUANTITY, "left-right", deg(12), 0.1, 0.99, True, "they differ")
    results = [
        side(CLEAN, norm=norm("low")),
        side(repetition(1, Verdict.COMPENSATED, CHEATED), name="left"),
        side(name="left"),
    ]
    found = findings(protocol, results, [differ, replace(differ, real=False, words="no")])
    assert [one.code for one in found] == [
        "compensated.hike",
        f"left-right.{QUANTITY}",
        f"norm.{QUANTITY}.low",
        f"none.{QUANTITY}",
        "unnormed",
        f"clean.{QUANTITY}",
    ]
    assert found[1].words == "they differ"
    assert (found[4].evidence, found[4].trust) == ("test", "DESIGN")
    spoilt = findings(protocol, [side(repetition(1, Verdict.NOT_VALID, SPOILT, CHEATED))], [differ])
    assert [one.code for one in spoilt[:3]] == [
        "compensated.lean",
        "compensated.hike",
        f"left-right.{QUANTITY}",
    ]


def test_a_quantity_that_the_protocol_no_longer_has_is_no_crash() -> None:
    (finding,) = findings(seated_rotation(), [side(CLEAN, quantity="gone")], [])
    assert finding.code == "clean.gone"


def moved(start_s: float, size_deg: float, joint_deg: float | None = None, **more: object) -> Repetition:
    one = repetition(1, Verdict.CLEAN, start_s=start_s, peak_s=start_s + 1.0, end_s=start_s + 2.0)
    pelvis = LedgerEntry("pelvis", "p", deg(50))
    ledger = () if joint_deg is None else (pelvis, LedgerEntry("joint", "j", deg(joint_deg)))
    return replace(one, motion=deg(size_deg), ledger=ledger, **more)  # type: ignore[arg-type]


def kept(mine: list[Repetition], theirs: list[Repetition], name: str = "right") -> list[float]:
    found = {("q", "right"): tuple(mine), ("q", "left"): tuple(theirs), ("p", "right"): (moved(0.0, 500.0),)}
    return [one.start_s for one in without_echoes(found, "q", name, RULES)]


def test_who_moves_less_at_the_same_time_did_not_do_it() -> None:
    most = RULES.side_share * 40.0
    assert kept([moved(0.1, most - 0.1), moved(5.0, 10.0)], [moved(0.0, 40.0)]) == [5.0]
    assert kept([moved(0.1, most + 0.1), moved(5.0, 10.0)], [moved(0.0, 40.0)]) == [0.1, 5.0]
    assert kept([moved(0.1, 10.0), moved(5.0, 10.0)], [moved(5.0, 5.0), moved(0.0, 40.0)]) == [5.0]
    found = {("q", "right"): (moved(0.0, 1.0), moved(5.0, 10.0)), ("q", "left"): (moved(0.0, 40.0),)}
    numbers = without_echoes(found, "q", "right", RULES)
    assert [one.number for one in numbers] == [1]


@pytest.mark.parametrize(
    ("apart_s", "together"), [(-1.01, False), (-0.99, True), (0.99, True), (1.01, False)]
)
def test_together_is_when_one_peaks_during_the_other(apart_s: float, together: bool) -> None:
    assert (kept([moved(5.0, 10.0)], [moved(5.0 + apart_s, 40.0)]) == []) == together
    # During the long one the short one peaks, though the long one peaked before.
    assert kept([moved(15.0, 10.0)], [replace(moved(5.0, 40.0), end_s=20.0)]) == []
    assert kept([replace(moved(5.0, 10.0), end_s=20.0)], [moved(15.0, 40.0)]) == []


def test_the_joint_decides_where_both_are_told() -> None:
    assert kept([moved(0.0, 40.0, 10.0)], [moved(0.0, 20.0, -30.0)]) == []
    assert kept([moved(0.0, 40.0, 10.0)], [moved(0.0, 20.0)]) == [0.0]
    unknown = replace(moved(0.0, 20.0, 30.0), ledger=(LedgerEntry("joint", "j", UNKNOWN),))
    assert kept([moved(0.0, 40.0, 10.0)], [unknown]) == [0.0]


def test_what_was_cut_on_a_side_that_does_nothing_else_was_the_others() -> None:
    cut = moved(0.0, float("nan"), cut=True)
    assert kept([cut], [moved(30.0, 40.0)]) == []
    assert kept([cut], [replace(moved(30.0, 40.0), cut=True)]) == [0.0]
    assert kept([cut], []) == [0.0]
    assert kept([cut, moved(10.0, 20.0)], [moved(30.0, 40.0)]) == [0.0, 10.0]


@pytest.mark.parametrize(
    ("sides", "wanted", "told"),
    [
        ("each", (), ("left", "right")),
        ("each", ("right",), ("right",)),
        ("each", iter(["left", "right"]), ("left", "right")),
        ("none", ("left",), ("",)),
    ],
)
def test_sides(sides: str, wanted: object, told: tuple[str, ...]) -> None:
    assert sides_of(seated_rotation(sides=sides), wanted) == told  # type: ignore[arg-type]


def test_what_is_not_told_is_said_once_with_why_and_what_would() -> None:
    flat = np.zeros(10)
    names = ("apparent_hip_internal_rotation_left", "trunk_right_lean", "hip_internal_rotation_left")
    motion = motion_of(dict.fromkeys(names, flat))
    level = motion.observability.copy()
    level[:6, 0], level[:5, 1] = Observability.WEAK, Observability.WEAK
    motion = replace(motion, observability=level, reasons={"hip_internal_rotation_left": "told anyway"})
    told = silences(seated_rotation(), motion, ("left", "right"), RULES)
    assert [(one.what, one.reason) for one in told] == [
        ("Internal rotation, left", "it was observed in only 40\u202f% of the frames"),
        ("Internal rotation, left: the part of the pelvis", "this source does not give it"),
        ("Internal rotation, right", "this source does not give it"),
        ("Internal rotation, right: the part of the joint", "this source does not give it"),
    ]
    never = replace(motion, observability=np.full_like(level, Observability.WEAK))
    assert silences(seated_rotation(), never, ("left",), RULES)[0].reason == "it was never observed"
    assert len(silences(seated_rotation(), motion_of({"trunk_right_lean": flat[:0]}), ("left",), RULES)) == 4
