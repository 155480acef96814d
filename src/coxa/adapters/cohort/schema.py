"""Columns of the tables of a cohort."""

from __future__ import annotations

import pyarrow as pa

SCHEMA = "coxa.cohort"
#: Raised whenever a column changes its meaning or goes away; new columns do not raise it.
SCHEMA_VERSION = 1

_TEXT, _NUMBER, _COUNT = pa.string(), pa.float64(), pa.int64()
_COMPANION = pa.struct([pa.field(name, _TEXT) for name in ("role", "url", "sha256")])
_WHO = [pa.field(name, _TEXT) for name in ("recording", "person", "group", "session")]

RECORDINGS = pa.schema(
    [
        *_WHO,
        pa.field("protocol", _TEXT),
        pa.field("asked_side", _TEXT),
        pa.field("height_m", _NUMBER),
        pa.field("age_y", _NUMBER),
        pa.field("sex", _TEXT),
        pa.field("from_s", _NUMBER),
        pa.field("to_s", _NUMBER),
        pa.field("companions", pa.list_(_COMPANION)),
        pa.field("status", _TEXT),
        pa.field("reason", _TEXT),
        pa.field("remedy", _TEXT),
        pa.field("notes", pa.list_(_TEXT)),
        pa.field("method", _TEXT),
        pa.field("n_frames", _COUNT),
        pa.field("duration_s", _NUMBER),
        pa.field("key", _TEXT),
        pa.field("sha256", _TEXT),
        pa.field("engine", _TEXT),
        pa.field("catalogue", _TEXT),
    ]
)

MEASURES = pa.schema(
    [
        *_WHO,
        pa.field("protocol", _TEXT),
        pa.field("kind", _TEXT),
        pa.field("quantity", _TEXT),
        pa.field("side", _TEXT),
        pa.field("part", _TEXT),
        pa.field("coordinate", _TEXT),
        pa.field("unit", _TEXT),
        pa.field("value", _NUMBER),
        pa.field("sd", _NUMBER),
        pa.field("minimal_detectable", _NUMBER),
        pa.field("observability", _TEXT),
        pa.field("verdict", _TEXT),
        pa.field("n_repetitions", _COUNT),
        pa.field("n_counted", _COUNT),
        pa.field("norm", _TEXT),
        pa.field("percentile", _NUMBER),
        pa.field("method", _TEXT),
        pa.field("key", _TEXT),
    ]
)

UNTOLD = pa.schema(
    [
        *_WHO,
        pa.field("protocol", _TEXT),
        *(pa.field(name, _TEXT) for name in ("what", "coordinate", "reason", "remedy", "key")),
    ]
)

EFFORT = pa.schema(
    [
        pa.field("key", _TEXT),
        pa.field("began", _NUMBER),
        pa.field("seconds", _NUMBER),
        pa.field("waited_s", _NUMBER),
        pa.field("worker", _TEXT),
        pa.field("attempts", _COUNT),
        pa.field("peak_mb", _NUMBER),
    ]
)
