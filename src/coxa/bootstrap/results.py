"""Results of a test of the record, ready to be shown: all recordings of one run, and the time before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.adapters.store.records import SqlRecords
    from coxa.app.before import Since
    from coxa.app.record import Entry, Person
    from coxa.model.assessment import Assessment
    from coxa.report.assessment.case import Case
    from coxa.report.assessment.sheet import Sheet
    from coxa.specs.additions import Addition
    from coxa.specs.protocol import ProtocolSpec


@dataclass(frozen=True, slots=True)
class CouldAdd:
    """One thing that would tell more.

    Attributes:
        addition: what to do.
        tells: what it would tell of this test, for people.
    """

    addition: Addition
    tells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a page of results shows.

    Attributes:
        on: the day.
        protocol: the test.
        entries: assessments of the same run, one a recording.
        sheet: everything the report says, in its order.
        before_on: day of the time before; None: there was none.
        changes: since then.
        additions: what would tell more, the least effort first.
        redrawn: the recordings are kept, so that the movement over time can be drawn.
    """

    on: date
    protocol: ProtocolSpec
    entries: tuple[Entry, ...]
    sheet: Sheet
    before_on: date | None
    changes: tuple[Since, ...]
    additions: tuple[CouldAdd, ...]
    redrawn: bool


def result(records: SqlRecords, person: Person, key: str, over_time: bool = False) -> Result | None:
    """The results that an assessment belongs to; None: there is no such assessment.

    Args:
        records: where it is kept.
        person: whose.
        key: id of the assessment.
        over_time: measure the recordings once more, for figures over time; takes seconds.

    Raises:
        CoxaError: it has not all that a page needs, or its test is not known here.
    """
    from coxa.adapters.sources.assessments import assessment_of
    from coxa.app.before import changes
    from coxa.app.record import Kind
    from coxa.catalog.loader import assess_rules
    from coxa.catalog.protocols import library
    from coxa.report.assessment.sheet import sheet

    entry = records.entry(person.id, Kind.ASSESSMENT, key)
    if entry is None:
        return None
    everything = records.entries(person.id, Kind.ASSESSMENT)
    same = _run(everything, entry)
    found = [assessment_of(one.document, f"the assessment of {one.on}") for one in same]
    protocol = library().protocol(found[0].protocol)
    before = _before(everything, same)
    earlier = [assessment_of(one.document, f"the assessment of {one.on}") for one in before]
    return Result(
        on=entry.on,
        protocol=protocol,
        entries=tuple(same),
        sheet=sheet(_cases(records, person, same, found, protocol, over_time)),
        before_on=before[0].on if before else None,
        changes=changes(found, earlier, assess_rules()),
        additions=_additions(found, protocol, any("recording" in one.provenance for one in same)),
        redrawn=all(_take(records, person, one) is not None for one in same),
    )


def report_pdf(records: SqlRecords, person: Person, key: str) -> bytes | None:
    """The report for print, with figures over time where the recordings are kept; None: nothing there.

    Raises:
        CoxaError: as :func:`result`.
    """
    from coxa.report.assessment.print import pdf

    found = result(records, person, key, over_time=True)
    return None if found is None else pdf(found.sheet)


def _run(everything: Sequence[Entry], entry: Entry) -> list[Entry]:
    """All assessments of one run of a test: sides are recorded apart."""
    run = entry.provenance.get("run")
    same = [one for one in everything if run and one.provenance.get("run") == run]
    return same if entry in same else [entry]


def _before(everything: Sequence[Entry], same: Sequence[Entry]) -> list[Entry]:
    """Of the same test, the run before."""
    own = {one.id for one in same}
    first = min(same, key=lambda one: (one.on, one.id))
    label = first.document["protocol"]
    earlier = [
        one
        for one in everything
        if one.document["protocol"] == label and one.id not in own and (one.on, one.id) < (first.on, first.id)
    ]
    return _run(everything, earlier[-1]) if earlier else []


def _cases(
    records: SqlRecords,
    person: Person,
    entries: Sequence[Entry],
    found: Sequence[Assessment],
    protocol: ProtocolSpec,
    over_time: bool,
) -> list[Case]:
    from coxa.bootstrap.guided import motion_of_take
    from coxa.report.assessment.case import Case

    cases = []
    for entry, one in zip(entries, found, strict=True):
        take = _take(records, person, entry) if over_time else None
        motion = None if take is None else motion_of_take(records, person, take)
        cases.append(Case(one, protocol, motion))
    return cases


def _take(records: SqlRecords, person: Person, entry: Entry) -> Entry | None:
    from coxa.app.record import Kind

    kept = entry.provenance.get("recording")
    found = records.entry(person.id, Kind.RECORDING, str(kept)) if kept else None
    return found if found is not None and found.file is not None else None


def _additions(found: Sequence[Assessment], protocol: ProtocolSpec, live: bool) -> tuple[CouldAdd, ...]:
    """What would make observed what was not, of all that can be added to a film as the test asks for it."""
    from coxa.app.additions import named_for, offers
    from coxa.app.foretell import film_as_asked
    from coxa.bootstrap.guided import source_of
    from coxa.model.motion import Observability

    source = source_of(protocol) if live else film_as_asked(protocol.camera.view)
    tells: dict[str, dict[str, None]] = {}
    named: dict[str, Addition] = {}
    for one in (silence for each in found for silence in each.silences if silence.coordinate):
        offered = offers(source, {one.coordinate: Observability.WEAK})
        for addition in named_for(one.coordinate, offered):
            named[addition.id] = addition
            tells.setdefault(addition.id, {})[_plain(one.what)] = None
    listed = [CouldAdd(one, tuple(tells[one.id])) for one in named.values()]
    return tuple(sorted(listed, key=lambda one: (one.addition.effort, -len(one.tells))))


def _plain(what: str) -> str:
    """Without side and parts."""
    for side in ("left", "right"):
        what = what.replace(f", {side}", "")
    return what.partition(":")[0]
