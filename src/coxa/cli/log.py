"""``coxa log``: what was done, felt, measured and filmed goes into the record."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coxa.cli.exits import EPILOG, exit_codes
from coxa.cli.person import Data, Database, On, Who

if TYPE_CHECKING:
    from coxa.model.training import LogEntry

app = typer.Typer(help="Keep what was done, felt, measured.", no_args_is_help=True, rich_markup_mode=None)

_File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
_Text = Annotated[str, typer.Option(help="Free text; it decides nothing.", show_default=False)]


class HowMuch(StrEnum):
    """Of a planned exercise."""

    DONE = "done"
    PARTLY = "partly"
    MISSED = "missed"


class Felt(StrEnum):
    """Symptoms that stop."""

    SPREADING_LEG_PAIN = "spreading leg pain"
    NUMBNESS = "numbness"
    SHARP_GROIN_PINCH = "sharp groin pinch"
    GIVING_WAY = "giving way"


class Plain(StrEnum):
    """Kinds that Coxa writes as one JSON each."""

    SCREEN = "screen"
    PROGRAMME = "programme"
    RETEST = "retest"


def _scale(words: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar="0..10", help=words, show_default=False)
    return option


@app.callback()
def _log() -> None:
    pass


@app.command(epilog=EPILOG)
def exercise(
    who: Who,
    name: Annotated[str, typer.Argument(metavar="EXERCISE", help="Its id.", show_default=False)],
    done: Annotated[HowMuch, typer.Option(help="Whether.")] = HowMuch.DONE,
    form: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Repetitions in good form.", show_default=False)
    ] = None,
    effort: Annotated[str | None, _scale("Perceived exertion.")] = None,
    pain: Annotated[str | None, _scale("The most while doing it.")] = None,
    next_morning: Annotated[str | None, _scale("Pain of the morning after.")] = None,
    symptom: Annotated[
        list[Felt] | None, typer.Option(help="Stops until a new screen.", show_default=False)
    ] = None,
    note: _Text = "",
    on: On = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """One exercise on one day."""
    with exit_codes():
        from datetime import date

        from coxa.app.record import Kind
        from coxa.app.record_documents import day, number
        from coxa.bootstrap import recording
        from coxa.catalog.planning import require_exercises
        from coxa.model.training import Done, LogEntry, Symptom

        def scale(told: str | None, what: str) -> float | None:
            return None if told is None else number(told, what, 0, 10)

        require_exercises((name,), "--exercise")
        when = date.today() if on is None else day(on)
        entry = LogEntry(
            when,
            name,
            Done(done.value),
            form=None if form is None else number(form, "the form", 0, 100) / 100,
            effort=scale(effort, "the effort"),
            pain=scale(pain, "the pain"),
            pain_next_morning=scale(next_morning, "the pain of the next morning"),
            symptoms=tuple(Symptom(one.value) for one in symptom or ()),
            note=note,
        )
        with recording.record(data, database) as records:
            person = recording.person_of(records, who)
            recording.keep(records, person, Kind.SESSION, entry, when, name)
        typer.echo(f"{person.name}, {when}: {name} {done.value}")
        _asked_again(entry, note)


@app.command(epilog=EPILOG)
def pain(
    who: Who,
    score: Annotated[str, typer.Argument(metavar="0..10", show_default=False)],
    where: Annotated[str, typer.Option(help="In your words.", show_default=False)] = "",
    note: _Text = "",
    on: On = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """How much it hurts."""
    with exit_codes():
        from coxa.app.record import Kind
        from coxa.app.record_documents import Pain, number

        told = Pain(number(score, "the pain", 0, 10), where, note)
        _keep(who, Kind.PAIN.value, told, on, data, database)
        _asked_again(None, where, note, pain=told.score)


@app.command(epilog=EPILOG)
def note(
    who: Who,
    text: Annotated[str, typer.Argument(show_default=False)],
    on: On = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Anything else."""
    with exit_codes():
        from coxa.app.record import Kind
        from coxa.app.record_documents import Note

        _keep(who, Kind.NOTE.value, Note(text), on, data, database)
        _asked_again(None, text)


@app.command(epilog=EPILOG)
def file(who: Who, path: _File, on: On = None, data: Data = None, database: Database = None) -> None:
    """A recording, or the motion.parquet made of one; a copy is kept."""
    with exit_codes():
        import mimetypes

        from coxa.app.record import Kind
        from coxa.app.record_documents import KeptFile

        kind = Kind.MOTION if path.suffix == ".parquet" else Kind.RECORDING
        media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        told = KeptFile(path.name.encode("utf-8", "replace").decode(), media)
        _keep(who, kind.value, told, on, data, database, path)


@app.command(epilog=EPILOG)
def assessment(who: Who, path: _File, on: On = None, data: Data = None, database: Database = None) -> None:
    """The assessment.json of `coxa assess`."""
    with exit_codes():
        from coxa.app.record_documents import day
        from coxa.bootstrap import recording

        with recording.record(data, database) as records:
            person = recording.person_of(records, who)
            kept = recording.keep_assessments(records, person, path, None if on is None else day(on))
        typer.echo(f"{person.name}: {', '.join(one.label for one in kept)}")


@app.command(epilog=EPILOG)
def plain(
    who: Who,
    kind: Annotated[Plain, typer.Argument(show_default=False)],
    path: _File,
    on: On = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """A screen, programme or retest that Coxa wrote as JSON."""
    with exit_codes():
        from coxa.bootstrap import recording

        _keep(who, f"{kind.value}s", recording.read_json(path), on, data, database)


def _asked_again(entry: LogEntry | None, *texts: str, pain: float | None = None) -> None:
    """What the pain rule says, and the questions that free text brings up."""
    from coxa.bootstrap.training import brought_up, pain_words

    for line in pain_words(entry, pain):
        typer.echo(line)
    for one in brought_up(*texts):
        typer.echo(f"You wrote \u201c{one.because}\u201d. {one.words} If so, screen again: coxa screen.")


def _keep(
    who: str,
    kind: str,
    value: object,
    on: str | None,
    data: Path | None,
    database: str | None,
    path: Path | None = None,
) -> None:
    from coxa.app.record import Kind
    from coxa.app.record_documents import day
    from coxa.bootstrap import recording

    label = "" if path is None else path.name.encode("utf-8", "replace").decode()
    with recording.record(data, database) as records:
        person = recording.person_of(records, who)
        when = None if on is None else day(on)
        kept = recording.keep(records, person, Kind(kind), value, when, label, path)
    typer.echo(f"{person.name}, {kept.on}: kept in {kind}")
