"""The movements rendered people make, as scripts of the body model; with what they sit, lie or kneel on.

Each begins with a moment of the person's own neutral posture. Feet stay where they stand as far as one
set of angles can keep them on bodies of different proportions (a centimetre or two).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coxa.simulate.script import SUPINE, KeyPose, Script


class Rest(StrEnum):
    """What carries the person."""

    FLOOR = "floor"
    SEAT = "seat"
    COUCH = "couch"
    MAT = "mat"


@dataclass(frozen=True, slots=True)
class Movement:
    """A script and what carries the person while doing it."""

    script: Script
    rest: Rest = Rest.FLOOR
    arms: str = "hanging"


_FEET = ("left_ankle", "right_ankle")
_HIPS = ("left_hip", "right_hip")
_SHOULDERS = ("left_shoulder", "right_shoulder")
_NEUTRAL_S, _MOVE_S, _HOLD_S = 0.4, 1.2, 0.3

Angles = Mapping[str, float]


def _both(**angles: float) -> dict[str, float]:
    return {f"{name}_{side}": value for name, value in angles.items() for side in ("left", "right")}


_ARMS = _both(shoulder_adduction=-9.0, shoulder_flexion=4.0, elbow_flexion=14.0)


def _through(
    name: str,
    start: Angles,
    *poses: Angles,
    support: tuple[str, ...] = _FEET,
    supine: bool = False,
) -> Script:
    """Neutral, then each pose with a short hold, then back to the first."""
    named = {key: 0.0 for pose in poses for key in pose}
    first = {**named, **_ARMS, **start}
    keys, time_s = [KeyPose(0.0, first), KeyPose(_NEUTRAL_S, first)], _NEUTRAL_S
    for pose in poses:
        keys.append(KeyPose(time_s + _MOVE_S, pose))
        keys.append(KeyPose(time_s + _MOVE_S + _HOLD_S, pose))
        time_s += _MOVE_S + _HOLD_S
    keys.append(KeyPose(time_s + _MOVE_S, first))
    if supine:
        return Script(name, tuple(keys), stance=SUPINE, support=support)
    return Script(name, tuple(keys), support=support)


def heel_to_stick() -> Movement:
    """Standing on the left leg, right thigh level, the shank swings in (the heel goes out) and out again."""
    start: Angles = {}
    raised = {"hip_flexion_right": 88.0, "knee_flexion_right": 90.0}
    turned = {**raised, "hip_internal_rotation_right": -45.0}
    return Movement(_through("heel_to_stick", start, raised, turned, support=("left_ankle",)))


def seated_rotation() -> Movement:
    """Sitting, the right shank swings out and in by 40 deg."""
    start = _both(hip_flexion=88.0, knee_flexion=88.0, hip_adduction=-7.0)
    out = {"hip_internal_rotation_right": 40.0}
    inwards = {"hip_internal_rotation_right": -40.0}
    return Movement(_through("seated_rotation", start, out, inwards, support=_HIPS), Rest.SEAT, "crossed")


def _bow(name: str, lumbar: float, lean: float, knee: float, thoracic: float = 0.0) -> Movement:
    tilt = lean - lumbar
    down = {
        **_both(hip_flexion=tilt + knee / 2, knee_flexion=knee, ankle_dorsiflexion=knee / 2),
        **_both(shoulder_flexion=lean, elbow_flexion=8.0),
        "pelvis_anterior_tilt": tilt,
        "lumbar_flexion": lumbar,
        "thoracic_flexion": thoracic,
        "neck_flexion": -0.3 * lean,
    }
    return Movement(_through(name, {}, down))


def _bridge(name: str, arch: float) -> Movement:
    """On the back, knees bent, the pelvis rises about the shoulders; ``arch`` of it by the lumbar spine."""
    start = _both(hip_flexion=50.0, knee_flexion=100.0, ankle_dorsiflexion=-40.0)
    up = {
        **_both(hip_flexion=2.0 + arch, knee_flexion=87.0, ankle_dorsiflexion=-27.0),
        "pelvis_anterior_tilt": -22.0 + arch,
        "lumbar_flexion": -arch,
        **_both(shoulder_flexion=-18.0),
        "neck_flexion": 22.0,
    }
    return Movement(_through(name, start, up, support=_SHOULDERS, supine=True), Rest.MAT)


def _squat(name: str, tuck: float) -> Movement:
    down = {
        **_both(hip_flexion=100.0 - tuck, knee_flexion=98.0, ankle_dorsiflexion=28.0),
        **_both(hip_adduction=-12.0, hip_internal_rotation=-6.0, shoulder_flexion=80.0, elbow_flexion=5.0),
        "pelvis_anterior_tilt": 30.0 - tuck,
        "lumbar_flexion": tuck,
    }
    return Movement(_through(name, {}, down))


def _leg_raise(name: str, tuck: float) -> Movement:
    up = {
        "hip_flexion_right": 70.0 - tuck,
        "hip_flexion_left": -tuck,
        "knee_flexion_right": 4.0,
        "pelvis_anterior_tilt": -tuck,
        "lumbar_flexion": tuck,
    }
    script = _through(name, _both(ankle_dorsiflexion=-15.0), up, support=_SHOULDERS, supine=True)
    return Movement(script, Rest.COUCH)


def _buttocks(name: str, tilt: float) -> Movement:
    """Standing, the trunk still: the pelvis tilts and only the lumbar spine answers."""
    wrong = {
        **_both(hip_flexion=tilt),
        "pelvis_anterior_tilt": tilt,
        "lumbar_flexion": -tilt,
    }
    return Movement(_through(name, {}, wrong), arms="crossed")


def _turn(pelvis: float, sign: float) -> dict[str, float]:
    """Thorax 45 deg to the left in the room, ``pelvis`` of it by the pelvis; ``sign`` -1: to the right."""
    above = 45.0 - pelvis
    return {
        "pelvis_left_rotation": sign * pelvis,
        "lumbar_left_rotation": sign * 0.2 * above,
        "thoracic_left_rotation": sign * 0.8 * above,
    }


def _standing_turn(pelvis: float, sign: float) -> dict[str, float]:
    hips = {
        "hip_internal_rotation_left": sign * pelvis,
        "hip_internal_rotation_right": -sign * pelvis,
        "hip_flexion_left": sign * 0.12 * pelvis,
        "hip_flexion_right": -sign * 0.12 * pelvis,
        "ankle_dorsiflexion_left": -sign * 0.12 * pelvis,
        "ankle_dorsiflexion_right": sign * 0.12 * pelvis,
    }
    return {**_turn(pelvis, sign), **hips}


def _seated_turn(pelvis: float, sign: float) -> dict[str, float]:
    hips = {
        "hip_adduction_left": -7.0 + sign * pelvis,
        "hip_adduction_right": -7.0 - sign * pelvis,
    }
    return {**_turn(pelvis, sign), **hips}


def _kneeling_turn(pelvis: float, sign: float) -> dict[str, float]:
    hips = {
        "hip_internal_rotation_left": sign * pelvis,
        "hip_adduction_right": -5.0 - sign * pelvis,
    }
    return {**_turn(pelvis, sign), **hips}


def _rotation(posture: str, pelvis: float) -> Movement:
    name = f"rotation_{posture}_{'still' if pelvis == 0 else 'following'}"
    if posture == "standing":
        poses = [_standing_turn(pelvis, sign) for sign in (1.0, -1.0)]
        return Movement(_through(name, {}, *poses), arms="crossed")
    if posture == "seated":
        start = _both(hip_flexion=88.0, knee_flexion=88.0, hip_adduction=-7.0)
        poses = [_seated_turn(pelvis, sign) for sign in (1.0, -1.0)]
        return Movement(_through(name, start, *poses, support=_HIPS), Rest.SEAT, "crossed")
    start = {
        "hip_flexion_right": 88.0,
        "knee_flexion_right": 88.0,
        "hip_adduction_right": -5.0,
        "knee_flexion_left": 90.0,
        "ankle_dorsiflexion_left": -25.0,
    }
    poses = [_kneeling_turn(pelvis, sign) for sign in (1.0, -1.0)]
    return Movement(_through(name, start, *poses, support=("left_knee",)), arms="crossed")


def _tipped(deg: float) -> dict[str, float]:
    """The right side of the pelvis up by so much, the chest staying upright."""
    return {"pelvis_right_up_obliquity": deg, "lumbar_right_bending": deg}


def _leaning(deg: float) -> dict[str, float]:
    """The chest to the right over a level pelvis."""
    return {"lumbar_right_bending": deg}


def _stick(name: str, turn: float, tip: float = 0.0, lean: float = 0.0) -> Movement:
    """Heel to stick, turned back before the foot goes down; ``turn`` of the joint.

    The pelvis tips over the standing leg, or the trunk leans.
    """
    raised = {"hip_flexion_right": 88.0, "knee_flexion_right": 90.0}
    cheat = {**_tipped(tip), "hip_adduction_left": -tip} if tip else _leaning(lean)
    turned = {**raised, "hip_internal_rotation_right": -turn, **cheat}
    back = {**raised, **dict.fromkeys(turned.keys() - raised.keys(), 0.0)}
    return Movement(_through(name, {}, raised, turned, back, support=("left_ankle",)))


def _swing(name: str, turn: float, tip: float = 0.0, lean: float = 0.0, drift: float = 0.0) -> Movement:
    """Sitting, the right shank swings out and in, each way with the same cheat the other way round.

    Where the pelvis tips, the left shank goes on hanging.
    """
    start = _both(hip_flexion=88.0, knee_flexion=88.0, hip_adduction=-7.0)
    poses = []
    for way in (1.0, -1.0):
        cheat = (
            {**_tipped(way * tip), "hip_internal_rotation_left": way * tip} if tip else _leaning(way * lean)
        )
        drifted = {"hip_adduction_right": -7.0 + way * drift} if drift else {}
        poses.append({"hip_internal_rotation_right": way * turn, **cheat, **drifted})
    return Movement(_through(name, start, *poses, support=_HIPS), Rest.SEAT, "crossed")


def _one_leg(name: str, tip: float = 0.0, lean: float = 0.0) -> Movement:
    """Standing on the left leg, the right knee lifted in front; the pelvis tips over the hip that stands."""
    cheat = {**_tipped(tip), "hip_adduction_left": -tip} if tip else _leaning(lean)
    lifted = {"hip_flexion_right": 65.0, "knee_flexion_right": 80.0, **cheat}
    return Movement(_through(name, {}, lifted, support=("left_ankle",)))


def _squat_wink(name: str, tuck: float) -> Movement:
    """A squat whose pelvis tilts forward down to level thighs and tucks below that."""
    arms = _both(shoulder_flexion=80.0, elbow_flexion=5.0, hip_adduction=-12.0, hip_internal_rotation=-6.0)
    above = {
        **_both(hip_flexion=100.0, knee_flexion=98.0, ankle_dorsiflexion=28.0),
        **arms,
        "pelvis_anterior_tilt": 30.0,
        "lumbar_flexion": 0.0,
    }
    below = {
        **above,
        **_both(hip_flexion=115.0 - tuck, knee_flexion=117.0, ankle_dorsiflexion=32.0),
        "pelvis_anterior_tilt": 30.0 - tuck,
        "lumbar_flexion": tuck,
    }
    return Movement(_through(name, {}, above, below))


def _cheats() -> dict[str, Callable[[], Movement]]:
    """Tests done well enough to count, something else doing part of the moving."""
    return {
        "heel_to_stick_level": lambda: _stick("heel_to_stick_level", 45.0),
        "heel_to_stick_hiked": lambda: _stick("heel_to_stick_hiked", 45.0, tip=14.0),
        "heel_to_stick_dropped": lambda: _stick("heel_to_stick_dropped", 31.0, tip=-14.0),
        "heel_to_stick_leaning": lambda: _stick("heel_to_stick_leaning", 45.0, lean=-24.0),
        "seated_rotation_hiked": lambda: _swing("seated_rotation_hiked", 28.0, tip=12.0),
        "seated_rotation_leaning": lambda: _swing("seated_rotation_leaning", 40.0, lean=-24.0),
        "seated_rotation_drifting": lambda: _swing("seated_rotation_drifting", 40.0, drift=16.0),
        "one_leg": lambda: _one_leg("one_leg"),
        "one_leg_dropped": lambda: _one_leg("one_leg_dropped", tip=-14.0),
        "one_leg_leaning": lambda: _one_leg("one_leg_leaning", lean=-24.0),
        "squat_wink": lambda: _squat_wink("squat_wink", 20.0),
    }


def neutral() -> Movement:
    """Standing still."""
    return Movement(Script("neutral", (KeyPose(0.0, _ARMS), KeyPose(1.0, _ARMS)), support=_FEET))


def _all() -> dict[str, Callable[[], Movement]]:
    movements: dict[str, Callable[[], Movement]] = {
        "neutral": neutral,
        "heel_to_stick": heel_to_stick,
        "seated_rotation": seated_rotation,
        "waiters_bow": lambda: _bow("waiters_bow", 0.0, 55.0, 6.0),
        "waiters_bow_rounded": lambda: _bow("waiters_bow_rounded", 25.0, 55.0, 6.0),
        "bridge": lambda: _bridge("bridge", 0.0),
        "bridge_arched": lambda: _bridge("bridge_arched", 20.0),
        "squat": lambda: _squat("squat", 0.0),
        "squat_tuck": lambda: _squat("squat_tuck", 25.0),
        "leg_raise": lambda: _leg_raise("leg_raise", 0.0),
        "leg_raise_tuck": lambda: _leg_raise("leg_raise_tuck", 18.0),
        "buttocks_tucked": lambda: _buttocks("buttocks_tucked", -20.0),
        "buttocks_out": lambda: _buttocks("buttocks_out", 22.0),
        "hinge_rounded_above": lambda: _bow("hinge_rounded_above", 0.0, 50.0, 20.0, 18.0),
        "hinge_rounded": lambda: _bow("hinge_rounded", 25.0, 50.0, 20.0, 18.0),
        "hinge_chest_out": lambda: _bow("hinge_chest_out", 15.0, 55.0, 20.0, -12.0),
    }
    for lumbar in (0, 10, 20, 30, 40):
        movements[f"hinge_lumbar_{lumbar}"] = lambda n=lumbar: _bow(f"hinge_lumbar_{n}", float(n), 60.0, 20.0)  # type: ignore[misc]
    for posture in ("standing", "seated", "half_kneeling"):
        for pelvis, word in ((0.0, "still"), (20.0, "following")):
            movements[f"rotation_{posture}_{word}"] = lambda p=posture, d=pelvis: _rotation(p, d)  # type: ignore[misc]
    return movements | _cheats()


MOVEMENTS: Mapping[str, Callable[[], Movement]] = _all()
