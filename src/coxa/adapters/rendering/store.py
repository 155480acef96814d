"""Films on disk: a clip drawn once into an mp4 with its truth beside it, found again by its content."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from coxa.adapters.rendering.assets import cache_folder
from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.film import Film
from coxa.adapters.rendering.scene import Image
from coxa.adapters.sinks.guard import writing
from coxa.model.camera import Camera
from coxa.model.motion import Motion

_TICK = Fraction(1, 60_000)
_BT601 = 6
_QUALITY = "14"  # nearly lossless, so that a tag's corners are the renderer's
#: What a film depends on beside its clip.
_SOURCES = (
    "adapters/rendering",
    "catalog/rendering",
    "catalog/body.xml",
    "simulate",
    "kinematics/rotations.py",
)


def content_key(clip: Clip) -> str:
    """Hash of the clip, its boards, and everything that draws it."""
    digest = hashlib.sha256(_of_the_code().encode())
    plain = {name: value for name, value in _fields(clip).items() if name != "boards"}
    digest.update(json.dumps(plain, sort_keys=True, default=str).encode())
    for part in clip.parts:
        digest.update(part.model_dump_json().encode())
    for board in clip.boards:
        digest.update(board.segment.encode())
        for corners, picture in board.faces:
            digest.update(np.ascontiguousarray(corners, np.float64).tobytes())
            digest.update(f"{picture.shape}".encode() + np.ascontiguousarray(picture).tobytes())
    return digest.hexdigest()[:16]


def _fields(clip: Clip) -> dict[str, Any]:
    from dataclasses import fields

    plain = {field.name: getattr(clip, field.name) for field in fields(clip)}
    plain["sensor"] = asdict(clip.sensor)
    return plain


def _of_the_code() -> str:
    root = Path(str(files("coxa")))
    digest = hashlib.sha256()
    for source in _SOURCES:
        place = root / source
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix in {".py", ".yaml", ".xml"}:
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def film(clip: Clip) -> Path:
    """The clip's mp4; drawn now if it is not there. Its truth is beside it as ``.json``."""
    target = cache_folder() / "films" / f"{clip.name}-{content_key(clip)}.mp4"
    beside = target.with_suffix(".json")
    if target.is_file() and beside.is_file():
        return target
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Film(clip)
        partial = target.with_suffix(f".{os.getpid()}.part.mp4")
        _encode(partial, ((frame.time_s, frame.rgb) for frame in made.frames()), clip.rate_hz)
        text = target.with_suffix(f".{os.getpid()}.part.json")
        text.write_text(json.dumps(_told(made)), encoding="utf-8")
        text.replace(beside)
        partial.replace(target)
    return target


def render(clip: Clip) -> Iterator[tuple[float, Image]]:
    """(time [s], RGB (h, w, 3) uint8) of every frame."""
    for frame in Film(clip).frames():
        yield frame.time_s, frame.rgb


def truth(clip: Clip, *, from_camera: bool = False) -> Motion:
    """Every coordinate exactly; see :meth:`Film.truth`."""
    return Film(clip).truth(from_camera=from_camera)


def camera(clip: Clip) -> Camera:
    """The clip's camera in the room's axes."""
    return Film(clip).camera


def _encode(path: Path, pictures: Iterator[tuple[float, Image]], rate_hz: float) -> None:
    import av

    with av.open(str(path), "w", container_options={"movflags": "faststart"}) as container:
        name = "libx264" if "libx264" in av.codecs_available else "mpeg4"
        options = {"preset": "veryfast", "crf": _QUALITY} if name == "libx264" else {"qmin": "1", "qmax": "3"}
        rate = Fraction(rate_hz).limit_denominator(1001)
        stream: Any = container.add_stream(name, rate=rate, options=options)
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = _TICK
        stream.codec_context.colorspace = _BT601
        for k, (time_s, rgb) in enumerate(pictures):
            if k == 0:
                stream.height, stream.width = rgb.shape[:2]
            picture = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(
                format="yuv420p", dst_colorspace=_BT601
            )
            picture.pts, picture.time_base = round(time_s / _TICK), _TICK
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


def _told(made: Film) -> dict[str, Any]:
    """What is true in a film, as plain values: degrees, metres, pixels."""
    motion, seen = made.truth(), made.truth(from_camera=True)
    look = made.camera
    joints = made.joints_m()
    return {
        "clip": {name: value for name, value in _fields(made.clip).items() if name != "boards"},
        "time_s": motion.time_s.tolist(),
        "angles_deg": {name: np.degrees(motion[name]).round(4).tolist() for name in motion.coordinates},
        "headings_from_camera_deg": {
            name: np.degrees(seen[name]).round(4).tolist()
            for name in ("pelvis_left_rotation", "thorax_left_rotation")
        },
        "joints_m": {name: place.round(5).tolist() for name, place in joints.items()},
        "joints_px": {name: look.project(place).round(3).tolist() for name, place in joints.items()},
        "camera": {
            "width_px": look.width_px,
            "height_px": look.height_px,
            "focal_px": look.focal_px,
            "centre_px": look.centre_px.tolist(),
            "rotation_room_to_camera": look.rotation_room_to_camera.tolist(),
            "position_m": look.position_m.tolist(),
        },
    }
