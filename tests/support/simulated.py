"""Simulated recordings for tests, and what the estimator makes of them."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.smoother import Schedule
from coxa.kinematics.rotations import rotation_about
from coxa.model.channels import ImagePoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import Performance, perform, times
from coxa.simulate.person import Person
from coxa.specs.estimator import BodyPriors, DetectorSpec

#: Nothing but the most probable path under the prior: what the laws are exact for.
_BEYOND = {field.name: 0 for field in fields(Schedule) if field.name in {"adaptations", "corrections"}}
PLAIN = Schedule(window_s=np.inf, iterations=60, tolerance=1e-6, **_BEYOND)
MIRROR = np.diag([1.0, 1.0, -1.0])


def performance(
    script: str = "squat",
    *,
    stature_m: float = 1.7,
    duration_s: float = 0.7,
    begin_s: float = 1.0,
    turned_deg: float = 0.0,
    at_m: tuple[float, float, float] = (0.0, 1.0, 0.0),
    seed: int | None = None,
) -> Performance:
    """A stretch of a scripted movement; with a seed, by a person drawn from the priors."""
    body, priors = loader.body_model(), loader.body_priors()
    if seed is None:
        person = Person.of(body, priors, stature_m)
    else:
        rng = np.random.default_rng(seed)
        person = Person.drawn(body, priors, rng).with_offsets(loader.detectors()["ideal_keypoints"], rng)
    done = perform(SCRIPTS[script](), person, begin_s + times(duration_s, 30.0))
    return done.moved(rotation_about(1, np.radians(turned_deg)), np.array(at_m))


def film(
    done: Performance,
    azimuth_deg: float = 40.0,
    *,
    noise: float = 0.0,
    seed: int = 0,
    distance_m: float = 3.0,
    detector: DetectorSpec | None = None,
    told: bool = True,
) -> Recording:
    """Keypoints of one camera around the person."""
    camera = camera_around(middle_of(done), azimuth_deg, distance_m=distance_m)
    view = CameraView(camera, detector or loader.detectors()["ideal_keypoints"], noise=noise)
    rng = np.random.default_rng(seed)
    return observe(done, [view], rng, told_height_m=done.person.stature_m if told else None)


def motion_of(
    recording: Recording,
    schedule: Schedule = PLAIN,
    detectors: dict[str, DetectorSpec] | None = None,
    priors: BodyPriors | None = None,
) -> Motion:
    """The estimated motion of a whole recording."""
    estimator = Estimator(
        loader.body_model(), priors or loader.body_priors(), detectors or loader.detectors(), recording
    )
    whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), schedule)
    pushed = whole.push(recording)
    rest = whole.finish()
    return Motion.concatenate([part for part in (pushed, rest) if part is not None])


def mirrored(recording: Recording) -> Recording:
    """What the mirror image of the person would be seen as by the mirror image of the camera."""

    def mirror(points: ImagePoints) -> ImagePoints:
        camera = points.camera
        position = points.position_px.copy()
        position[..., 0] = 2 * camera.centre_px[0] - position[..., 0]
        rotation = np.diag([-1.0, 1.0, 1.0]) @ camera.rotation_room_to_camera @ MIRROR
        there = replace(camera, rotation_room_to_camera=rotation, position_m=MIRROR @ camera.position_m)
        names = tuple(other_side(name) for name in points.names)
        return replace(points, names=names, position_px=position, camera=there)

    return replace(recording, image_points=tuple(mirror(points) for points in recording.image_points))


def other_side(name: str) -> str:
    """The same landmark of the other side."""
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


def degrees_apart(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Difference of angles [rad] in degrees, within half a turn."""
    return np.degrees(np.angle(np.exp(1j * (np.asarray(a) - b))))
