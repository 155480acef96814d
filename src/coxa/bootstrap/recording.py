"""The record, opened: where it is, what may come in, and how it goes out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coxa.adapters.store.records import SqlRecords
    from coxa.app.progress import Progress
    from coxa.app.record import Entry, Erasure, Kind, Person
    from coxa.specs.interchange import InterchangeSpec

_MOST_BYTES = 64_000_000
_ENDINGS = (".zip", ".ics", ".json")


@contextmanager
def record(data: Path | None = None, database: str | None = None) -> Iterator[SqlRecords]:
    """The record, opened or made, and closed at the end.

    Args:
        data: its folder; None: ``COXA_DATA``, or the user's own data folder.
        database: URL of PostgreSQL; None: ``COXA_DATABASE``, or SQLite in the folder.

    Raises:
        CoxaError: it cannot be opened or made.
    """
    from coxa.adapters.store.database import data_folder
    from coxa.adapters.store.records import SqlRecords

    opened = SqlRecords.open(data_folder(data), database or os.environ.get("COXA_DATABASE"))
    try:
        yield opened
    finally:
        opened.close()


def person_of(records: SqlRecords, who: str) -> Person:
    """The one person with this name, or whose id begins so.

    Raises:
        SourceError: nobody, or several.
    """
    from coxa.app.record import find_person

    return find_person(records.people(), who)


def check(kind: Kind, document: Mapping[str, Any], name: str) -> Any:
    """What a document says, by its kind; a screen's answers are judged anew: nobody brings their own verdict.

    Raises:
        SourceError: it is not of this kind, or a screen allows more than its answers do.
    """
    from coxa.app.record import Kind
    from coxa.app.record_documents import value_of
    from coxa.catalog.planning import triage
    from coxa.model.errors import SourceError
    from coxa.plan.triage import screened

    value = value_of(kind, document, name)
    if kind is Kind.SCREEN and value.outcome.allows_exercise and value.outcome.version == triage().version:
        judged = screened(triage(), value.screen)
        left_out = {one.caution for one in judged.cautions} - {one.caution for one in value.outcome.cautions}
        if not judged.allows_exercise or left_out or value.outcome.on != value.screen.on:
            raise SourceError(f"{name}: the answers do not allow what the outcome says", "screen again")
    return value


def keep(
    records: SqlRecords,
    person: Person,
    kind: Kind,
    value: Any,
    on: date | None = None,
    label: str = "",
    file: Path | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> Entry:
    """Keep one thing of a person; when this returns, it is kept.

    Args:
        records: where.
        person: whose.
        kind: of it.
        value: a frozen type of the kind, or a document.
        on: the day; None: today.
        label: what lists show.
        file: that belongs to it.
        provenance: what made it.

    Raises:
        CoxaError: it is not of its kind, is a programme that the newest screen does not allow, or cannot be
            written.
    """
    from coxa.app.record import Entry, Kind
    from coxa.app.record_documents import document_of, value_of
    from coxa.app.training import require_clear
    from coxa.catalog.planning import triage

    document = value if isinstance(value, Mapping) else document_of(value)
    check(kind, document, label or kind.value)
    made = Entry(person.id, kind, on or date.today(), document, label, provenance or {})
    if kind is Kind.PROGRAMME:
        require_clear(records, person, value_of(kind, document), triage(), made.on)
    return records.add([made], None if file is None else {0: file})[0]


def keep_assessments(records: SqlRecords, person: Person, file: Path, on: date | None = None) -> list[Entry]:
    """Every assessment of an ``assessment.json``, all or none.

    Raises:
        CoxaError: it is none, or cannot be written.
    """
    from coxa.app.record import Entry, Kind
    from coxa.model.errors import SourceError

    told = read_json(file)
    found = told.get("assessments")
    if told.get("schema") != "coxa.assessment" or not isinstance(found, list) or not found:
        raise SourceError(f"{file}: this is no assessment.json", "name the one that `coxa assess` wrote")
    day = on or date.today()
    made = []
    for one in found:
        document = one if isinstance(one, dict) else {}
        check(Kind.ASSESSMENT, document, str(file))
        provenance = document.get("provenance")
        kept = {
            "coxa": str(told.get("coxa_version", "")),
            **(provenance if isinstance(provenance, dict) else {}),
        }
        made.append(Entry(person.id, Kind.ASSESSMENT, day, document, str(document["protocol"]), kept))
    return records.add(made)


def read_json(file: Path) -> dict[str, Any]:
    """A JSON file that holds one object.

    Raises:
        SourceError: it does not.
    """
    from coxa.model.errors import SourceError

    try:
        if file.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{file}: it is too large", "name a smaller file")
        told = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceError(f"{file}: cannot be read ({error.strerror})", "name a file") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{file}: this is no JSON", "name a JSON file") from error
    if not isinstance(told, dict):
        raise SourceError(f"{file}: this is no JSON object", "name a file that Coxa wrote")
    return told


def progress(
    records: SqlRecords, person: Person, on: date | None = None, reliability: Path | None = None
) -> Progress:
    """How one person is getting on; ``reliability``: file of the laboratory's own minimal detectable changes.

    Raises:
        SourceError: an entry, or the file, is not of its kind.
    """
    from coxa.adapters.cohort.lab import read_reliability
    from coxa.app.progress import progress as use_case
    from coxa.catalog.loader import assess_rules
    from coxa.catalog.planning import triage

    lab = None if reliability is None else read_reliability(reliability)
    return use_case(records, person, on or date.today(), assess_rules(), triage(), lab)


def write_progress(found: Progress, html: Path | None = None, pdf: Path | None = None) -> None:
    """As a page, and for print.

    Raises:
        OutputError: it cannot be written.
    """
    from coxa.adapters.sinks.guard import whole_file
    from coxa.report.progress import page
    from coxa.report.progress import print as for_print

    if html is not None:
        with whole_file(html) as aside:
            aside.write_text(page.page(found), encoding="utf-8")
    if pdf is not None:
        made = for_print.pdf(found)
        with whole_file(pdf) as aside:
            aside.write_bytes(made)


def export(records: SqlRecords, person: Person, out: Path, overwrite: bool = False) -> list[Path]:
    """A person in the format that the ending says: ``.zip`` is everything, the others a part.

    Args:
        records: where the person is kept.
        person: whom.
        out: the file; ``.csv`` and ``.parquet`` become one file a table beside it.
        overwrite: replace what is there.

    Returns:
        What was written.

    Raises:
        CoxaError: no such format, it is there already, or it cannot be written.
    """
    from coxa.adapters.sinks import record_tables
    from coxa.app.record_tables import tables
    from coxa.model.errors import OutputError

    how = out.suffix.lower()
    if how not in (*_ENDINGS, *record_tables.ENDINGS):
        raise OutputError(
            f"{out}: no such format",
            "name a file that ends in .zip, .json (FHIR), .ics, .csv, .parquet or .xlsx",
        )
    found = tables(records, person) if how in record_tables.ENDINGS else ()
    names = record_tables.paths(found, out) if found else [out]
    for name in names:
        if not overwrite and os.path.lexists(name):
            raise OutputError(f"{name} is there already", "name another file, or add --overwrite")
    if not found:
        _export_whole(records, person, out)
        return names
    record_tables.write_tables(found, out)
    records.note_action("exported", person.id)
    return names


def _export_whole(records: SqlRecords, person: Person, out: Path) -> None:
    from coxa.adapters.sinks.calendar import write_calendar
    from coxa.adapters.sinks.guard import whole_file
    from coxa.adapters.store import transfer
    from coxa.app.progress import current_programme
    from coxa.app.record import Kind
    from coxa.catalog.planning import triage

    how = out.suffix.lower()
    if how == ".zip":
        transfer.export_person(records, person.id, out)
        return
    today = date.today()
    programme = current_programme(records, person, triage(), today)
    if how == ".ics":
        write_calendar(programme, person.id, out, today)
    else:
        from coxa.adapters.fhir.write import bundle

        kept = {kind: records.entries(person.id, kind) for kind in Kind}
        text = bundle(person, kept, programme, _codes())
        with whole_file(out) as aside:
            aside.write_text(text, encoding="utf-8")
    records.note_action("exported", person.id)


def import_(records: SqlRecords, file: Path) -> str:
    """Bring in what was exported; the person's id.

    Raises:
        CoxaError: it is not what it should be, or the person is here already.
    """
    from coxa.adapters.store import transfer

    if file.suffix.lower() == ".json":
        return _import_fhir(records, file)
    return transfer.import_person(records, file, check)


def _import_fhir(records: SqlRecords, file: Path) -> str:
    """Everything is read and checked before the person is made."""
    from dataclasses import replace

    from coxa.adapters.fhir.read import read
    from coxa.catalog.planning import triage
    from coxa.plan.triage import screened

    found = read(read_json(file), str(file), _codes(), lambda screen: screened(triage(), screen))
    person = records.add_person(found.person)
    if found.entries:
        made_of = {"imported": file.name.encode("utf-8", "replace").decode(), "format": "FHIR R4B"}
        records.add([replace(one, person=person.id, provenance=made_of) for one in found.entries])
    records.note_action("imported", person.id)
    return person.id


def _codes() -> InterchangeSpec:
    from importlib.resources import files

    from coxa.catalog.text import parse
    from coxa.specs.interchange import InterchangeSpec

    name = "interchange.yaml"
    return parse((files("coxa.catalog") / name).read_text(encoding="utf-8"), InterchangeSpec, name)


def back_up(records: SqlRecords, out: Path) -> None:
    """The whole record into one archive.

    Raises:
        OutputError: it cannot be written.
    """
    from coxa.adapters.store import transfer

    transfer.back_up(records, out)


def restore(records: SqlRecords, file: Path) -> int:
    """A backup into an empty record; how many people came back.

    Raises:
        CoxaError: it is none, or there are people in the record.
    """
    from coxa.adapters.store import transfer

    return transfer.restore(records, file, check)


def told_of(erased: Erasure) -> dict[str, Any]:
    """The proof as JSON has it."""
    return asdict(erased)
