"""Real movements, seen as a pose network sees them: what is claimed must be so.

A part of what ``coxa validate --only uiprmd_keypoints`` measures: people nothing was fitted to, two views.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.reference.uiprmd_keypoints import UiprmdKeypoints, estimate, replays
from coxa.app.agreement import CoverageRow, coverage
from coxa.catalog import loader
from coxa.model.motion import Observability

REPORTED_ON = ("s04", "s05")
GOALS = (
    "hip_internal_rotation",
    "thigh_trunk_angle",
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "hip_adduction",
)
NEEDS_PELVIS = ("pelvis_anterior_tilt", "lumbar_flexion")

pytestmark = [pytest.mark.reference, pytest.mark.slow]


@pytest.fixture(scope="module")
def rows(reference_data: Path) -> Mapping[str, CoverageRow]:
    """Coverage over 3D points and a frontal camera, one repetition of each movement."""
    source = UiprmdKeypoints(reference_data, views=("3D", "front"), repetitions=1)
    parts = [part for part in source.parts() if part.split("_")[1] in REPORTED_ON]
    assert len(parts) == 24
    trials = [trial for part in parts for trial in source.trials(part)]
    return coverage(((trial.measure(), trial.truth) for trial in trials), loader.observability())


@pytest.mark.parametrize("coordinate", GOALS)
def test_intervals_hold_the_truth(rows: Mapping[str, CoverageRow], coordinate: str) -> None:
    # The goal of the issue is 0.90 to 0.98 over everything; this part may be luckier or less so.
    assert rows[coordinate].within_95 >= 0.85


@pytest.mark.parametrize("coordinate", NEEDS_PELVIS)
@pytest.mark.parametrize("pelvis", [None, "markers", "orientation"])
def test_the_pelvis_is_observed_only_where_something_shows_it(
    reference_data: Path, coordinate: str, pelvis: str | None
) -> None:
    wanted = Observability.NOT_OBSERVABLE if pelvis is None else Observability.OBSERVED
    for movement in ("m01", "m05"):
        path = reference_data / "uiprmd" / f"{movement}_s04_correct.npz"
        (one,) = replays(path, "side", 1, with_pelvis=pelvis)
        motion = estimate(one.seen)
        assert np.mean(motion.observability[:, motion.index(coordinate)] == wanted) >= 0.99
