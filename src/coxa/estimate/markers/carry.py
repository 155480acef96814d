"""Points that segments carry: landmarks of a static trial, joints found from motion, lost markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.person import Cluster, HipCentre
from coxa.estimate.markers.points import Points, with_composites
from coxa.kinematics.anatomical_frames import pelvis_frame
from coxa.kinematics.rigid import RigidPose
from coxa.model.coordinates import SIDES

Floats = NDArray[np.float64]
Bridged = dict[str, NDArray[np.bool_]]

_ENOUGH_TO_BRIDGE = 4  # markers of a cluster, of which one may be missing and three still tell a pose
_FIRST = ("pelvis", "thorax")


def completed(
    at: Points, clusters: Mapping[str, Cluster], hips: Mapping[str, HipCentre], least_spread: float
) -> tuple[dict[str, Floats], Bridged]:
    """All points of every frame that the markers seen there tell.

    A marker missing from a cluster of four or more is put back by the rest. Nothing is interpolated in time.

    Args:
        at: markers by landmark, (n_frames, 3) m; NaN where missing.
        clusters: segment -> its markers and what it carries.
        hips: side -> hip centre.
        least_spread: m, see :func:`~coxa.kinematics.rigid.rigid_pose`.

    Returns:
        The points, with composites and hip centres (``left_hip_centre``), and name -> frames (n_frames,) on
        which a marker was put back.
    """
    whole = dict(at)
    bridged = _carry(whole, (clusters[name] for name in _FIRST if name in clusters), least_spread)
    with_composites(whole)
    bridged |= _bridged_composite(bridged)
    add_hips(whole, hips)
    rest = (cluster for name, cluster in clusters.items() if name not in _FIRST)
    return whole, bridged | _carry(whole, rest, least_spread)


def pelvis_pose(at: Points) -> RigidPose | None:
    """The pelvis, its origin in the middle of the ASIS; None where a marker was never worn."""
    if not all(name in at for name in ("left_asis", "right_asis", "sacrum")):
        return None
    left, right = at["left_asis"], at["right_asis"]
    frame = pelvis_frame(left, right, at["sacrum"])
    return RigidPose(frame, 0.5 * (left + right), np.zeros(len(left)))


def add_hips(at: dict[str, Floats], hips: Mapping[str, HipCentre]) -> None:
    """Puts ``left_hip_centre`` and ``right_hip_centre`` into ``at``."""
    pelvis = pelvis_pose(at)
    if pelvis is not None:
        for side in SIDES:
            if side in hips:
                at[f"{side}_hip_centre"] = pelvis.carry(hips[side].place)


def _carry(at: dict[str, Floats], clusters: Iterable[Cluster], least_spread: float) -> Bridged:
    """Adds to ``at`` what the clusters carry and puts back what they lack."""
    bridged: Bridged = {}
    for cluster in clusters:
        gaps = {name: _missing(at[name]) for name in cluster.members}
        lost = [name for name, gap in gaps.items() if gap.any() and name not in cluster.carried]
        bridges = lost and len(cluster.members) >= _ENOUGH_TO_BRIDGE
        if not (cluster.carried or bridges or cluster.rigid):
            continue
        pose = cluster.pose(at, least_spread)
        for name, local in cluster.carried.items():
            at[name] = pose.carry(local)
        for name in cluster.members if cluster.rigid else lost if bridges else ():
            put_back = pose.carry(cluster.shape[cluster.members.index(name)])
            at[name] = put_back if cluster.rigid else np.where(gaps[name][:, None], put_back, at[name])
            bridged[name] = gaps[name] & ~_missing(put_back)
    return bridged


def _missing(point: Floats) -> NDArray[np.bool_]:
    """Frames (n_frames,) on which a point was not seen."""
    return np.asarray(np.isnan(point).any(axis=-1))


def _bridged_composite(bridged: Bridged) -> Bridged:
    """Frames on which the sacrum, being the middle of the PSIS, rests on a marker put back."""
    psis = [bridged[name] for name in ("left_psis", "right_psis") if name in bridged]
    if not psis or "sacrum" in bridged:
        return {}
    return {"sacrum": np.any(psis, axis=0)}
