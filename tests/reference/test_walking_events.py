"""Foot strikes and offs found in the angles, against the laboratory's own (biomechZoo: 4 people)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.sources.c3d import open_c3d
from coxa.app.request import ReadOptions
from coxa.assess.gait import OFF, STRIKE, curves, events, spans_of
from coxa.catalog.loader import gait_norms
from coxa.catalog.markers import marker_motion
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from tests.support.reference import required_folder

pytestmark = pytest.mark.reference
RATE_HZ = 100.0


@pytest.fixture(scope="module")
def walks() -> list[tuple[Recording, Motion]]:
    paths = sorted((required_folder() / "plug_in_gait" / "biomechzoo").glob("*/*.c3d"))
    recordings = [
        replace(next(open_c3d(path, ReadOptions()).parts(10**6)), source=f"{path.parent.name}/{path.name}")
        for path in paths
        if "static" not in path.name
    ]
    return [(recording, marker_motion(recording)) for recording in recordings]


@pytest.mark.parametrize("label", [STRIKE, OFF])
def test_events_within_two_frames_of_the_laboratorys(
    walks: list[tuple[Recording, Motion]], label: str
) -> None:
    off_frames = []
    for recording, motion in walks:
        found = [one for one in events(motion, gait_norms()) if one.label == label]
        first_s, last_s = motion.time_s[0] + 0.1, motion.time_s[-1] - 0.1
        for one in recording.events:
            if one.label == label and first_s < one.time_s < last_s:
                mine = [other.time_s for other in found if other.side == one.side]
                off_frames.append(min(abs(np.array(mine) - one.time_s)) * RATE_HZ if mine else np.inf)
    p90 = np.quantile(off_frames, 0.9)
    print(f"{label}: median {np.median(off_frames):.1f} frames, p90 {p90:.1f}, n {len(off_frames)}")
    assert len(off_frames) > 30
    assert np.median(off_frames) <= 2.0
    assert p90 <= 6.0


@pytest.mark.parametrize("label", [STRIKE, OFF])
@pytest.mark.parametrize("side", ["left", "right"])
def test_in_every_person_and_on_both_sides(
    walks: list[tuple[Recording, Motion]], label: str, side: str
) -> None:
    """Medians of each person; what is not found counts as infinitely late. One foot off is 3 away."""
    off_frames: dict[str, list[float]] = {}
    for recording, motion in walks:
        mine = np.array(
            [one.time_s for one in events(motion, gait_norms()) if (one.label, one.side) == (label, side)]
        )
        for one in recording.events:
            inside = motion.time_s[0] + 0.1 < one.time_s < motion.time_s[-1] - 0.1
            if (one.label, one.side) == (label, side) and inside:
                nearest = float(np.min(np.abs(mine - one.time_s), initial=np.inf))
                off_frames.setdefault(Path(recording.source).parent.name, []).append(RATE_HZ * nearest)
    medians = {person: round(float(np.median(off)), 1) for person, off in off_frames.items()}
    print(label, side, medians)
    assert len(medians) == 4
    assert max(medians.values()) <= 3.0


def test_hip_rotation_over_the_cycle_is_plug_in_gaits(walks: list[tuple[Recording, Motion]]) -> None:
    """Offset removed: RMSE of each curve against the stored angle over the same cycles, 3 deg."""
    norms = gait_norms()
    rmse_deg = []
    for recording, motion in walks:
        stored = next(channel for channel in recording.angles if channel.convention == "plug_in_gait")
        for curve in curves(motion, recording.events, ["hip_internal_rotation_SIDE"], norms):
            name = f"{curve.side[0].upper()}HipAngles.z"
            theirs = stored.value[:, stored.names.index(name)]
            rows = [
                np.interp(np.linspace(a, b, 101), recording.time_s, theirs)
                for a, b in spans_of(recording.events, curve.side, norms)
                if recording.time_s[0] <= a and b <= recording.time_s[-1]
            ]
            difference = curve.mean - np.mean(rows, axis=0)
            rmse_deg.append(np.degrees(np.std(difference)))
            print(f"hip rotation, {recording.source}, {curve.side}: {rmse_deg[-1]:.1f} deg RMSE")
    assert len(rmse_deg) >= 8
    assert max(rmse_deg) <= 3.0
