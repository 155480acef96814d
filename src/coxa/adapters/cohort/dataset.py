"""The table of a cohort, from its parts: a Parquet dataset in hive layout.

Which worker did what, and when, is in none of its rows but in a file of its own: every engine, however often
it was interrupted, comes to the same table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from coxa import __version__
from coxa.adapters.cohort.places import Folder
from coxa.adapters.cohort.schema import EFFORT, MEASURES, RECORDINGS, SCHEMA, SCHEMA_VERSION, UNTOLD
from coxa.app.cohort.parts import Answer, Effort, Status
from coxa.app.cohort.ports import PartStore
from coxa.app.cohort.run import Planned
from coxa.app.cohort.tasks import Engine, Listed

INDEX = "cohort.json"
_ROWS_PER_GROUP = 1 << 16
_LOST = Answer(Status.FAILED, "its part was lost", "run again")


class Rows:
    """Rows that become one Parquet file; memory holds them as columns."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._waiting: list[dict[str, Any]] = []
        self._batches: list[pa.RecordBatch] = []

    def add(self, row: dict[str, Any]) -> None:
        """One more."""
        self._waiting.append({name: _written(value) for name, value in row.items()})
        if len(self._waiting) >= _ROWS_PER_GROUP:
            self._gather()

    def table(self) -> pa.Table:
        """All of them, in their order."""
        self._gather()
        return pa.Table.from_batches(self._batches, self._schema)

    def _gather(self) -> None:
        if self._waiting:
            self._batches.append(pa.RecordBatch.from_pylist(self._waiting, self._schema))
            self._waiting = []


def write_table(planned: Sequence[Planned], store: PartStore, place: str, engine: Engine) -> dict[str, Any]:
    """Write all tables; the index comes last and says that they are whole.

    Args:
        planned: every recording, in the order of the table.
        store: parts.
        place: of the table.
        engine: versions and options.

    Returns:
        The index.

    Raises:
        OutputError: it cannot be written.
    """
    folder = Folder(place)
    folder.drop(INDEX)
    extras = sorted({name for one in planned for name in one.listed.more})
    recordings = Rows(pa.schema([*RECORDINGS, *(pa.field(name, pa.string()) for name in extras)]))
    measures: dict[str, Rows] = {}
    untold, efforts = Rows(UNTOLD), list[tuple[float, dict[str, Any]]]()
    for one in planned:
        answer, key, effort = _answer(one, store)
        who = _who(one.listed)
        more = {name: one.listed.more.get(name, "") for name in extras}
        recordings.add(_recording(one, answer, key, engine) | more)
        rows = measures.setdefault(one.listed.protocol, Rows(_without_protocol(MEASURES)))
        for measure in answer.measures:
            rows.add(who | dict(measure) | {"method": answer.method, "key": key})
        for silence in answer.untold:
            untold.add(who | {"protocol": one.listed.protocol, "key": key} | dict(silence))
        if effort is not None:
            efforts.append((effort.began, asdict(effort) | {"key": key}))
    tables = {f"measures/protocol={name}/part-0.parquet": rows.table() for name, rows in measures.items()}
    tables |= {"recordings/part-0.parquet": recordings.table(), "untold/part-0.parquet": untold.table()}
    stale = set(folder.names("measures")) - tables.keys()
    digest = _digest(tables)
    effort_rows = Rows(EFFORT)
    for _, row in sorted(efforts, key=lambda each: (each[0], each[1]["key"])):
        effort_rows.add(row)
    for name, table in (*tables.items(), ("effort/part-0.parquet", effort_rows.table())):
        folder.put(name, _parquet(table))
    for name in sorted(stale):
        folder.drop(name)
    index = _index(engine, tables, digest)
    folder.put(INDEX, (json.dumps(index, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
    return index


def _answer(one: Planned, store: PartStore) -> tuple[Answer, str, Effort | None]:
    """What became of a recording, under which key, and what it cost."""
    if one.task is None:
        return one.instead or _LOST, "", None
    part = store.get(one.task.key)
    return (_LOST, one.task.key, None) if part is None else (part.answer, part.key, part.effort)


def _written(value: Any) -> Any:
    """Text as UTF-8 can hold it: names of files may be any bytes."""
    if isinstance(value, list):
        return [_written(one) for one in value]
    if isinstance(value, dict):
        return {name: _written(one) for name, one in value.items()}
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _who(listed: Listed) -> dict[str, Any]:
    return {name: getattr(listed, name) for name in ("recording", "person", "group", "session")}


def _recording(one: Planned, answer: Answer, key: str, engine: Engine) -> dict[str, Any]:
    listed = one.listed
    return {
        **_who(listed),
        "protocol": listed.protocol,
        "asked_side": listed.side,
        "height_m": listed.told.height_m,
        "age_y": listed.told.age_y,
        "sex": listed.told.sex,
        "from_s": listed.span.start_s,
        "to_s": listed.span.end_s,
        "companions": [asdict(each) for each in one.content.companions or listed.companions],
        "status": answer.status.value,
        "reason": answer.reason,
        "remedy": answer.remedy,
        "notes": list(answer.notes),
        "method": answer.method,
        "n_frames": answer.n_frames,
        "duration_s": answer.duration_s,
        "key": key,
        "sha256": one.content.sha256,
        "engine": engine.version,
        "catalogue": engine.catalogue,
    }


def _without_protocol(schema: pa.Schema) -> pa.Schema:
    """In hive layout the folder says it."""
    return pa.schema([field for field in schema if field.name != "protocol"])


def _parquet(table: pa.Table) -> bytes:
    marked = table.replace_schema_metadata(
        {"coxa_version": __version__, "schema_version": str(SCHEMA_VERSION)}
    )
    buffer = pa.BufferOutputStream()
    pq.write_table(marked, buffer, compression="zstd", row_group_size=_ROWS_PER_GROUP)
    content: bytes = buffer.getvalue().to_pybytes()
    return content


def _digest(tables: dict[str, pa.Table]) -> str:
    """Of every value of every table, in their order."""
    told = hashlib.sha256()
    for name, batch in _batches(sorted(tables.items())):
        told.update(name.encode())
        for row in batch.to_pylist():
            told.update(json.dumps(row, sort_keys=True, ensure_ascii=True).encode())
    return told.hexdigest()


def _batches(tables: Iterable[tuple[str, pa.Table]]) -> Iterator[tuple[str, pa.RecordBatch]]:
    for name, table in tables:
        for batch in table.to_batches(max_chunksize=_ROWS_PER_GROUP):
            yield name, batch


def _index(engine: Engine, tables: dict[str, pa.Table], digest: str) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "coxa_version": __version__,
        "engine": asdict(engine) | {"protocols": ""},
        "digest": digest,
        "rows": {name: table.num_rows for name, table in sorted(tables.items())},
    }
