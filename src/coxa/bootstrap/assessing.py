"""From recordings to what a test found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from coxa import __version__
from coxa.bootstrap.measuring import Listener, measure_to

if TYPE_CHECKING:
    from coxa.app.request import MeasureOptions
    from coxa.model.assessment import Assessment
    from coxa.model.channels import Event
    from coxa.model.motion import Motion


_PERSON = "write YAML with any of: name, age_y, sex (female or male), height_m"


def assess(
    recordings: Sequence[str | Path],
    protocol: str,
    *,
    sides: Sequence[str] = (),
    person_file: Path | None = None,
    helped: Path | None = None,
    out: Path | None = None,
    protocols: Path | None = None,
    options: MeasureOptions | None = None,
    overwrite: bool = False,
    on_progress: Listener | None = None,
) -> tuple[Assessment, ...]:
    """Run a test on recordings.

    Args:
        recordings: what :func:`measure` takes; for a battery ``PART=RECORDING``.
        protocol: id of the test.
        sides: ``left``, ``right``; none: all that the test has.
        person_file: age, sex and height, as YAML.
        helped: the same test, the other segment held by somebody.
        out: folder for the report; None: nothing is written.
        protocols: folder of protocols of one's own.
        options: as for measuring.
        overwrite: replace an older report.
        on_progress: called as frames are done.

    Raises:
        SpecError: no such test, or a file of the catalogue is not what it should be.
        CoxaError: what measuring refuses.
    """
    from coxa.adapters.own_file import read_own
    from coxa.adapters.sinks.assessment import write_assessment
    from coxa.adapters.sinks.directory import ResultDirectory
    from coxa.app import assess as use_case
    from coxa.app.request import MeasureOptions
    from coxa.assess.norms import Person
    from coxa.catalog.protocols import library
    from coxa.report.assessment.case import Case
    from coxa.specs.person import PersonFile

    known = library(protocols)
    known.protocol(protocol)
    told = PersonFile() if person_file is None else read_own(person_file, PersonFile, _PERSON)
    wanted = options or MeasureOptions()
    wanted = replace(wanted, reading=replace(wanted.reading, height_m=told.height_m))

    def performed(recording: str | Path, by_help: bool = False) -> use_case.Performed:
        part, _, path = str(recording).rpartition("=")
        motion, events = _motion(Path(path), wanted, on_progress)
        return use_case.Performed(motion, events, part, by_help)

    def run() -> tuple[Case, ...]:
        done = [performed(one) for one in recordings]
        done += [performed(helped, by_help=True)] if helped is not None else []
        person = Person(told.age_y, told.sex)
        found = use_case.run(done, protocol, known, person, sides, provenance={"engine": __version__})
        return tuple(
            Case(one, known.protocol(one.protocol), did.motion) for one, did in zip(found, done, strict=True)
        )

    if out is None:
        return tuple(case.assessment for case in run())
    with ResultDirectory(out, overwrite) as results:
        cases = run()
        asked = known.protocol(protocol)
        write_assessment(cases, results.path, asked.title if asked.kind == "battery" else "")
        results.commit()
    return tuple(case.assessment for case in cases)


def _motion(
    source: Path, options: MeasureOptions, on_progress: Listener | None
) -> tuple[Motion, tuple[Event, ...]]:
    """What was measured, and the events that the recording came with."""
    from coxa.adapters import formats
    from coxa.adapters.sinks.memory import Collector

    collector = Collector()
    measure_to([source], None, options, False, on_progress, collector)
    events = (
        formats.open_recording(source, options.reading).sample(1).events
        if formats.is_recording(source)
        else ()
    )
    return collector.motion, events
