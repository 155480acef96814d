"""What a person or a machine is shown: results on stdout, progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from coxa.app.stream import Progress
from coxa.report.summary import MotionTally
from coxa.report.views import FamilyView, highlights, hip_or_back

N_FIGURES = 3


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A bar with the time left, on stderr; nothing where stderr is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("measuring", total=None)

        def show(done: Progress) -> None:
            total = None if done.end_s is None else done.end_s - done.start_s
            bar.update(task, completed=done.time_s - done.start_s, total=total)

        yield show


def result(tally: MotionTally, out: Path, as_json: bool) -> None:
    """Where the results are and what they say."""
    if as_json:
        typer.echo((out / "summary.json").read_text(encoding="utf-8"))
        return
    typer.echo("\n".join([*_figures(tally), "", *_notes(tally), *_files(out)]))


def _figures(tally: MotionTally) -> Iterator[str]:
    summaries = {summary.coordinate: summary for summary in tally.summaries()}
    verdict, why = hip_or_back(summaries)
    yield f"Hip or back? {verdict} {why}"
    for family in highlights(summaries)[:N_FIGURES]:
        yield f"  {family.family.title}: {_readings(family)}"


def _readings(family: FamilyView) -> str:
    readings = (
        f"{reading.side} {reading.from_to}, range {reading.range} {reading.error}"
        for reading in family.readings
    )
    return "; ".join(reading.strip() for reading in readings)


def _notes(tally: MotionTally) -> Iterator[str]:
    film = tally.latest.diagnostics.get("film", {}) if tally.latest is not None else {}
    for note in film.get("notes", ()):
        yield f"Note: {note}"


def _files(out: Path) -> Iterator[str]:
    for title, name in (("Report", "report.html"), ("Overlay", "overlay.mp4"), ("Summary", "summary.json")):
        if (out / name).exists():
            yield f"{title + ':':<9}{out / name}"
    data = [name for name in ("motion.parquet", "motion.mot", "keypoints.parquet") if (out / name).exists()]
    yield f"{'Data:':<9}{out / ', '.join(data)}"
