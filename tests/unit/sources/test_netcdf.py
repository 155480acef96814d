"""Pose tracks in movement's layout, motions of ours, and what is neither."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
import xarray as xr

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.model.errors import SourceError
from tests.support import keypoint_files as files
from tests.support.made_up import a_motion

TOLD = ReadOptions(picture_px=files.PICTURE)


@pytest.fixture(scope="module")
def seen():
    return files.picture(files.done(duration_s=0.5), "trained_keypoints")


@pytest.fixture(scope="module")
def in_space():
    return files.space(files.done(duration_s=0.5), "trained_keypoints")


def tracks(values, names, *, confidence=None, singular=False, fps=30.0, people=("anna", "ben")):
    """As ``movement`` writes them (held against version 0.15): values (n_frames, n_points, n_axes)."""
    position = np.stack([values, values + 50.0], axis=-1).transpose(0, 2, 1, 3)
    keypoint, individual = ("keypoint", "individual") if singular else ("keypoints", "individuals")
    n_frames, n_axes = position.shape[:2]
    score = np.full((n_frames, len(names), 2), 0.9) if confidence is None else confidence
    attributes = {"source_software": "SLEAP", "ds_type": "poses", "time_unit": "seconds" if fps else "frames"}
    return xr.Dataset(
        {
            "position": (("time", "space", keypoint, individual), position),
            "confidence": (("time", keypoint, individual), score),
        },
        {
            "time": np.arange(n_frames) / (fps or 1.0),
            "space": list("xyz")[:n_axes],
            keypoint: list(names),
            individual: list(people),
        },
        {**attributes, **({"fps": fps} if fps else {})},
    )


def saved(tmp_path, data):
    path = tmp_path / "tracks.nc"
    data.to_netcdf(path, engine="h5netcdf")
    return path


def same(points, truth, name, shift=0.0):
    there = truth.position_px[:, truth.names.index(name)] + shift
    np.testing.assert_allclose(points.position_px[:, points.names.index(name)], there, atol=1e-9)


@pytest.mark.parametrize("singular", [True, False])
def test_both_spellings_of_the_layout(singular, seen, tmp_path):
    truth = seen.image_points[0]
    reader = open_recording(saved(tmp_path, tracks(truth.position_px, truth.names, singular=singular)), TOLD)
    recording = files.whole(reader)
    assert reader.header.people == ("anna", "ben") and reader.header.rate_hz == pytest.approx(30)
    assert reader.header.format.startswith("SLEAP")
    same(recording.image_points[0], truth, "left_hip")
    np.testing.assert_allclose(recording.time_s, np.arange(15) / 30)


def test_a_person_by_name(seen, tmp_path):
    truth = seen.image_points[0]
    path = saved(tmp_path, tracks(truth.position_px, truth.names))
    points = files.whole(
        open_recording(path, ReadOptions(person="ben", picture_px=files.PICTURE))
    ).image_points[0]
    same(points, truth, "left_hip", 50.0)


def test_names_of_other_sets_are_known_and_a_mapping_names_the_rest(seen, tmp_path):
    truth = seen.image_points[0]
    theirs = {"left_hip": "LHip", "right_hip": "hip_right", "left_knee": "Left Knee", "nose": "snout"}
    kept = [truth.names.index(name) for name in theirs]
    path = saved(tmp_path, tracks(truth.position_px[:, kept], tuple(theirs.values())))
    reader = open_recording(path, TOLD)
    points = files.whole(reader).image_points[0]
    assert points.names == ("left_hip", "right_hip", "left_knee")
    assert any("snout" in note for note in reader.header.notes)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("landmarks: {snout: nose, LHip: left_hip}\n")
    told = ReadOptions(picture_px=files.PICTURE, mapping=mapping)
    assert files.whole(open_recording(path, told)).image_points[0].names == ("left_hip", "nose")
    mapping.write_text("landmarks: {snout: nostril}\n")
    with pytest.raises(SourceError, match="no landmarks: nostril"):
        open_recording(path, told)


def test_frames_without_seconds_need_the_rate(seen, tmp_path):
    truth = seen.image_points[0]
    path = saved(tmp_path, tracks(truth.position_px, truth.names, fps=None))
    with pytest.raises(SourceError, match="--rate-hz"):
        open_recording(path, TOLD)
    told = ReadOptions(picture_px=files.PICTURE, rate_hz=60)
    np.testing.assert_allclose(files.whole(open_recording(path, told)).time_s, np.arange(15) / 60)


@pytest.mark.parametrize(
    ("turn", "up"),
    [
        (np.eye(3), "+y"),
        (np.diag([1.0, -1, -1]), "-y"),
        (np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]), "+z"),
        (np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]), "+x"),
    ],
)
def test_points_in_space_stand_upright_in_metres(turn, up, in_space, tmp_path):
    truth = in_space.space_points[0]
    data = tracks(1000 * truth.position_m @ turn.T, truth.names)
    reader = open_recording(saved(tmp_path, data), ReadOptions(person="anna"))
    points = files.whole(reader).space_points[0]
    assert up in reader.header.axes and reader.header.units == "mm"
    rise = points.position_m - points.position_m[:, :1]
    expected = truth.position_m - truth.position_m[:, :1]
    np.testing.assert_allclose(rise[..., 1], expected[..., 1], atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(rise, axis=-1), np.linalg.norm(expected, axis=-1), atol=1e-9)
    # No mirror: toes point forward still.
    assert not any("mirrored" in note for note in reader.header.notes)


def test_a_motion_of_ours_comes_back_as_angles(tmp_path):
    motion = a_motion(30)
    path = tmp_path / "motion.nc"
    motion.to_xarray().to_netcdf(path, engine="h5netcdf")
    angles = files.whole(open_recording(path, ReadOptions())).angles[0]
    assert angles.convention == "coxa" and angles.names == motion.coordinates and angles.is_angle.all()
    hidden = motion.observability == 0
    np.testing.assert_allclose(angles.value, np.where(hidden, np.nan, motion.value), rtol=1e-12)
    np.testing.assert_allclose(angles.sd, np.where(hidden, np.nan, motion.sd), rtol=1e-12)


def test_something_else_is_named_and_told_what_is_expected(tmp_path):
    path = tmp_path / "weather.nc"
    xr.Dataset({"rain": (("day",), np.zeros(3))}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(SourceError, match=r"with rain(.|\n)*movement"):
        open_recording(path, ReadOptions())
    path.write_bytes(b"not a netCDF file at all")
    with pytest.raises(SourceError, match="cannot be read as netCDF"):
        open_recording(path, ReadOptions())


def test_what_hangs_the_library_is_given_up_on(seen, tmp_path, monkeypatch):
    truth = seen.image_points[0]
    path = saved(tmp_path, tracks(truth.position_px, truth.names))
    impatient = loader.keypoint_file_rules().model_copy(update={"hdf5_patience_s": 1e-3})
    monkeypatch.setattr(loader, "keypoint_file_rules", lambda: impatient)
    with pytest.raises(SourceError, match="does not come to an end"):
        open_recording(path, TOLD)


def test_an_array_larger_than_memory_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "bomb.nc"
    with h5py.File(path, "w") as file:
        file.create_dataset("position", (10**6, 10**6), "f8", chunks=(1000, 1000))
    assert path.stat().st_size < 10_000
    with pytest.raises(SourceError, match="an array of more than 4 GB"):
        open_recording(path, TOLD)
