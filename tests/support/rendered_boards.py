"""Boards on rendered people: put on the skin, filmed, found, and the body estimated from them alone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.film import Film
from coxa.adapters.rendering.scene import Board
from coxa.adapters.tags.channel import BoardWatcher
from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import FixedLagSmoother
from coxa.estimate.readout import segments
from coxa.estimate.smoother import Schedule
from coxa.kinematics.angles import pelvis_angles
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.recording import Recording
from coxa.specs.rendering import Split
from tests.support.tag_pictures import board, outlines

Floats = NDArray[np.float64]

WORN = ("sacrum", "t12", "upper_back")
NEUTRAL_S = 0.35
ASKEW_DEG = 3.0
_OFF_SKIN_M = 0.004
_BAND_M, _HIGH_M = 0.035, 0.04


@dataclass(frozen=True)
class Outcome:
    """Segment -> error of its rotation about the vertical since neutral, degrees; share of boards read."""

    error_deg: dict[str, Floats]
    read: float
    reach_deg: float


def on_the_skin(film: Film, name: str, rng: np.random.Generator) -> Board:
    """A board laid on the back of a standing body, a little askew."""
    worn, (faces, textures) = board(name), outlines(name)
    posed = film.posed[0]
    skin = film._dressed.surface(posed).vertices_m
    local = (skin - posed.origins_m[worn.segment]) @ posed.frames[worn.segment]
    y0 = worn.position_m[1] * film.person.size
    near = (np.abs(local[:, 2]) < _BAND_M) & (np.abs(local[:, 1] - y0) < _HIGH_M) & (local[:, 0] < 0.0)
    back = local[near]
    slope, offset = np.polyfit(back[:, 1], back[:, 0], 1)
    out = np.array([-1.0, slope, 0.0]) / np.hypot(1.0, slope)
    up = np.array([slope, 1.0, 0.0]) / np.hypot(1.0, slope)
    # It lies on what stands out most.
    outmost = float(np.max((back - [offset + slope * y0, y0, 0.0]) @ out))
    place = np.array([offset + slope * y0, y0, 0.0]) + (outmost + _OFF_SKIN_M) * out
    askew = rotation_from_vector(np.radians(ASKEW_DEG) * rng.normal(size=3))
    rotation = askew @ np.stack([out, up, np.cross(out, up)], axis=1)
    pictures = [np.clip(texture, 0, 255).astype(np.uint8) for texture in textures]
    return Board(
        worn.segment, [(face @ rotation.T + place, p) for face, p in zip(faces, pictures, strict=True)]
    )


def rotations(body: str, movement: str, split: str, rate_hz: float, samples: int) -> Outcome:
    """Film one clip from behind and estimate rotations from boards alone."""
    rng = np.random.default_rng(sum(map(ord, body + movement)))
    plain = Clip(
        movement,
        body,
        "rear",
        Split(split),
        width_px=1920,
        height_px=1080,
        rate_hz=rate_hz,
        samples=samples,
        exposure_s=0.0,
        light="window",
        seed=7,
    )
    boards = tuple(on_the_skin(Film(plain), name, rng) for name in WORN)
    film = Film(replace(plain, boards=boards))
    watcher = BoardWatcher(film.camera, None, (0.0, NEUTRAL_S), rate_hz, WORN)
    seen = []
    for frame in film.frames():
        seen.append(watcher.see(frame.rgb))
    channel = watcher.channel(film.time_s, seen)
    recording = Recording(film.time_s, boards=(channel,))
    estimator = Estimator(loader.body_model(), loader.body_priors(), {}, recording)
    smoother = FixedLagSmoother(estimator, Schedule(window_s=np.inf))
    smoother.push(recording)
    smoothed = smoother.finish()
    assert smoothed is not None
    lengths = smoothed.path.shared[: estimator.body.n_lengths]
    found = segments(estimator.body, smoothed.path.pose, lengths)[1]
    error = {}
    reach = 0.0
    for segment in ("pelvis", "lumbar", "thorax"):
        estimated = _heading(found[:, estimator.body.bodies.index(segment)])
        true = _heading(film.segments()[segment][1])
        change, true_change = _since_neutral(estimated, film.time_s), _since_neutral(true, film.time_s)
        error[segment] = change - true_change
        if segment == "pelvis":
            reach = float(np.percentile(np.abs(change), 95))
    read = float(np.mean([any(tag in tags for tag in one.tags) for tags in seen for one in watcher.boards]))
    return Outcome(error, read, reach)


def _heading(rotation: Floats) -> Floats:
    """Degrees turned to the left about the vertical (Baker)."""
    return np.degrees(np.unwrap(pelvis_angles(rotation)[0]))


def _since_neutral(angle: Floats, time_s: Floats) -> Floats:
    return np.asarray(angle - np.median(angle[time_s < NEUTRAL_S]))
