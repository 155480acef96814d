"""Segment frames and joint centres from the points of one person, and the angles of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.person import Person
from coxa.estimate.markers.points import Points
from coxa.kinematics import anatomical_frames as frames
from coxa.kinematics.angles import (
    apparent_hip_internal_rotation,
    hip_angles,
    knee_flexion,
    level_right,
    pelvis_angles,
    side_sign,
    thigh_trunk_angle,
    trunk_angles,
    trunk_lean,
)
from coxa.kinematics.rotations import frame_from_axes
from coxa.model import coordinates
from coxa.specs.markers import MarkerAssumptions

Floats = NDArray[np.float64]


class Body(NamedTuple):
    """Frames (..., 3, 3) and points (..., 3) m of one person, from markers."""

    pelvis: Floats
    thorax: Floats
    hip: Mapping[str, Floats]
    knee: Mapping[str, Floats]
    ankle: Mapping[str, Floats]
    shoulder: Mapping[str, Floats]
    femur: Mapping[str, Floats]
    tibia: Mapping[str, Floats]
    foot_line: Mapping[str, Floats]


def points_of(person: Person) -> dict[str, tuple[str, ...]]:
    """What is built from which points: ``pelvis``, ``thorax``, ``shoulders``, ``left_thigh`` and the like."""
    thorax: dict[str, tuple[str, ...]] = {
        "four markers": ("c7", _lower_back(person), "suprasternal_notch", "xiphoid"),
        "c7_to_notch": ("c7", "suprasternal_notch", *_sideways(person)),
        "acromia_to_notch": ("suprasternal_notch", "left_acromion", "right_acromion"),
        "one trunk": ("c7", "left_acromion", "right_acromion", "left_asis", "right_asis", "sacrum"),
        "": ("c7", _lower_back(person), "suprasternal_notch", "xiphoid"),
    }
    built = {
        "pelvis": ("left_asis", "right_asis", "sacrum"),
        "thorax": thorax[person.thorax_road],
        "shoulders": ("left_acromion", "right_acromion"),
    }
    for side in coordinates.SIDES:
        knee = {
            "two markers": ("lateral_epicondyle", "medial_epicondyle"),
            "chord": ("thigh_wand", "lateral_epicondyle"),
            "inward": ("lateral_epicondyle", "femoral_lateral", "femoral_medial"),
            "": ("lateral_epicondyle", "medial_epicondyle"),
        }[person.knee_roads[side]]
        axis = "tibial" if f"{side}_tibial_lateral" in person.carried else "epicondyle"
        line = {"tibial": ("tibial_lateral", "tibial_medial"), "epicondyle": ()}[axis]
        ankle = {
            "two markers": ("lateral_malleolus", "medial_malleolus"),
            "chord": ("shank_wand", "lateral_malleolus"),
            "inward": ("lateral_malleolus", *line),
            "functional": ("ankle_centre", *line),
            "carried": ("tibial_knee", "tibial_ankle", *line),
            "": ("lateral_malleolus", "medial_malleolus"),
        }[person.ankle_roads[side]]
        for part, names in (("thigh", knee), ("shank", ankle), ("foot", ("heel", "toe"))):
            built[f"{side}_{part}"] = tuple(f"{side}_{name}" for name in names)
    return built


def _lower_back(person: Person) -> str:
    known = {**person.where.landmarks, **person.carried}
    return "t8" if "t8" in known and "t10" not in known else "t10"


def _sideways(person: Person) -> tuple[str, str]:
    known = {**person.where.landmarks, **person.carried}
    pair = "acromion" if {"left_acromion", "right_acromion"} <= set(known) else "sternum"
    return f"left_{pair}", f"right_{pair}"


def constants(person: Person) -> dict[str, Floats]:
    """What is constant, as points (1, 3): hip centres in the pelvis; numbers in the first axis."""
    fixed = {f"{side}_hip_in_pelvis": hip.place[None] for side, hip in person.hips.items()}
    fixed["lumbosacral_in_pelvis"] = person.lumbosacral[None]
    numbers = {f"{joint}_offset": offset for joint, offset in person.offset_m.items()}
    numbers["thorax_slope"] = float(np.radians(person.slope.mean_deg))
    return fixed | {name: np.array([[number, 0.0, 0.0]]) for name, number in numbers.items()}


def points_needed(at: Points, person: Person, known: MarkerAssumptions) -> dict[str, Floats]:
    """The points the body is built from, (n_frames, 3), NaN where missing; and the constants, (1, 3)."""
    n_frames = len(next(iter(at.values())))
    nowhere = np.full((n_frames, 3), np.nan)
    names = {name for group in points_of(person).values() for name in group}
    names |= {"c7", "suprasternal_notch", "left_acromion", "right_acromion"}
    names |= {
        f"{side}_{name}" for side in coordinates.SIDES for name in ("lateral_epicondyle", "lateral_malleolus")
    }
    fixed = constants(person) | {"shoulder_drop": np.array([[known.sizes.shoulder_drop_m, 0.0, 0.0]])}
    fixed |= {f"{side}_hip_in_pelvis": nowhere[:1] for side in coordinates.SIDES if side not in person.hips}
    return {name: at.get(name, nowhere) for name in sorted(names)} | fixed


def build(at: Points, person: Person) -> Body:
    """Frames and centres from points and constants, all (..., 3) m with the same leading axes."""
    pelvis = frames.pelvis_frame(at["left_asis"], at["right_asis"], at["sacrum"])
    thorax = _thorax(at, pelvis, person)
    middle = 0.5 * (at["left_asis"] + at["right_asis"])
    hip, knee, ankle, shoulder, femur, tibia, foot_line = ({} for _ in range(7))
    for side in coordinates.SIDES:
        hip[side] = middle + (pelvis @ at[f"{side}_hip_in_pelvis"][..., None])[..., 0]
        knee[side], knee_axis = _knee(at, hip[side], side, person)
        ankle[side], ankle_axis = _ankle(at, knee[side], knee_axis, side, person)
        sign = side_sign(side)
        femur[side] = frame_from_axes(hip[side] - knee[side], sign * knee_axis, "yz")
        top = at[f"{side}_tibial_knee"] if person.ankle_roads[side] == "carried" else knee[side]
        tibia[side] = frame_from_axes(top - ankle[side], sign * ankle_axis, "yz")
        foot_line[side] = at[f"{side}_toe"] - at[f"{side}_heel"]
        shoulder[side] = at[f"{side}_acromion"] - at["shoulder_drop"][..., :1] * thorax[..., 1]
    return Body(pelvis, thorax, hip, knee, ankle, shoulder, femur, tibia, foot_line)


def _knee(at: Points, hip: Floats, side: str, person: Person) -> tuple[Floats, Floats]:
    """Knee centre and the axis outwards through it, not of unit length."""
    lateral = at[f"{side}_lateral_epicondyle"]
    if person.knee_roads[side] == "chord":
        offset = at[f"{side}_knee_offset"][..., :1]
        centre = frames.chord_centre(hip, lateral, at[f"{side}_thigh_wand"], offset)
        return centre, lateral - centre
    if person.knee_roads[side] == "inward":
        axis = at[f"{side}_femoral_lateral"] - at[f"{side}_femoral_medial"]
        offset = at[f"{side}_knee_offset"][..., :1]
        return frames.chord_centre(hip, lateral, lateral + axis, offset), axis
    medial = at[f"{side}_medial_epicondyle"]
    return 0.5 * (lateral + medial), lateral - medial


def _ankle(at: Points, knee: Floats, knee_axis: Floats, side: str, person: Person) -> tuple[Floats, Floats]:
    """Ankle centre and the axis outwards through it, not of unit length."""
    road = person.ankle_roads[side]
    lateral = at[f"{side}_lateral_malleolus"]
    offset = at[f"{side}_ankle_offset"][..., :1]
    if road == "chord":
        centre = frames.chord_centre(knee, lateral, at[f"{side}_shank_wand"], offset)
        return centre, lateral - centre
    if road in ("inward", "functional", "carried"):
        if f"{side}_tibial_lateral" in person.carried:
            knee_axis = at[f"{side}_tibial_lateral"] - at[f"{side}_tibial_medial"]
        if road != "inward":
            return at[f"{side}_{'ankle_centre' if road == 'functional' else 'tibial_ankle'}"], knee_axis
        return frames.chord_centre(knee, lateral, lateral + knee_axis, offset), knee_axis
    medial = at[f"{side}_medial_malleolus"]
    return 0.5 * (lateral + medial), lateral - medial


def _thorax(at: Points, pelvis: Floats, person: Person) -> Floats:
    road, notch, c7 = person.thorax_road, at["suprasternal_notch"], at["c7"]
    if road in ("four markers", ""):
        return frames.thorax_frame(c7, at[_lower_back(person)], notch, at["xiphoid"])
    left, right = (at[name] for name in _sideways(person))
    acromia = 0.5 * (at["left_acromion"] + at["right_acromion"])
    slope = at["thorax_slope"][..., :1]
    if road == "acromia_to_notch":
        return frames.thorax_by_line(notch - acromia, right - left, slope, keep="z")
    if road == "one trunk":
        lumbosacral = 0.5 * (at["left_asis"] + at["right_asis"])
        lumbosacral = lumbosacral + (pelvis @ at["lumbosacral_in_pelvis"][..., None])[..., 0]
        return frames.trunk_frame(0.5 * (c7 + acromia) - lumbosacral, right - left, slope)
    return frames.thorax_by_line(notch - c7, right - left, slope, keep="x")


def angles(body: Body) -> Floats:
    """All coordinates, (..., n_coordinates) rad, in the order of ``coordinates.ALL``."""
    right = level_right(body.pelvis)
    hip_line = body.hip["right"] - body.hip["left"]
    trunk_line = sum(body.shoulder.values()) - sum(body.hip.values())
    at: dict[str, Floats] = {}
    at["trunk_flexion"], at["trunk_right_bending"], at["trunk_left_rotation"] = trunk_angles(
        body.pelvis, body.thorax
    )
    at["pelvis_left_rotation"], at["pelvis_right_up_obliquity"], at["pelvis_anterior_tilt"] = pelvis_angles(
        body.pelvis
    )
    at["thorax_left_rotation"] = pelvis_angles(body.thorax).left_rotation
    at["trunk_forward_lean"], at["trunk_right_lean"] = trunk_lean(trunk_line, right)
    for side in coordinates.SIDES:
        thigh_line = body.hip[side] - body.knee[side]
        hip = hip_angles(body.pelvis, body.femur[side], side)
        at[f"hip_flexion_{side}"], at[f"hip_adduction_{side}"], at[f"hip_internal_rotation_{side}"] = hip
        at[f"knee_flexion_{side}"] = knee_flexion(body.femur[side], body.tibia[side])
        at[f"ankle_dorsiflexion_{side}"] = frames.ankle_dorsiflexion(body.tibia[side], body.foot_line[side])
        at[f"thigh_trunk_angle_{side}"] = thigh_trunk_angle(trunk_line, thigh_line, hip_line)
        at[f"apparent_hip_internal_rotation_{side}"] = apparent_hip_internal_rotation(
            thigh_line, body.knee[side] - body.ankle[side], right, side
        )
    nothing = np.full(1, np.nan)
    return np.stack(np.broadcast_arrays(*(at.get(name, nothing) for name in coordinates.ALL)), axis=-1)
