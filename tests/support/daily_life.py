"""Half an hour at home: walking, standing, sitting, tying shoes, reaching; and the body's own wandering.

Everything is drawn by chance: how long, how fast, how far. Nobody here exercises; what looks like an exercise
(sitting down, bending to the shoes) lasts as it does in life.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.simulate.library import walking
from coxa.simulate.perform import Performance, perform
from coxa.simulate.person import Person
from coxa.simulate.script import KeyPose, Script
from coxa.simulate.wander import wander

Floats = NDArray[np.float64]
RATE_HZ = 15.0

_STANDING = {"shoulder_adduction_left": -10.0, "shoulder_adduction_right": -10.0}


def _both(**angles: float) -> dict[str, float]:
    return {f"{name}_{side}": value for name, value in angles.items() for side in ("left", "right")}


_SITTING = _both(hip_flexion=85.0, knee_flexion=88.0)
_SHOES_SITTING = _both(hip_flexion=115.0, knee_flexion=85.0) | {
    "pelvis_anterior_tilt": 25.0,
    "lumbar_flexion": 35.0,
}
_SHOES_STANDING = _both(hip_flexion=85.0, knee_flexion=30.0) | {
    "pelvis_anterior_tilt": 50.0,
    "lumbar_flexion": 40.0,
}
_SHOES_KNEELING = {
    "hip_flexion_right": 115.0,
    "knee_flexion_right": 100.0,
    "hip_flexion_left": 15.0,
    "knee_flexion_left": 95.0,
    "pelvis_anterior_tilt": 15.0,
    "lumbar_flexion": 35.0,
}
_LEG_CROSSED = _SITTING | {
    "hip_flexion_right": 95.0,
    "hip_internal_rotation_right": -45.0,
    "knee_flexion_right": 95.0,
}


def half_an_hour(seed: int, minutes: float = 30.0) -> tuple[Floats, Floats]:
    """Times (n_frames,) and true angles (n_frames, n_coordinates) [rad]."""
    rng = np.random.default_rng(seed)
    person = Person.of(loader.body_model(), loader.body_priors(), float(rng.uniform(1.55, 1.9)))
    pieces = [done.truth().value for done in pieces_of_life(rng, person, RATE_HZ, minutes)]
    value = np.concatenate(pieces)
    return np.arange(len(value)) / RATE_HZ, value


def pieces_of_life(
    rng: np.random.Generator, person: Person, rate_hz: float, minutes: float
) -> Iterator[Performance]:
    """What somebody does in so many minutes, piece by piece."""
    lasted_s = 0.0
    while lasted_s < 60 * minutes:
        done = _something(person, rng, rate_hz)
        lasted_s += len(done.time_s) / rate_hz
        yield done


def _something(person: Person, rng: np.random.Generator, rate_hz: float) -> Performance:
    kinds = ("walk", "walk", "stand", "sit", "sit", "shoes", "reach", "turn", "wander")
    kind = str(rng.choice(kinds))
    if kind == "wander":
        time_s = np.arange(0.0, rng.uniform(10.0, 30.0), 1 / rate_hz)
        return wander(person, loader.body_priors(), time_s, rng)
    script = {"walk": _walk, "stand": _stand, "sit": _sit, "shoes": _shoes, "reach": _reach, "turn": _turn}[
        kind
    ](rng)
    time_s = np.arange(0.0, script.duration_s, 1 / rate_hz)
    return perform(script, person, time_s)


def _walk(rng: np.random.Generator) -> Script:
    return walking(float(rng.uniform(0.95, 1.5)), int(rng.integers(3, 25))).scaled(
        float(rng.uniform(0.8, 1.2))
    )


def _through(rng: np.random.Generator, *steps: tuple[dict[str, float], float, float]) -> Script:
    """Poses, each reached in a time and stayed in for a time; from standing to standing."""
    at_s = float(rng.uniform(0.5, 3.0))
    start = {**dict.fromkeys((name for pose, _, _ in steps for name in pose), 0.0), **_STANDING}
    keys = [KeyPose(0.0, start), KeyPose(at_s, start)]
    for pose, move_s, stay_s in (*steps, (start, 1.5, 1.0)):
        varied = {name: value * float(rng.uniform(0.85, 1.1)) for name, value in {**start, **pose}.items()}
        keys.append(KeyPose(at_s + move_s, varied))
        keys.append(KeyPose(at_s + move_s + stay_s, varied))
        at_s += move_s + stay_s
    return Script("daily life", tuple(keys), support=("left_ankle", "right_ankle"))


def _stand(rng: np.random.Generator) -> Script:
    lean = {"pelvis_right_up_obliquity": 6.0, "hip_adduction_right": 6.0, "knee_flexion_left": 15.0}
    return _through(rng, (lean, 1.0, float(rng.uniform(2, 15))), ({}, 1.0, float(rng.uniform(2, 10))))


def _sit(rng: np.random.Generator) -> Script:
    lean = _SITTING | {"pelvis_anterior_tilt": 25.0} | _both(hip_flexion=110.0)
    crossed = (_LEG_CROSSED, 1.5, float(rng.uniform(5, 30)))
    steps = [(lean, 1.2, 0.01), (_SITTING, 0.8, float(rng.uniform(8, 60)))]
    if rng.uniform() < 0.5:
        steps += [crossed, (_SITTING, 1.2, float(rng.uniform(2, 20)))]
    return _through(rng, *steps, (lean, 0.9, 0.01))


def _shoes(rng: np.random.Generator) -> Script:
    pose = (_SHOES_SITTING, _SHOES_STANDING, _SHOES_KNEELING)[int(rng.integers(3))]
    stay_s = float(rng.uniform(12, 25))
    if pose is _SHOES_SITTING:
        return _through(rng, (_SITTING, 1.6, 4.0), (pose, 1.5, stay_s), (_SITTING, 1.5, 6.0))
    return _through(rng, (pose, 1.8, stay_s))


def _reach(rng: np.random.Generator) -> Script:
    up = _both(shoulder_flexion=140.0, elbow_flexion=20.0) | {"lumbar_flexion": -8.0}
    return _through(rng, (up, 1.0, float(rng.uniform(1, 4))))


def _turn(rng: np.random.Generator) -> Script:
    side = float(rng.choice((-1.0, 1.0)))
    look = {
        "thoracic_left_rotation": 20.0 * side,
        "neck_left_rotation": 40.0 * side,
        "pelvis_left_rotation": 8.0 * side,
    }
    return _through(rng, (look, 0.8, float(rng.uniform(0.5, 3))))
