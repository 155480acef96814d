"""One film with a calibration: its lens counts, for keypoints, boards and what is drawn on the pictures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import coxa
from coxa.adapters.sinks.as_seen import AsSeen
from coxa.adapters.sinks.memory import Collector
from coxa.adapters.sources.calibration import CalibratedCamera, read_calibration, read_lens
from coxa.adapters.tags.channel import BoardWatcher
from coxa.app.measure import VideoMeasurement
from coxa.app.one_camera import CameraTold, single_camera
from coxa.app.request import Request
from coxa.catalog.loader import video_rules
from coxa.kinematics.rotations import rotation_about, rotation_from_vector
from coxa.model.camera import ROOM_TO_LEVEL_CAMERA
from coxa.model.errors import CoxaError, SourceError
from tests.support.fakes import RULES, FakeEstimator, FakePose, FakeReader, MemorySink, standing
from tests.support.tag_pictures import Film, Noise, board, clutter, draw

Floats = NDArray[np.float64]

SIZE = (800, 600)
MATRIX = np.array([[760.0, 0.0, 410.0], [0.0, 760.0, 290.0], [0.0, 0.0, 1.0]])
BARREL = np.array([-0.25, 0.06, 0.0005, -0.0004])
FISHEYE = np.array([-0.03, 0.01, 0.0, 0.0])
FACING = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])


def _lens(distortion: Floats = BARREL, fisheye: bool = False, down_deg: float = 0.0) -> CalibratedCamera:
    pitch = np.asarray(rotation_from_vector(np.array([np.radians(down_deg), 0.0, 0.0])))
    rotation = pitch @ ROOM_TO_LEVEL_CAMERA
    return CalibratedCamera("phone", SIZE, MATRIX, distortion, fisheye, rotation, np.zeros(3))


@pytest.mark.parametrize(("distortion", "fisheye"), [(BARREL, False), (FISHEYE, True)])
def test_there_and_back(distortion: Floats, fisheye: bool) -> None:
    lens = _lens(distortion, fisheye)
    ideal = np.random.default_rng(0).uniform((80, 60), (720, 540), (50, 2))
    ideal[3] = np.nan
    seen = lens.seen(ideal, *SIZE)
    assert np.nanmax(np.abs(seen - ideal)) > 5.0
    np.testing.assert_allclose(lens.ideal(seen, *SIZE), ideal, atol=0.05)
    np.testing.assert_allclose(lens.seen(2 * ideal, 1600, 1200), 2 * seen, atol=1e-6)


def test_the_camera_is_that_of_the_calibration_but_stands_as_told() -> None:
    told = CameraTold(pitch_down_deg=5.0).calibrated(_lens(down_deg=20.0), *SIZE)
    camera = single_camera(*SIZE, told, video_rules())
    assert camera.focal_px == pytest.approx(760.0)
    assert camera.centre_px == pytest.approx([410.0, 290.0])
    assert np.degrees(camera.pitch_down_rad) == pytest.approx(5.0)
    assert told.fov_deg == pytest.approx(np.degrees(2 * np.arctan(400 / 760)))


def test_a_tilt_that_the_calibration_has_is_told_of_not_used() -> None:
    told = CameraTold().calibrated(_lens(down_deg=20.0), *SIZE)
    assert np.degrees(single_camera(*SIZE, told, video_rules()).pitch_down_rad) == pytest.approx(0.0)
    assert "--camera-pitch-deg 20" in " ".join(told.notes(*SIZE))
    assert len(list(CameraTold().calibrated(_lens(), *SIZE).notes(*SIZE))) == 1
    assert not list(CameraTold().notes(*SIZE))


def _seen_by(camera: CameraTold) -> tuple[Floats, Floats, str]:
    """Keypoints handed on, those drawn, and the notes of a film of fakes."""
    drawn, plain = MemorySink(), MemorySink()
    lens = camera.lens
    sinks = [plain, drawn if lens is None else AsSeen(drawn, lens), Collector()]
    pose = FakePose(see=lambda index: replace(standing(index), position_px=_still()))
    estimator = FakeEstimator()

    def new_estimator(*_: Any) -> FakeEstimator:
        return estimator

    VideoMeasurement(FakeReader(size_px=SIZE), pose, new_estimator, sinks, RULES).run(Request(camera=camera))
    handed, shown = (sink.parts[0][0].image_points[0].position_px[0] for sink in (plain, drawn))
    return handed, shown, " ".join(plain.parts[-1][1].diagnostics["film"]["notes"])


def _still() -> Floats:
    places = np.array(standing(0).position_px, float)
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    return np.asarray((120, 60) + (places - low) / np.maximum(high - low, 1e-9) * (100, 480))


def test_keypoints_are_straightened_and_drawn_where_they_were_seen() -> None:
    lens = _lens()
    handed, shown, notes = _seen_by(CameraTold().calibrated(lens, *SIZE))
    np.testing.assert_allclose(handed, lens.ideal(_still(), *SIZE))
    assert np.abs(handed - _still()).max() > 5.0
    np.testing.assert_allclose(shown, _still(), atol=0.05)
    assert "calibration of phone" in notes
    plain, _, _ = _seen_by(CameraTold())
    np.testing.assert_array_equal(plain, _still())


def test_corners_of_boards_are_straightened() -> None:
    """A picture before the lens, bent as the lens bends it; the corners come back where they were."""
    lens, rotation, place = _lens(), FACING @ rotation_about(1, 0.2), np.array([-0.32, -0.2, 1.2])
    camera = lens.pinhole(*SIZE)
    canvas = clutter(*SIZE, np.random.default_rng(1)).astype(np.float32)
    draw(canvas, [("sacrum", [(rotation, place)])], camera.focal_px, camera.centre_px, Film())
    picture = Noise(*SIZE, 2.0, 0).add(canvas)
    grid = np.stack(np.meshgrid(*(np.arange(n) + 0.5 for n in SIZE)), axis=-1).astype(float)
    source = (lens.ideal(grid, *SIZE) - 0.5).astype(np.float32)
    bent = cv2.remap(picture, source[..., 0], source[..., 1], cv2.INTER_CUBIC)
    x = board("sacrum").corners_m.reshape(-1, 3) @ rotation.T + place
    true = camera.focal_px * x[:, :2] / x[:, 2:] + camera.centre_px

    def error(straight: CalibratedCamera | None) -> Floats:
        watcher = BoardWatcher(camera, straight, names=["sacrum"])
        corners = watcher.channel(np.zeros(1), [watcher.see(np.asarray(bent, np.uint8))])
        return np.asarray(np.abs(corners.position_px[0] - true).max())

    assert error(None) > 3.0
    assert error(lens) < 0.5


LENS_ALONE = "%YAML:1.0\n---\ncamera_matrix: {matrix}\ndist: {dist}\nimage_width: 800\nimage_height: 600\n"


def test_a_lens_without_a_place_is_enough_for_one_film_not_for_several(tmp_path: Path) -> None:
    path = tmp_path / "lens.yaml"
    path.write_text(LENS_ALONE.format(matrix=MATRIX.tolist(), dist=BARREL.tolist()))
    lens = read_lens(path, Path("film.mp4"))
    assert not lens.placed
    assert lens.distortion == pytest.approx(BARREL)
    assert np.degrees(lens.pinhole(*SIZE).pitch_down_rad) == pytest.approx(0.0)
    with pytest.raises(SourceError, match="rotation or translation is missing"):
        read_calibration(path)


def test_of_several_cameras_the_one_that_bears_the_films_name(tmp_path: Path) -> None:
    both = {
        f"cam{k}": {"matrix": (np.diag([k, k, 1.0]) @ MATRIX).tolist(), "size": list(SIZE)} for k in (1, 2)
    }
    path = tmp_path / "cameras.json"
    path.write_text(json.dumps(both))
    assert read_lens(path, Path("squat_cam2.mp4")).matrix[0, 0] == pytest.approx(1520.0)
    with pytest.raises(SourceError, match="cannot tell which of its cameras"):
        read_lens(path, Path("film.mp4"))


def test_a_field_of_view_told_twice_is_refused() -> None:
    with pytest.raises(SourceError, match="both tell the field of view"):
        CameraTold(fov_deg=60.0).calibrated(_lens(), *SIZE)


def test_a_calibration_of_other_pictures_is_refused() -> None:
    with pytest.raises(SourceError, match="800 x 600"):
        CameraTold().calibrated(_lens(), 600, 800)


def test_keypoints_of_one_camera_with_a_calibration_are_refused(tmp_path: Path) -> None:
    lens = tmp_path / "lens.yaml"
    lens.write_text(LENS_ALONE.format(matrix=MATRIX.tolist(), dist=BARREL.tolist()))
    folder = tmp_path / "keypoints"
    folder.mkdir()
    for k in range(5):
        person = {"pose_keypoints_2d": np.ones(75).tolist()}
        text = json.dumps({"version": 1.3, "people": [person]})
        (folder / f"film_{k:012d}_keypoints.json").write_text(text)
    with pytest.raises(CoxaError, match="are not measured with a calibration"):
        coxa.measure(folder, calibration=lens, rate_hz=30, picture_px=SIZE)
