"""Calibration files: every format tells the same cameras, and no damaged one does harm."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from coxa.adapters.sources.calibration import read_calibration
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.errors import SourceError
from tests.support.malformed import damaged

MATRIX = np.array([[1500.0, 0, 960.0], [0, 1490.0, 540.0], [0, 0, 1]])
LENS = np.array([-0.05, 0.12, 0.001, -0.0005])
#: x_camera = R x_world + t, the world's Z up: the camera at (0, -4, 1), level, looking along Y.
ROTATION = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
PLACE = np.array([0.0, -4.0, 1.0])
VECTOR = cv2.Rodrigues(ROTATION)[0].ravel()
TRANSLATION = -ROTATION @ PLACE


def toml(folder: Path) -> Path:
    text = "".join(
        f'[{name}]\nname = "{name}"\nsize = [1920.0, 1080.0]\nmatrix = {MATRIX.tolist()}\n'
        f"distortions = {LENS.tolist()}\nrotation = {VECTOR.tolist()}\n"
        f"translation = {TRANSLATION.tolist()}\nfisheye = false\n"
        for name in ("cam01", "cam02")
    )
    path = folder / "Calib.toml"
    path.write_text(text + "[metadata]\nadjusted = false\nerror = 0.0\n")
    return path


def opencv(suffix: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / f"cam01{suffix}"
        storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
        for name, value in (
            ("camera_matrix", MATRIX),
            ("dist", LENS[None]),
            ("R", ROTATION),
            ("T", TRANSLATION),
        ):
            storage.write(name, value)
        storage.write("image_width", 1920)
        storage.write("image_height", 1080)
        storage.release()
        return path

    return write


def plain_json(folder: Path) -> Path:
    camera = {
        "K": MATRIX.tolist(),
        "dist": LENS.tolist(),
        "rvec": VECTOR.tolist(),
        "tvec": TRANSLATION.tolist(),
    }
    path = folder / "cameras.json"
    path.write_text(json.dumps({"cam01": {**camera, "image_size": [1920, 1080]}}))
    return path


def opencap(folder: Path, protocol: int = 4) -> Path:
    content = {
        "intrinsicMat": MATRIX,
        "distortion": np.append(LENS, 0.0)[None],
        "imageSize": np.array([[1080.0], [1920.0]]),
        "rotation": ROTATION,
        "translation": TRANSLATION[:, None] * 1000,
        "rotation_EulerAngles": VECTOR,
    }
    path = folder / "cam01" / "cameraIntrinsicsExtrinsics.pickle"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


def qualisys(folder: Path) -> Path:
    # As Qualisys has it: camera axes seen from the room, y up and z back, millimetres, 64ths of a pixel.
    towards = np.diag([1.0, -1.0, -1.0]) @ ROTATION
    turn = " ".join(f'r{i + 1}{j + 1}="{towards[i, j]}"' for i in range(3) for j in range(3))
    path = folder / "Calib.qca.txt"
    path.write_text(
        f"""<?xml version='1.0'?><calibration><cameras><camera serial="cam01" model="none" active="1">
        <fov_video left="0" right="1919" top="0" bottom="1079"/>
        <transform {turn} x="{PLACE[0] * 1e3}" y="{PLACE[1] * 1e3}" z="{PLACE[2] * 1e3}"/>
        <intrinsic focalLengthU="{1500 * 64}" focalLengthV="{1490 * 64}" centerPointU="{960 * 64}"
        centerPointV="{540 * 64}" radialDistortion1="{LENS[0]}" radialDistortion2="{LENS[1]}"
        tangentalDistortion1="{LENS[2]}" tangentalDistortion2="{LENS[3]}"/>
        </camera></cameras></calibration>"""
    )
    return path


FORMATS: dict[str, Callable[[Path], Path]] = {
    "toml": toml,
    "yml": opencv(".yml"),
    "xml": opencv(".xml"),
    "opencv json": opencv(".json"),
    "json": plain_json,
    "pickle": opencap,
    "qca": qualisys,
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_tells_the_same_camera(kind: str, tmp_path: Path) -> None:
    calibration = read_calibration(FORMATS[kind](tmp_path))
    one = calibration.cameras[0]
    assert one.name == "cam01"
    assert one.size_px == (1920, 1080)
    assert np.allclose(one.position_m, [0.0, 1.0, 4.0], atol=1e-6)  # Y up; the file's -Y is the room's Z
    camera = one.pinhole(1920, 1080)
    # What OpenCV sees of a point in the file's world, the camera and its lens see of it in the room.
    world = np.array([[0.3, 0.2, 1.4], [-0.5, -0.4, 0.2]])
    seen = cv2.projectPoints(world, VECTOR, TRANSLATION, MATRIX, LENS)[0].reshape(-1, 2)
    room = world[:, [0, 2, 1]] * [1, 1, -1]
    assert np.allclose(one.ideal(seen, 1920, 1080), camera.project(room), atol=0.02)
    assert calibration.up_told == (kind in ("toml", "qca"))


@pytest.mark.parametrize("protocol", range(2, 6))
def test_arrays_of_every_protocol_are_read(protocol: int, tmp_path: Path) -> None:
    one = read_calibration(opencap(tmp_path, protocol)).cameras[0]
    assert np.allclose(one.matrix, MATRIX)
    assert np.allclose(one.position_m, [0.0, 1.0, 4.0])


def test_a_pickle_that_would_run_something_runs_nothing(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str, ...]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    path = tmp_path / "cam.pickle"
    path.write_bytes(pickle.dumps({"intrinsicMat": Trap()}))
    with pytest.raises(SourceError, match="could do anything"):
        read_calibration(path)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_files_are_refused_or_read_sanely(kind: str, tmp_path: Path) -> None:
    sound = FORMATS[kind](tmp_path)
    content, n_refused = sound.read_bytes(), 0
    for number, mutant in enumerate(damaged(content, seed=3, noisy=11)):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / sound.name
        path.write_bytes(mutant.content)
        try:
            cameras = read_calibration(path).cameras
        except SourceError as error:
            n_refused += 1
            assert str(folder) in error.fault or "camera" in error.fault or "pickle" in error.fault
            assert error.remedy
        else:
            for one in cameras:
                assert np.isfinite(one.matrix).all()
                assert np.allclose(one.rotation_room_to_camera @ one.rotation_room_to_camera.T, np.eye(3))
    assert n_refused >= 6


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("1500.0", "-1500.0"), "not that of a camera"),
        (("1500.0", "nan"), "matrix of numbers"),
        ((f"{LENS.tolist()}", "[0.1, 0.2, 0.3]"), "no known model"),
        (("[1920.0, 1080.0]", "[0, 0]"), "size"),
        (("cam02", "cam01"), "TOML"),
        ((f"{TRANSLATION.tolist()}", "[0.0, 1.0]"), "three numbers"),
        ((f"{TRANSLATION.tolist()}", "[0.0, 1.0, 160.0]"), "not metres"),
        (("fisheye = false", "fisheye = true"), None),
    ],
)
def test_faults_are_named(change: tuple[str, str], words: str | None, tmp_path: Path) -> None:
    path = toml(tmp_path)
    path.write_text(path.read_text().replace(*change))
    if words is None:
        assert read_calibration(path).cameras[0].fisheye
        return
    with pytest.raises(SourceError, match=words):
        if "160" in change[1]:
            only = path.read_text().split("[cam02]")[0]
            path.write_text(only)
        read_calibration(path)


def test_entities_and_references_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xml"
    bomb.write_text('<!DOCTYPE a [<!ENTITY b "bb">]><opencv_storage>&b;</opencv_storage>')
    nested = tmp_path / "nested.yml"
    nested.write_text("a: &a [1, 1]\nb: &b [*a, *a]\nK: *b\n")
    for path in (bomb, nested):
        with pytest.raises(SourceError):
            read_calibration(path)


def test_sizes_are_scaled_cropped_or_refused(tmp_path: Path) -> None:
    one = read_calibration(toml(tmp_path)).cameras[0]
    half = one.pinhole(960, 540)
    assert np.isclose(half.focal_px, one.pinhole(1920, 1080).focal_px / 2)
    point = np.array([[700.0, 300.0]])
    assert np.allclose(one.ideal(point / 2, 960, 540) * 2, one.ideal(point, 1920, 1080), atol=1e-6)
    assert one.pinhole(1920, 1088).focal_px == one.pinhole(1920, 1080).focal_px
    with pytest.raises(SourceError, match="1080 x 1920"):
        one.pinhole(1080, 1920)


def test_points_the_lens_model_does_not_hold_for_are_missing(tmp_path: Path) -> None:
    one = read_calibration(toml(tmp_path)).cameras[0]
    ideal = one.ideal(np.array([[960.0, 540.0], [np.nan, 1.0], [40_000.0, 540.0]]), 1920, 1080)
    assert np.allclose(ideal[0], [960.0, 540.0], atol=3.0)
    assert np.isnan(ideal[1]).all()


def test_cameras_are_matched_by_name_or_by_order(tmp_path: Path) -> None:
    calibration = read_calibration(toml(tmp_path))

    def matched(*names: str) -> list[str]:
        return [camera.name for camera in calibration.matched([Path(name) for name in names])]

    assert matched("cam02.mp4", "cam01.mp4") == ["cam02", "cam01"]
    assert matched("pose/cam02_json", "pose/cam01_json") == ["cam02", "cam01"]
    assert matched("left.mp4", "right.mp4") == ["cam01", "cam02"]
    with pytest.raises(SourceError, match="which of its cameras"):
        matched("a.mp4", "b.mp4", "c.mp4")
    with pytest.raises(SourceError, match="which of its cameras"):
        matched("cam01.mp4", "cam01/film.mp4")


def test_a_rotation_vector_is_opencvs() -> None:
    vector = np.array([0.3, -1.2, 0.4])
    assert np.allclose(rotation_from_vector(vector), cv2.Rodrigues(vector)[0])
