"""Guided tests: takes recorded in the browser are kept, and assessed by the same engine as files."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coxa import __version__
from coxa.model.errors import SourceError

if TYPE_CHECKING:
    from coxa.adapters.store.records import SqlRecords
    from coxa.app.additions import Source
    from coxa.app.foretell import Foretold
    from coxa.app.record import Entry, Person
    from coxa.model.motion import Motion
    from coxa.model.recording import Recording
    from coxa.specs.protocol import ProtocolSpec

_MEDIA_TYPE = "application/x-netcdf"
#: Of a test: one a side, and one to spare.
_MOST_TAKES = 4


def source_of(protocol: ProtocolSpec) -> Source:
    """What landmarks of a browser are, filmed as the test asks; no picture is left to be looked at."""
    from coxa.app.additions import FILM, Source
    from coxa.specs.estimator import STANDPOINTS

    view = next((one for one in STANDPOINTS if one == protocol.camera.view), None)
    return Source((FILM,), view)


def foretold(protocol: ProtocolSpec) -> Foretold:
    """What a guided test will tell, before it is done."""
    from coxa.app.foretell import foretell

    return foretell(protocol, source_of(protocol))


def keep_take(
    records: SqlRecords,
    person: Person,
    protocol: str,
    side: str,
    recording: Recording,
    on: date | None = None,
    live_set: str = "",
) -> Entry:
    """Keep the landmarks of one side of a test, as they were seen.

    Args:
        records: where.
        person: whose.
        protocol: id of the test.
        side: ``left``, ``right``, or empty where the test has none.
        recording: the landmarks.
        on: the day; None: today.
        live_set: id of the set that it was seen in; it leaves one take, however often it is kept.

    Raises:
        CoxaError: it is empty, or cannot be written.
    """
    from coxa.adapters.sinks.netcdf import write_netcdf
    from coxa.app.record import Kind
    from coxa.app.record_documents import KeptFile
    from coxa.bootstrap.recording import keep

    if recording.n_frames == 0:
        raise SourceError("nothing was recorded", "do the test again, in the picture")
    for known in records.entries(person.id, Kind.RECORDING, since=on or date.today()) if live_set else ():
        if known.provenance.get("live_set") == live_set:
            return known
    # Times count from the beginning of the take, not from when the page was loaded.
    recording = replace(recording, time_s=recording.time_s - recording.time_s[0])
    name = "-".join(one for one in (protocol, side) if one)
    with tempfile.TemporaryDirectory(prefix="coxa-take-") as folder:
        path = Path(folder) / f"{name}.nc"
        write_netcdf(recording, path)
        kept = KeptFile(path.name, _MEDIA_TYPE, "landmarks of a guided test")
        made_by = {"protocol": protocol, "side": side, "live_set": live_set}
        return keep(records, person, Kind.RECORDING, kept, on, name, path, made_by)


def takes_of(records: SqlRecords, person: Person, protocol: str, ids: Sequence[str]) -> list[Entry]:
    """The takes of a test, by id.

    Raises:
        SourceError: one is not there, or is none of this test.
    """
    from coxa.app.record import Kind

    found = [records.entry(person.id, Kind.RECORDING, one) for one in dict.fromkeys(ids)]
    known = [
        one
        for one in found
        if one is not None and one.file is not None and one.provenance.get("protocol") == protocol
    ]
    if not known or len(known) != len(found) or len(known) > _MOST_TAKES:
        raise SourceError("a recording of this test is not there", "do the test again")
    return known


def assessed(records: SqlRecords, person: Person, takes: Sequence[Entry]) -> list[Entry]:
    """Assessments that were made of takes; empty: none yet."""
    from coxa.app.record import Kind

    wanted = {one.id for one in takes}
    return [
        one
        for one in records.entries(person.id, Kind.ASSESSMENT)
        if one.provenance.get("recording") in wanted
    ]


def assess_takes(
    records: SqlRecords,
    person: Person,
    takes: Sequence[Entry],
    measured: Mapping[str, Motion] | None = None,
) -> list[Entry]:
    """Measure and assess takes of one test, sides recorded apart compared; every assessment is kept.

    Args:
        records: where.
        person: whose; age, sex and height are told to the engine.
        takes: of :func:`takes_of`.
        measured: motions of takes that were measured before, by id.

    Raises:
        CoxaError: nothing can be measured, or it cannot be kept.
    """
    from coxa.app import assess as use_case
    from coxa.app.record import Entry, Kind
    from coxa.assess.norms import Person as Normed
    from coxa.bootstrap.recording import check
    from coxa.catalog.protocols import library
    from coxa.report.assessment import document

    protocol = str(takes[0].provenance["protocol"])
    known = measured or {}
    motions = [known.get(one.id) or motion_of_take(records, person, one) for one in takes]
    found = use_case.run(
        [use_case.Performed(one) for one in motions],
        protocol,
        library(),
        Normed(person.age_y(takes[0].on), person.sex),
        provenance={"engine": __version__},
    )
    documents = document(found)["assessments"]
    made = []
    for take, told in zip(takes, documents, strict=True):
        check(Kind.ASSESSMENT, told, protocol)
        provenance = {"engine": __version__, "run": takes[0].id, "recording": take.id}
        made.append(Entry(person.id, Kind.ASSESSMENT, take.on, told, protocol, provenance))
    return records.add(made)


def motion_of_take(records: SqlRecords, person: Person, take: Entry) -> Motion:
    """What is measured of a take; the same every time.

    Raises:
        CoxaError: its file cannot be read, or nothing can be measured.
    """
    from coxa.adapters.sinks.memory import Collector
    from coxa.app.request import MeasureOptions, ReadOptions
    from coxa.bootstrap.measuring import measure_to

    if take.file is None:
        raise SourceError("the recording has no file", "do the test again")
    collector = Collector()
    with tempfile.TemporaryDirectory(prefix="coxa-take-") as folder:
        # Files of the record are named by their content; readers go by the ending.
        path = Path(folder) / "take.nc"
        path.symlink_to(records.path_of(take.file).resolve())
        options = MeasureOptions(reading=ReadOptions(height_m=person.height_m))
        measure_to([path], None, options, False, None, collector)
    return replace(collector.motion, source=take.label)
