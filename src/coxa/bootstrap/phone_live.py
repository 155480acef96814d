"""A phone in the browser: what it tapped, or recorded while worn, becomes an assessment of the record."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from coxa import __version__
from coxa.adapters.store.records import SqlRecords
from coxa.app.phone_live import Gathered
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import KeptFile, document_of
from coxa.app.request import MeasureOptions, ReadOptions
from coxa.app.tapped import assessed, reading_of
from coxa.assess.assessment import Standards
from coxa.assess.norms import Person as Normed
from coxa.bootstrap.assessing import assess as assess_files
from coxa.bootstrap.recording import check
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.model.assessment import Assessment, Estimate
from coxa.model.errors import SourceError
from coxa.report.assessment.document import document
from coxa.specs.taps import TapReading, WornTest

_SOURCE = "a phone in the browser"


@dataclass(frozen=True, slots=True)
class Readable:
    """Something a phone can be used for.

    Attributes:
        protocol: id of the test.
        title: of test, or of test and quantity.
        quantity: that is tapped; empty: the phone is worn.
        steps: what to do, in order.
    """

    protocol: str
    title: str
    quantity: str
    steps: tuple[str, ...]


def readable() -> list[Readable]:
    """Everything a phone can be used for: by tapping first, then worn."""
    known, rules = library(), loader.tap_rules()
    tapped = [
        Readable(one.protocol, _title(one), one.quantity, (one.place, one.move)) for one in rules.readings
    ]
    worn = [
        Readable(one.protocol, known.protocol(one.protocol).title, "", (one.strap, *_asked(one.protocol)))
        for one in rules.worn
    ]
    return [*tapped, *worn]


def worn_test(protocol: str) -> WornTest:
    """How a phone is worn for a test.

    Raises:
        SourceError: it is not.
    """
    for one in loader.tap_rules().worn:
        if one.protocol == protocol:
            return one
    raise SourceError(f"no phone is worn for {protocol!r:.60}", "choose one of the list")


def keep_tapped(
    records: SqlRecords, person: Person, angle: Estimate, protocol: str, quantity: str, side: str, on: date
) -> Entry:
    """Keep the angle between two taps as an assessment.

    Raises:
        CoxaError: it is none that taps read, or it cannot be kept.
    """
    how = reading_of(loader.tap_rules(), protocol, quantity)
    known = library()
    standards = Standards(loader.assess_rules(), known.norms)
    spec = known.protocol(protocol)
    return _keep(
        records, person, assessed(angle, how, side, spec, standards, _normed(person, on), _SOURCE), on
    )


def keep_worn(
    records: SqlRecords, person: Person, gathered: Gathered, protocol: str, side: str, on: date
) -> Entry:
    """Assess what a phone recorded while it was worn; the readings are kept as well.

    Raises:
        CoxaError: nothing can be measured of it, or it cannot be kept.
    """
    told = worn_test(protocol)
    segment = f"{told.segment}_{side}" if told.segment in ("femur", "tibia") else told.segment
    with tempfile.TemporaryDirectory(prefix="coxa-phone-") as folder:
        readings, mapping = Path(folder) / "phone.json", Path(folder) / "worn.yaml"
        readings.write_text(json.dumps(gathered.rows()), encoding="utf-8")
        worn = {"segment": segment, "screen": told.screen} | ({"top": told.top} if told.top else {})
        written = yaml.safe_dump({"posture": told.posture, "phones": {readings.name: worn}})
        mapping.write_text(written, encoding="utf-8")
        options = MeasureOptions(reading=ReadOptions(mapping=mapping))
        (found,) = assess_files([readings], protocol, sides=[side], options=options, pictures=False)
        kept = KeptFile(readings.name, "application/json", written)
        records.add(
            [Entry(person.id, Kind.RECORDING, on, document_of(kept), f"{protocol}-{side}")], {0: readings}
        )
    return _keep(records, person, found, on)


def _keep(records: SqlRecords, person: Person, found: Assessment, on: date) -> Entry:
    (told,) = document([found])["assessments"]
    check(Kind.ASSESSMENT, told, found.protocol)
    entry = Entry(person.id, Kind.ASSESSMENT, on, told, found.protocol, {"engine": __version__})
    return records.add([entry])[0]


def _normed(person: Person, on: date) -> Normed:
    return Normed(person.age_y(on), person.sex)


def _title(one: TapReading) -> str:
    spec = library().protocol(one.protocol)
    return next(quantity.title for quantity in spec.quantities if quantity.id == one.quantity)


def _asked(protocol: str) -> tuple[str, ...]:
    return library().protocol(protocol).instructions
