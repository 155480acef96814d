"""``coxa measure``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coxa.cli import options
from coxa.cli.exits import exit_codes


def measure(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="A video (mp4, mov, webm, avi); a file or folder of markers, keypoints, orientations or "
            "joint angles; or several cameras with --calibration.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results. [default: coxa-out/NAME]", show_default=False)
    ] = None,
    height_m: options.HeightM = None,
    pose: options.Pose = None,
    camera_fov_deg: options.CameraFovDeg = None,
    camera_pitch_deg: options.CameraPitchDeg = None,
    camera_roll_deg: options.CameraRollDeg = None,
    from_s: options.FromS = 0.0,
    to_s: options.ToS = None,
    person: options.Person = None,
    rate_hz: options.RateHz = None,
    picture: options.PictureSize = None,
    calibration: options.Calibration = None,
    mapping: options.Mapping = None,
    static: options.Static = None,
    phone: Annotated[
        Path | None,
        typer.Option(
            "--with",
            metavar="FILE",
            help="Recording of a phone worn while it was filmed; --mapping tells how.",
            show_default=False,
        ),
    ] = None,
    tags: options.Tags = False,
    neutral: options.Neutral = None,
    detector: options.Detector = None,
    overlay: Annotated[bool, typer.Option("--overlay/--no-overlay", help="Write overlay.mp4.")] = True,
    overwrite: options.Overwrite = False,
    quiet: options.Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON on stdout.")] = False,
) -> None:
    """Measure the hip and spine angles of one person."""
    picture_px = options.picture_px(picture)
    neutral_s = options.neutral_s(neutral, tags)
    with exit_codes():
        from coxa import bootstrap
        from coxa.app.one_camera import CameraTold
        from coxa.app.request import MeasureOptions, ReadOptions
        from coxa.cli import render

        target = out or Path("coxa-out") / sources[0].stem
        camera = CameraTold(camera_fov_deg, camera_pitch_deg, camera_roll_deg)
        reading = ReadOptions(person, rate_hz, picture_px, camera, height_m, calibration, mapping, detector)
        wanted = MeasureOptions(from_s, to_s, reading, pose, overlay, static, tags, neutral_s, phone)
        with render.progress(quiet) as on_progress:
            tally = bootstrap.measure_into(sources, target, wanted, overwrite, on_progress)
        if as_json or not quiet:
            render.result(tally, target, as_json=as_json)
