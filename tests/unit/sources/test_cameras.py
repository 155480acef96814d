"""Keypoints of several cameras, from their files to one recording."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from coxa.adapters.sources.cameras import open_cameras
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.kinematics.rotations import rotation_about
from coxa.model.camera import Camera
from coxa.model.errors import SourceError
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import camera_around, landmarks_in_room
from coxa.simulate.perform import perform
from coxa.simulate.person import Person

RATE_HZ = 30.0
#: OpenPose BODY_25 -> the catalogue's landmark.
BODY_25 = {
    2: "right_shoulder", 3: "right_elbow", 4: "right_wrist", 5: "left_shoulder", 6: "left_elbow",
    7: "left_wrist", 9: "right_hip", 10: "right_knee", 11: "right_ankle", 12: "left_hip", 13: "left_knee",
    14: "left_ankle", 19: "left_foot_index", 21: "left_heel", 22: "right_foot_index", 24: "right_heel",
}  # fmt: skip


def cameras() -> list[Camera]:
    middle = np.array([0.0, 1.0, 0.0])
    return [camera_around(middle, azimuth, elevation_deg=8.0) for azimuth in (20.0, 95.0)]


def calibration(folder: Path) -> Path:
    """The cameras as Pose2Sim has them: Z up."""
    to_room = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
    text = ""
    for k, camera in enumerate(cameras(), start=1):
        rotation = camera.rotation_room_to_camera @ to_room
        place = to_room.T @ camera.position_m
        vector = cv2.Rodrigues(rotation)[0].ravel()
        matrix = [
            [camera.focal_px, 0.0, camera.centre_px[0]],
            [0.0, camera.focal_px, camera.centre_px[1]],
            [0.0, 0.0, 1.0],
        ]
        text += (
            f'[cam{k:02d}]\nname = "cam{k:02d}"\nsize = [1920, 1080]\nmatrix = {np.array(matrix).tolist()}\n'
            f"distortions = [0.0, 0.0, 0.0, 0.0]\nrotation = {vector.tolist()}\n"
            f"translation = {(-rotation @ place).tolist()}\n"
        )
    path = folder / "Calib.toml"
    path.write_text(text)
    return path


def folders(folder: Path, *, bystander: bool = False) -> list[Path]:
    """A folder of OpenPose's files for each camera."""
    detector = loader.detectors()["blazepose_heavy"]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7)
    done = perform(SCRIPTS["walking"](), person, 1.0 + np.arange(60) / RATE_HZ)
    done = done.moved(rotation_about(1, 0.2), np.array([0.0, 1.0, 0.0]))
    room = landmarks_in_room(done, detector)
    names = list(detector.landmarks)
    made = []
    for number, camera in enumerate(cameras(), start=1):
        place = folder / f"cam{number:02d}_json"
        place.mkdir()
        made.append(place)
        people = [room]
        if bystander:  # nearer to the second camera than to the first, and standing still
            people.append(np.broadcast_to(room[:1] + np.array([-0.3, 0.0, 1.0]), room.shape))
        seen = [camera.project(points) for points in people]
        for frame in range(len(room)):
            content = []
            for points in seen:
                flat = np.zeros((25, 3))
                for row, name in BODY_25.items():
                    flat[row] = [*points[frame, names.index(name)], 0.9]
                content.append({"person_id": [-1], "pose_keypoints_2d": flat.ravel().tolist()})
            file = place / f"walk_{frame:012d}_keypoints.json"
            file.write_text(json.dumps({"version": 1.3, "people": content}))
    return made


def test_folders_of_openpose_become_one_recording(tmp_path: Path) -> None:
    options = ReadOptions(rate_hz=RATE_HZ, calibration=calibration(tmp_path), height_m=1.7)
    reader = open_cameras(folders(tmp_path), options)
    recording = reader.sample(10**6)
    assert len(recording.image_points) == 2
    assert recording.subject.height_m == 1.7
    for points, camera in zip(recording.image_points, cameras(), strict=True):
        assert np.allclose(points.camera.position_m, camera.position_m, atol=1e-6)
        assert np.allclose(points.camera.rotation_room_to_camera, camera.rotation_room_to_camera, atol=1e-6)
        assert points.detector == "openpose"
    assert "Pose2Sim" in reader.header.format
    assert any("cam02" in note for note in reader.header.notes)


def test_the_same_person_is_taken_in_every_camera(tmp_path: Path) -> None:
    options = ReadOptions(rate_hz=RATE_HZ, calibration=calibration(tmp_path))
    (tmp_path / "alone").mkdir()
    (tmp_path / "crowd").mkdir()
    alone = open_cameras(folders(tmp_path / "alone"), options).sample(10**6)
    both = folders(tmp_path / "crowd", bystander=True)
    for person in ("1", "2"):
        found = open_cameras(both, ReadOptions(**{**_told(options), "person": person})).sample(10**6)
        matches = [
            bool(np.nanmax(np.abs(a.position_px[30] - b.position_px[30])) < 2.0)
            for a, b in zip(found.image_points, alone.image_points, strict=True)
        ]
        assert matches[0] == matches[1]


def _told(options: ReadOptions) -> dict[str, object]:
    return {name: getattr(options, name) for name in ("rate_hz", "calibration", "height_m")}


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    made = folders(tmp_path)
    with pytest.raises(SourceError, match="no calibration"):
        open_cameras(made, ReadOptions(rate_hz=RATE_HZ))
    with pytest.raises(SourceError, match="one camera"):
        open_cameras(made[:1], ReadOptions(rate_hz=RATE_HZ, calibration=calibration(tmp_path)))
