"""OpenPose's folders: one JSON file a frame, everybody in it, three numbers a point."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.json_file import read_json
from coxa.adapters.sources.keypoints.layouts import layout_of
from coxa.adapters.sources.keypoints.picture import Film, open_film
from coxa.adapters.sources.keypoints.seen import Seen, numbers
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError

_NUMBER = re.compile(r"^(.*?)(\d{1,15})(_keypoints)?$")
#: Names of the list of numbers, newest first.
_LISTS = ("pose_keypoints_2d", "pose_keypoints")


def is_openpose(content: Any) -> bool:
    """Whether the content of a file is one frame of OpenPose."""
    return isinstance(content, dict) and isinstance(content.get("people"), list)


def open_openpose(folder: Path, files: Sequence[Path], options: ReadOptions) -> HeldRecording:
    """A folder of OpenPose frames.

    Args:
        folder: for people to read.
        files: its JSON files.
        options: frame rate and picture size, which OpenPose does not write.

    Raises:
        SourceError: a file is damaged or not of OpenPose, the numbering is unclear, or something is not
            told.
    """
    frames = {number: _people(path) for number, path in numbered(folder, files).items()}
    everybody = [seen for people in frames.values() for seen in people]
    if not everybody:
        raise SourceError(f"{folder}: nobody was detected in any frame", "check the video and the detector")
    counts = sorted({len(seen.position) for seen in everybody})
    if len(counts) > 1:
        raise SourceError(
            f"{folder}: people of {' and of '.join(map(str, counts))} points in one film",
            "keep the files of one network in one folder",
        )
    layout = layout_of(counts[0], everybody, folder)
    return open_film(Film(folder, layout, frames), options)


def numbered(folder: Path, files: Sequence[Path]) -> Mapping[int, Path]:
    """Number of the frame -> its file, as the names say.

    Raises:
        SourceError: a name without a number, a number twice, or files of several films.
    """
    found: dict[int, Path] = {}
    stems: dict[str, Path] = {}
    for path in files:
        match = _NUMBER.match(path.stem)
        if match is None:
            raise SourceError(
                f"{path}: the name has no frame number",
                "name the files like film_000000000012_keypoints.json",
            )
        number = int(match[2])
        stems.setdefault(match[1], path)
        if len(stems) > 1:
            first, other = (one.name for one in stems.values())
            raise SourceError(
                f"{folder}: files of more than one film ({first}, {other})", "keep one film in one folder"
            )
        if number in found:
            raise SourceError(
                f"{folder}: frame {number} twice ({found[number].name}, {path.name})", "remove one of them"
            )
        found[number] = path
    return dict(sorted(found.items()))


def _people(path: Path) -> list[Seen]:
    content = read_json(path, one_frame=True)
    if not is_openpose(content):
        raise SourceError(
            f"{path}: not a frame of OpenPose: no list of people", "remove the file, or write it again"
        )
    try:
        return [seen for one in content["people"] if (seen := _person(one)) is not None]
    except (ValueError, TypeError) as error:
        raise SourceError(f"{path}: {error}", "the file is damaged: write it again") from error


def _person(one: Any) -> Seen | None:
    if not isinstance(one, dict):
        raise ValueError(f"{one!r:.40} where a person should be")
    values = next((one[name] for name in _LISTS if name in one), None)
    if values is None:
        raise ValueError(f"a person without {_LISTS[0]}")
    if not isinstance(values, list) or len(values) % 3:
        raise ValueError(f"{_LISTS[0]} is not a list of threes")
    if not values:
        return None
    rows = numbers(values).reshape(-1, 3)
    # OpenPose writes 0, 0, 0 for a point it did not find.
    seen = Seen.of(rows[:, :2], np.where((rows[:, :2] == 0).all(axis=1), 0.0, rows[:, 2]))
    return seen if seen.seen.any() else None
