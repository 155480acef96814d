"""Tells by its content what a JSON file, or a folder of them, holds."""

from __future__ import annotations

from pathlib import Path

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.keypoints.coco import is_coco, open_coco
from coxa.adapters.sources.keypoints.json_file import read_json
from coxa.adapters.sources.keypoints.mediapipe import is_mediapipe, open_mediapipe_json
from coxa.adapters.sources.keypoints.openpose import is_openpose, open_openpose
from coxa.adapters.sources.phone import open_phone_folder, open_phone_json, phone_files
from coxa.adapters.sources.phone_table import phone_records
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError

_KNOWN = (
    "known are a folder of OpenPose files, COCO keypoints (images and annotations, or a list of results), "
    "MediaPipe landmarks (a list of frames) and a phone's orientations (a list of readings)"
)


def open_json(path: Path, options: ReadOptions) -> HeldRecording:
    """A JSON file of keypoints: COCO or MediaPipe; of OpenPose a folder is needed.

    Raises:
        SourceError: damaged, of no known kind, or something is not told.
    """
    content = read_json(path)
    if is_openpose(content):
        raise SourceError(f"{path}: a single frame of OpenPose", "give the folder with all its frames")
    if is_coco(content):
        return open_coco(path, content, options)
    if is_mediapipe(content):
        return open_mediapipe_json(path, content, options)
    if phone_records(content) is not None:
        return open_phone_json(path, content, options)
    raise SourceError(f"{path}: JSON, but no keypoints that Coxa knows", _KNOWN)


def open_folder(path: Path, options: ReadOptions) -> HeldRecording:
    """A folder of JSON files, one a frame; a folder with a single other JSON file is that file.

    Raises:
        SourceError: no JSON files, damaged, of no known kind, or something is not told.
    """
    try:
        files = sorted(one for one in path.iterdir() if one.suffix.lower() == ".json" and one.is_file())
    except OSError as error:
        raise SourceError(
            f"{path}: {error.strerror or error}", "check the folder and its permissions"
        ) from error
    if phones := _phones(path, files):
        return open_phone_folder(path, phones, options, read_json)
    if not files:
        raise SourceError(
            f"{path}: no JSON files in this folder", "give the folder that OpenPose wrote its frames to"
        )
    if len(files) == 1 and not is_openpose(read_json(files[0])):
        return open_json(files[0], options)
    return open_openpose(path, files, options)


def _phones(path: Path, files: list[Path]) -> list[Path]:
    """The files of phones, if these are such: tables, or JSON of readings."""
    if not files:
        return phone_files(path)
    return files if phone_records(read_json(files[0])) is not None else []
