"""What a new measurement says of a track: changed beyond its error or not, done or not."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

from scipy.stats import norm

from coxa.model.normal import Z95
from coxa.model.plan import Track, TrackStatus
from coxa.model.training import STAGES, DecisionKind, RetestResult, Stage
from coxa.specs.programme import Planning

_LEAST_SD = 1e-9


def moved(track: Track, result: RetestResult) -> int:
    """1 further, -1 less, by more than the minimal detectable change of the two; else 0."""
    if result.value_deg is None or result.sd_deg is None or track.reference_deg is None:
        return 0
    change = result.value_deg - track.reference_deg
    detectable = Z95 * hypot(result.sd_deg, track.reference_sd_deg or 0.0)
    return 0 if abs(change) <= detectable else (1 if change > 0 else -1)


def after_retest(
    track: Track, result: RetestResult, change: int, planning: Planning
) -> tuple[Track, DecisionKind, str, str]:
    """The track after it, the kind of decision, its rule and words.

    A change that the method cannot detect leaves the reference where it is, so that small steps add up.
    """
    words = _words(track, result, change)
    reached = _reached(track, result, planning)
    if change and result.value_deg is not None:
        track = replace(track, reference_deg=result.value_deg, reference_sd_deg=result.sd_deg)
    if track.status is TrackStatus.GRADUATED and (change < 0 or result.control is False):
        track = replace(
            track, status=TrackStatus.ACTIVE, stage=Stage.ACTIVATE, step=0, greens=0, since=result.on
        )
        return track, DecisionKind.RELAPSE, "retest.relapse", f"{words} Lost again: back into training."
    late_enough = STAGES.index(track.stage) >= STAGES.index(Stage.INTEGRATE)
    if reached and late_enough and track.status is TrackStatus.ACTIVE:
        track = replace(track, status=TrackStatus.GRADUATED, greens=0, since=result.on)
        return track, DecisionKind.GRADUATE, "retest.reached", f"{words} Reached: from now on it is kept up."
    return track, DecisionKind.RETEST, "retest", words


def _reached(track: Track, result: RetestResult, planning: Planning) -> bool:
    """A range: probable enough beyond its target, and not with control lost. Otherwise: control."""
    if track.target_deg is None:
        return bool(result.control)
    if result.value_deg is None or result.sd_deg is None or result.control is False:
        return False
    beyond = norm.sf(track.target_deg, result.value_deg, max(result.sd_deg, _LEAST_SD))
    return bool(beyond >= planning.rules.progress.reached)


def _words(track: Track, result: RetestResult, change: int) -> str:
    told = []
    if result.value_deg is not None:
        error = "" if result.sd_deg is None else f" \u00b1 {Z95 * result.sd_deg:.0f}\u00b0"
        before = "" if track.reference_deg is None else f", before {track.reference_deg:.0f}\u00b0"
        told.append(f"{result.value_deg:.0f}\u00b0{error}{before}")
        told.append({1: "a real gain", -1: "a real loss", 0: "no change that this test can detect"}[change])
    if result.control is not None:
        told.append("what should stay stayed" if result.control else "what should stay moved")
    return f"Retest: {', '.join(told) or 'nothing could be measured'}."
