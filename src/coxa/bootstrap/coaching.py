"""From recordings to coached sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coxa.bootstrap.measuring import measure_to
from coxa.bootstrap.runs import Listener

if TYPE_CHECKING:
    from coxa.app.coach import Session
    from coxa.app.request import MeasureOptions
    from coxa.app.session_review import Review
    from coxa.specs.exercise import ExerciseSpec


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks of a coached session; None: as the exercise says.

    Attributes:
        side: only this one.
        sets: how many.
        repetitions: in a set; 0: without end.
        hold_s: of a hold; 0: without end.
        stop_s: when the pain button is pressed.
        pain: 0..10, told with it.
        silent: no words in the film but the count.
        film: write ``coached.mp4``, where the source is a film.
    """

    side: str | None = None
    sets: int | None = None
    repetitions: int | None = None
    hold_s: float | None = None
    stop_s: float | None = None
    pain: int | None = None
    silent: bool = False
    film: bool = True


def coach(
    sources: Sequence[str | Path],
    exercise: str,
    *,
    wanted: Wanted | None = None,
    out: Path | None = None,
    exercises: Path | None = None,
    options: MeasureOptions | None = None,
    overwrite: bool = False,
    on_progress: Listener | None = None,
) -> Review:
    """Coach one exercise in a recording, as it would have been coached live.

    Args:
        sources: what :func:`measure` takes, or the results of a measurement.
        exercise: its id.
        wanted: sides, dose, pain; None: as the exercise says.
        out: folder for the results; None: nothing is written.
        exercises: folder of exercises of one's own.
        options: as for measuring.
        overwrite: replace an older result.
        on_progress: called as frames are done.

    Raises:
        SpecError: no such exercise, or a file of the catalogue is not what it should be.
        CoxaError: what measuring refuses.
    """
    from coxa.adapters.sinks.coach import write_session, write_stills
    from coxa.adapters.sinks.directory import ResultDirectory
    from coxa.app.request import MeasureOptions
    from coxa.app.session_review import review
    from coxa.catalog.exercises import exercise as exercise_by_id

    asked = wanted or Wanted()
    session = _session(exercise_by_id(exercise, exercises), asked)
    paths = [Path(one) for one in sources]
    told = replace(options or MeasureOptions(), streamed=True, overlay=False)
    if out is None:
        _run(session, paths, None, told, asked, on_progress)
        return review(session, paths[0].name)
    _require_apart(paths, out)
    with ResultDirectory(out, overwrite) as results:
        _run(session, paths, results.path, told, asked, on_progress)
        found = review(session, paths[0].name)
        write_session(found, results.path)
        write_stills(found, results.path)
        results.commit()
    return found


def _require_apart(sources: list[Path], out: Path) -> None:
    """What is coached is not replaced by what comes of it.

    Raises:
        OutputError: a source is the folder for the results, or lies in it.
    """
    from coxa.model.errors import OutputError

    target = out.resolve()
    for source in sources:
        if target in (source.resolve(), *source.resolve().parents):
            raise OutputError(f"{out} holds what is to be coached", "choose another folder with --out")


def _session(spec: ExerciseSpec, wanted: Wanted) -> Session:
    """Where nothing says how many and no side waits for another, everything that is done is coached."""
    from coxa.app.coach import Session
    from coxa.catalog.loader import coach_rules
    from coxa.coach.engine import Coach

    sets, repetitions, hold_s = wanted.sets, wanted.repetitions, wanted.hold_s
    untold = sets is None and repetitions is None and hold_s is None
    if untold and (spec.sides != "each" or wanted.side is not None):
        sets, repetitions, hold_s = 1, 0, 0.0
    sides = () if wanted.side is None else (wanted.side,)
    made = Coach(spec, coach_rules(), sets=sets, repetitions=repetitions, hold_s=hold_s, sides=sides)
    return Session(made, wanted.stop_s, wanted.pain)


def _run(
    session: Session,
    sources: list[Path],
    folder: Path | None,
    options: MeasureOptions,
    wanted: Wanted,
    on_progress: Listener | None,
) -> None:
    """Frames into the session, from a measurement that was done or one that is done now."""
    from coxa.adapters import formats
    from coxa.adapters.sinks.coach import CoachSink
    from coxa.adapters.sources.motion_table import motion_table_of, read_motion
    from coxa.adapters.sources.video import PyAvVideo
    from coxa.model.errors import NothingToMeasureError

    measured = motion_table_of(sources[0]) if len(sources) == 1 else None
    if measured is not None:
        motion = read_motion(measured)
        last_s = float("inf") if options.end_s is None else options.end_s
        inside = (motion.time_s >= options.start_s) & (motion.time_s < last_s)
        if not inside.any():
            raise NothingToMeasureError(
                f"{measured}: there is no frame in the wanted span", "choose --from and --to within it"
            )
        first, stop = inside.argmax(), len(inside) - inside[::-1].argmax()
        session.push(motion.window(slice(int(first), int(stop))))
        return
    filmed = len(sources) == 1 and not formats.is_recording(sources[0])
    film = PyAvVideo(sources[0]) if filmed and wanted.film and folder is not None else None
    span = (options.start_s, options.end_s)
    sink = CoachSink(session, folder, film, span, wanted.silent)
    measure_to(sources, None, options, False, on_progress, sink)
