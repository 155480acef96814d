"""MediaPipe's landmarks in JSON: lists of frames, as the usual scripts dump them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.columns import NUMBER_KEYS, TIME_KEYS
from coxa.adapters.sources.keypoints.layouts import plain
from coxa.adapters.sources.keypoints.picture import Film, open_film
from coxa.adapters.sources.keypoints.seen import Floats, Seen, numbers
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError
from coxa.specs.keypoints import KeypointFormat

#: What writers call the landmarks of a frame, in the picture and in space; plain names.
_PICTURE = ("poselandmarks", "landmarks", "landmark", "keypoints", "pose")
_SPACE = ("poseworldlandmarks", "worldlandmarks", "keypoints3d", "landmarks3d")
_FRAMES = ("frames", "poses", "results", "data")
_RATE = ("fps", "framerate", "framespersecond", "ratehz")
#: Detector of landmarks whose places in space are not in the file.
WITHOUT_DEPTH = "blazepose_without_depth"
NO_DEPTH = "no world landmarks: forward and backward cannot be told apart from one camera"
GUESSED = "nothing says which model it was: errors of the full one are assumed (--detector tells it)"


def is_mediapipe(content: Any) -> bool:
    """Whether the content looks like frames of landmarks."""
    try:
        frames, _ = _frames_and_rest(content)
        return any(_landmarks(frame, _PICTURE) is not None for frame in frames[:1000])
    except (ValueError, TypeError, KeyError):
        return False


def open_mediapipe_json(path: Path, content: Any, options: ReadOptions) -> HeldRecording:
    """Frames of landmarks from JSON.

    Raises:
        SourceError: what the file says makes no sense, or something is not told.
    """
    try:
        film = _film(path, content, options)
    except (ValueError, TypeError, KeyError) as error:
        raise SourceError(f"{path}: {error}", "it is damaged or not MediaPipe's: write it again") from error
    without_depth = film.layout.detector == WITHOUT_DEPTH
    return open_film(film, replace(options, detector=None) if without_depth else options)


def _film(path: Path, content: Any, options: ReadOptions) -> Film:
    frames, rest = _frames_and_rest(content)
    seen: dict[int, list[Seen]] = {}
    time_s: dict[int, float] = {}
    has_depth = False
    for index, frame in enumerate(frames):
        keys = _plain_keys(frame)
        number = next((keys[key] for key in NUMBER_KEYS if isinstance(keys.get(key), int)), index)
        if number in seen:
            raise ValueError(f"frame {number} twice")
        seen[number] = list(_people(frame))
        has_depth |= any(np.isfinite(one.depth_m).any() for one in seen[number])
        for key, unit_s in TIME_KEYS.items():
            if key in keys:
                time_s[number] = unit_s * float(numbers([keys[key]])[0])
    size = [rest.get(key) for key in ("width", "height")]
    notes: tuple[str, ...] = (GUESSED,) if has_depth and not options.detector else ()
    notes += () if has_depth else (NO_DEPTH,)
    return Film(
        path,
        layout_with(has_depth),
        seen,
        time_s=time_s if len(time_s) == len(seen) else None,
        rate_hz=next((float(numbers([rest[key]])[0]) for key in _RATE if key in rest), None),
        picture_px=(size[0], size[1]) if all(isinstance(side, int) for side in size) else None,  # type: ignore[arg-type]
        notes=notes,
    )


def layout_with(depth: bool) -> KeypointFormat:
    """MediaPipe's set; without depth its detector claims less."""
    layout = loader.keypoint_formats()["mediapipe_33"]
    return layout if depth else layout.model_copy(update={"detector": WITHOUT_DEPTH})


def _frames_and_rest(content: Any) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """The list of frames, and what stands beside it (plain keys)."""
    if isinstance(content, list):
        return content, {}
    if isinstance(content, dict):
        keys = _plain_keys(content)
        inner = _plain_keys(keys.get("metadata") or keys.get("info") or {})
        for key in _FRAMES:
            if isinstance(keys.get(key), list):
                return keys[key], {**inner, **keys}
        if _landmarks(content, _PICTURE) is not None:
            return [content], keys
        if keys and all(name.isdigit() for name in content):  # frame number -> landmarks
            rows = [{"frame": int(name), "landmarks": value} for name, value in content.items()]
            return sorted(rows, key=lambda row: row["frame"]), {}
    raise ValueError("no list of frames")


def _plain_keys(value: Any) -> dict[str, Any]:
    return {plain(str(key)): one for key, one in value.items()} if isinstance(value, dict) else {}


def _landmarks(frame: Any, names: Sequence[str]) -> Any:
    """The landmarks of a frame under any of these names; a bare list is one of the picture's."""
    if isinstance(frame, list) and names is _PICTURE:
        return frame
    keys = _plain_keys(frame)
    for name in names:
        if keys.get(name) is not None:
            return keys[name]
    return None


def _people(frame: Any) -> Iterator[Seen]:
    """Everybody in a frame: MediaPipe's newer interface has a list of people, the older one person."""
    picture = _each_person(_landmarks(frame, _PICTURE))
    space = _each_person(_landmarks(frame, _SPACE))
    for index, points in enumerate(picture):
        rows = _rows(points)
        depth = _rows(space[index])[:, 2] if index < len(space) else None
        seen = Seen.of(rows[:, :2], np.where(np.isnan(rows[:, 3]), 1.0, rows[:, 3]), depth)
        if seen.seen.any():
            yield seen


def _each_person(landmarks: Any) -> list[Any]:
    if not landmarks:
        return []
    if isinstance(landmarks, dict):
        inner = _landmarks(landmarks, _PICTURE)
        return [inner if inner is not None else landmarks]
    first = landmarks[0]
    nested = isinstance(first, list) and bool(first) and isinstance(first[0], list | dict)
    return list(landmarks) if nested or _landmarks(first, ("landmark", "landmarks")) else [landmarks]


def _rows(points: Any) -> Floats:
    """(33, 4) x, y, z, visibility (NaN: not told) of one person."""
    names = loader.keypoint_formats()["mediapipe_33"].points
    inner = _landmarks(points, ("landmark", "landmarks")) if isinstance(points, dict) else points
    points = points if inner is None else inner
    if isinstance(points, dict):
        by_name = {plain(str(name)): value for name, value in points.items()}
        points = [by_name.get(plain(name)) for name in names]
    if len(points) != len(names):
        raise ValueError(f"{len(points)} landmarks in a frame, not {len(names)}")
    return np.stack([_row(point) for point in points])


def _row(point: Any) -> Floats:
    if point is None:
        return np.full(4, np.nan)
    if isinstance(point, dict):
        score = point.get("visibility", point.get("score"))
        return numbers([point.get("x"), point.get("y"), point.get("z"), score])
    if isinstance(point, list) and 2 <= len(point) <= 5:
        return numbers([*point[:4], *[None] * (4 - len(point[:4]))])
    raise ValueError(f"{point!r:.40} where a landmark should be")
