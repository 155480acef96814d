"""Boards on rendered people: put on the skin, filmed, found, and the body estimated from them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import coxa
from coxa.adapters.rendering import store
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
from coxa.model.motion import Observability
from coxa.model.recording import Recording
from coxa.specs.rendering import Split
from tests.support.tag_pictures import board, outlines

Floats = NDArray[np.float64]

WORN = ("sacrum", "t12", "upper_back")
NEUTRAL_S = 0.35
ASKEW_DEG = 3.0
LIKE_A_PHONE: dict[str, Any] = {"width_px": 1920, "height_px": 1080, "light": "window", "seed": 7}
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


def worn(plain: Clip) -> Clip:
    """The clip with boards on sacrum, T12 and upper back."""
    rng = np.random.default_rng(sum(map(ord, plain.body + plain.movement)))
    film = Film(plain)
    return replace(plain, boards=tuple(on_the_skin(film, name, rng) for name in WORN))


@dataclass(frozen=True)
class Compared:
    """Coordinate -> estimate less truth, and its change since the neutral stance, deg; sd [deg]; observed."""

    error_deg: dict[str, Floats]
    change_deg: dict[str, Floats]
    sd_deg: dict[str, Floats]
    observed: dict[str, NDArray[np.bool_]]
    read: dict[str, int]
    notes: str


def measured(clip: Clip, names: Sequence[str], pose: str = "full", tags: bool = True) -> Compared:
    """Measure a clip as ``coxa measure --tags`` does: pose network and boards in one run."""
    told = {"tags": True, "neutral_s": (0.0, NEUTRAL_S)} if tags else {}
    motion = coxa.measure(store.film(clip), pose=pose, camera_fov_deg=clip.parts[1].fov_deg, **told)
    truth = store.truth(clip, from_camera=True)
    neutral = motion.time_s < NEUTRAL_S
    found: dict[str, tuple[Floats, ...]] = {}
    for name in names:
        column = motion.coordinates.index(name)
        error = (motion[name] - truth[name] + np.pi) % (2 * np.pi) - np.pi
        found[name] = (
            np.degrees(error),
            np.degrees(error - np.median(error[neutral])),
            np.degrees(motion.sd[:, column]),
            motion.observability[:, column] == Observability.OBSERVED,
        )
    columns = [dict(zip(found, one, strict=True)) for one in zip(*found.values(), strict=True)]
    film = motion.diagnostics["film"]
    return Compared(*columns, film.get("boards", {}), " ".join(film["notes"]))


def rotations(body: str, movement: str, split: str, rate_hz: float, samples: int) -> Outcome:
    """Film one clip from behind and estimate rotations from boards alone."""
    film = Film(
        worn(Clip(movement, body, "rear", Split(split), rate_hz=rate_hz, samples=samples, **LIKE_A_PHONE))
    )
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
