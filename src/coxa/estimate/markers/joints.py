"""Joints found from the motion of marker clusters, where the motion is rich enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.carry import pelvis_pose
from coxa.estimate.markers.person import AnkleRoad, Cluster, HipCentre, KneeRoad
from coxa.estimate.markers.points import Points, members, weights
from coxa.kinematics.angles import side_sign
from coxa.kinematics.functional import second_range, shared_axis, shared_point
from coxa.kinematics.rigid import RigidPose, mean_shape, rigid_pose
from coxa.specs.markers import MarkerAssumptions

Floats = NDArray[np.float64]


def functional_hip(
    side: str, at: Points, regression: HipCentre, known: MarkerAssumptions
) -> tuple[HipCentre | None, str]:
    """The point that pelvis and thigh share, if it may be believed; and why (not)."""
    rule = known.functional
    thinned = _thinned(at, rule.max_frames)
    pelvis, thigh = pelvis_pose(thinned), _pose(f"{side}_thigh", thinned, known)
    if pelvis is None or thigh is None:
        return None, ""
    span = np.degrees(second_range(pelvis, thigh.origin - pelvis.carry(regression.place)))
    if span < rule.hip_min_second_range_deg:
        least = rule.hip_min_second_range_deg
        return (
            None,
            f"the thigh moved too little sideways for a functional centre ({span:.0f} of {least:.0f} deg)",
        )
    point = shared_point(pelvis, thigh)
    if point is None:
        return None, ""
    apart = float(np.linalg.norm(point.in_first - regression.place))
    if point.residual_m > rule.hip_max_residual_m or apart > rule.hip_max_disagreement_m:
        return None, (
            f"the functional centre is not believed: residual {1e3 * point.residual_m:.0f} mm, "
            f"{1e3 * apart:.0f} mm from the regression"
        )
    words = f"functional (residual {1e3 * point.residual_m:.0f} mm, {1e3 * apart:.0f} mm from the regression)"
    return HipCentre(point.in_first, rule.hip_sd_m, words), words


def functional_knee(
    side: str, at: Points, clusters: dict[str, Cluster], known: MarkerAssumptions
) -> tuple[KneeRoad, str]:
    """The axis that thigh and shank share, as two epicondyles the thigh carries, put into ``clusters``."""
    thigh, shank = (clusters.get(f"{side}_{part}") for part in ("thigh", "shank"))
    if thigh is None or shank is None or f"{side}_hip_centre" in thigh.members:
        return "", "no medial epicondyle, no wand, and too few markers for a functional axis"
    rule = known.functional
    thinned = _thinned(at, rule.max_frames)
    least_spread = known.judgement.least_spread_m
    poses = thigh.pose(thinned, least_spread), shank.pose(thinned, least_spread)
    axis, point = shared_axis(*poses), shared_point(*poses)
    pelvis = pelvis_pose(thinned)
    if axis is None or point is None or pelvis is None:
        return "", "thigh, shank and pelvis were never seen together"
    span, least = np.degrees(axis.range_rad), rule.knee_min_range_deg
    if span < least:
        return "", f"the knee moved too little for a functional axis ({span:.0f} of {least:.0f} deg)"
    outwards = side_sign(side) * np.nanmean(
        np.einsum("ti,ti->t", pelvis.rotation[..., 2], poses[0].rotation @ axis.in_first)
    )
    in_thigh, in_shank = np.sign(outwards) * axis.in_first, np.sign(outwards) * axis.in_second
    hip = np.nanmean(poses[0].into(thinned[f"{side}_hip_centre"]), axis=0)
    centre = point.in_first + in_thigh * (in_thigh @ (hip - point.in_first))
    worn = f"{side}_lateral_epicondyle" in thigh.members
    ends = ("femoral_lateral", "femoral_medial") if worn else ("lateral_epicondyle", "medial_epicondyle")
    half = 0.5 * known.sizes.knee_width_m
    clusters[f"{side}_thigh"] = replace(
        thigh,
        carried={
            **thigh.carried,
            f"{side}_{ends[0]}": centre + half * in_thigh,
            f"{side}_{ends[1]}": centre - half * in_thigh,
        },
    )
    clusters[f"{side}_shank"] = replace(
        shank,
        carried={
            **shank.carried,
            f"{side}_tibial_lateral": point.in_second + half * in_shank,
            f"{side}_tibial_medial": point.in_second - half * in_shank,
        },
    )
    road: KneeRoad = "inward" if worn else "two markers"
    return road, f"functional axis, from {span:.0f} deg of flexion"


def functional_ankle(
    side: str, at: Points, clusters: dict[str, Cluster], known: MarkerAssumptions
) -> tuple[AnkleRoad, str]:
    """The point that shank and foot share, carried by the shank; it goes into ``clusters``."""
    shank, foot = (clusters.get(f"{side}_{part}") for part in ("shank", "foot"))
    if shank is None or foot is None:
        return "", "no malleolus, and too few markers for a functional centre"
    thinned = _thinned(at, known.functional.max_frames)
    poses = tuple(cluster.pose(thinned, known.judgement.least_spread_m) for cluster in (shank, foot))
    axis, point = shared_axis(*poses), shared_point(*poses)
    least = known.functional.ankle_min_range_deg
    if axis is None or point is None or np.degrees(axis.range_rad) < least:
        return "", f"the ankle moved too little for a functional centre (less than {least:.0f} deg)"
    carried = {**shank.carried, f"{side}_ankle_centre": point.in_first}
    clusters[f"{side}_shank"] = replace(shank, carried=carried)
    return "functional", f"functional, from {np.degrees(axis.range_rad):.0f} deg"


def _pose(segment: str, at: Points, known: MarkerAssumptions) -> RigidPose | None:
    """A segment by its own markers, its origin in their middle."""
    names = members(segment, at)
    if len(names) < 3:
        return None
    share, points = weights(names, known), np.stack([at[name] for name in names], axis=1)
    shape = mean_shape(points, share)
    return None if shape is None else rigid_pose(shape, points, share, known.judgement.least_spread_m)


def _thinned(at: Points, n: int) -> dict[str, Floats]:
    """Some of the frames, spread over all."""
    step = max(1, len(next(iter(at.values()))) // n) if at else 1
    return {name: points[::step] for name, points in at.items()}
