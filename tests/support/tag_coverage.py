"""Whether boards make pelvis and lumbar spine observable, with honest intervals; corners without pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.estimate.blas import one_thread
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.smoother import Schedule
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from coxa.simulate.boards import BoardsView, observe_boards
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import Performance, perform, times
from coxa.simulate.person import Person
from tests.support.tag_pictures import board

Floats = NDArray[np.float64]

WORN = ("sacrum", "t12")
#: Movements whose boards a camera behind sees.
MOVEMENTS = ("squat", "trunk_rotation", "standing_hip_rotation", "side_lunge", "lunge", "walking")
TOLD = (
    "pelvis_anterior_tilt",
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "lumbar_flexion",
    "hip_flexion_left",
    "hip_flexion_right",
)
STANDING_S = 1.0
_MOSTLY = 0.3  # of the frames must show a face for a film to count


@dataclass(frozen=True)
class Compared:
    """One run: estimate less truth, and stated sd (n_frames, n_coordinates) rad; levels."""

    error: Floats
    sd: Floats
    level: NDArray[np.uint8]
    change: Floats


def compared(
    seed: int, boards: tuple[str, ...] = WORN, keypoints: bool = True, neutral: bool = True
) -> Compared:
    """A drawn person with a posture of their own, seen from behind by a drawn camera."""
    rng = np.random.default_rng(seed)
    body, priors, detectors = loader.body_model(), loader.body_priors(), loader.detectors()
    detector = detectors["blazepose_heavy"]
    person = Person.drawn(body, priors, rng).with_offsets(detector, rng)
    performance = _performed(MOVEMENTS[seed % len(MOVEMENTS)], person, rng)
    azimuth, distance = 180.0 + rng.uniform(-25, 25), rng.uniform(2.0, 3.0)
    camera = camera_around(middle_of(performance), azimuth, distance_m=distance)
    recording = observe(performance, [CameraView(camera, detector)], rng, told_height_m=person.stature_m)
    if not keypoints:
        recording = replace(recording, image_points=())
    if boards:
        view = BoardsView(
            camera, tuple(board(name) for name in boards), standing_s=STANDING_S if neutral else None
        )
        recording = replace(recording, boards=(observe_boards(performance, view, rng),))
    return _held_against(estimated(recording), performance.truth())


def _performed(name: str, person: Person, rng: np.random.Generator) -> Performance:
    """A second of standing in one's own posture, then the movement, posture kept."""
    spread = loader.body_priors().neutral
    script = SCRIPTS[name]()
    sds = {joint: sd for joint, sd in spread.joint_sd_deg.items() if joint in person.body.joints}
    for joint, sd in spread.joint_sd_deg.items():
        both = (f"{joint}_{side}" for side in ("left", "right"))
        sds |= {one: sd for one in both if one in person.body.joints}
    sds |= {
        "pelvis_anterior_tilt": spread.pelvis_tilt_sd_deg,
        "pelvis_right_up_obliquity": spread.pelvis_obliquity_sd_deg,
    }
    posture = {joint: float(rng.normal(0.0, sd)) for joint, sd in sds.items()}
    script = script.with_posture(posture)
    standing = {coordinate: posture.get(coordinate, 0.0) for coordinate in script.key_poses[0].angles_deg}
    moving = times(script.duration_s, 30.0) + STANDING_S
    still = times(STANDING_S, 30.0)
    moved = perform(script, person, moving - STANDING_S)
    key = replace(script.key_poses[0], angles_deg={**script.key_poses[0].angles_deg, **standing})
    stood = perform(replace(script, key_poses=(key, replace(key, time_s=STANDING_S))), person, still)
    return Performance(
        person, np.concatenate([still, moving]), type(moved.pose).concatenate([stood.pose, moved.pose]), name
    )


def estimated(recording: Recording, kinds: tuple[str, ...] = ()) -> Motion:
    """The motion of a recording; ``kinds`` beside those of its sources."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), recording)
    whole = MotionEstimator(
        estimator,
        loader.observability(),
        (*kinds_of(recording, estimator), *kinds),
        Schedule(window_s=2.0, lag_s=0.7),
    )
    with one_thread():
        parts = [part for part in (whole.push(recording), whole.finish()) if part is not None]
    return Motion.concatenate(parts)


def _held_against(motion: Motion, truth: Motion) -> Compared:
    columns = [motion.coordinates.index(name) for name in TOLD]
    error = (motion.value - truth.value)[:, columns]
    error = (error + np.pi) % (2 * np.pi) - np.pi
    neutral = motion.time_s < STANDING_S
    return Compared(
        error,
        motion.sd[:, columns],
        motion.observability[:, columns],
        error - np.median(error[neutral], axis=0),
    )


def coverage_of_boards(runs: int, first_seed: int) -> str:
    """Tables: keypoints alone, with boards, with boards and a neutral stance, boards alone."""
    lines: list[str] = []
    for title, told in (
        ("keypoints alone", {"boards": ()}),
        ("keypoints and boards, no neutral stance", {"neutral": False}),
        ("keypoints and boards", {}),
        ("boards alone", {"keypoints": False}),
    ):
        some = [compared(seed, **told) for seed in range(first_seed, first_seed + runs)]  # type: ignore[arg-type]
        lines += [f"{title}: {runs} people from behind, sacrum and T12", *_table(some)]
    return "\n".join(lines)


def _table(some: list[Compared]) -> Iterator[str]:
    yield f"  {'coordinate':<28} {'RMSE':>6} {'sd':>6} {'in 95%':>7} {'observed':>9} {'change':>7} {'95%':>6}"
    error, sd = np.concatenate([one.error for one in some]), np.concatenate([one.sd for one in some])
    level, change = np.concatenate([one.level for one in some]), np.concatenate([one.change for one in some])
    for k, name in enumerate(TOLD):
        known = np.isfinite(sd[:, k])
        e, s, c = np.degrees(error[known, k]), np.degrees(sd[known, k]), np.degrees(np.abs(change[known, k]))
        if not len(e):
            yield f"  {name:<28} not observable"
            continue
        observed = (level[:, k] == Observability.OBSERVED).mean()
        within = (np.abs(e) < 1.96 * s).mean()
        yield (
            f"  {name:<28} {np.sqrt(np.mean(e**2)):>6.1f} {np.median(s):>6.1f} {within:>7.1%} "
            f"{observed:>9.1%} {np.median(c):>7.1f} {np.percentile(c, 95):>6.1f}"
        )


def lone_faces(
    seed: int, seconds: float, alone_until_s: float = np.inf, noise_px: float = 0.7
) -> tuple[Recording, Motion]:
    """A person at 3 to 4 m, turned half away, of whose sacrum board one face is read; corners without pixels.

    Args:
        seed: of person, movement, camera and noise.
        seconds: how long; the first of them standing.
        alone_until_s: from then on both faces are read where they are turned to the camera.
        noise_px: sd of a corner.

    Returns:
        Keypoints and corners, and the truth.
    """
    rng = np.random.default_rng(seed)
    detector = loader.detectors()["blazepose_heavy"]
    person = Person.drawn(loader.body_model(), loader.body_priors(), rng).with_offsets(detector, rng)
    script = ("squat", "trunk_rotation", "standing_hip_rotation", "lunge")[(seed // 4) % 4]
    whole = _performed(script, person, rng)
    performance = whole.window(slice(int(np.searchsorted(whole.time_s, seconds))))
    turned = 180.0 + (1.0 if seed % 4 >= 2 else -1.0) * rng.uniform(35.0, 70.0)
    camera = camera_around(middle_of(performance), turned, distance_m=rng.uniform(3.0, 4.0))
    told = person.stature_m
    recording = observe(performance, [CameraView(camera, detector)], rng, told_height_m=told)
    view = BoardsView(camera, (board("sacrum"),), noise_px, STANDING_S)
    corners = observe_boards(performance, view, rng)
    left = np.repeat(view.boards[0].normal[:, 2] > 0, 4)
    one = left if seed % 2 else ~left
    hidden = (performance.time_s < alone_until_s)[:, None] & one
    corners = replace(
        corners,
        position_px=np.where(hidden[..., None], np.nan, corners.position_px),
        sd_px=np.where(hidden, np.nan, corners.sd_px),
    )
    return replace(recording, boards=(corners,)), performance.truth()


def table_of_lone_faces(runs: int, first_seed: int, wrong_deg: float = 20.0) -> str:
    """How often a film of which one face is read is on the wrong side, and whether intervals know it."""
    lines = [
        f"one face read, corners with 0.7 px of noise, 3 to 4 m, seeds from {first_seed} on: pelvis rotation"
    ]
    column = TOLD.index("pelvis_left_rotation")
    for title, points in (("keypoints and a board", True), ("a board alone", False)):
        films: list[Compared] = []
        for seed in range(first_seed, first_seed + runs):
            recording, truth = lone_faces(seed, seconds=2.2)
            if np.isfinite(recording.boards[0].sd_px).any(axis=1).mean() < _MOSTLY:
                continue
            recording = recording if points else replace(recording, image_points=())
            films.append(_held_against(estimated(recording), truth))
        error = [np.degrees(np.abs(one.error[:, column])) for one in films]
        wrong = sum(float(np.mean(one > wrong_deg)) > 0.1 for one in error)
        held = [np.abs(one.error[:, column]) < 1.96 * one.sd[:, column] for one in films]
        every = np.concatenate(error)
        lines.append(
            f"  {title}: {len(films)} films, {wrong} on the wrong side (over {wrong_deg:.0f} deg in a tenth "
            f"of the frames); error median {np.median(every):.1f}, 95% {np.percentile(every, 95):.1f} deg; "
            f"in 95% intervals {np.concatenate(held).mean():.0%}"
        )
    return "\n".join(lines)
