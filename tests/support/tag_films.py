"""Films of moving people who wear boards: made, tracked, and held against where the boards truly were."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.tags.detector import SeenTag, TagDetector
from coxa.catalog import loader
from coxa.kinematics.boards import Answers, most_probable_path, poses_from_corners, visible_tags
from coxa.kinematics.rotations import vector_from_rotation
from coxa.model.boards import WornBoard
from coxa.model.camera import Camera
from coxa.model.channels import BoardCorners
from coxa.simulate.boards import poses_in_camera, wobbling, worn_differently
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import HEIGHT_PX, WIDTH_PX, middle_of
from coxa.simulate.perform import Performance, perform
from coxa.simulate.person import Person
from tests.support.tag_pictures import Film, Noise, board, clutter, draw

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Which boards a camera sees, by where it stands (degrees around the person, 0 in front, 90 to the right).
PLACES = {
    "behind": (180.0, ("sacrum", "t12")),
    "front": (0.0, ("sternum", "left_shank", "right_shank")),
    "right": (90.0, ("right_thigh",)),
}
BEHIND_BODY = -0.2  # cosine of the board's outward direction below which the body hides it
FALSE_PX = 8.0
SQUARE_COSINE = 0.5  # faces turned less than 60 deg away count as turned to the camera


@dataclass(frozen=True)
class Case:
    """One clip: who, what, from where, how spoilt; all drawn from its seed."""

    seed: int
    place: str
    script: str
    duration_s: float = 4.0
    rate_hz: float = 30.0


@dataclass
class Outcome:
    """What came of a clip. Per board: (n_frames,) arrays.

    Attributes:
        facing: board -> whether a face was turned to the camera.
        seen: board -> whether a tag of it was read.
        error_deg: board -> of its orientation, the most probable path; NaN where not seen.
        single_deg: board -> of the likeliest answer of each frame by itself.
        false_tags: tags read that were not there, or elsewhere.
        seconds: (n_frames,) processor time of the tracker.
        chi2: squared corner errors over their stated variance.
        performance: the truth.
        corners: what was detected, as a channel.
    """

    facing: dict[str, Bools]
    seen: dict[str, Bools]
    error_deg: dict[str, Floats]
    single_deg: dict[str, Floats]
    false_tags: int
    seconds: Floats
    chi2: Floats
    performance: Performance
    corners: BoardCorners


def run(case: Case) -> Outcome:
    """Film, track, compare."""
    rng = np.random.default_rng(case.seed)
    body, priors = loader.body_model(), loader.body_priors()
    person = Person.drawn(body, priors, rng)
    film = Film(
        blur_px=rng.uniform(0.6, 1.2),
        noise=rng.uniform(2.0, 7.0),
        exposure_s=rng.uniform(1 / 250, 1 / 90),
        seed=case.seed,
    )
    times = np.arange(round(case.duration_s * case.rate_hz)) / case.rate_hz
    sub = (np.arange(film.sub_frames) - 0.5 * (film.sub_frames - 1)) / film.sub_frames * film.exposure_s
    fine = np.maximum(times[:, None] + sub, 0.0) + np.arange(film.sub_frames) * 1e-7
    performance = perform(SCRIPTS[case.script](), person, fine.ravel())
    azimuth, names = PLACES[case.place]
    focal = rng.uniform(1350, 1650)
    azimuth += rng.uniform(-25, 25)
    camera = _camera(performance, azimuth, rng.uniform(2.0, 3.0), rng.uniform(-5, 12), focal)
    usual = tuple(board(name) for name in names)
    truly = [worn_differently(one, rng) for one in usual]
    poses = {}
    for one in truly:
        rough = wobbling(times, one, rng)
        wobble = np.stack([np.interp(fine.ravel(), times, rough[:, k]) for k in range(6)], axis=1)
        poses[one.name] = poses_in_camera(performance, one, camera, wobble)
    middle = performance.window(slice(film.sub_frames // 2, None, film.sub_frames))
    return _tracked(case, film, usual, poses, camera, replace(middle, time_s=times), rng)


def _camera(
    performance: Performance, azimuth: float, distance: float, elevation: float, focal: float
) -> Camera:
    a, e = np.radians([azimuth, elevation])
    away = np.array([np.cos(e) * np.cos(a), np.sin(e), np.cos(e) * np.sin(a)])
    target = middle_of(performance)
    return Camera.looking_at(target + distance * away, target, WIDTH_PX, HEIGHT_PX, focal)


@dataclass
class _Shot:
    """What is gathered while a clip is filmed and tracked."""

    boards: tuple[WornBoard, ...]
    poses: dict[str, tuple[Floats, Floats]]
    camera: Camera
    film: Film
    pixels: Floats
    sd: Floats
    facing: dict[str, Bools]
    chi2: list[float]
    false_tags: int = 0

    def placed(self, t: int) -> list[tuple[str, list[tuple[Floats, Floats]]]]:
        """Boards that the body does not hide, with their poses over the exposure."""
        k, shown = self.film.sub_frames, []
        for one in self.boards:
            rotations, positions = self.poses[one.name]
            some = [(rotations[t * k + s], positions[t * k + s]) for s in range(k)]
            rotation, position = some[k // 2]
            if -(rotation[:, 0] @ position) / np.linalg.norm(position) < BEHIND_BODY:
                continue
            shown.append((one.name, some))
            self.facing[one.name][t] = visible_tags(one, rotation, position, SQUARE_COSINE).any()
        return shown

    def compare(self, t: int, found: Mapping[int, SeenTag]) -> None:
        """Keep the tags that were found, and how far their corners were off."""
        k, column = self.film.sub_frames, 0
        during = slice(t * k, t * k + k)
        for one in self.boards:
            rotation, position = (some[during].mean(axis=0) for some in self.poses[one.name])
            x = one.corners_m @ rotation.T + position
            true = self.camera.focal_px * x[..., :2] / x[..., 2:] + self.camera.centre_px
            for m, tag in enumerate(one.tags):
                if tag not in found:
                    continue
                place = slice(column + 4 * m, column + 4 * m + 4)
                self.pixels[t, place], self.sd[t, place] = found[tag].corners_px, found[tag].sd_px
                error = found[tag].corners_px - true[m]
                self.chi2 += ((error / found[tag].sd_px) ** 2).ravel().tolist()
                self.false_tags += int(np.abs(error).max() > FALSE_PX)
            column += one.n_corners


def _tracked(
    case: Case,
    film: Film,
    boards: tuple[WornBoard, ...],
    poses: dict[str, tuple[Floats, Floats]],
    camera: Camera,
    performance: Performance,
    rng: np.random.Generator,
) -> Outcome:
    n, total = len(performance.time_s), sum(one.n_corners for one in boards)
    detector = TagDetector(boards, loader.tag_boards().dictionary, loader.tag_rules().tracking)
    room = clutter(camera.width_px, camera.height_px, rng).astype(np.float32)
    noise = Noise(camera.width_px, camera.height_px, film.noise, case.seed)
    facing = {one.name: np.zeros(n, bool) for one in boards}
    shot = _Shot(
        boards, poses, camera, film, np.full((n, total, 2), np.nan), np.full((n, total), np.nan), facing, []
    )
    seconds = np.zeros(n)
    for t in range(n):
        canvas = room.copy()
        draw(canvas, shot.placed(t), camera.focal_px, camera.centre_px, film)
        picture = noise.add(canvas)
        began = time.thread_time()
        found = detector.track(picture)
        seconds[t] = time.thread_time() - began
        shot.compare(t, found)
    channel = BoardCorners(boards, shot.pixels, shot.sd, np.zeros(n), camera)
    return _compared(channel, shot, seconds, performance)


def _compared(channel: BoardCorners, shot: _Shot, seconds: Floats, performance: Performance) -> Outcome:
    seen, error, single = {}, {}, {}
    column, k = 0, shot.film.sub_frames
    for one in channel.boards:
        part = slice(column, column + one.n_corners)
        column += one.n_corners
        pairs = zip(channel.position_px[:, part], channel.sd_px[:, part], strict=True)
        answers = [_answers(one, uv, sd, channel.camera) for uv, sd in pairs]
        rotation, _ = most_probable_path(answers, performance.time_s)
        truth = shot.poses[one.name][0][k // 2 :: k]
        seen[one.name] = np.array([bool(some) for some in answers])
        error[one.name] = _apart(rotation, truth)
        first = np.array([some[0].rotation if some else np.full((3, 3), np.nan) for some in answers])
        single[one.name] = _apart(first, truth)
    chi2 = np.array(shot.chi2)
    return Outcome(shot.facing, seen, error, single, shot.false_tags, seconds, chi2, performance, channel)


def _answers(one: WornBoard, uv: Floats, sd: Floats, camera: Camera) -> Answers:
    known = np.isfinite(sd)
    if not known.any():
        return ()
    corners = one.corners_m.reshape(-1, 3)[known]
    return poses_from_corners(corners, uv[known], sd[known], camera.focal_px, camera.centre_px)


def _apart(rotation: Floats, truth: Floats) -> Floats:
    apart = np.full(len(rotation), np.nan)
    known = np.isfinite(rotation[:, 0, 0])
    turn = vector_from_rotation(rotation[known] @ np.swapaxes(truth[known], 1, 2))
    apart[known] = np.degrees(np.linalg.norm(turn, axis=-1))
    return apart


def longest_run(wrong: Bools) -> int:
    """Most consecutive True."""
    best = now = 0
    for one in wrong:
        now = now + 1 if one else 0
        best = max(best, now)
    return best


def one_thread() -> None:
    """Cost is told for one core."""
    cv2.setNumThreads(1)
