"""Repetitions, hips, pelvis and spine of UI-PRMD's people, from markers, against the lab's counts and angles.

A person's repetitions, recorded one by one, are joined in time. How repetitions are told from wobbles
(``turn_share``, ``cut_share``) was fitted on s01-s03; on s04 and s05 no figure was fitted. s04 was looked at:
it sits down at once, and what was taken for its first rest was mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.reference.uiprmd import SAMPLE_RATE_HZ, load_uiprmd
from coxa.assess.assessment import Standards, assess
from coxa.assess.norms import Person
from coxa.catalog import loader
from coxa.catalog.markers import marker_motion
from coxa.catalog.protocols import library
from coxa.model.assessment import Assessment, Repetition
from coxa.model.motion import Motion
from coxa.specs.protocol import ProtocolSpec
from tests.support.performed import seated_rotation

pytestmark = [pytest.mark.reference, pytest.mark.slow]

PROTOCOLS = {
    "m01": "deep_squat",
    "m02": "standing_leg_raise",
    "m04": "side_lunge",
    "m05": "sit_to_stand",
    "m06": "standing_leg_raise",
}
ONE_LEG = ("m02", "m04", "m06")


@dataclass(frozen=True)
class Series:
    """All repetitions of one movement, person and label, one after the other.

    Attributes:
        name: of the file.
        n: how many the file says there are.
        ours: from markers.
        lab: the laboratory's angles.
        found: by the protocol.
    """

    name: str
    n: int
    ours: Motion
    lab: Motion
    found: Assessment

    @property
    def movement(self) -> str:
        return self.name.partition("_")[0]


def protocol_of(movement: str) -> ProtocolSpec:
    if movement != "m04":
        return library().protocol(PROTOCOLS[movement])
    knee = {
        "id": "knee",
        "title": "Knee of the side that goes down",
        "coordinate": "knee_flexion_SIDE",
        "reading": "joint",
        "result": "motion",
        "min_motion_deg": 30,
    }
    return seated_rotation(id="side_lunge", position="standing", compensations=[], quantities=[knee])


def joined(motions: Sequence[Motion]) -> Motion:
    whole = Motion.concatenate(motions)
    return replace(whole, time_s=np.arange(len(whole.time_s)) / SAMPLE_RATE_HZ)


def series_of(path: Path) -> Series:
    repetitions = load_uiprmd(path)
    motions = [marker_motion(one.recording) for one in repetitions]
    protocol = protocol_of(path.stem.partition("_")[0])
    ours = joined(motions)
    lab = joined([one.truth for one in repetitions])
    standards = Standards(loader.assess_rules(), ())
    found = assess(ours, protocol, standards, Person())
    return Series(path.stem, len(repetitions), ours, lab, found)


@pytest.fixture(scope="module")
def all_series(reference_data: Path) -> list[Series]:
    paths = sorted((reference_data / "uiprmd").glob("m*_s*_*correct.npz"))
    return [series_of(path) for path in paths if path.stem.partition("_")[0] in PROTOCOLS]


def test_every_series_is_counted_exactly(all_series: list[Series]) -> None:
    """On the side that moves more, where one leg does it."""
    assert len(all_series) == 5 * 5 * 2
    wrong = {}
    for series in all_series:
        count = max(len(result.repetitions) for result in series.found.results)
        if count != series.n:
            wrong[series.name] = count, series.n
    print(f"{len(all_series) - len(wrong)} of {len(all_series)} series counted exactly")
    assert not wrong


def test_the_other_leg_is_credited_with_nothing(all_series: list[Series]) -> None:
    """But for one side lunge, labelled incorrect, in which both knees bent alike."""
    extra = {
        series.name: min(len(result.repetitions) for result in series.found.results)
        for series in all_series
        if series.movement in ONE_LEG
    }
    assert sum(extra.values()) <= 1
    assert not any(count for name, count in extra.items() if not name.endswith("incorrect"))


def show(what: str, errors: Sequence[float]) -> None:
    print(f"{what}: median {np.median(errors):.2f}, p95 {np.quantile(errors, 0.95):.2f}, n {len(errors)}")


@dataclass(frozen=True)
class Told:
    """A whole repetition and the series it is of."""

    series: Series
    side: str
    repetition: Repetition

    def change_of(self, motion: Motion, coordinate: str) -> float:
        """From its start to its end range, rad."""
        start, peak = np.searchsorted(motion.time_s, [self.repetition.start_s, self.repetition.peak_s])
        value = motion[coordinate.replace("SIDE", self.side)]
        return float(value[peak] - value[start])


def whole_ledgers(all_series: Sequence[Series], movement: str) -> Iterator[Told]:
    for series in all_series:
        for result in series.found.results if series.movement == movement else ():
            for one in result.repetitions:
                if not one.cut:
                    yield Told(series, result.side, one)


def test_range_of_hip_flexion_is_the_labs(all_series: list[Series]) -> None:
    """But for s05, whose iliac markers are 0.43 m apart, on soft tissue: its hip is read too low, 6-8 deg.

    A breadth that bones have brings s05 to 1-3 deg, but its hip rotation then leaves the laboratory's by 7.
    """
    errors, people = [], []
    for series in all_series:
        for result in series.found.results:
            name = f"hip_flexion_{result.side or 'right'}"
            for one in result.repetitions:
                start, end = np.searchsorted(series.ours.time_s, [one.start_s, one.end_s])
                ours, lab = (m[name][start : end + 1] for m in (series.ours, series.lab))
                if not one.cut and np.isfinite(lab).all():
                    errors.append(abs(np.degrees(np.ptp(ours) - np.ptp(lab))))
                    people.append(series.name.split("_")[1])
    show("range of hip flexion", errors)
    others = np.array(errors)[np.array(people) != "s05"]
    show("range of hip flexion, without s05", others.tolist())
    print(
        f"within 3 deg: {100 * np.mean(np.array(errors) <= 3.0):.0f} %, {100 * np.mean(others <= 3.0):.0f} %"
    )
    assert len(errors) > 300
    assert np.median(errors) <= 3.0
    assert np.quantile(others, 0.9) <= 3.0
    assert np.max(others) <= 4.0


@pytest.mark.parametrize(
    ("part", "coordinate", "sign"),
    [
        ("joint", "hip_flexion_SIDE", 1),
        ("pelvis", "pelvis_anterior_tilt", -1),
        ("spine", "trunk_flexion", 1),
    ],
)
@pytest.mark.parametrize("movement", ["m02", "m06"])
def test_parts_of_the_ledger_are_what_the_lab_says(
    all_series: list[Series], movement: str, part: str, coordinate: str, sign: int
) -> None:
    """From the start of every whole repetition to its end range, 3 deg."""
    errors = []
    for one in whole_ledgers(all_series, movement):
        lab = sign * one.change_of(one.series.lab, coordinate)
        ours = next(entry for entry in one.repetition.ledger if entry.part == part)
        errors.append(abs(float(np.degrees(ours.motion.value - lab))))
    known = [error for error in errors if np.isfinite(error)]
    show(f"{movement}, {part} part", known)
    assert len(known) > 55
    assert np.median(known) <= 3.0
    if part != "joint":
        assert np.quantile(known, 0.95) <= 3.0


@pytest.mark.parametrize("movement", ["m02", "m06"])
def test_the_ledger_adds_up_and_the_rest_of_the_spine_is_the_chests(
    all_series: list[Series], movement: str
) -> None:
    """Hip, pelvis and trunk make the motion that is seen.

    The spine bends further than pelvis and trunk tell: the chest turns against the line of the trunk.
    """
    found = list(whole_ledgers(all_series, movement))
    left = [abs(float(np.degrees(one.repetition.left_over))) for one in found]
    show(f"{movement}, left over", left)
    chest = []
    for one in found:
        part = {entry.part: entry.motion.value for entry in one.repetition.ledger}
        chest.append(float(np.degrees(part["spine"] - part["pelvis"] - part["trunk"])))
    show(f"{movement}, chest against the line from hips to shoulders", chest)
    assert len(left) > 55
    assert np.quantile(left, 0.95) <= 1.0
    assert np.median(chest) > 2.0
