"""Animated figures of exercises into files: what is written follows from the ending of the name."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import Image

from coxa.adapters.sinks.guard import whole_file, writing
from coxa.model.errors import OutputError
from coxa.report.demonstration.glb import glb
from coxa.report.demonstration.page import index_page
from coxa.report.demonstration.played import played
from coxa.report.demonstration.props import staged
from coxa.report.demonstration.raster import pictures
from coxa.report.demonstration.stage import Stage
from coxa.report.demonstration.stream import stream
from coxa.report.demonstration.svg import svg
from coxa.specs.exercise import ExerciseSpec

INDEX = "index.html"
_COLOURS = 64


def write_figure(spec: ExerciseSpec, path: Path, side: str = "right", overwrite: bool = False) -> int:
    """Write one figure; returns its number of frames.

    Args:
        spec: the exercise.
        path: ends in one of :data:`ENDINGS`.
        side: that works.
        overwrite: replace a file.

    Raises:
        OutputError: the ending is unknown, the file exists, or it cannot be written.
    """
    encode = _ENCODERS.get(path.suffix.lower())
    if encode is None:
        raise OutputError(
            f"{path}: a figure cannot be written as {path.suffix or 'a file without an ending'!r}",
            f"let the name end in one of: {', '.join(ENDINGS)}",
        )
    _refuse_existing(path, overwrite)
    stage = staged(played(spec, side))
    content = encode(stage)
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return stage.played.n_frames


def write_figures(
    specs: Mapping[str, ExerciseSpec],
    folder: Path,
    ending: str = ".svg",
    overwrite: bool = False,
    on_done: Callable[[str], None] = lambda _: None,
) -> Path:
    """Write all of them, and a page that shows them; returns the page.

    Raises:
        OutputError: a file exists, or cannot be written.
    """
    names = {key: f"{key}{ending}" for key in specs}
    for name in (*names.values(), INDEX):
        _refuse_existing(folder / name, overwrite)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for key, spec in specs.items():
        write_figure(spec, folder / names[key], overwrite=overwrite)
        on_done(key)
    with whole_file(folder / INDEX) as temporary:
        temporary.write_text(index_page(specs, names), encoding="utf-8")
    return folder / INDEX


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists", "replace it with --overwrite, or choose another name")


def gif(stage: Stage) -> bytes:
    """An animated GIF without end, all frames in one set of colours."""
    frames = [Image.fromarray(picture) for picture in pictures(stage)]
    step = max(1, len(frames) // 6)
    width, height = frames[0].size
    samples = Image.new("RGB", (width, height * len(frames[::step])))
    for k, frame in enumerate(frames[::step]):
        samples.paste(frame, (0, k * height))
    palette = samples.quantize(_COLOURS, Image.Quantize.MEDIANCUT)
    plain = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    out = io.BytesIO()
    plain[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=plain[1:],
        duration=[round(1000 * float(s)) for s in stage.played.shown_s],
        loop=0,
        optimize=False,
        disposal=1,
    )
    return out.getvalue()


def _stream_bytes(stage: Stage) -> bytes:
    return (json.dumps(stream(stage), separators=(",", ":"), ensure_ascii=False) + "\n").encode("utf-8")


_ENCODERS: dict[str, Callable[[Stage], bytes]] = {
    ".svg": lambda stage: svg(stage).encode("utf-8"),
    ".gif": gif,
    ".glb": glb,
    ".json": _stream_bytes,
}
ENDINGS = tuple(_ENCODERS)
