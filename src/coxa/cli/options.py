"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coxa.model.people import SHORTEST_M, TALLEST_M


class Side(StrEnum):
    """A side of the person."""

    LEFT = "left"
    RIGHT = "right"


class PoseSize(StrEnum):
    """The landmark networks."""

    LITE = "lite"
    FULL = "full"
    HEAVY = "heavy"


OnlySide = Annotated[Side | None, typer.Option(help="Only this side.", show_default=False)]
Pose = Annotated[
    PoseSize | None,
    typer.Option(
        help="Pose network for videos: the larger, the truer and slower. "
        "[default: heavy, or full where coxa[heavy] is not installed]",
        show_default=False,
    ),
]
Static = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Static trial, same person and markers.", show_default=False),
]
HeightM = Annotated[
    float | None,
    typer.Option(help="The person's height in metres.", min=SHORTEST_M, max=TALLEST_M, show_default=False),
]
CameraFovDeg = Annotated[
    float | None,
    typer.Option(help="Field of view along the longer side.", min=10, max=150, show_default=False),
]
CameraPitchDeg = Annotated[
    float | None,
    typer.Option(help="How far the camera looks down.", min=-89, max=89, show_default=False),
]
CameraRollDeg = Annotated[
    float | None,
    typer.Option(help="How far it is turned clockwise.", min=-180, max=180, show_default=False),
]
FromS = Annotated[float, typer.Option("--from", metavar="S", help="Start here, in seconds.", min=0)]
ToS = Annotated[
    float | None,
    typer.Option("--to", metavar="S", help="Stop here, in seconds.", min=0, show_default=False),
]
Person = Annotated[
    str | None,
    typer.Option(
        metavar="WHO",
        show_default=False,
        help="Whom to follow: in a picture counted from the left in the first frame with people, in a file "
        "by the name it has there. [default: the only one, or the largest and most central]",
    ),
]
RateHz = Annotated[
    float | None,
    typer.Option(min=1, help="Frames per second, where the file does not say.", show_default=False),
]
PictureSize = Annotated[
    str | None,
    typer.Option(
        "--picture",
        metavar="WxH",
        help="Size of the picture, where the file does not say.",
        show_default=False,
    ),
]
Calibration = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Lens of the camera, or places of several (Calib.toml, OpenCV), or the standing pose of "
        "inertial sensors.",
        show_default=False,
    ),
]
Reliability = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Your laboratory's own figures, from coxa reliability.", show_default=False
    ),
]
Mapping = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Names of markers, keypoints or sensors of a set not known.", show_default=False
    ),
]
Detector = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="Whose keypoints they are, where the file does not say.", show_default=False
    ),
]
Tags = Annotated[bool, typer.Option("--tags", help="Look for printed boards in the video (coxa tags print).")]
Neutral = Annotated[
    str | None,
    typer.Option(
        metavar="FROM-TO",
        help="When the person stands straight, in seconds, for --tags. [default: the first second of it]",
        show_default=False,
    ),
]
Exercises = Annotated[
    Path | None,
    typer.Option("--exercises", metavar="DIR", help="Folder of exercises of your own.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an older result.")]


def picture_px(size: str | None) -> tuple[int, int] | None:
    """``1920x1080`` as (1920, 1080)."""
    if size is None:
        return None
    width, _, height = size.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise typer.BadParameter(f"{size!r} is no size; write it as 1920x1080", param_hint="--picture")
    return int(width), int(height)


def neutral_s(span: str | None, tags: bool) -> tuple[float, float] | None:
    """``0.5-2`` as (0.5, 2.0)."""
    if span is None:
        return None
    if not tags:
        raise typer.BadParameter("it is for printed boards; add --tags", param_hint="--neutral")
    start, _, end = span.partition("-")
    try:
        start_s, end_s = float(start), float(end)
    except ValueError:
        start_s = end_s = 0.0
    if not 0.0 <= start_s < end_s < float("inf"):
        raise typer.BadParameter(f"{span!r} is no span; write it as 0.5-2", param_hint="--neutral")
    return start_s, end_s
