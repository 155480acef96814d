"""Rendered people: exactly the angles asked for, seen by a real pose network and a real tag detector."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.film import Film
from coxa.adapters.rendering.picture import Sensor
from coxa.adapters.rendering.rig import BONES
from coxa.adapters.rendering.store import film as stored
from coxa.kinematics.angles import hip_angles, knee_flexion, pelvis_angles, trunk_angles
from coxa.specs.rendering import Fit
from tests.support.rendering import assets_or_skip, sacral_tag, seen_by_the_network

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rendering")]

SMALL = {"width_px": 320, "height_px": 240, "rate_hz": 3.0}


@pytest.fixture(scope="module", autouse=True)
def assets() -> None:
    assets_or_skip()


def first_picture(clip: Clip) -> np.ndarray:
    return next(iter(Film(clip).frames())).rgb


@pytest.mark.parametrize("movement", ["squat_tuck", "rotation_half_kneeling_following", "heel_to_stick"])
def test_the_mesh_has_exactly_the_angles_of_its_truth(movement: str) -> None:
    """Angles measured back from the motions of the skin's own bones, and from the joint centres."""
    film = Film(Clip(movement, "anton", "front", **SMALL))
    truth, rig = film.truth(), film._rig
    moved = {name: np.stack([posed.rotation[k] for posed in film.posed]) for k, name in enumerate(BONES)}
    pelvis = moved["pelvis"]
    in_room = pelvis_angles(pelvis)
    assert np.allclose(in_room.anterior_tilt, truth["pelvis_anterior_tilt"], atol=1e-9)
    assert np.allclose(in_room.left_rotation, truth["pelvis_left_rotation"], atol=1e-9)
    assert np.allclose(trunk_angles(pelvis, moved["lumbar"]).flexion, truth["lumbar_flexion"], atol=1e-9)
    assert np.allclose(
        trunk_angles(pelvis, moved["thorax"]).left_rotation, truth["trunk_left_rotation"], atol=1e-9
    )
    joints = film.joints_m()
    for side in ("left", "right"):
        femur = moved[f"femur_{side}"] @ rig.frames[f"femur_{side}"]
        tibia = moved[f"tibia_{side}"] @ rig.frames[f"tibia_{side}"]
        hip = hip_angles(pelvis, femur, side)
        assert np.allclose(hip.flexion, truth[f"hip_flexion_{side}"], atol=1e-9)
        assert np.allclose(hip.internal_rotation, truth[f"hip_internal_rotation_{side}"], atol=1e-9)
        assert np.allclose(knee_flexion(femur, tibia), truth[f"knee_flexion_{side}"], atol=1e-9)
        line = joints[f"{side}_hip"] - joints[f"{side}_knee"]
        line /= np.linalg.norm(line, axis=1, keepdims=True)
        assert np.allclose(line, femur[:, :, 1], atol=1e-9)


def test_people_stand_on_the_floor_and_are_as_tall_as_they_say() -> None:
    film = Film(Clip("neutral", "emil", "front", "reporting", **SMALL))
    body = film._dressed.surface(film.posed[0]).vertices_m
    assert abs(body[:, 1].min()) < 0.005
    assert abs(np.ptp(body[:, 1]) - 1.89) < 0.05


def test_headings_from_the_camera_differ_by_where_it_stands() -> None:
    film = Film(Clip("rotation_standing_following", "berta", "oblique", **SMALL))
    seen, own = film.truth(from_camera=True), film.truth()
    turned = np.degrees(seen["pelvis_left_rotation"] - own["pelvis_left_rotation"])
    assert np.allclose(turned, 45.0, atol=1e-6)
    still = [
        k
        for k, name in enumerate(own.coordinates)
        if not name.endswith("_left_rotation") or name.startswith("trunk")
    ]
    assert np.allclose(seen.value[:, still], own.value[:, still], atol=1e-9, equal_nan=True)


def test_loose_clothes_hide_the_hollow_of_the_back_and_tight_ones_do_not() -> None:
    def hollow(fit: Fit) -> float:
        film = Film(Clip("neutral", "gina", "side", "reporting", fit, **SMALL))
        posed = film.posed[0]
        surface = film._dressed.surface(posed)
        drawn = surface.vertices_m[np.unique(surface.faces)]
        middle = drawn[np.abs(drawn[:, 2]) < 0.03]
        low, high = posed.origins_m["pelvis"][1], posed.joints_m["t12_l1"][1] + 0.15
        backs = [middle[np.abs(middle[:, 1] - y) < 0.02, 0].min() for y in np.linspace(low, high, 15)]
        chord = np.linspace(backs[0], backs[-1], 15)
        return float(np.max(np.array(backs) - chord))

    assert hollow(Fit.TIGHT) > 2.0 * hollow(Fit.LOOSE)


def test_the_same_clip_gives_the_same_picture_and_another_seed_another() -> None:
    clip = Clip("neutral", "dora", "rear", fit=Fit.MEDIUM, **SMALL)
    assert (first_picture(clip) == first_picture(clip)).all()
    assert (first_picture(clip) != first_picture(replace(clip, seed=1))).any()


def test_a_worn_tag_is_where_its_corners_are() -> None:
    size = 0.20
    clip = Clip(
        "neutral", "anton", "rear", width_px=640,
        height_px=480,
        samples=4,
        sensor=Sensor(0.5, 1.0, 1.0),
    )  # fmt: skip
    clip = replace(clip, boards=(sacral_tag(Film(clip), size),))
    film = Film(clip)
    picture = cv2.cvtColor(next(iter(film.frames())).rgb, cv2.COLOR_RGB2GRAY)
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    corners, numbers, _ = cv2.aruco.ArucoDetector(dictionary, settings).detectMarkers(picture)
    assert numbers is not None and numbers.ravel().tolist() == [3]
    origin, axes = film.segments()["pelvis"]
    printed = np.asarray(clip.boards[0].faces[0][0])
    middle = printed.mean(axis=0)
    tag = middle + (printed - middle) * 6 / 8
    true = film.camera.project(origin[0] + tag @ axes[0].T)
    # A detector counts pixels from their middles, a camera from the picture's corner.
    # White blooms into black, so the square is seen a little smaller.
    seen = corners[0].reshape(4, 2) + 0.5
    assert np.abs(seen.mean(axis=0) - true.mean(axis=0)).max() < 0.08
    shrunk = np.abs(seen - true)
    assert shrunk.max() < 0.75
    assert np.ptp(shrunk) < 0.3


def test_motion_blurs_what_moves_and_spares_the_room() -> None:
    clip = Clip(
        "squat", "berta", "side", rate_hz=2.0, width_px=320, height_px=240, sensor=Sensor(0.0, 0.0, 0.0)
    )
    sharp = [frame.rgb for frame in Film(clip).frames()]
    blurred = [frame.rgb for frame in Film(replace(clip, exposure_s=0.05)).frames()]
    change = np.abs(sharp[2].astype(int) - blurred[2]).max(axis=2)
    assert (change > 8).sum() > 100
    assert (change[:, :80] <= 1).mean() > 0.97


@pytest.mark.parametrize(
    ("movement", "body", "camera", "fit"),
    [
        ("seated_rotation", "anton", "front", Fit.TIGHT),
        ("hinge_lumbar_40", "carl", "side", Fit.LOOSE),
        ("rotation_standing_still", "berta", "oblique", Fit.MEDIUM),
    ],
)
def test_a_pose_network_sees_them_as_people(movement: str, body: str, camera: str, fit: Fit) -> None:
    seen = seen_by_the_network(
        Film(Clip(movement, body, camera, fit=fit, width_px=480, height_px=360, rate_hz=4.0)), "full"
    )
    assert seen["found"] == 1.0
    assert seen["iou"] > 0.85
    assert seen["keypoints_px"] < 8.0


def test_a_film_is_drawn_once() -> None:
    clip = Clip("neutral", "anton", "front", **SMALL)
    path = stored(clip)
    assert path.is_file() and path.with_suffix(".json").is_file()
    drawn = path.stat().st_mtime_ns
    assert stored(clip) == path and path.stat().st_mtime_ns == drawn
