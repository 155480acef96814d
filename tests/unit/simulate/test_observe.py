"""What sources see: that the noise is what was asked for, and every fault does what it says."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.catalog import loader
from coxa.model.coordinates import ALL
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import (
    CameraView,
    OrientationView,
    PointsView,
    camera_around,
    landmarks_in_room,
    middle_of,
    observe,
    occluded,
    swapped,
    without_frames,
)
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person

DETECTOR = loader.detectors()["ideal_keypoints"]
MARKERS = loader.detectors()["pelvis_markers"]


@pytest.fixture(scope="module")
def done():
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7)
    return perform(SCRIPTS["squat"](), person, times(3.8, 60.0))


def seen(done, *views, seed=0):
    return observe(done, views, np.random.default_rng(seed))


def camera(done, azimuth=30.0):
    return camera_around(middle_of(done), azimuth)


def test_image_noise_and_depth_noise_are_the_detectors(done):
    recording = seen(done, CameraView(camera(done), DETECTOR))
    exact = seen(done, CameraView(camera(done), DETECTOR, noise=0.0))
    points, truth = recording.image_points[0], exact.image_points[0]
    assert np.std(points.position_px - truth.position_px) == pytest.approx(4.0, rel=0.03)
    assert np.std(points.depth_m - truth.depth_m) == pytest.approx(0.10, rel=0.05)


def test_less_visible_is_noisier(done):
    exact = seen(done, CameraView(camera(done), DETECTOR, noise=0.0)).image_points[0]
    dim = seen(done, CameraView(camera(done), DETECTOR, visibility=0.5)).image_points[0]
    assert np.std(dim.position_px - exact.position_px) == pytest.approx(8.0, rel=0.03)


def test_errors_that_persist_have_their_correlation(done):
    lasting = loader.detectors()["marker_keypoints"]
    entries = {
        name: entry.model_copy(update={"noise_px": 0.0, "drift_m": 0.01})
        for name, entry in lasting.landmarks.items()
    }
    quiet = lasting.model_copy(update={"landmarks": entries, "correlation_time_s": 0.2})
    error = (
        seen(done, CameraView(camera(done), quiet)).image_points[0].position_px
        - seen(done, CameraView(camera(done), quiet, noise=0.0)).image_points[0].position_px
    )
    flat = error.reshape(len(error), -1)
    lag = 6  # frames of 1/60 s: half a correlation time
    correlation = np.mean(flat[lag:] * flat[:-lag]) / np.mean(flat**2)
    assert correlation == pytest.approx(np.exp(-0.5), abs=0.15)


def test_azimuth_zero_is_in_front_and_ninety_on_the_right(done):
    for azimuth, axis in ((0.0, 0), (90.0, 2)):
        away = camera(done, azimuth).position_m - middle_of(done)
        np.testing.assert_allclose(away, 3.0 * np.eye(3)[axis], atol=1e-9)


def test_depth_counts_from_the_hips_away_from_the_camera(done):
    points = seen(done, CameraView(camera(done, 90.0), DETECTOR, noise=0.0)).image_points[0]
    left, right = (points.depth_m[:, points.names.index(f"{side}_hip")] for side in ("left", "right"))
    np.testing.assert_allclose(left + right, 0.0, atol=1e-9)
    assert np.all(left > 0)  # a camera on the right has the left hip beyond


def test_markers_and_orientations_have_the_noise_they_say(done):
    recording = seen(done, PointsView(MARKERS), OrientationView(("pelvis", "thorax"), sd_deg=3.0))
    points = recording.space_points[0]
    exact = landmarks_in_room(done, MARKERS)
    assert np.std(points.position_m - exact) == pytest.approx(0.005, rel=0.05)
    np.testing.assert_allclose(points.sd_m, 0.005)
    _, rotation = done.segments()
    channel = recording.orientations[0]
    error = channel.rotation[:, 0] @ np.swapaxes(rotation[:, 0], 1, 2)
    angle = np.degrees(np.arccos(np.clip((np.trace(error, axis1=1, axis2=2) - 1) / 2, -1, 1)))
    assert np.sqrt(np.mean(angle**2) / 3) == pytest.approx(3.0, rel=0.12)


def test_the_pelvic_frame_of_its_markers_is_the_pelvis(done):
    exact = landmarks_in_room(done, MARKERS)
    at = {name: exact[:, k] for k, name in enumerate(MARKERS.landmarks)}
    across = at["RASI"] - at["LASI"]
    np.testing.assert_allclose(
        across / np.linalg.norm(across, axis=1, keepdims=True), done.pose.rotation[..., 2], atol=1e-9
    )


def test_faults_touch_only_what_they_should(done):
    points = seen(done, CameraView(camera(done), DETECTOR)).image_points[0]
    hidden = occluded(points, done.time_s, ["left_knee"], 1.0, 2.0)
    during = (done.time_s >= 1.0) & (done.time_s < 2.0)
    knee = points.names.index("left_knee")
    assert np.isnan(hidden.position_px[during, knee]).all()
    assert np.isfinite(hidden.position_px[~during]).all()
    assert np.isfinite(hidden.position_px).sum() == points.position_px.size - 2 * during.sum()

    wrong = swapped(points, done.time_s, 1.0, 2.0)
    other = points.names.index("right_knee")
    np.testing.assert_array_equal(wrong.position_px[during, knee], points.position_px[during, other])
    np.testing.assert_array_equal(wrong.position_px[~during], points.position_px[~during])
    again = swapped(wrong, done.time_s, 1.0, 2.0)
    np.testing.assert_array_equal(again.position_px, points.position_px)


def test_dropped_frames_are_gone(done):
    recording = seen(done, CameraView(camera(done), DETECTOR), PointsView(MARKERS))
    kept = np.arange(recording.n_frames) % 3 != 0
    fewer = without_frames(recording, kept)
    np.testing.assert_array_equal(fewer.time_s, recording.time_s[kept])
    np.testing.assert_array_equal(
        fewer.space_points[0].position_m, recording.space_points[0].position_m[kept]
    )


def test_the_same_seed_gives_the_same_recording(done):
    a, b = (seen(done, CameraView(camera(done), DETECTOR), seed=5) for _ in range(2))
    np.testing.assert_array_equal(a.image_points[0].position_px, b.image_points[0].position_px)


def test_people_are_drawn_as_the_priors_say():
    body, priors = loader.body_model(), loader.body_priors()
    rng = np.random.default_rng(0)
    people = [Person.drawn(body, priors, rng).with_offsets(DETECTOR, rng) for _ in range(400)]
    lengths = np.array([person.lengths for person in people])
    told = [priors.stature_sd_m / priors.stature_mean_m, *[p.sd for p in priors.lengths.values()]]
    np.testing.assert_allclose(lengths.std(axis=0), told, rtol=0.15)
    hips = np.array([person.offsets[DETECTOR.name]["left_hip"] for person in people])
    np.testing.assert_allclose(hips.std(axis=0), DETECTOR.landmarks["left_hip"].offset_sd_m, rtol=0.15)


def test_a_stated_person_has_the_proportions_told():
    body, priors = loader.body_model(), loader.body_priors()
    person = Person.of(body, priors, 1.8, {"femur": 1.1})
    factor = body.length_factor(person.lengths)
    assert factor[body.lengths.index("femur")] == pytest.approx(1.1 * 1.8 / priors.model_stature_m)
    with pytest.raises(KeyError, match="femur"):
        Person.of(body, priors, 1.8, {"thigh": 1.1})


def test_the_truth_is_what_was_scripted(done):
    truth = done.truth()
    np.testing.assert_allclose(truth["knee_flexion_left"].max(), np.radians(90.0), atol=1e-9)
    np.testing.assert_allclose(truth["pelvis_anterior_tilt"].max(), np.radians(30.0), atol=1e-9)
    assert truth.coordinates == ALL
