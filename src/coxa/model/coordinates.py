"""Names of every coordinate Coxa reports. A name says its positive direction.

Two readings of a motion are never mixed: *joint* (a segment against its neighbour) and *apparent*
(a segment against the room or the trunk line: what a goniometer reads).
"""

from __future__ import annotations

SIDES = ("left", "right")

#: Joint readings (ISB: Wu 2002; Grood & Suntay). Spine: the thorax (or lumbar spine) against the pelvis.
JOINT: tuple[str, ...] = (
    "hip_flexion_left",
    "hip_flexion_right",
    "hip_adduction_left",
    "hip_adduction_right",
    "hip_internal_rotation_left",
    "hip_internal_rotation_right",
    "knee_flexion_left",
    "knee_flexion_right",
    "ankle_dorsiflexion_left",
    "ankle_dorsiflexion_right",
    "lumbar_flexion",
    "trunk_flexion",
    "trunk_right_bending",
    "trunk_left_rotation",
)

#: Apparent readings: against the room (pelvis: Baker 2001, rotation-obliquity-tilt) or the trunk line.
APPARENT: tuple[str, ...] = (
    "pelvis_left_rotation",
    "pelvis_right_up_obliquity",
    "pelvis_anterior_tilt",
    "thorax_left_rotation",
    "trunk_forward_lean",
    "trunk_right_lean",
    "thigh_trunk_angle_left",
    "thigh_trunk_angle_right",
    "apparent_hip_internal_rotation_left",
    "apparent_hip_internal_rotation_right",
)

ALL: tuple[str, ...] = JOINT + APPARENT
