"""COCO keypoints: images and annotations, or the bare list of results that networks write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.layouts import landmark_names, layout_of, plain
from coxa.adapters.sources.keypoints.picture import Film, open_film
from coxa.adapters.sources.keypoints.seen import Floats, Seen, numbers
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError
from coxa.specs.keypoints import KeypointFormat

#: What writers call the same person in several frames, and the number of a frame.
_IDENTITY = ("track_id", "person_id", "instance_id", "idx")
_FRAME = ("frame_id", "frame", "frame_number", "frame_index")


@dataclass(slots=True)
class _Pictures:
    """What the file says of its images: image id -> frame number, and their size and rate."""

    number: dict[Any, int] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    rate_hz: float | None = None


def is_coco(content: Any) -> bool:
    """Whether the content is COCO's: with annotations, or a list of results."""
    if isinstance(content, dict):
        return isinstance(content.get("annotations"), list)
    first = content[0] if isinstance(content, list) and content else None
    return isinstance(first, dict) and "image_id" in first and "keypoints" in first


def open_coco(path: Path, content: Any, options: ReadOptions) -> HeldRecording:
    """A film in a COCO keypoint file.

    Raises:
        SourceError: what the file says makes no sense, or something is not told.
    """
    try:
        return open_film(_film(path, content), options)
    except (ValueError, TypeError, KeyError) as error:
        what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        raise SourceError(f"{path}: {what}", "the file is damaged or not COCO: write it again") from error


def _film(path: Path, content: Any) -> Film:
    bare = isinstance(content, list)
    listed = _objects(content if bare else content["annotations"], "annotation")
    annotations = [one for one in listed if one.get("keypoints")]
    pictures = _Pictures() if bare else _pictures(content)
    frames: dict[int, list[Seen]] = {number: [] for number in pictures.number.values()}
    known = bool(pictures.number)
    raw = [numbers(one["keypoints"]) for one in annotations]
    flags = all(_are_flags(row) for row in raw)
    for one, row in zip(annotations, raw, strict=True):
        if known and one["image_id"] not in pictures.number:
            raise ValueError(f"an annotation of image {one['image_id']!r}, which is not listed")
        number = pictures.number[one["image_id"]] if known else _frame_number(one["image_id"])
        frames.setdefault(number, []).append(_seen(one, row, flags))
    everybody = [seen for people in frames.values() for seen in people]
    if not everybody:
        raise SourceError(f"{path}: nobody was annotated in any frame", "check what wrote the file")
    counts = sorted({len(seen.position) for seen in everybody})
    if len(counts) > 1:
        raise ValueError(f"people of {' and of '.join(map(str, counts))} points in one film")
    layout = layout_of(counts[0], everybody, path) if bare else _layout(content, counts[0], everybody, path)
    return Film(path, layout, frames, rate_hz=pictures.rate_hz, picture_px=pictures.size, normalised=None)


def _objects(values: Any, what: str) -> list[dict[str, Any]]:
    """A list of objects, or a ValueError that says what is none."""
    if not isinstance(values, list):
        raise ValueError(f"{values!r:.40} where a list should be")
    for one in values:
        if not isinstance(one, dict):
            raise ValueError(f"{one!r:.40} where an {what} should be")
    return values


def _are_flags(row: Floats) -> bool:
    """Whether the third numbers are COCO's 0, 1, 2, not a network's score."""
    return len(row) % 3 == 0 and bool(np.isin(row[2::3], (0.0, 1.0, 2.0)).all())


def _seen(one: Mapping[str, Any], row: Floats, flags: bool) -> Seen:
    if len(row) % 3:
        raise ValueError("keypoints that are not a list of threes")
    points = row.reshape(-1, 3)
    visibility = points[:, 2]
    if flags:
        hidden = loader.keypoint_file_rules().hidden_visibility
        visibility = np.select([visibility == 2, visibility == 1], [1.0, hidden], 0.0)
    nowhere = (points[:, :2] == 0).all(axis=1)
    label = next((str(one[key]) for key in _IDENTITY if isinstance(one.get(key), int | str)), "")
    return Seen.of(points[:, :2], np.where(nowhere, 0.0, visibility), label=label)


def _pictures(content: Mapping[str, Any]) -> _Pictures:
    images = _objects(content.get("images") or [], "image")
    pictures = _Pictures()
    sizes = {(image["width"], image["height"]) for image in images if "width" in image and "height" in image}
    if len(sizes) > 1:
        raise ValueError(f"pictures of {len(sizes)} sizes: not one film")
    if len({image.get("video_id") for image in images}) > 1:
        raise ValueError("images of more than one film")
    for size in sizes:
        width, height = numbers(size)
        if not (np.isfinite(width) and np.isfinite(height)):
            raise ValueError("a picture without a size")
        pictures.size = int(width), int(height)
    for image in images:
        number = _number_of(image)
        if image["id"] in pictures.number:
            raise ValueError(f"image {image['id']!r} twice")
        pictures.number[image["id"]] = number
    if len(set(pictures.number.values())) < len(pictures.number):
        raise ValueError("two images of the same frame")
    sources = [content.get("info"), *(content.get("videos") or [])]
    rates = [
        one[key] for one in sources if isinstance(one, dict) for key in ("fps", "frame_rate") if key in one
    ]
    pictures.rate_hz = float(numbers(rates)[0]) if rates else None
    return pictures


def _number_of(image: Mapping[str, Any]) -> int:
    for key in _FRAME:
        if isinstance(image.get(key), int):
            return int(image[key])
    return _frame_number(image.get("file_name", image["id"]))


def _frame_number(name: Any) -> int:
    """The last number in the name of a picture, or the number that it is."""
    if isinstance(name, int) and not isinstance(name, bool):
        return name
    found = re.findall(r"\d{1,15}", Path(str(name)).stem)
    if not found:
        raise ValueError(f"picture {name!r:.40} has no frame number")
    return int(found[-1])


def _layout(content: Mapping[str, Any], count: int, people: Sequence[Seen], path: Path) -> KeypointFormat:
    """The set that the categories name, else the one of so many points."""
    named = [one for one in _objects(content.get("categories") or [], "category") if one.get("keypoints")]
    names = [str(name) for name in named[0]["keypoints"]] if named else []
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"keypoints named twice: {', '.join(twice)}")
    if not names:
        return layout_of(count, people, path)
    if len(names) != count:
        raise ValueError(f"{len(names)} names for {count} keypoints")
    ours = landmark_names()
    landmarks: dict[str, str] = {}
    for name in names:
        landmark = ours.get(plain(name))
        if landmark and landmark not in landmarks.values():
            landmarks[name] = landmark
    if not landmarks:
        raise SourceError(
            f"{path}: no keypoint has a known name ({', '.join(names[:6])}, ...)",
            "name them as COCO or OpenPose do: left_hip or LHip",
        )
    fitting = [one for one in loader.keypoint_formats().values() if one.count == count]
    near = fitting[0] if len(fitting) == 1 else loader.keypoint_formats()["coco_17"]
    return KeypointFormat(
        version=near.version,
        name="coco",
        title=f"COCO keypoints ({count})",
        detector=near.detector if near.name != "kinect_v2" else "coco_17",
        source=str(path.name),
        trust="DESIGN",
        points=tuple(names),
        landmarks=landmarks,
    )
