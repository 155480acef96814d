"""How the tests of movement are done: where each one starts, and what its end ranges look like.

Written for the right side; done well: nothing that a protocol watches moves near its limit. Angles in
degrees, names as in :mod:`coxa.simulate.script`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coxa.simulate.script import PRONE, STANDING, SUPINE

Floats = NDArray[np.float64]
Angles = Mapping[str, float]

_FEET = ("left_ankle", "right_ankle")
_HIPS = ("left_hip", "right_hip")


def _both(**angles: float) -> dict[str, float]:
    return {f"{name}_{side}": value for name, value in angles.items() for side in ("left", "right")}


_ARMS_DOWN = _both(shoulder_adduction=-10.0, elbow_flexion=15.0)
_ARMS_CROSSED = _both(shoulder_flexion=40.0, elbow_flexion=110.0, shoulder_internal_rotation=60.0)
_SITTING = _both(hip_flexion=85.0, knee_flexion=88.0, hip_adduction=-6.0, ankle_dorsiflexion=3.0)
_HALF_KNEELING = {
    "hip_flexion_left": 88.0,
    "knee_flexion_left": 90.0,
    "knee_flexion_right": 90.0,
    "ankle_dorsiflexion_right": -20.0,
}


@dataclass(frozen=True, slots=True)
class Act:
    """One test as it should be done.

    Attributes:
        ends: quantity -> what differs from the start (or from ``via``) at its end range.
        start: pose between repetitions.
        via: what is taken up before and given up after every repetition, beyond the start.
        stance: (3, 3) as in a script.
        support: sites whose middle stays where it is.
        hold_s: shortest time at the end range.
        changes_sides: both sides can be done in one recording.
    """

    ends: Mapping[str, Angles]
    start: Angles = field(default_factory=dict)
    via: Angles = field(default_factory=dict)
    stance: Floats = field(default_factory=lambda: STANDING)
    support: tuple[str, ...] = _HIPS
    hold_s: float = 0.5
    changes_sides: bool = True


_TURNED_RIGHT = {"thoracic_left_rotation": -34.0, "lumbar_left_rotation": -7.0, "pelvis_left_rotation": -2.0}
_SQUATTING = {
    **_both(hip_flexion=92.0, knee_flexion=95.0, ankle_dorsiflexion=22.0, shoulder_flexion=75.0),
    **_both(hip_adduction=-10.0, hip_internal_rotation=-6.0),
    "pelvis_anterior_tilt": 22.0,
    "lumbar_flexion": 6.0,
}
_BOWED = {
    **_both(hip_flexion=70.0, knee_flexion=12.0, ankle_dorsiflexion=2.0, shoulder_flexion=30.0),
    "pelvis_anterior_tilt": 60.0,
    "lumbar_flexion": 3.0,
    "thoracic_flexion": 2.0,
}
_LEG_UP = {
    "hip_flexion_right": 68.0,
    "knee_flexion_right": 4.0,
    "pelvis_anterior_tilt": -3.0,
    "lumbar_flexion": 3.0,
}

#: Protocol -> how it is done.
ACTS: Mapping[str, Act] = {
    "heel_to_stick": Act(
        {"external_rotation": {"hip_internal_rotation_right": -38.0, "pelvis_right_up_obliquity": 2.0}},
        start=_ARMS_DOWN,
        via={"hip_flexion_right": 85.0, "knee_flexion_right": 90.0},
        support=("left_ankle",),
    ),
    "seated_hip_rotation": Act(
        {
            "internal_rotation": {"hip_internal_rotation_right": 30.0},
            "external_rotation": {"hip_internal_rotation_right": -34.0},
        },
        start={**_ARMS_DOWN, **_SITTING},
    ),
    "prone_hip_rotation": Act(
        {
            "internal_rotation": {"hip_internal_rotation_right": 32.0},
            "external_rotation": {"hip_internal_rotation_right": -36.0},
        },
        start={**_ARMS_DOWN, "knee_flexion_right": 90.0},
        stance=PRONE,
    ),
    "supine_hip_rotation": Act(
        {
            "internal_rotation": {"hip_internal_rotation_right": 28.0},
            "external_rotation": {"hip_internal_rotation_right": -34.0},
        },
        start={**_ARMS_DOWN, "hip_flexion_right": 90.0, "knee_flexion_right": 90.0},
        stance=SUPINE,
    ),
    "hip_flexion": Act(
        {
            "flexion": {
                "hip_flexion_right": 102.0,
                "knee_flexion_right": 110.0,
                "pelvis_anterior_tilt": -4.0,
                "lumbar_flexion": 4.0,
            }
        },
        start=_ARMS_DOWN,
        stance=SUPINE,
    ),
    "hip_extension": Act(
        {"extension": {"hip_flexion_right": -16.0, "pelvis_anterior_tilt": 3.0, "lumbar_flexion": -3.0}},
        start=_ARMS_DOWN,
        stance=PRONE,
    ),
    "hip_abduction": Act(
        {
            "abduction": {
                "hip_adduction_right": -32.0,
                "hip_adduction_left": -2.0,
                "pelvis_right_up_obliquity": 2.0,
                "lumbar_right_bending": 2.0,
            }
        },
        start=_ARMS_DOWN,
        support=("left_ankle",),
    ),
    "hip_adduction": Act(
        {"adduction": {"hip_adduction_right": 20.0, "hip_flexion_right": 15.0}},
        start=_ARMS_DOWN,
        support=("left_ankle",),
    ),
    "hip_hinge": Act({"bow": _BOWED}, start=_ARMS_DOWN, support=_FEET),
    "deep_squat": Act({"depth": _SQUATTING}, start=_ARMS_DOWN, support=_FEET),
    "modified_thomas": Act(
        {"extension": {"hip_flexion_right": -8.0, "knee_flexion_right": 65.0}},
        start={
            **_ARMS_DOWN,
            **{"hip_flexion_left": 115.0, "knee_flexion_left": 120.0},
            **{"hip_flexion_right": 35.0, "knee_flexion_right": 80.0, "pelvis_anterior_tilt": -10.0},
        },
        stance=SUPINE,
        hold_s=4.0,
        changes_sides=False,
    ),
    "pelvis_rotation": Act(
        {
            "rotation": {
                "pelvis_left_rotation": -24.0,
                "lumbar_left_rotation": 7.0,
                "thoracic_left_rotation": 16.0,
                "hip_internal_rotation_right": 20.0,
                "hip_internal_rotation_left": -20.0,
            }
        },
        start={
            **_ARMS_CROSSED,
            **_both(hip_flexion=20.0, knee_flexion=15.0, ankle_dorsiflexion=10.0),
            "pelvis_anterior_tilt": 15.0,
        },
        support=_FEET,
    ),
    "single_leg_stance": Act(
        {
            "lift": {
                "knee_flexion_left": 60.0,
                "hip_flexion_left": 25.0,
                "pelvis_right_up_obliquity": 1.0,
            }
        },
        start=_ARMS_DOWN,
        support=("right_ankle",),
        hold_s=5.0,
    ),
    "sit_to_stand": Act(
        {
            "rise": {
                **_both(hip_flexion=5.0, knee_flexion=4.0, ankle_dorsiflexion=0.0),
                "pelvis_anterior_tilt": 5.0,
            }
        },
        start={**_ARMS_CROSSED, **_both(hip_flexion=85.0, knee_flexion=92.0, ankle_dorsiflexion=10.0)},
        support=_FEET,
    ),
    "sitting_knee_extension": Act(
        {"extension": {"knee_flexion_right": 30.0, "pelvis_anterior_tilt": -1.0}},
        start={**_ARMS_DOWN, **_SITTING},
    ),
    "standing_leg_raise": Act({"raise": _LEG_UP}, start=_ARMS_DOWN, support=("left_ankle",)),
    "straight_leg_raise": Act({"raise": _LEG_UP}, start=_ARMS_DOWN, stance=SUPINE),
    "trunk_rotation_seated": Act({"rotation": _TURNED_RIGHT}, start={**_ARMS_CROSSED, **_SITTING}),
    "trunk_rotation_standing": Act({"rotation": _TURNED_RIGHT}, start=_ARMS_CROSSED, support=_FEET),
    "trunk_rotation_half_kneeling": Act(
        {"rotation": _TURNED_RIGHT}, start={**_ARMS_CROSSED, **_HALF_KNEELING}, support=("right_knee",)
    ),
}
