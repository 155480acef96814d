"""From recordings to what a test found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coxa import __version__
from coxa.bootstrap.measuring import measure_to
from coxa.bootstrap.runs import Listener

if TYPE_CHECKING:
    from coxa.app.request import MeasureOptions
    from coxa.catalog.protocols import Library
    from coxa.model.assessment import Assessment
    from coxa.model.channels import Event
    from coxa.model.motion import Motion
    from coxa.model.recording import Recording
    from coxa.report.assessment.case import Case
    from coxa.specs.reliability import ReliabilityFile


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
    pictures: bool = True,
    reliability: Path | None = None,
    on_progress: Listener | None = None,
) -> tuple[Assessment, ...]:
    """Run a test on recordings.

    Args:
        recordings: what :func:`measure` takes; for a battery ``PART=RECORDING``. Sides recorded apart are
            compared as sides of one recording are.
        protocol: id of the test.
        sides: ``left``, ``right``; none: all that the test has.
        person_file: age, sex and height, as YAML.
        helped: the same test, the other segment held by somebody.
        out: folder for the report; None: nothing is written.
        protocols: folder of protocols of one's own.
        options: as for measuring.
        overwrite: replace an older report.
        pictures: frames of the film in the report; they show the person.
        reliability: the laboratory's own minimal detectable changes (``coxa reliability``).
        on_progress: called as frames are done.

    Raises:
        SpecError: no such test, or a file of the catalogue is not what it should be.
        CoxaError: what measuring refuses.
    """
    from coxa.adapters.cohort.lab import read_reliability
    from coxa.adapters.own_file import read_own
    from coxa.adapters.sinks.assessment import write_assessment
    from coxa.adapters.sinks.directory import ResultDirectory
    from coxa.app import assess as use_case
    from coxa.app.cohort.rows import method_of
    from coxa.app.request import MeasureOptions
    from coxa.assess.norms import Person
    from coxa.catalog.protocols import library
    from coxa.specs.person import PersonFile

    known = library(protocols)
    known.protocol(protocol)
    told = PersonFile() if person_file is None else read_own(person_file, PersonFile, _PERSON)
    lab = None if reliability is None else read_reliability(reliability)
    wanted = options or MeasureOptions()
    wanted = replace(wanted, reading=replace(wanted.reading, height_m=told.height_m))

    def run() -> tuple[Case, ...]:
        named = [str(one).rpartition("=") for one in recordings]
        asked = [(Path(path), part, False) for part, _, path in named]
        asked += [(helped, "", True)] if helped is not None else []
        held = [measured(path, wanted, on_progress) for path, _, _ in asked]
        done = [
            use_case.Performed(one.motion, one.events, part, by_help)
            for one, (_, part, by_help) in zip(held, asked, strict=True)
        ]
        person = Person(told.age_y, told.sex)
        found = use_case.run(done, protocol, known, person, sides, provenance={"engine": __version__})
        cases = (
            case_of(_told_how(one, method_of(of.motion), lab), known, of, pictures)
            for one, of in zip(found, held, strict=True)
        )
        return tuple(replace(case, helped=did.helped) for case, did in zip(cases, done, strict=True))

    if out is None:
        return tuple(case.assessment for case in run())
    with ResultDirectory(out, overwrite) as results:
        cases = run()
        asked = known.protocol(protocol)
        write_assessment(cases, results.path, asked.title if asked.kind == "battery" else "")
        results.commit()
    return tuple(case.assessment for case in cases)


def _told_how(found: Assessment, method: str, lab: ReliabilityFile | None) -> Assessment:
    """With what it was measured with, and what the laboratory has shown of that."""
    from coxa.app.lab import with_reliability

    found = replace(found, provenance={**found.provenance, "kind": method})
    return with_reliability(found, method, lab)


@dataclass(frozen=True, slots=True)
class Measured:
    """A recording's motion, the events it came with, and where its cameras saw the person."""

    source: Path
    motion: Motion
    events: tuple[Event, ...]
    seen: Recording
    filmed: bool


def measured(source: Path, options: MeasureOptions, on_progress: Listener | None) -> Measured:
    """Measure one recording, keeping what assessing it needs.

    Raises:
        CoxaError: what measuring refuses.
    """
    from coxa.adapters import formats
    from coxa.adapters.sinks.memory import Collector

    collector = Collector()
    measure_to([source], None, options, False, on_progress, collector)
    filmed = not formats.is_recording(source)
    events = () if filmed else formats.open_recording(source, options.reading).sample(1).events
    return Measured(source, collector.motion, events, collector.seen, filmed)


def case_of(found: Assessment, known: Library, of: Measured, pictures: bool) -> Case:
    """What the report shows; of a film, pictures too if they are wanted."""
    from coxa.report.assessment.case import Case

    protocol = known.protocol(found.protocol)
    if not (of.filmed and pictures):
        return Case(found, protocol, of.motion)
    from coxa.adapters.keyframes import key_frames
    from coxa.adapters.sources.video import PyAvVideo

    return Case(
        found, protocol, of.motion, key_frames(found, protocol, of.motion, of.seen, PyAvVideo(of.source))
    )
