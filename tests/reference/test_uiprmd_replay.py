"""Real movements, seen as a pose network sees them: what is claimed must be so (Show 3).

A part of what ``benchmarks/uiprmd_replay.py`` prints: people that nothing was fitted to, two views.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from coxa.model.motion import Observability
from tests.support.coverage import Row, coverage
from tests.support.replay import REPORTED_ON, replays

GOALS = (
    "hip_internal_rotation",
    "thigh_trunk_angle",
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "hip_adduction",
)
NEEDS_PELVIS = ("pelvis_anterior_tilt", "lumbar_flexion")


@pytest.fixture(scope="module")
def rows(reference_data: Path) -> dict[str, Row]:
    """Coverage over 3D points and a frontal camera, one repetition of each movement."""
    pairs = [
        (one.estimated, one.true)
        for view in ("3D", "front")
        for one in replays(reference_data / "uiprmd", view, REPORTED_ON, repetitions=1)
    ]
    return dict(coverage(pairs))


@pytest.mark.reference
@pytest.mark.slow
@pytest.mark.parametrize("coordinate", GOALS)
def test_intervals_hold_the_truth(rows: dict[str, Row], coordinate: str) -> None:
    # The goal of the issue is 0.90 to 0.98 over everything; this part may be luckier or less so.
    assert rows[coordinate].within_95 >= 0.85


@pytest.mark.reference
@pytest.mark.slow
@pytest.mark.parametrize("coordinate", NEEDS_PELVIS)
@pytest.mark.parametrize("pelvis", [None, "markers", "orientation"])
def test_the_pelvis_is_observed_only_where_something_shows_it(
    reference_data: Path, coordinate: str, pelvis: str | None
) -> None:
    seen = replays(
        reference_data / "uiprmd", "side", ("s04",), ("m01", "m05"), repetitions=1, with_pelvis=pelvis
    )
    levels = [one.estimated.observability[:, one.estimated.index(coordinate)] for one in seen]
    wanted = Observability.NOT_OBSERVABLE if pelvis is None else Observability.OBSERVED
    assert levels
    for level in levels:
        assert (level == wanted).mean() >= 0.99
