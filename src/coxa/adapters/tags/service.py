"""What the commands about tags and cameras do with files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sinks.guard import writing
from coxa.adapters.tags.chess import Lens, lens_from_pictures
from coxa.catalog import loader
from coxa.model.errors import NothingToMeasureError, OutputError, SourceError

Grey = NDArray[np.uint8]

CALIBRATION = "calibration"
PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")
LOOKED_AT = 120  # pictures of a film; more tell nothing new
OTHERWISE_EVERY = 5
#: A file whose Z points up to the axes of a level camera that X points to, as a rotation vector.
LEVEL = 2.0 * np.pi / 3.0 / np.sqrt(3.0) * np.array([1.0, 1.0, -1.0])


def print_pages(out: Path, names: Sequence[str], paper: str) -> int:
    """Write boards, or the calibration page, to a PDF; returns the number of pages.

    Raises:
        NothingToMeasureError: there is no such board.
        OutputError: the file cannot be written.
    """
    from coxa.adapters.tags.pdf import write_pages

    boards = loader.tag_boards()
    known = [board.name for board in boards.boards]
    for name in names:
        if name not in (*known, CALIBRATION):
            raise NothingToMeasureError(
                f"there is no board {name!r}", f"name one of: {', '.join((*known, CALIBRATION))}"
            )
    return write_pages(out, boards, loader.chess_page(), list(dict.fromkeys(names)), paper)


def calibrate_camera(source: Path, target: Path, square_mm: float | None, overwrite: bool) -> Lens:
    """Calibrate a camera from a film or a folder of pictures, and write the TOML that Coxa reads.

    Args:
        source: the film or folder.
        target: the TOML.
        square_mm: side of a printed square, where it is not as it should be.
        overwrite: whether an older file may be replaced.

    Raises:
        SourceError: it cannot be read.
        NothingToMeasureError: the pictures do not suffice.
        OutputError: the file cannot be written.
    """
    if target.exists() and not overwrite:
        raise OutputError(
            f"{target} exists already", "replace it with --overwrite, or name another with --out"
        )
    page = loader.chess_page()
    if square_mm is not None:
        scale = square_mm / page.square_mm
        page = page.model_copy(update={"square_mm": square_mm, "tag_mm": page.tag_mm * scale})
    lens = lens_from_pictures(_pictures(source), page, loader.tag_rules().calibration, str(source))
    write_toml(target, source.stem, lens)
    return lens


def write_toml(path: Path, name: str, lens: Lens) -> None:
    """Write a calibration as Pose2Sim's ``Calib.toml``: the camera level, where the room begins.

    Raises:
        OutputError: the file cannot be written.
    """

    def figures(values: NDArray[np.float64]) -> str:
        return "[" + ", ".join(f"{float(value):.15g}" for value in np.ravel(values)) + "]"

    rows = ", ".join(figures(row) for row in lens.matrix)
    quoted = "".join(one for one in name if one.isalnum() or one in " -_.") or "camera"
    text = (
        "# Written by coxa camera calibrate. Pixels count from the upper left corner of the picture.\n"
        "[camera]\n"
        f'name = "{quoted}"\n'
        f"size = {figures(np.array(lens.size_px, float))}\n"
        f"matrix = [{rows}]\n"
        f"distortions = {figures(lens.distortion)}\n"
        f"rotation = {figures(LEVEL)}\n"
        "translation = [0.0, 0.0, 0.0]\n"
        "fisheye = false\n"
        "\n"
        "[metadata]\n"
        f"focal_sd_px = {figures(lens.focal_sd_px)}\n"
        f"centre_sd_px = {figures(lens.centre_sd_px)}\n"
        f"distortions_sd = {figures(lens.distortion_sd)}\n"
        f"error = {lens.error_px:.4f}\n"
        f"pictures = {lens.n_pictures}\n"
    )
    with writing(path):
        rough = path.with_name(f".{path.name}.part")
        try:
            rough.write_text(text, encoding="utf-8")
            rough.replace(path)
        finally:
            rough.unlink(missing_ok=True)


def _pictures(source: Path) -> Iterator[Grey]:
    if not source.exists():
        raise SourceError(f"{source}: there is no such file or folder", "check the spelling of the path")
    if source.is_dir() or source.suffix.lower() in PICTURES:
        yield from _stills(source)
        return
    from coxa.adapters.sources.video import PyAvVideo

    video = PyAvVideo(source)
    total = (video.info.duration_s or 0.0) * video.info.frame_rate_hz
    every = max(1, int(total / LOOKED_AT)) if total else OTHERWISE_EVERY
    for frame in video.frames():
        if frame.index % every == 0:
            yield np.asarray(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _stills(source: Path) -> Iterator[Grey]:
    files = [source]
    if source.is_dir():
        files = sorted(file for file in source.iterdir() if file.suffix.lower() in PICTURES)
    if not files:
        raise SourceError(
            f"{source}: there are no pictures in this folder", f"name pictures {', '.join(PICTURES)}"
        )
    for file in files:
        picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise SourceError(
                f"{file} is not a picture that can be read", "remove it, or save it again as png"
            )
        yield np.asarray(picture, np.uint8)
