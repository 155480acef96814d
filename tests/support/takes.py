"""Takes of guided tests: simulated people do a test before a browser's camera, left alone or right alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.app.live import Layout, landmark_names
from coxa.app.one_camera import CameraTold, single_camera
from coxa.catalog import loader
from coxa.catalog.protocols import library
from coxa.kinematics.rotations import rotation_about
from coxa.model.camera import Camera
from coxa.model.recording import Recording
from coxa.simulate.acts import ACTS
from coxa.simulate.cheating import Cheat, Trial, staged
from coxa.simulate.observe import CameraView, middle_of, observe
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person

LAYOUT = Layout(640, 480, "blazepose_lite")
RATE_HZ = 15.0
_AZIMUTH_DEG = {"front": 0.0, "oblique": 45.0, "side": 90.0, "rear": 180.0, "any": 0.0}


def landmarks(
    protocol: str, side: str, n: int = 3, cheat: Cheat | None = None, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Times (n_frames,) and points (n_frames, 33, 4) as a browser sends them, of one side."""
    rng = np.random.default_rng(seed)
    spec = library().protocol(protocol)
    person = Person.of(loader.body_model(), loader.body_priors(), 1.72)
    trials = [
        Trial(side, one.id, cheat, outward_s=1.3, hold_s=0.5, rest_s=1.0)
        for _ in range(n)
        for one in spec.quantities
    ]
    what = staged(ACTS[spec.id], spec, person, tuple(trials), {})
    done = perform(what, person, times(what.duration_s, RATE_HZ))
    camera = _camera(middle_of(done), _AZIMUTH_DEG[spec.camera.view], spec.camera.distance_m)
    detector = loader.detectors()[LAYOUT.detector]
    seen = observe(done, [CameraView(camera, detector, noise=0.5)], rng).image_points[0]
    points = np.zeros((len(done.time_s), len(landmark_names()), 4), np.float32)
    for place, name in enumerate(landmark_names()):
        if name in seen.names:
            index = seen.names.index(name)
            points[:, place, :2] = seen.position_px[:, index]
            points[:, place, 2] = seen.depth_m[:, index]
            points[:, place, 3] = 1.0
    return done.time_s, points


def take(protocol: str, side: str, n: int = 3, cheat: Cheat | None = None, seed: int = 0) -> Recording:
    """The recording of such landmarks."""
    return LAYOUT.recording(*landmarks(protocol, side, n, cheat, seed))


def _camera(target_m: NDArray[np.float64], azimuth_deg: float, distance_m: float) -> Camera:
    usual = single_camera(LAYOUT.width_px, LAYOUT.height_px, CameraTold(), loader.video_rules())
    away = rotation_about(1, -np.radians(azimuth_deg)) @ np.array([distance_m, 0.0, 0.0])
    return Camera.looking_at(target_m + away, target_m, LAYOUT.width_px, LAYOUT.height_px, usual.focal_px)
