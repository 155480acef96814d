"""``session.json`` and ``cues.jsonl``: a coached session for machines. Degrees and seconds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import degrees
from typing import Any

from coxa import __version__
from coxa.app.session_review import Instant, Review, SideReview
from coxa.model.coaching import CoachedRepetition, Cue, FaultSpell
from coxa.report.document import plain
from coxa.specs.exercise import ExerciseSpec

SCHEMA = "coxa.session"
SCHEMA_VERSION = 1
#: A measured motion that was stored in degrees comes back the same to so many digits.
_DIGITS = 6


def session_document(review: Review) -> dict[str, Any]:
    """Everything a session comes to, as plain JSON values."""
    spec, summary = review.spec, review.summary
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "coxa_version": __version__,
        "source": review.source,
        "exercise": {"id": spec.id, "title": spec.title, "version": spec.version, "kind": spec.kind},
        "start_s": plain(_rounded(review.start_s)),
        "end_s": plain(_rounded(review.end_s)),
        "n_frames": review.n_frames,
        "done_s": _rounded(review.done_s),
        "stopped_s": _rounded(summary.stopped_s),
        "pain": summary.pain,
        "sides": [_side(one) for one in review.sides],
        "repetitions": [
            _repetition(one, score) for one, score in zip(summary.repetitions, review.scores, strict=True)
        ],
        "faults": [_fault(one, spec) for one in sorted(summary.faults, key=lambda one: one.start_s)],
        "best": _instant(review.best),
        "worst": _instant(review.worst),
        "not_seen": [
            {"rule": rule.id, "title": rule.title, "why": summary.blind[rule.id]}
            for rule in spec.form
            if rule.id in summary.blind
        ],
        "observed_percent": {name: round(100 * share, 1) for name, share in review.observed.items()},
        "start_pose_held": sorted(review.begun),
        "n_cues": len(review.cues),
    }


def cue_lines(cues: Sequence[Cue]) -> str:
    """One JSON a line: when, what about, the words, and what they refer to."""
    return "".join(json.dumps(_cue(cue), ensure_ascii=False) + "\n" for cue in cues)


def _cue(cue: Cue) -> dict[str, Any]:
    return {
        "time_s": _rounded(cue.time_s),
        "kind": str(cue.kind),
        "text": cue.words,
        "rule": cue.rule or None,
        "side": cue.side or None,
        "highlight": cue.highlight or None,
        "number": cue.number,
    }


def _side(one: SideReview) -> dict[str, Any]:
    drift = one.drift
    return {
        "side": one.side or None,
        "good": one.good,
        "partial": one.partial,
        "faulty": one.faulty,
        "range_mean_deg": _rounded(one.mean_deg),
        "range_sd_deg": _rounded(one.sd_deg),
        "range_error_sd_deg": _rounded(one.error_sd_deg),
        "drift_deg": None if drift is None else _rounded(drift.deg),
        "drift_sd_deg": None if drift is None else _rounded(drift.sd_deg),
        "drift_is_real": None if drift is None else drift.real,
        "held_s": _rounded(one.held_s),
    }


def _repetition(one: CoachedRepetition, score: float) -> dict[str, Any]:
    verdict = "partial" if not one.full else "faulty" if one.spoilt else "good"
    return {
        "number": one.number or None,
        "side": one.side or None,
        "set": one.set_number,
        "verdict": verdict,
        "start_s": _rounded(one.start_s),
        "peak_s": _rounded(one.peak_s),
        "end_s": _rounded(one.end_s),
        "range_deg": _rounded(degrees(one.range)),
        "range_sd_deg": _rounded(degrees(one.range_sd)),
        "faults": list(one.faults),
        "share_of_limit": {rule: _rounded(share) for rule, share in sorted(one.worst.items())},
        "score": _rounded(score),
    }


def _fault(one: FaultSpell, spec: ExerciseSpec) -> dict[str, Any]:
    rule = next(rule for rule in spec.form if rule.id == one.rule)
    told = (rule.told_instead() if one.instead else None) or rule
    return {
        "rule": one.rule,
        "title": rule.title,
        "side": one.side or None,
        "start_s": _rounded(one.start_s),
        "end_s": _rounded(one.end_s),
        "worst_deg": _rounded(degrees(one.worst)),
        "coordinate": told.coordinate,
        "limit_deg": told.limit_deg,
        "repetition": one.repetition,
    }


def _instant(one: Instant | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "time_s": _rounded(one.time_s),
        "side": one.side or None,
        "repetition": one.repetition,
        "why": one.why,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
