"""An assessment as plain JSON values: angles in degrees, every name with its unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from coxa import __version__
from coxa.model.assessment import Assessment, Compensation, Curve, Estimate, Repetition, SideResult
from coxa.report.document import plain

SCHEMA = "coxa.assessment"
SCHEMA_VERSION = 1
_SUFFIX = {"rad": "_deg", "s": "_s", "points": "_points", "1": ""}


def document(found: Sequence[Assessment]) -> dict[str, Any]:
    """One JSON document of some assessments."""
    assessments: list[Any] = plain([_assessment(one) for one in found])  # numpy's own truths are not JSON's
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "coxa_version": __version__,
        "assessments": assessments,
    }


def _assessment(one: Assessment) -> dict[str, Any]:
    return {
        "protocol": one.protocol,
        "protocol_version": one.protocol_version,
        "title": one.title,
        "source": one.source,
        "findings": [asdict(finding) for finding in one.findings],
        "results": [_result(result) for result in one.results],
        "comparisons": [
            {
                "quantity": each.quantity,
                "of": each.of,
                "difference_deg": _degrees(each.difference.value),
                "sd_deg": _degrees(each.difference.sd),
                "minimal_detectable_deg": _degrees(each.mdc),
                "probability": plain(each.probability),
                "real": each.real,
                "words": each.words,
            }
            for each in one.comparisons
        ],
        "curves": [_curve(curve) for curve in one.curves],
        "measures": dict(_measures(one)),
        "not_observable": [asdict(silence) for silence in one.silences],
        "provenance": plain(one.provenance),
    }


def _measures(one: Assessment) -> Iterator[tuple[str, Any]]:
    for name, figure in one.measures.items():
        yield name + _SUFFIX[figure.unit], _figure(figure)


def _result(result: SideResult) -> dict[str, Any]:
    norm = result.norm
    return {
        "side": result.side,
        "quantity": result.quantity,
        "coordinate": result.coordinate,
        "observability": result.level.label,
        "value_deg": _degrees(result.result.value),
        "sd_deg": _degrees(result.result.sd),
        "minimal_detectable_deg": _degrees(result.mdc),
        "verdict": result.verdict.value,
        "norm": None
        if norm is None
        else {
            "id": norm.norm,
            "mean_deg": _degrees(norm.mean),
            "sd_deg": _degrees(norm.sd),
            "percentile": _figure(norm.percentile),
            "band": norm.band,
            "words": norm.words,
            "source": norm.source,
            "trust": norm.trust,
            "verified": norm.verified,
        },
        "repetitions": [_repetition(one) for one in result.repetitions],
    }


def _repetition(one: Repetition) -> dict[str, Any]:
    return {
        "number": one.number,
        "verdict": one.verdict.value,
        "reasons": list(one.reasons),
        "partial": one.partial,
        "cut": one.cut,
        "start_s": plain(one.start_s),
        "peak_s": plain(one.peak_s),
        "end_s": plain(one.end_s),
        "hold_s": plain(one.hold_s),
        "start_deg": _figure(one.start),
        "peak_deg": _figure(one.peak),
        "end_deg": _figure(one.end),
        "motion_deg": _figure(one.motion),
        "peak_speed_deg_s": _degrees(one.peak_speed),
        "smoothness_sparc": plain(one.smoothness),
        "ledger": [
            {
                "part": entry.part,
                "coordinate": entry.coordinate,
                "observability": entry.level.label,
                "motion_deg": _figure(entry.motion),
                "share": _figure(entry.share),
                "share_at_60": _figure(entry.share_at_60),
                "within_others": entry.within,
            }
            for entry in one.ledger
        ],
        "left_over_deg": _degrees(one.left_over),
        "compensations": [_compensation(held) for held in one.compensations],
    }


def _compensation(held: Compensation) -> dict[str, Any]:
    return {
        "rule": held.rule,
        "coordinate": held.coordinate,
        "observability": held.level.label,
        "verdict": held.verdict.value,
        "excursion_deg": _figure(held.excursion),
        "limit_deg": _degrees(held.limit),
        "probability": plain(held.probability),
        "onset_s": plain(held.onset_s),
        "onset_share": plain(held.onset_share),
        "exceeded_s": plain(held.exceeded_s),
        "invalidates": held.invalidates,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "quantity": curve.quantity,
        "side": curve.side,
        "n_cycles": curve.n_cycles,
        "percent": plain(curve.percent),
        "mean_deg": plain(np.degrees(curve.mean)),
        "sd_deg": plain(np.degrees(curve.sd)),
        "band_deg": None if curve.band is None else plain(np.degrees(curve.band)),
    }


def _figure(figure: Estimate) -> dict[str, Any]:
    """In degrees where it is an angle."""
    if figure.unit == "rad":
        return {"value": _degrees(figure.value), "sd": _degrees(figure.sd)}
    return {"value": plain(figure.value), "sd": plain(figure.sd)}


def _degrees(value: float) -> float | None:
    degrees: float | None = plain(float(np.degrees(value)))
    return degrees
