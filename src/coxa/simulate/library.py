"""Scripts of the movements that Coxa is about, for tests and demonstrations.

Written for the right side; ``.mirrored()`` gives the left. Excursions and pace are those of rehabilitation:
one repetition in 3-4 s, gait at 1 Hz. Feet stay flat where they stand:
ankle dorsiflexion = knee flexion - hip flexion + pelvic anterior tilt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coxa.simulate.script import LYING_ON_LEFT, SUPINE, Between, KeyPose, Script

_FEET = ("left_ankle", "right_ankle")


def _both(**angles: float) -> dict[str, float]:
    return {f"{name}_{side}": value for name, value in angles.items() for side in ("left", "right")}


_ARMS_DOWN = _both(shoulder_adduction=-10.0, elbow_flexion=15.0)


def there_and_back(
    name: str,
    start: Mapping[str, float],
    end: Mapping[str, float],
    support: tuple[str, ...] = _FEET,
) -> Script:
    """From one pose to another, a short hold, and back."""
    start = {**dict.fromkeys(end, 0.0), **_ARMS_DOWN, **start}
    poses = (KeyPose(0.0, start), KeyPose(1.6, end), KeyPose(2.2, end), KeyPose(3.8, start))
    return Script(name, poses, support=support)


def _to_and_fro(
    name: str,
    start: Mapping[str, float],
    one: Mapping[str, float],
    other: Mapping[str, float],
    support: tuple[str, ...],
) -> Script:
    start = {**dict.fromkeys((*one, *other), 0.0), **_ARMS_DOWN, **start}
    poses = (KeyPose(0.0, start), KeyPose(1.1, one), KeyPose(2.7, other), KeyPose(3.8, start))
    return Script(name, poses, support=support)


def squat() -> Script:
    """Down to thighs a little above level, and up; the lower back rounds at the bottom."""
    down = {
        **_both(hip_flexion=95.0, knee_flexion=90.0, ankle_dorsiflexion=25.0, shoulder_flexion=75.0),
        **_both(hip_adduction=-12.0, hip_internal_rotation=-8.0),
        "pelvis_anterior_tilt": 30.0,
        "lumbar_flexion": 12.0,
    }
    return there_and_back("squat", {}, down)


def hinge() -> Script:
    """Bending forward from the hips with soft knees and a nearly straight back."""
    down = {
        **_both(hip_flexion=75.0, knee_flexion=20.0, ankle_dorsiflexion=5.0, shoulder_flexion=45.0),
        "pelvis_anterior_tilt": 60.0,
        "lumbar_flexion": 10.0,
        "thoracic_flexion": 5.0,
    }
    return there_and_back("hinge", {}, down)


def hinge_from_the_back() -> Script:
    """The same bow, made by the lumbar spine: what an apparent angle takes for hip flexion."""
    down = {
        **_both(hip_flexion=35.0, knee_flexion=15.0, ankle_dorsiflexion=5.0, shoulder_flexion=45.0),
        "pelvis_anterior_tilt": 25.0,
        "lumbar_flexion": 45.0,
        "thoracic_flexion": 15.0,
    }
    return there_and_back("hinge_from_the_back", {}, down)


def standing_hip_rotation() -> Script:
    """Standing on the left leg, the right knee bent to 90 deg, the shank swings in and out."""
    start = {"knee_flexion_right": 90.0, "hip_flexion_right": 5.0}
    inward = {"hip_internal_rotation_right": 30.0, "pelvis_left_rotation": 5.0}
    outward = {"hip_internal_rotation_right": -32.0, "pelvis_left_rotation": -5.0}
    return _to_and_fro("standing_hip_rotation", start, inward, outward, ("left_ankle",))


def seated_hip_rotation() -> Script:
    """Sitting, thighs level, the right shank swings in and out."""
    start = _both(hip_flexion=85.0, knee_flexion=88.0, hip_adduction=-8.0, ankle_dorsiflexion=3.0)
    inward = {"hip_internal_rotation_right": 32.0, "pelvis_right_up_obliquity": 4.0}
    outward = {"hip_internal_rotation_right": -35.0, "pelvis_right_up_obliquity": -2.0}
    return _to_and_fro("seated_hip_rotation", start, inward, outward, ("left_hip", "right_hip"))


def lunge() -> Script:
    """In a split stance, right foot ahead, down and up."""
    start = {"hip_flexion_right": 25.0, "hip_flexion_left": -15.0, "knee_flexion_left": 10.0}
    down = {
        "hip_flexion_right": 80.0,
        "knee_flexion_right": 80.0,
        "ankle_dorsiflexion_right": 8.0,
        "hip_flexion_left": -5.0,
        "knee_flexion_left": 80.0,
        "ankle_dorsiflexion_left": 25.0,
        "pelvis_anterior_tilt": 10.0,
        "pelvis_left_rotation": 6.0,
    }
    return there_and_back("lunge", start, down, ("right_ankle",))


def side_lunge() -> Script:
    """Feet apart, the weight goes over the bent right leg."""
    start = _both(hip_adduction=-22.0)
    down = {
        "hip_flexion_right": 80.0,
        "knee_flexion_right": 80.0,
        "ankle_dorsiflexion_right": 22.0,
        "hip_adduction_right": -18.0,
        "hip_flexion_left": 28.0,
        "hip_adduction_left": -38.0,
        "pelvis_anterior_tilt": 28.0,
        "pelvis_right_up_obliquity": -6.0,
        "lumbar_right_bending": -6.0,
        "lumbar_flexion": 8.0,
    }
    return there_and_back("side_lunge", start, down, ("right_ankle",))


def straight_leg_raise() -> Script:
    """Lying on the back, the straight right leg goes up; the pelvis follows at the end."""
    up = {
        "hip_flexion_right": 65.0,
        "knee_flexion_right": 6.0,
        "pelvis_anterior_tilt": -8.0,
        "lumbar_flexion": 8.0,
    }
    script = there_and_back("straight_leg_raise", {}, up, ("left_hip", "right_hip"))
    return Script(script.name, script.key_poses, stance=SUPINE, support=script.support)


def trunk_rotation() -> Script:
    """Standing, turning to the left and to the right from the spine, the pelvis following a little."""
    left = {
        "lumbar_left_rotation": 6.0,
        "thoracic_left_rotation": 28.0,
        "pelvis_left_rotation": 15.0,
        "hip_internal_rotation_left": 12.0,
        "hip_internal_rotation_right": -12.0,
    }
    right = {name: -value for name, value in left.items()}
    return _to_and_fro("trunk_rotation", {}, left, right, _FEET)


def side_lying_leg_lift() -> Script:
    """Lying on the left side, hips and knees a little bent, the right leg goes up."""
    start = _both(hip_flexion=20.0, knee_flexion=35.0)
    up = {
        "hip_adduction_right": -32.0,
        "hip_internal_rotation_right": -10.0,
        "pelvis_right_up_obliquity": 6.0,
    }
    script = there_and_back("side_lying_leg_lift", start, up, ("left_hip", "right_hip"))
    return Script(script.name, script.key_poses, stance=LYING_ON_LEFT, support=script.support)


#: Right leg over one stride from right heel strike, at tenths of the cycle (Winter 2009, rounded).
_GAIT = {
    "hip_flexion": (25, 21, 13, 4, -5, -10, -3, 11, 22, 27),
    "knee_flexion": (5, 18, 17, 8, 5, 12, 38, 60, 50, 18),
    "ankle_dorsiflexion": (0, -3, 4, 8, 10, 4, -15, -6, 0, 1),
    "hip_adduction": (0, 5, 6, 4, 2, 0, -5, -6, -4, -2),
    "hip_internal_rotation": (-2, 2, 3, 2, 0, -2, -4, -5, -4, -3),
    "shoulder_flexion": (-18, -15, -8, 0, 10, 17, 14, 7, -2, -12),
}
_GAIT_MIDLINE = {
    "pelvis_left_rotation": (4, 3, 1, -1, -3, -4, -3, -1, 1, 3),
    "pelvis_right_up_obliquity": (0, 3, 4, 2, 1, 0, -3, -4, -2, -1),
    "thoracic_left_rotation": (-7, -5, -2, 2, 5, 7, 5, 2, -2, -5),
    "lumbar_right_bending": (0, -3, -4, -2, -1, 0, 3, 4, 2, 1),
    "pelvis_anterior_tilt": (9, 10, 11, 10, 9, 9, 10, 11, 10, 9),
}


def walking(stride_s: float = 1.1, n_strides: int = 4) -> Script:
    """On a treadmill."""

    def at(k: int) -> dict[str, float]:
        angles = {f"{name}_right": float(curve[k % 10]) for name, curve in _GAIT.items()}
        angles |= {f"{name}_left": float(curve[(k + 5) % 10]) for name, curve in _GAIT.items()}
        angles |= {name: float(curve[k % 10]) for name, curve in _GAIT_MIDLINE.items()}
        return {**_ARMS_DOWN, **angles}

    stride = tuple(KeyPose(k * stride_s / 10, at(k)) for k in range(11))
    script = Script("walking", stride, Between.SPLINE, support=("left_hip", "right_hip"))
    return script.repeated(n_strides)


SCRIPTS: Mapping[str, Callable[[], Script]] = {
    make.__name__: make
    for make in (
        squat,
        hinge,
        hinge_from_the_back,
        standing_hip_rotation,
        seated_hip_rotation,
        lunge,
        side_lunge,
        straight_leg_raise,
        trunk_rotation,
        side_lying_leg_lift,
        walking,
    )
}
