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
    from coxa.adapters.person_file import read_person
    from coxa.adapters.sinks.assessment import write_assessment
    from coxa.adapters.sinks.directory import ResultDirectory
    from coxa.app import assess as use_case
    from coxa.app.request import MeasureOptions
    from coxa.assess.norms import Person
    from coxa.catalog.protocols import library

    known = library(protocols)
    known.protocol(protocol)
    told = read_person(person_file)
    wanted = options or MeasureOptions()
    wanted = replace(wanted, reading=replace(wanted.reading, height_m=told.height_m))

    def performed(recording: str | Path, by_help: bool = False) -> use_case.Performed:
        part, _, path = str(recording).rpartition("=")
        motion, events = _motion(Path(path), wanted, on_progress)
        return use_case.Performed(motion, events, part, by_help)

    def run() -> tuple[Assessment, ...]:
        done = [performed(one) for one in recordings]
        done += [performed(helped, by_help=True)] if helped is not None else []
        person = Person(told.age_y, told.sex)
        return use_case.run(done, protocol, known, person, sides, provenance={"engine": __version__})

    if out is None:
        return run()
    with ResultDirectory(out, overwrite) as results:
        found = run()
        write_assessment(found, results.path)
        results.commit()
    return found


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
