"""``summary.json``: the same figures as the report, for machines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from coxa import __version__
from coxa.report.summary import CoordinateSummary, Extreme, MotionTally

SCHEMA = "coxa.summary"
SCHEMA_VERSION = 1


def plain(value: Any) -> Any:
    """As JSON knows it: numpy unpacked, NaN and infinity as None, keys as strings."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def summary_document(tally: MotionTally, film: Mapping[str, Any]) -> dict[str, Any]:
    """Everything :class:`MotionTally` gathered, as plain JSON values. Angles in degrees."""
    latest = tally.latest
    notes = dict(latest.diagnostics) if latest is not None else {}
    notes.pop("film", None)
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "coxa_version": __version__,
        "source": latest.source if latest is not None else "",
        "n_frames": tally.n_frames,
        "start_s": plain(tally.start_s),
        "end_s": plain(tally.end_s),
        "coordinates": {summary.coordinate: _coordinate(summary) for summary in tally.summaries()},
        "film": plain(film),
        "fit": plain(notes.pop("fit", {})),
        "diagnostics": plain(notes),
    }


def _coordinate(summary: CoordinateSummary) -> dict[str, Any]:
    shares = ("not_observable", "weak", "observed")
    return {
        "observability": summary.level.label,
        "reason": summary.reason,
        "observed_with": [
            {"id": one.id, "title": one.title, "how": one.at_the_prompt} for one in summary.additions
        ],
        "percent_of_frames": {
            word: round(100.0 * share, 3) for word, share in zip(shares, summary.share, strict=True)
        },
        "minimum": _extreme(summary.minimum),
        "maximum": _extreme(summary.maximum),
        "range_deg": plain(summary.range_deg),
        "range_sd_deg": plain(summary.range_sd_deg),
        "median_sd_deg": plain(summary.median_sd_deg),
    }


def _extreme(extreme: Extreme | None) -> dict[str, Any] | None:
    if extreme is None:
        return None
    return {
        "value_deg": plain(extreme.value_deg),
        "sd_deg": plain(extreme.sd_deg),
        "time_s": plain(extreme.time_s),
    }
