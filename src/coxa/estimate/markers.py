"""From a full set of markers straight to angles: anatomical frames, no model fit.

The standard deviation of every angle is carried through from what is uncertain about the points: the
camera system, where the marker was stuck on the landmark, how far the skin slides over the bone, and
where the hip centre really is. The uncertain points are moved by one standard deviation to either side, one
direction at a time, and the squares of half the differences are added up. The part that stays the same over a
recording (placement, hip centre) is reported apart in the diagnostics: it drops out of ranges and changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics import anatomical_frames as frames
from coxa.kinematics.angles import (
    apparent_hip_internal_rotation,
    hip_angles,
    knee_flexion,
    level_right,
    pelvis_angles,
    thigh_trunk_angle,
    trunk_angles,
    trunk_lean,
)
from coxa.kinematics.hip_centres import hara_hip_centre, harrington_hip_centre
from coxa.model import coordinates
from coxa.model.channels import SpacePoints
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording

Floats = NDArray[np.float64]
Points = Mapping[str, Floats]

_CHUNK = 512  # frames whose moved copies are held in memory at once
_KNOWS_NOTHING = np.pi / np.sqrt(3.0)  # rad, standard deviation of an angle that may be anything

_PELVIS = ("LASI", "RASI", "SACR")  # SACR: the marker of that name, or the middle of LPSI and RPSI
_THORAX = ("C7", "T10", "CLAV", "STRN")
_SHOULDERS = ("LSHO", "RSHO")
_THIGH = {"left": ("LTHI", "LKNE"), "right": ("RTHI", "RKNE")}
_SHANK = {"left": ("LTIB", "LANK"), "right": ("RTIB", "RANK")}
_FOOT = {"left": ("LHEE", "LTOE"), "right": ("RHEE", "RTOE")}
_HIP = {"left": "left hip centre", "right": "right hip centre"}  # in pelvic axes


@dataclass(frozen=True, slots=True)
class MarkerAssumptions:
    """What is taken as known about markers, and how well. All standard deviations are along each axis.

    Placement. Iliac spines are found to within 15-20 mm by palpation, in the worst direction along the
    bone's rim (Della Croce et al. 2005, Gait Posture 21:226, a review); knee and ankle markers to
    about half of that. The values here are assumptions inside those ranges.

    Soft tissue. Thigh 4-16 mm of local deformation, and 18 mm and 10 deg of the whole cluster in walking
    (fluoroscopy of six people, PMC8631460); up to 30 mm on the thigh, less than 15 mm on the shank
    (Leardini et al. 2005, Gait Posture 21:212, a review). The values here are assumptions inside those
    ranges, for slow movements of lean people; deep squats of others will exceed them.

    Hip centre. 12.3 +- 5.9 mm in all from skin markers by Harrington's regression (Mantovani et al. 2016,
    Gait Posture 44:48): 7.9 mm along each axis.

    Attributes:
        placement_sd_m: marker -> m, constant over a recording.
        soft_tissue_sd_m: marker -> m, changing with the movement.
        hip_centre_sd_m: m, along each axis of the pelvis.
        knee_width_m: m between the epicondyles.
        ankle_width_m: m between the malleoli.
        marker_radius_m: m.
        shoulder_drop_m: m from the acromial marker down to the shoulder point.
        leg_length_m: m from ASIS to medial malleolus; given, the hip centre is Hara's, else Harrington's.
        apparent_rotation_min_knee_flexion: rad; with a straighter knee the shank is no lever and the
            apparent hip rotation is not observable.
        weak_sd: rad; a coordinate less certain than this is called weak.
    """

    placement_sd_m: Mapping[str, float] = field(
        default_factory=lambda: {
            **dict.fromkeys(("LASI", "RASI", "SACR"), 0.008),
            **dict.fromkeys(("C7", "T10", "CLAV", "STRN"), 0.008),
            **dict.fromkeys(_SHOULDERS, 0.010),
            **dict.fromkeys(("THI", "TIB"), 0.008),
            "KNE": 0.006,
            **dict.fromkeys(("ANK", "HEE", "TOE"), 0.005),
        }
    )
    soft_tissue_sd_m: Mapping[str, float] = field(
        default_factory=lambda: {
            **dict.fromkeys(("LASI", "RASI", "SACR"), 0.005),
            **dict.fromkeys(("C7", "T10", "CLAV", "STRN"), 0.005),
            **dict.fromkeys(_SHOULDERS, 0.015),
            "THI": 0.010,
            "KNE": 0.008,
            "TIB": 0.006,
            **dict.fromkeys(("ANK", "HEE", "TOE"), 0.004),
        }
    )
    hip_centre_sd_m: float = 0.0079
    knee_width_m: float = 0.100
    ankle_width_m: float = 0.072
    marker_radius_m: float = 0.007
    shoulder_drop_m: float = 0.05
    leg_length_m: float | None = None
    apparent_rotation_min_knee_flexion: float = float(np.radians(30.0))
    weak_sd: float = float(np.radians(20.0))


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


def marker_body(points: SpacePoints, assumptions: MarkerAssumptions | None = None) -> Body:
    """Segment frames and joint centres of every frame from markers of the Plug-in Gait set.

    Args:
        points: markers in the room; names as in Plug-in Gait; missing ones NaN or exactly 0 0 0.
        assumptions: sizes of joints and marker; ``None`` for the usual ones.
    """
    known = assumptions or MarkerAssumptions()
    markers = _markers_used(points)
    return _body({**markers, **_hip_centres_in_pelvis(markers, known)}, known)


def marker_motion(recording: Recording, assumptions: MarkerAssumptions | None = None) -> Motion:
    """Every angle a full marker set can tell, with its standard deviation.

    Each frame stands alone: a missing marker makes the coordinates that need it *not observable* on that
    frame, and nothing is bridged. Angles are as they are within -180..180 deg, not unwrapped.

    Args:
        recording: holds :class:`SpacePoints` of kind ``"markers"`` with Plug-in Gait names.
        assumptions: what is taken as known about markers; ``None`` for the usual values.
    """
    known = assumptions or MarkerAssumptions()
    points = _marker_points(recording)
    markers = _markers_used(points)
    everything = {**markers, **_hip_centres_in_pelvis(markers, known)}
    moves = _moves(everything, dict(zip(points.names, points.sd_m, strict=True)), known)
    chunks = [
        _values_and_sds({name: at[i : i + _CHUNK] for name, at in everything.items()}, moves, known)
        for i in range(0, recording.n_frames, _CHUNK)
    ]
    value, sd, constant_sd = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    observability = _observability(value, sd, known)
    return Motion(
        time_s=recording.time_s,
        coordinates=coordinates.ALL,
        value=value,
        sd=sd,
        observability=observability,
        reasons=_reasons(markers, observability, known),
        source=recording.source,
        diagnostics={
            "method": "anatomical frames from markers",
            "assumptions": asdict(known),
            "median_constant_sd_deg": _medians_deg(constant_sd),
        },
    )


def _marker_points(recording: Recording) -> SpacePoints:
    found = [points for points in recording.space_points if points.kind == "markers"]
    if len(found) != 1:
        raise ValueError(f"the recording must hold one set of markers, it holds {len(found)}")
    return found[0]


def _markers_used(points: SpacePoints) -> dict[str, Floats]:
    """The markers the frames need, (n_frames, 3) m; NaN where missing; SACR from the PSIS if need be."""
    position = np.where((points.position_m == 0.0).all(axis=-1, keepdims=True), np.nan, points.position_m)
    nowhere = np.full((len(position), 3), np.nan)
    at = {name: position[:, i] for i, name in enumerate(points.names)}
    if "SACR" not in at:
        at["SACR"] = 0.5 * (at.get("LPSI", nowhere) + at.get("RPSI", nowhere))
    legs = [name for table in (_THIGH, _SHANK, _FOOT) for names in table.values() for name in names]
    return {name: at.get(name, nowhere) for name in (*_PELVIS, *_THORAX, *_SHOULDERS, *legs)}


def _hip_centres_in_pelvis(markers: Points, known: MarkerAssumptions) -> dict[str, Floats]:
    """Both hip centres in pelvic axes, repeated for every frame, (n_frames, 3) m."""
    pelvis = [markers[name] for name in _PELVIS]
    width, depth = frames.pelvis_size(pelvis[0], pelvis[1], pelvis[2])
    centres = {}
    for side, name in _HIP.items():
        if known.leg_length_m is None:
            centre = harrington_hip_centre(width, depth, side)
        else:
            centre = hara_hip_centre(known.leg_length_m, side)
        centres[name] = np.broadcast_to(centre, (len(markers["SACR"]), 3))
    return centres


def _body(at: Points, known: MarkerAssumptions) -> Body:
    """Frames and centres from markers and hip centres, all (..., 3) m with the same leading axes."""
    pelvis = frames.pelvis_frame(at["LASI"], at["RASI"], at["SACR"])
    thorax = frames.thorax_frame(at["C7"], at["T10"], at["CLAV"], at["STRN"])
    middle = 0.5 * (at["LASI"] + at["RASI"])
    hip, knee, ankle, shoulder, femur, tibia, foot_line = ({} for _ in range(7))
    for side in coordinates.SIDES:
        thigh_wand, knee_marker = (at[name] for name in _THIGH[side])
        shank_wand, ankle_marker = (at[name] for name in _SHANK[side])
        heel, toe = (at[name] for name in _FOOT[side])
        hip[side] = middle + (pelvis @ at[_HIP[side]][..., None])[..., 0]
        knee_offset = 0.5 * known.knee_width_m + known.marker_radius_m
        knee[side] = frames.chord_centre(hip[side], knee_marker, thigh_wand, knee_offset)
        ankle_offset = 0.5 * known.ankle_width_m + known.marker_radius_m
        ankle[side] = frames.chord_centre(knee[side], ankle_marker, shank_wand, ankle_offset)
        femur[side] = frames.femur_frame(hip[side], knee[side], knee_marker, side)
        tibia[side] = frames.tibia_frame(knee[side], ankle[side], ankle_marker, side)
        foot_line[side] = toe - heel
        marker = at["LSHO" if side == "left" else "RSHO"]
        shoulder[side] = frames.shoulder_centre(marker, thorax, known.shoulder_drop_m)
    return Body(pelvis, thorax, hip, knee, ankle, shoulder, femur, tibia, foot_line)


def _angles(body: Body) -> Floats:
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


class _Move(NamedTuple):
    """Points moved together by one standard deviation along each axis in turn.

    What is moved together must not bear on the same angle: left and right leg markers share a move.
    """

    names: tuple[str, ...]
    sd_m: float
    constant_share: float  # of the variance; does not change over a recording


def _moves(at: Points, camera_sd_m: Mapping[str, float], known: MarkerAssumptions) -> list[_Move]:
    """Every uncertain point, legs in pairs."""

    def uncertain(*names: str) -> _Move:
        key = names[0] if names[0] in known.placement_sd_m else names[0][1:]
        placement, soft_tissue = known.placement_sd_m[key], known.soft_tissue_sd_m[key]
        camera = max(camera_sd_m.get(name, 0.0) for name in names)
        if names == ("SACR",) and "SACR" not in camera_sd_m:  # the middle of two markers
            camera = 0.5 * float(np.hypot(camera_sd_m.get("LPSI", 0.0), camera_sd_m.get("RPSI", 0.0)))
        variance = camera**2 + placement**2 + soft_tissue**2
        return _Move(names, float(np.sqrt(variance)), placement**2 / variance if variance else 0.0)

    moves = [_Move((name,), known.hip_centre_sd_m, 1.0) for name in _HIP.values()]
    moves += [uncertain(name) for name in (*_PELVIS, *_THORAX, *_SHOULDERS)]
    for table in (_THIGH, _SHANK, _FOOT):
        moves += [uncertain(*pair) for pair in zip(table["left"], table["right"], strict=True)]
    return [move for move in moves if any(np.isfinite(at[name]).any() for name in move.names)]


def _values_and_sds(
    at: Points, moves: list[_Move], known: MarkerAssumptions
) -> tuple[Floats, Floats, Floats]:
    """Angles of some frames, their standard deviations, and the constant part of those.

    Each (n_frames, n_coordinates) rad.
    """
    value = _angles(_body(at, known))
    variance, constant = np.zeros_like(value), np.zeros_like(value)
    for move in moves:
        steps = move.sd_m * np.concatenate([np.eye(3), -np.eye(3)])[:, None]  # (6, 1, 3)
        moved = {**at, **{name: at[name] + steps for name in move.names}}
        there = _angles(
            _body({name: np.broadcast_to(p, (6, *p.shape[-2:])) for name, p in moved.items()}, known)
        )
        half = 0.5 * np.angle(np.exp(1j * (there[:3] - there[3:])))  # across +-180 deg
        added = np.sum(half**2, axis=0)
        variance += added
        constant += move.constant_share * added
    sd = np.where(np.isfinite(value), np.minimum(np.sqrt(variance), _KNOWS_NOTHING), np.nan)
    return value, sd, np.minimum(np.sqrt(constant), _KNOWS_NOTHING)


def _medians_deg(sd: Floats) -> dict[str, float]:
    """Coordinate -> median over the frames that have it, deg."""
    finite = {name: column[np.isfinite(column)] for name, column in zip(coordinates.ALL, sd.T, strict=True)}
    return {name: float(np.degrees(np.median(column))) for name, column in finite.items() if len(column)}


def _observability(value: Floats, sd: Floats, known: MarkerAssumptions) -> NDArray[np.uint8]:
    """Levels (n_frames, n_coordinates) of :class:`Observability`."""
    level = np.where(sd > known.weak_sd, Observability.WEAK, Observability.OBSERVED)
    level[~np.isfinite(value + sd)] = Observability.NOT_OBSERVABLE
    for side in coordinates.SIDES:
        knee = value[:, coordinates.ALL.index(f"knee_flexion_{side}")]
        straight = ~(knee >= known.apparent_rotation_min_knee_flexion)
        apparent = coordinates.ALL.index(f"apparent_hip_internal_rotation_{side}")
        level[straight, apparent] = Observability.NOT_OBSERVABLE
    return level.astype(np.uint8)


def _needed(coordinate: str) -> tuple[str, ...]:
    """The markers a coordinate is computed from (SACR stands for the PSIS too)."""
    if coordinate == "thorax_left_rotation":
        return _THORAX
    needed: tuple[str, ...] = _PELVIS
    if coordinate.startswith(("trunk", "thigh_trunk")):
        needed += _THORAX
    if "lean" in coordinate or coordinate.startswith("thigh_trunk"):
        needed += _SHOULDERS
    side = coordinate.rpartition("_")[2]
    if side not in coordinates.SIDES:
        return needed
    needed += _THIGH[side]
    if coordinate.startswith(("knee", "ankle", "apparent")):
        needed += _SHANK[side]
    if coordinate.startswith("ankle"):
        needed += _FOOT[side]
    return needed


def _reasons(markers: Points, level: NDArray[np.uint8], known: MarkerAssumptions) -> dict[str, str]:
    """Coordinate -> why it is not observed, or not throughout."""
    n_frames = len(level)
    seen = {name: int(np.isfinite(at).all(axis=-1).sum()) for name, at in markers.items()}
    reasons = {}
    for column, coordinate in enumerate(coordinates.ALL):
        lost = int((level[:, column] != Observability.OBSERVED).sum())
        if not lost:
            continue
        if coordinate == "lumbar_flexion":
            reasons[coordinate] = (
                "no marker lies between the tenth thoracic vertebra and the sacrum; "
                "the thorax against the pelvis is trunk_flexion"
            )
            continue
        needed = _needed(coordinate)
        never = [name for name in needed if not seen[name]]
        gaps = [name for name in needed if 0 < seen[name] < n_frames]
        causes = []
        if never:
            causes.append(f"markers not recorded: {', '.join(never)}")
        if gaps:
            causes.append(f"gaps in markers: {', '.join(gaps)}")
        if coordinate.startswith("apparent"):
            degrees = np.degrees(known.apparent_rotation_min_knee_flexion)
            causes.append(f"with the knee straighter than {degrees:.0f} deg the shank is no lever")
        if (level[:, column] == Observability.WEAK).any():
            limit = np.degrees(known.weak_sd)
            causes.append(f"its markers cannot tell it to {limit:.0f} deg (1 sd) in this posture")
        reasons[coordinate] = f"{'; '.join(causes)} ({lost} of {n_frames} frames)"
    return reasons
