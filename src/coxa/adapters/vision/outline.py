"""Reads the outline of the back, frame by frame, and says when it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.vision.landmarks import HIPS, KNEES, NAMES, SHOULDERS, SIDE_PX, Pose
from coxa.adapters.vision.mask import Outline, outline_of
from coxa.adapters.vision.roi import Roi
from coxa.kinematics.outline import Curve, Line, lost, near_segment, oddness, smooth_curve, tangents
from coxa.model.keypoints import BackReading
from coxa.specs.outline import LinearReading, OutlineSpec

Floats = NDArray[np.float64]

NOSE = NAMES.index("nose")
EARS, ANKLES, ELBOWS, WRISTS, HEELS, TOES = (
    tuple(NAMES.index(f"{side}_{part}") for side in ("left", "right"))
    for part in ("ear", "ankle", "elbow", "wrist", "heel", "foot_index")
)
NOT_A_BACK = "the outline is not that of a back: loose clothing, or something behind it"
_FEET_COUNT = 0.5  # beside the face, since toes lie in front of a back that is bent far


@dataclass(frozen=True, slots=True)
class Stance:
    """What keypoints tell of somebody seen from the side.

    Attributes:
        line: hips to shoulders, in the picture.
        facing: how clearly face and feet point away from the back, trunk lengths.
        width: of shoulders or hips across the line, trunk lengths.
        thigh_rad: forward of the line; 0 standing.
        knee_rad: shank against thigh.
        lean_rad: of the line from the picture's vertical.
        recline_rad: of it backward; negative: bowing forward.
    """

    line: Line
    facing: float
    width: float
    thigh_rad: float
    knee_rad: float
    lean_rad: float
    recline_rad: float

    @classmethod
    def of(cls, points_px: Floats) -> Stance | None:
        """From keypoints (33, 2); None where the trunk has no length."""

        def middle(rows: tuple[int, ...]) -> Floats:
            return np.asarray(points_px[list(rows)].mean(axis=0))

        hips, shoulders, knees, ankles = (middle(rows) for rows in (HIPS, SHOULDERS, KNEES, ANKLES))
        look = points_px[NOSE] - middle(EARS) + _FEET_COUNT * (middle(TOES) - middle(HEELS))
        line = Line.between(hips, shoulders, look)
        if line is None or not np.isfinite(points_px).all():
            return None
        widths = [points_px[pair[0]] - points_px[pair[1]] for pair in (SHOULDERS, HIPS)]
        thigh, shank = knees - hips, ankles - knees

        def forward(way: Floats) -> float:
            return float(np.arctan2(-(way @ line.dorsal), -(way @ line.up)))

        return cls(
            line=line,
            facing=float(-look @ line.dorsal) / line.length_px,
            width=max(abs(float(width @ line.dorsal)) for width in widths) / line.length_px,
            thigh_rad=forward(thigh),
            knee_rad=_wrapped(forward(thigh) - forward(shank)),
            lean_rad=float(np.arctan2(line.up[0], -line.up[1])),
            recline_rad=float(np.arctan2(line.dorsal[1], -line.up[1])),
        )


def _wrapped(angle: float) -> float:
    return float((angle + np.pi) % (2 * np.pi) - np.pi)


class BackReader:
    """Follows one person's back.

    Args:
        spec: how it is read.
        straight: takes the distortion of the lens off points (n, 2) of the picture; None: it has none.
    """

    def __init__(self, spec: OutlineSpec, straight: Callable[[Floats], Floats] | None = None) -> None:
        self._spec = spec
        self._straight = straight
        self._along = np.linspace(spec.curve.start, spec.curve.end, spec.curve.points)
        self._stations = np.array(spec.reading.stations)
        self._weights = np.array(spec.reading.lumbar.weights)
        self._usual = np.radians(spec.reading.usual_deg)
        self._shapes = np.array(spec.reading.shapes)
        self._most_offset = spec.standing.max_offset * np.radians(spec.reading.lumbar.offset_sd_deg)
        self._usual_stances = self._strange = 0
        self._before: tuple[float, Floats] | None = None

    def fault_of_view(self, stance: Stance | None) -> str:
        """Why a view cannot show the outline of the back; empty when it can."""
        view = self._spec.view
        if stance is None:
            return "the trunk is not seen"
        if stance.width > view.max_width:
            return "not seen from the side"
        if stance.facing < view.min_facing:
            return "unclear which way the person faces"
        if np.degrees(stance.recline_rad) > view.max_recline_deg:
            return "the person leans back or lies on it, which presses or hides its outline"
        if stance.line.length_px < view.min_trunk_px:
            return "the person is too small in the picture"
        return ""

    def wants_mask(self, pose: Pose | None) -> bool:
        """Whether the next picture's mask may be worth having: this one shows the person from the side."""
        return pose is None or not self.fault_of_view(Stance.of(pose.position_px))

    def read(self, pose: Pose, roi: Roi, time_s: float) -> BackReading:
        """Lumbar flexion from the outline, against the average person's standing outline."""
        stance = Stance.of(pose.position_px)
        still = self._is_still(pose.position_px, stance, time_s)
        fault = self.fault_of_view(stance)
        if fault or stance is None or pose.mask is None:
            return BackReading.nothing(fault or "the mask was not asked for")
        upright = still and self._is_standing(stance)
        curve, fault = self.curve(pose, roi, stance)
        if curve is None:
            self._strange += upright
            return BackReading.nothing(fault)
        value, sd = self._angle(curve, stance, self._spec.reading.lumbar)
        trunk, trunk_sd = self._angle(curve, stance, self._spec.reading.trunk)
        if np.degrees(sd) > self._spec.errors.max_sd_deg:
            return BackReading.nothing("too little of the back's outline is seen")
        if upright and not self._is_usual(curve, value):
            self._strange += 1
            return BackReading.nothing(NOT_A_BACK)
        self._usual_stances += upright
        # Where the outline flickers while the person stands, what passes for usual is chance.
        standing = upright and self._usual_stances > self._strange
        return BackReading(value, sd, trunk, trunk_sd, standing, "")

    def curve(self, pose: Pose, roi: Roi, stance: Stance) -> tuple[Curve | None, str]:
        """The smoothed outline; else None and why."""
        assert pose.mask is not None  # noqa: S101 - asked for
        rules, errors = self._spec.curve, self._spec.errors
        points = _in_square(pose.position_px, roi)
        seen = Stance.of(points)
        assert seen is not None  # noqa: S101 - a stance in the picture is one in the square
        outline = outline_of(pose.mask, seen.line, self._along, rules.reach)
        if self._straight is not None:
            outline = self._straightened(outline, seen.line, pose, roi)
        arms = self._arms(outline, seen.line.places(points))
        curve = smooth_curve(
            self._along,
            outline.distance,
            np.where(arms, 0.0, self._sharpness(outline)),
            rules.stiffness,
            rules.outlier,
        )
        missing = 1.0 if curve is None else self._lost(curve)
        if curve is None or missing > errors.max_lost:
            return None, self._why_lost(arms)
        odd = np.degrees(self._oddness(curve))
        if curve.roughness > errors.max_roughness or odd > errors.max_odd_deg:
            return None, NOT_A_BACK
        return curve, ""

    def _straightened(self, outline: Outline, line: Line, pose: Pose, roi: Roi) -> Outline:
        """As a lens without distortion would show it, along the line that it would show."""
        assert self._straight is not None  # noqa: S101 - asked before
        true = Stance.of(self._straight(pose.position_px))
        if true is None:
            return replace(outline, distance=np.full(len(self._along), np.nan))
        away = outline.along[:, None] * line.up + outline.distance[:, None] * line.dorsal
        matrix = roi.crop_to_image(SIDE_PX)
        picture = (line.start_px + line.length_px * away) @ matrix[:, :2].T + matrix[:, 2]
        along, distance = true.line.places(self._straight(picture)).T
        known = np.isfinite(along + distance)
        if known.sum() < 2:
            return replace(outline, distance=np.full(len(self._along), np.nan))
        straight = np.interp(self._along, along[known], distance[known])
        return replace(outline, distance=np.where(np.isfinite(outline.distance), straight, np.nan))

    def _sharpness(self, outline: Outline) -> Floats:
        """(n,) 1 where the mask falls at once, 0 where it fades: there something else leaks into it."""
        rules = self._spec.curve
        softness = np.nan_to_num(outline.softness, nan=np.inf)
        return np.asarray(np.clip((rules.softest - softness) / (rules.softest - rules.sharp), 0.0, 1.0))

    def _lost(self, curve: Curve) -> float:
        return lost(curve, self._stations, self._weights, self._spec.curve.bearing)

    def _oddness(self, curve: Curve) -> float:
        return oddness(tangents(curve, self._stations)[0], self._usual, self._shapes)

    def _why_lost(self, arms: NDArray[np.bool_]) -> str:
        if arms[np.abs(self._along - 0.5) < 0.5].mean() > self._spec.errors.max_lost:
            return "an arm hides the outline of the back"
        return "the outline of the back is not clear: something behind it, or in front"

    def _arms(self, outline: Outline, places: Floats) -> NDArray[np.bool_]:
        """(n,) where the outline may be that of an elbow or forearm."""
        on_line = np.column_stack([outline.along, outline.distance])
        near = np.zeros(len(on_line), bool)
        for shoulder, elbow, wrist in zip(SHOULDERS, ELBOWS, WRISTS, strict=True):
            upper = places[elbow] - places[shoulder]
            for start, end in (
                (places[shoulder] + 0.5 * upper, places[elbow]),
                (places[elbow], places[wrist]),
            ):
                near |= near_segment(on_line, start, end, self._spec.curve.arm_radius)
        return near

    def _is_usual(self, curve: Curve, value: float) -> bool:
        """Whether this may be somebody's standing outline; all that follows is held against it."""
        odd = np.degrees(self._oddness(curve))
        return bool(abs(value) <= self._most_offset and odd <= self._spec.standing.max_odd_deg)

    def _angle(self, curve: Curve, stance: Stance, how: LinearReading) -> tuple[float, float]:
        errors, weights = self._spec.errors, np.array(how.weights)
        angle, covariance = tangents(curve, self._stations)
        value = float(weights @ angle) - float(np.radians(how.mean_deg))
        worse = (np.radians(errors.width_sd_deg) * stance.width) ** 2
        worse += (errors.odd_sd * self._oddness(curve)) ** 2
        worse += (np.radians(errors.lost_sd_deg) * self._lost(curve)) ** 2
        # What makes lumbar flexion worse does so to other readings in proportion.
        variance = worse * (how.model_sd_deg / self._spec.reading.lumbar.model_sd_deg) ** 2
        variance += np.radians(how.model_sd_deg) ** 2
        point = max(curve.roughness, errors.least_point_sd)
        variance += point**2 * float(weights @ covariance @ weights)
        return value, float(np.sqrt(variance))

    def _is_still(self, points_px: Floats, stance: Stance | None, time_s: float) -> bool:
        before, self._before = self._before, (time_s, points_px)
        if before is None or stance is None or not time_s > before[0]:
            return False
        way = np.linalg.norm(points_px - before[1], axis=1)[[*HIPS, *SHOULDERS]].mean()
        return bool(way / stance.line.length_px / (time_s - before[0]) < self._spec.standing.max_speed)

    def _is_standing(self, stance: Stance) -> bool:
        rules = self._spec.standing
        angles = np.degrees(np.abs([stance.lean_rad, stance.thigh_rad, stance.knee_rad]))
        return bool(np.all(angles < [rules.max_lean_deg, rules.max_thigh_deg, rules.max_knee_deg]))


def _in_square(points_px: Floats, roi: Roi) -> Floats:
    """Picture pixels to those of the mask."""
    matrix = roi.crop_to_image(SIDE_PX)
    return np.asarray((points_px - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T)
