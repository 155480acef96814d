"""``assessment.json`` read back: all that plans, pages and prints need of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import nan, radians
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.model.assessment import (
    Assessment,
    Comparison,
    Compensation,
    Curve,
    Estimate,
    Finding,
    LedgerEntry,
    NormComparison,
    Repetition,
    SideResult,
    Silence,
    Verdict,
)
from coxa.model.errors import SourceError
from coxa.model.motion import Observability

_SCHEMA, _VERSION, _MOST_BYTES = "coxa.assessment", 1, 200_000_000
_LEVELS = {one.label: one for one in Observability}


def read_assessments(path: Path) -> tuple[Assessment, ...]:
    """All assessments of a file that ``coxa assess`` wrote.

    Raises:
        SourceError: it cannot be read, or is something else.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{path}: too large for an assessment", "name assessment.json")
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(
            f"{path}: cannot be read ({error})", "name the assessment.json of coxa assess"
        ) from error
    if (
        not isinstance(values, dict)
        or values.get("schema") != _SCHEMA
        or values.get("schema_version") != _VERSION
    ):
        raise SourceError(f"{path}: this is no {_SCHEMA} of version {_VERSION}", "name an assessment.json")
    if not isinstance(values.get("assessments"), list):
        raise SourceError(f"{path}: it has no list of assessments", "let coxa assess write it anew")
    return tuple(assessment_of(one, str(path)) for one in values["assessments"])


def assessment_of(document: Mapping[str, Any], name: str) -> Assessment:
    """One assessment as its file, or the record, has it.

    Raises:
        SourceError: a field is missing or wrong.
    """
    try:
        return _assessment(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceError(
            f"{name}: a field is missing or wrong: {error!r:.80}", "let coxa assess write it anew"
        ) from error


def _assessment(one: Mapping[str, Any]) -> Assessment:
    return Assessment(
        protocol=str(one["protocol"]),
        protocol_version=int(one["protocol_version"]),
        title=str(one["title"]),
        source=str(one["source"]),
        results=tuple(_result(each) for each in one["results"]),
        comparisons=tuple(_comparison(each) for each in one["comparisons"]),
        curves=tuple(_curve(each) for each in one.get("curves", ())),
        measures=dict(_measure(name, each) for name, each in one["measures"].items()),
        findings=tuple(
            Finding(f["code"], f["words"], f["weight"], f["side"], f["evidence"], f["trust"])
            for f in one["findings"]
        ),
        silences=tuple(
            Silence(s["what"], s["reason"], s["remedy"], s.get("coordinate", ""))
            for s in one.get("not_observable", ())
        ),
        provenance=dict(one["provenance"]),
    )


def _result(one: Mapping[str, Any]) -> SideResult:
    norm = one["norm"]
    return SideResult(
        side=one["side"],
        quantity=one["quantity"],
        coordinate=one["coordinate"],
        repetitions=tuple(_repetition(each, one["side"]) for each in one["repetitions"]),
        result=_angle({"value": one["value_deg"], "sd": one["sd_deg"]}),
        mdc=_radians(one["minimal_detectable_deg"]),
        level=_LEVELS[one["observability"]],
        norm=None
        if norm is None
        else NormComparison(
            norm=norm["id"],
            mean=_radians(norm["mean_deg"]),
            sd=_radians(norm["sd_deg"]),
            percentile=_figure(norm["percentile"], "points"),
            band=norm["band"],
            words=norm["words"],
            source=norm["source"],
            trust=norm["trust"],
            verified=norm["verified"],
        ),
        verdict=Verdict(one["verdict"]),
    )


def _repetition(one: Mapping[str, Any], side: str) -> Repetition:
    return Repetition(
        number=one["number"],
        side=side,
        start_s=_number(one["start_s"]),
        peak_s=_number(one["peak_s"]),
        end_s=_number(one["end_s"]),
        start=_angle(one["start_deg"]),
        peak=_angle(one["peak_deg"]),
        end=_angle(one["end_deg"]),
        motion=_angle(one["motion_deg"]),
        peak_speed=_radians(one["peak_speed_deg_s"]),
        smoothness=_number(one["smoothness_sparc"]),
        hold_s=_number(one["hold_s"]),
        ledger=tuple(_ledger(each) for each in one.get("ledger", ())),
        compensations=tuple(_compensation(each) for each in one["compensations"]),
        verdict=Verdict(one["verdict"]),
        reasons=tuple(one["reasons"]),
        partial=one["partial"],
        cut=one["cut"],
    )


def _ledger(one: Mapping[str, Any]) -> LedgerEntry:
    return LedgerEntry(
        part=one["part"],
        coordinate=one["coordinate"],
        motion=_angle(one["motion_deg"]),
        share=_figure(one["share"], "1"),
        share_at_60=_figure(one["share_at_60"], "1"),
        level=_LEVELS[one["observability"]],
        within=one["within_others"],
    )


def _compensation(one: Mapping[str, Any]) -> Compensation:
    return Compensation(
        rule=one["rule"],
        coordinate=one["coordinate"],
        excursion=_angle(one["excursion_deg"]),
        limit=_radians(one["limit_deg"]),
        probability=_number(one["probability"]),
        onset_s=one["onset_s"],
        onset_share=one["onset_share"],
        exceeded_s=one["exceeded_s"],
        level=_LEVELS[one["observability"]],
        verdict=Verdict(one["verdict"]),
        invalidates=one["invalidates"],
    )


def _comparison(one: Mapping[str, Any]) -> Comparison:
    return Comparison(
        quantity=one["quantity"],
        of=one["of"],
        difference=_angle({"value": one["difference_deg"], "sd": one["sd_deg"]}),
        mdc=_radians(one["minimal_detectable_deg"]),
        probability=_number(one["probability"]),
        real=one["real"],
        words=one["words"],
    )


def _curve(one: Mapping[str, Any]) -> Curve:
    band = one["band_deg"]
    return Curve(
        quantity=one["quantity"],
        side=one["side"],
        percent=_numbers(one["percent"]),
        mean=np.radians(_numbers(one["mean_deg"])),
        sd=np.radians(_numbers(one["sd_deg"])),
        n_cycles=int(one["n_cycles"]),
        band=None if band is None else np.radians(_numbers(band)),
    )


def _numbers(values: object) -> NDArray[np.float64]:
    return np.array(values, np.float64)  # None: not known


def _measure(name: str, one: Mapping[str, Any]) -> tuple[str, Estimate]:
    for suffix, unit in (("_deg", "rad"), ("_points", "points"), ("_s", "s")):
        if name.endswith(suffix):
            return name.removesuffix(suffix), _angle(one) if unit == "rad" else _figure(one, unit)
    return name, _figure(one, "1")


def _number(value: object) -> float:
    if value is None:
        return nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r:.40} is not a number")
    return float(value)


def _radians(value: object) -> float:
    return radians(_number(value))


def _figure(one: Mapping[str, Any], unit: str) -> Estimate:
    return Estimate(_number(one["value"]), _number(one["sd"]), unit)


def _angle(one: Mapping[str, Any]) -> Estimate:
    return Estimate(_radians(one["value"]), _radians(one["sd"]))
