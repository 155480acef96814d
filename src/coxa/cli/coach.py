"""``coxa coach``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import exit_codes

if TYPE_CHECKING:
    from coxa.app.session_review import Review


def coach(
    recordings: Annotated[
        list[Path],
        typer.Argument(
            metavar="RECORDING...",
            help="A video or file that Coxa measures, or the folder of a measurement.",
            show_default=False,
        ),
    ],
    exercise: Annotated[str, typer.Option(metavar="ID", help="Which exercise; see `coxa exercises`.")],
    side: options.OnlySide = None,
    sets: Annotated[
        int | None,
        typer.Option(min=1, max=100, help="How many sets.", show_default=False),
    ] = None,
    repetitions: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="In a set; 0: all. [default: all; where sides take turns, as the exercise says]",
            show_default=False,
        ),
    ] = None,
    hold_s: Annotated[
        float | None, typer.Option(min=0, help="Of a hold; 0: as long as it lasts.", show_default=False)
    ] = None,
    stop: Annotated[
        float | None,
        typer.Option(metavar="S", min=0, help="The pain button was pressed here.", show_default=False),
    ] = None,
    pain: Annotated[
        int | None, typer.Option(min=0, max=10, help="How much, told with --stop.", show_default=False)
    ] = None,
    silent: Annotated[bool, typer.Option("--silent", help="No words in the film but the count.")] = False,
    film: Annotated[bool, typer.Option("--film/--no-film", help="Write coached.mp4 of a video.")] = True,
    exercises: options.Exercises = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results. [default: coxa-out/NAME-ID]", show_default=False),
    ] = None,
    height_m: options.HeightM = None,
    pose: options.Pose = None,
    from_s: options.FromS = 0.0,
    to_s: options.ToS = None,
    camera_fov_deg: options.CameraFovDeg = None,
    camera_pitch_deg: options.CameraPitchDeg = None,
    camera_roll_deg: options.CameraRollDeg = None,
    person: options.Person = None,
    rate_hz: options.RateHz = None,
    picture: options.PictureSize = None,
    calibration: options.Calibration = None,
    mapping: options.Mapping = None,
    static: options.Static = None,
    tags: options.Tags = False,
    neutral: options.Neutral = None,
    detector: options.Detector = None,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON on stdout.")] = False,
) -> None:
    """Coach an exercise in a recording: count it, see its faults, say what helps."""
    picture_px = options.picture_px(picture)
    neutral_s = options.neutral_s(neutral, tags)
    if pain is not None and stop is None:
        raise typer.BadParameter("tell when with --stop", param_hint="--pain")
    with exit_codes():
        from coxa import bootstrap
        from coxa.app.one_camera import CameraTold
        from coxa.app.request import MeasureOptions, ReadOptions
        from coxa.bootstrap.coaching import Wanted
        from coxa.cli import render

        target = out or Path("coxa-out") / f"{recordings[0].stem}-{exercise}"
        camera = CameraTold(camera_fov_deg, camera_pitch_deg, camera_roll_deg)
        reading = ReadOptions(person, rate_hz, picture_px, camera, height_m, calibration, mapping, detector)
        measuring = MeasureOptions(from_s, to_s, reading, pose, static=static, tags=tags, neutral_s=neutral_s)
        told = None if side is None else side.value
        with render.progress(quiet) as on_progress:
            found = bootstrap.coach(
                recordings,
                exercise,
                wanted=Wanted(told, sets, repetitions, hold_s, stop, pain, silent, film),
                out=target,
                exercises=exercises,
                options=measuring,
                overwrite=overwrite,
                on_progress=on_progress,
            )
        if as_json or not quiet:
            _show(found, target, as_json)


def _show(found: Review, out: Path, as_json: bool) -> None:
    import json

    from coxa.report.coaching.document import session_document
    from coxa.report.coaching.words import lines

    if as_json:
        typer.echo(json.dumps(session_document(found), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(lines(found)))
    for title, name in (("Film", "coached.mp4"), ("Summary", "session.json"), ("Cues", "cues.jsonl")):
        if (out / name).exists():
            typer.echo(f"{title + ':':<9}{out / name}")
