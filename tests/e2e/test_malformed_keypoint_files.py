"""Twenty and more damaged files of each kind of keypoints and of our own tables.

A clear refusal, or a sane reading with notes; never a traceback, a hang or a runaway allocation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from coxa.adapters.formats import writer_of
from coxa.adapters.sinks.parquet import KeypointsParquetSink, MotionParquetSink
from coxa.catalog import loader
from tests.support import keypoint_files as files
from tests.support.made_up import a_motion, a_recording
from tests.support.malformed import Mutant, Outcome, damaged, edited, outcomes, written

TOLD = {"rate_hz": files.RATE_HZ, "picture_px": list(files.PICTURE)}
Edits = Mapping[str, Callable[[str], str]]


def content(edit: Callable[[dict], object]) -> Callable[[str], str]:
    """An edit of a JSON document."""

    def apply(text: str) -> str:
        document = json.loads(text)
        changed = edit(document)
        return json.dumps(document if changed is None else changed)

    return apply


def bombs(text: str) -> Iterator[Mutant]:
    """JSON that would fill the memory or the stack."""
    yield Mutant("bomb_deep", b"[" * 200_000)
    yield Mutant("bomb_deep_objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    yield Mutant("bomb_many", b"[" + b"[]," * 6_000_000 + b"[]]")
    yield Mutant("bomb_digits", b"[" + b"9" * 100_000 + b"]")
    yield Mutant("huge_numbers", text.replace("0.9", "1e999").encode())
    yield Mutant("latin", text.encode("utf-16"))


JSON_ANY: Edits = {
    "empty_list": lambda text: "[]",
    "empty_object": lambda text: "{}",
    "a_word": lambda text: '"keypoints"',
    "nan": lambda text: text.replace("0.9", "NaN"),
    "null": lambda text: text.replace("0.9", "null"),
    "words": lambda text: text.replace("0.9", '"high"'),
}


def movie(detector: str) -> np.ndarray:
    seen = files.picture(files.done(duration_s=0.7), detector)
    return files.foreign(seen.image_points[0], "coco_17" if detector == "coco_17" else "body_25")


def _hold(found: list[Outcome], at_least: int = 20) -> None:
    assert len(found) >= at_least
    bad = [(one.name, one.kind, one.words[:300], one.insane) for one in found if not one.good]
    assert not bad, bad
    refused = [one for one in found if one.kind == "refused"]
    assert refused
    assert all("Remedy: " in one.words for one in refused)
    assert max(one.seconds for one in found) < 10.0


def kind(found: list[Outcome], name: str) -> str:
    return next(one.kind for one in found if one.name.split(".")[0] == name)


# --- folders of OpenPose ----------------------------------------------------------------------------------


def openpose_folders(tmp_path: Path) -> list[Path]:
    """The same film, with one damaged frame each, or a damaged numbering."""
    rows = movie("openpose")
    sound = files.write_openpose(tmp_path / "sound", [rows])
    frames = sorted(sound.iterdir())
    text = frames[5].read_bytes()
    mutants = [*damaged(text, seed=1), *edited(text, JSON_ANY), *bombs(text.decode())]
    edits: dict[str, Callable[[dict], object]] = {
        "short": lambda d: d["people"][0]["pose_keypoints_2d"].pop(),
        "other_set": lambda d: d["people"][0].__setitem__("pose_keypoints_2d", [1.0] * 54),
        "people_is_a_word": lambda d: d.__setitem__("people", ["anna"]),
        "nested": lambda d: d["people"][0].__setitem__("pose_keypoints_2d", [[1, 2, 0.5]] * 25),
        "far_away": lambda d: d["people"][0].__setitem__("pose_keypoints_2d", [1e30, 1e30, 0.9] * 25),
        "true": lambda d: d["people"][0].__setitem__("pose_keypoints_2d", [True] * 75),
    }
    mutants += edited(text, {name: content(edit) for name, edit in edits.items()})
    folders = []
    for mutant in mutants:
        folder = files.write_openpose(tmp_path / mutant.name, [rows[:8]])
        sorted(folder.iterdir())[5].write_bytes(mutant.content)
        folders.append(folder)
    return [*folders, *_numberings(tmp_path, rows)]


def _numberings(tmp_path: Path, rows: np.ndarray) -> list[Path]:
    def folder(name: str, people: list[np.ndarray]) -> Path:
        return files.write_openpose(tmp_path / name, people)

    far = folder("far_number", [rows[:5]])
    sorted(far.iterdir())[-1].rename(far / "film_999999999999_keypoints.json")
    unnamed = folder("unnumbered", [rows[:5]])
    sorted(unnamed.iterdir())[2].rename(unnamed / "film_keypoints.json")
    twice = folder("number_twice", [rows[:5]])
    (twice / "film_2_keypoints.json").write_bytes(sorted(twice.iterdir())[0].read_bytes())
    nobody = folder("nobody", [rows[:5]])
    for path in nobody.iterdir():
        path.write_text('{"version": 1.3, "people": []}')
    wrong = folder("minus_one_to_one", [rows[:5] / np.array([960, 540, 1]) - np.array([1, 1, 0])])
    metres = folder("metres", [rows[:5] / np.array([1e6, 1e6, 1])])
    nan = folder("all_nan", [rows[:5] * np.array([np.nan, np.nan, 1])])
    empty = tmp_path / "empty_folder"
    empty.mkdir()
    return [far, unnamed, twice, nobody, wrong, metres, nan, empty]


def test_openpose_folders(tmp_path):
    found = outcomes(openpose_folders(tmp_path), options=TOLD)
    _hold(found, 40)
    must = (
        "cut_50",
        "empty_folder",
        "far_number",
        "number_twice",
        "unnumbered",
        "nobody",
        "minus_one_to_one",
    )
    assert {name: kind(found, name) for name in must} == dict.fromkeys(must, "refused")


# --- JSON documents ---------------------------------------------------------------------------------------


def coco_edits() -> dict[str, Callable[[dict], object]]:
    return {
        "no_images": lambda d: d.__setitem__("images", []),
        "no_annotations": lambda d: d.__setitem__("annotations", []),
        "no_categories": lambda d: d.__setitem__("categories", []),
        "doubled_name": lambda d: d["categories"][0]["keypoints"].__setitem__(3, "nose"),
        "names_lost": lambda d: d["categories"][0]["keypoints"].pop(),
        "strange_names": lambda d: d["categories"][0].__setitem__("keypoints", [f"k{i}" for i in range(17)]),
        "size_is_a_word": lambda d: [i.__setitem__("width", "wide") for i in d["images"]] and None,
        "size_is_negative": lambda d: [i.__setitem__("width", -5) for i in d["images"]] and None,
        "size_is_tiny": lambda d: [i.__setitem__("width", 5) for i in d["images"]] and None,
        "fps_zero": lambda d: d["info"].__setitem__("fps", 0),
        "fps_word": lambda d: d["info"].__setitem__("fps", "fast"),
        "image_without_id": lambda d: d["images"][2].pop("id"),
        "unlisted": lambda d: d["annotations"][2].__setitem__("image_id", -9),
        "annotation_is_a_word": lambda d: d["annotations"].__setitem__(2, "x"),
        "image_is_a_list": lambda d: d["images"].__setitem__(2, []),
        "id_is_a_list": lambda d: d["images"][2].__setitem__("id", [1]),
        "far_frames": lambda d: d["images"][2].__setitem__("frame_id", 10**12),
    }


def mediapipe_edits() -> dict[str, Callable[[dict], object]]:
    return {
        "frame_twice": lambda d: d["frames"][3].__setitem__("frame", 2),
        "one_landmark_less": lambda d: d["frames"][3]["landmarks"].pop(),
        "landmark_is_a_word": lambda d: d["frames"][3]["landmarks"].__setitem__(2, "nose"),
        "landmarks_is_a_word": lambda d: d["frames"][3].__setitem__("landmarks", "none"),
        "frame_is_a_number": lambda d: d["frames"].__setitem__(3, 7),
        "no_frames": lambda d: d.__setitem__("frames", []),
        "width_word": lambda d: d.__setitem__("width", "wide"),
        "backwards": lambda d: d["frames"].reverse(),
        "time_stands": lambda d: [f.__setitem__("timestamp_ms", 5) for f in d["frames"]] and None,
        "time_word": lambda d: d["frames"][3].__setitem__("timestamp_ms", "now"),
        "far_frame": lambda d: d["frames"][3].__setitem__("frame", 10**12),
        "world_short": lambda d: d["frames"][3]["world_landmarks"].pop(),
        "world_is_a_number": lambda d: d["frames"][3].__setitem__("world_landmarks", 5),
    }


@pytest.mark.parametrize("kind_of", ["coco", "mediapipe"])
def test_json_documents(kind_of, tmp_path):
    if kind_of == "coco":
        document, edits = files.coco({1: movie("coco_17")}), coco_edits()
    else:
        seen = files.picture(files.done(duration_s=0.7), "blazepose_full")
        document, edits = files.mediapipe(seen), mediapipe_edits()
    text = json.dumps(document).encode()
    mutants = [
        *damaged(text, seed=2),
        *edited(text, JSON_ANY),
        *bombs(text.decode()),
        *edited(text, {name: content(edit) for name, edit in edits.items()}),
    ]
    found = outcomes(written(tmp_path, ".json", iter(mutants)))
    _hold(found, 35)
    must = ["cut_50", "bomb_deep", "bomb_many", "words"]
    must += ["doubled_name", "unlisted"] if kind_of == "coco" else ["frame_twice", "one_landmark_less"]
    assert {name: kind(found, name) for name in must} == dict.fromkeys(must, "refused")


# --- tables of others -------------------------------------------------------------------------------------

CSV_ANY: Edits = {
    "no_rows": lambda text: text.splitlines()[0] + "\n",
    "no_header": lambda text: "\n".join(text.splitlines()[1:]) + "\n",
    "doubled_column": lambda text: "\n".join(f"{line},{line.split(',')[-1]}" for line in text.splitlines()),
    "semicolons": lambda text: text.replace(",", ";"),
    "decimal_commas": lambda text: text.replace(",", ";").replace(".", ","),
    "ragged": lambda text: text + "1,2,3\n" + ",".join("9" * 900) + "\n",
    "words": lambda text: text.replace("0.9", "high"),
    "nan": lambda text: text.replace("0.9", "NaN"),
    "inf": lambda text: text.replace("0.9", "inf"),
    "huge": lambda text: text.replace("0.9", "1e300"),
    "quotes": lambda text: text.replace(",", ',"', 7),
    "nul": lambda text: text.replace("0.9", "\0"),
}


def mediapipe_csv() -> bytes:
    seen = files.picture(files.done(duration_s=0.7), "blazepose_full")
    names = loader.keypoint_formats()["mediapipe_33"].points
    rows = [
        {"frame": frame["frame"], "landmark": name, **point}
        for frame in files.mediapipe(seen)["frames"]
        for name, point in zip(names, frame["landmarks"], strict=True)
    ]
    return pd.DataFrame(rows).to_csv(index=False).encode()


def kinect_csv() -> bytes:
    rows = files.kinect_rows(files.space(files.done(duration_s=0.7), "kinect_v2"))
    joints = loader.keypoint_formats()["kinect_v2"].points
    table = {"time_s": np.arange(len(rows)) / 30}
    for index, joint in enumerate(joints):
        for column, axis in enumerate(("x", "y", "z", "state")):
            table[f"{joint}_{axis}"] = rows[:, index, column]
    return pd.DataFrame(table).to_csv(index=False).encode()


def kinect_skeleton() -> bytes:
    rows = files.kinect_rows(files.space(files.done(duration_s=0.7), "kinect_v2"))
    words = [str(len(rows))]
    for frame in rows:
        words += ["1", "7205 0 0 0 0 0 0 0.1 0.2 2", "25"]
        words += [f"{x} {y} {z} 1 2 3 4 0 0 0 1 {int(s)}" for x, y, z, s in frame]
    return "\n".join(words).encode()


SKELETON_EDITS: Edits = {
    "many_frames": lambda text: text.replace("21\n", "999999999\n", 1),
    "minus_frames": lambda text: text.replace("21\n", "-5\n", 1),
    "no_frames": lambda text: "0\n0\n",
    "many_bodies": lambda text: text.replace("\n1\n", "\n88888\n", 1),
    "few_joints": lambda text: text.replace("\n25\n", "\n20\n", 1),
}


@pytest.mark.parametrize(
    ("sound", "edits", "options"),
    [
        (mediapipe_csv, CSV_ANY, TOLD),
        (
            kinect_csv,
            {**CSV_ANY, "frames_backwards": lambda t: "\n".join([t.split("\n")[0], *t.split("\n")[:0:-1]])},
            {},
        ),
        (kinect_skeleton, SKELETON_EDITS, {"rate_hz": 30}),
    ],
    ids=["mediapipe", "kinect", "skeleton"],
)
def test_tables_of_others(sound, edits, options, tmp_path):
    text = sound()
    mutants = [*damaged(text, seed=3), *edited(text, edits)]
    found = outcomes(written(tmp_path, ".csv", iter(mutants)), options=options)
    _hold(found)
    assert kind(found, "cut_10") in ("read", "refused")
    assert kind(found, "zeroed") == "refused"


# --- our own files ----------------------------------------------------------------------------------------


def tracks(path: Path) -> None:
    seen = files.picture(files.done(duration_s=0.7), "trained_keypoints").image_points[0]
    position = seen.position_px.transpose(0, 2, 1)[..., None]
    xr.Dataset(
        {"position": (("time", "space", "keypoints", "individuals"), position)},
        {"space": ["x", "y"], "keypoints": list(seen.names), "individuals": ["1"]},
        {"fps": 30.0, "time_unit": "frames"},
    ).to_netcdf(path, engine="h5netcdf")


def recording(path: Path) -> None:
    whole = a_recording(40)
    writer_of(path)(whole, path)


def motion(path: Path) -> None:
    sink = MotionParquetSink(path)
    sink.write(a_recording(40), a_motion(40))
    sink.commit()


def keypoints(path: Path) -> None:
    sink = KeypointsParquetSink(path)
    sink.write(a_recording(40), a_motion(40))
    sink.commit()


TABLE_EDITS: Edits = {
    "rows_lost": lambda text: "\n".join(text.splitlines()[:1000]),
    "description_lost": lambda text: text.split("\n", 1)[1],
    "description_cut": lambda text: text[500:],
    "row_twice": lambda text: text + text.splitlines()[-1] + "\n",
    "value_is_a_word": lambda text: text.replace(",0.9\n", ",high\n", 1),
    "time_lost": lambda text: text.replace('"image_points_0",0,', '"image_points_0",,', 1),
    "nan_time": lambda text: text.replace('"image_points_0",0,', '"image_points_0",nan,', 1),
    "other_version": lambda text: text.replace('"version": 1', '"version": 77'),
    "camera_is_a_word": lambda text: text.replace('"camera": {', '"camera": "x", "y": {', 1),
    "width_is_a_word": lambda text: text.replace('"width_px": 1280', '"width_px": "wide"'),
}


OURS = {
    "csv": (recording, ".csv"),
    "parquet": (recording, ".parquet"),
    "netcdf": (recording, ".nc"),
    "motion": (motion, ".parquet"),
    "keypoints": (keypoints, ".parquet"),
    "movement": (tracks, ".nc"),
}


def test_our_own_files_and_pose_tracks(tmp_path):
    paths = []
    for label, (make, suffix) in OURS.items():
        path = tmp_path / f"sound{suffix}"
        make(path)
        sound = path.read_bytes()
        mutants = [*damaged(sound, seed=4, noisy=12), *(edited(sound, TABLE_EDITS) if label == "csv" else ())]
        assert len(mutants) >= 20
        named = (Mutant(f"{label}_{mutant.name}", mutant.content) for mutant in mutants)
        paths += written(tmp_path, suffix, named)
    found = outcomes(paths, options=TOLD)
    _hold(found, 120)
    for label in OURS:
        for name in ("cut_50", "zeroed", "noise_only"):
            assert kind(found, f"{label}_{name}") == "refused", (label, name)
