"""Settles what is constant about a person: from some frames, a static trial, and what was told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.body import build, points_needed
from coxa.estimate.markers.carry import completed
from coxa.estimate.markers.hips import hip_centres
from coxa.estimate.markers.joints import functional_ankle, functional_knee
from coxa.estimate.markers.person import AnkleRoad, Cluster, KneeRoad, Person, ThoraxRoad
from coxa.estimate.markers.points import SEGMENTS, Points, members, weights
from coxa.estimate.markers.recognise import MarkerMap
from coxa.kinematics.rigid import mean_shape, spread
from coxa.model.coordinates import SIDES
from coxa.model.recording import Subject
from coxa.specs.markers import MarkerAssumptions, Slope

Floats = NDArray[np.float64]

_FEWEST = 3  # markers that tell a pose


def calibrate(
    where: MarkerMap, sample: Points, static: Points | None, subject: Subject, known: MarkerAssumptions
) -> Person:
    """What is constant, and how each joint is to be found.

    Args:
        where: the marker set.
        sample: markers of some frames by landmark, (n_frames, 3) m.
        static: those of a static trial, if there is one.
        subject: what was told of the person.
        known: what is assumed.
    """
    least = known.judgement.least_spread_m
    clusters = _clusters(("pelvis", "thorax"), sample, static, known)
    if where.rigid_pelvis and "pelvis" in clusters:
        clusters["pelvis"] = replace(clusters["pelvis"], rigid=len(clusters["pelvis"].members) > _FEWEST)
    seen, _ = completed(sample, clusters, {}, least)
    still = completed(static, clusters, {}, least)[0] if static else None
    hips, notes = hip_centres(seen, still, subject, known)
    limbs = tuple(name for name in SEGMENTS if name not in clusters and name not in ("pelvis", "thorax"))
    seen, _ = completed(sample, clusters, hips, least)
    still = completed(static, clusters, hips, least)[0] if static else None
    clusters |= _clusters(limbs, seen, still, known)
    seen, _ = completed(sample, clusters, hips, least)
    offset, offset_sd = _offsets(subject, known)
    knees: dict[str, KneeRoad] = {}
    ankles: dict[str, AnkleRoad] = {}
    for side in SIDES:
        knees[side], notes[f"{side}_knee"] = _knee_road(side, seen, clusters, known)
        ankles[side], notes[f"{side}_ankle"] = _ankle_road(side, seen, clusters, known)
    road, slope = _thorax_road(seen, where.one_trunk, known)
    notes["thorax"] = road.replace("_", " ") or "too few markers"
    lumbosacral = _lumbosacral(seen, known)
    person = Person(where, clusters, hips, knees, ankles, road, lumbosacral, slope, offset, offset_sd, notes)
    return _with_carried_shanks(person, sample, known)


def seen_at_all(at: Points, *names: str) -> bool:
    """Whether all of these were seen on some frame."""
    return all(name in at and bool(np.isfinite(at[name]).any()) for name in names)


def _clusters(
    segments: tuple[str, ...], sample: Points, static: Points | None, known: MarkerAssumptions
) -> dict[str, Cluster]:
    found = {segment: _cluster(segment, sample, static, known) for segment in segments}
    return {segment: cluster for segment, cluster in found.items() if cluster is not None}


def _cluster(segment: str, sample: Points, static: Points | None, known: MarkerAssumptions) -> Cluster | None:
    """The markers of one segment that are there often enough; None where they are too few for a pose."""
    least = known.judgement.least_presence
    names = [
        name for name in members(segment, sample) if np.isfinite(sample[name]).all(axis=-1).mean() >= least
    ]
    share = weights(names, known)
    hip = f"{segment.partition('_')[0]}_hip_centre"
    if segment.endswith("_thigh") and len(names) == 2 and hip in sample:
        names, share = [*names, hip], np.append(share, 1.0)  # with the hip centre two markers are a cluster
    if len(names) < _FEWEST:
        return None
    shape, told_by = None, None
    for told_by in (static, sample):
        if told_by and all(name in told_by for name in names):
            shape = mean_shape(np.stack([told_by[name] for name in names], axis=1), share)
        if shape is not None:
            break
    if shape is None or spread(shape) <= known.judgement.least_spread_m:
        return None
    cluster = Cluster(tuple(names), shape, share)
    if static is None or told_by is not static:
        return cluster
    return Cluster(cluster.members, shape, share, _carried(segment, cluster, sample, static, known))


def _carried(
    segment: str, cluster: Cluster, sample: Points, static: Points, known: MarkerAssumptions
) -> dict[str, Floats]:
    """Landmarks of the segment that only the static trial shows, in the cluster's axes."""
    pose = cluster.pose(static, known.judgement.least_spread_m)
    carried = {}
    for name in SEGMENTS[segment]:
        if seen_at_all(static, name) and not seen_at_all(sample, name):
            local = pose.into(static[name])
            local = local[np.isfinite(local).all(axis=-1)]
            if len(local):
                carried[name] = local.mean(axis=0)
    return carried


def _offsets(subject: Subject, known: MarkerAssumptions) -> tuple[dict[str, float], dict[str, float]]:
    """``left_knee`` and the like -> half the joint's width plus the marker's radius, and its sd, m."""
    sizes = known.sizes
    radius = 0.5 * (subject.marker_diameter_m or sizes.marker_diameter_m)
    offset, sd = {}, {}
    for joint, told, usual, usual_sd in (
        ("knee", subject.knee_width_m, sizes.knee_width_m, sizes.knee_width_sd_m),
        ("ankle", subject.ankle_width_m, sizes.ankle_width_m, sizes.ankle_width_sd_m),
    ):
        for side in SIDES:
            offset[f"{side}_{joint}"] = 0.5 * (told.get(side) or usual) + radius
            sd[f"{side}_{joint}"] = 0.5 * (sizes.told_sd_m if told.get(side) else usual_sd)
    return offset, sd


def _knee_road(
    side: str,
    at: Points,
    clusters: dict[str, Cluster],
    known: MarkerAssumptions,
) -> tuple[KneeRoad, str]:
    lateral, medial, wand = f"{side}_lateral_epicondyle", f"{side}_medial_epicondyle", f"{side}_thigh_wand"
    if seen_at_all(at, lateral, medial):
        carried = medial in clusters.get(f"{side}_thigh", _NOBODY).carried
        return "two markers", "epicondyles" + (", the medial one from the static trial" if carried else "")
    if seen_at_all(at, lateral, wand, f"{side}_hip_centre"):
        return "chord", "chord of hip, wand and lateral marker"
    return functional_knee(side, at, clusters, known)


def _ankle_road(
    side: str, at: Points, clusters: dict[str, Cluster], known: MarkerAssumptions
) -> tuple[AnkleRoad, str]:
    lateral, medial, wand = f"{side}_lateral_malleolus", f"{side}_medial_malleolus", f"{side}_shank_wand"
    if seen_at_all(at, lateral, medial):
        carried = medial in clusters.get(f"{side}_shank", _NOBODY).carried
        return "two markers", "malleoli" + (", the medial one from the static trial" if carried else "")
    if seen_at_all(at, lateral, wand):
        return "chord", "chord of knee, wand and lateral marker"
    if seen_at_all(at, lateral):
        return "inward", "inwards of the lateral marker, along the axis of the knee"
    return functional_ankle(side, at, clusters, known)


def _lumbosacral(at: Points, known: MarkerAssumptions) -> Floats:
    """(3,) m in pelvic axes; NaN where the ASIS were never seen."""
    breadth = np.nan
    if seen_at_all(at, "left_asis", "right_asis"):
        breadth = float(np.nanmedian(np.linalg.norm(at["right_asis"] - at["left_asis"], axis=-1)))
    return breadth * np.array([known.lumbosacral.ahead, known.lumbosacral.up, 0.0])


def _with_carried_shanks(person: Person, sample: Points, known: MarkerAssumptions) -> Person:
    """Shanks whose ankle has no two markers are read as one rigid body, where their own markers suffice.

    The skin of the shank slides little; the knee centre, found on the thigh, moves against it in deep bends.
    """
    least = known.judgement.least_spread_m
    clusters, roads, notes = dict(person.clusters), dict(person.ankle_roads), dict(person.notes)
    at, _ = completed(sample, person.clusters, person.hips, least)
    body = build(points_needed(at, person, known), person)
    for side in SIDES:
        segment = f"{side}_shank"
        if roads[side] not in ("inward", "functional") or segment not in clusters:
            continue
        pose = clusters[segment].pose(at, least)
        ends = pose.into(body.knee[side]), pose.into(body.ankle[side])
        if all(np.isfinite(end).any() for end in ends):
            names = (f"{side}_tibial_knee", f"{side}_tibial_ankle")
            carried = {name: np.nanmean(end, axis=0) for name, end in zip(names, ends, strict=True)}
            carried |= clusters[segment].carried
            clusters[segment] = replace(clusters[segment], carried=carried)
            roads[side] = "carried"
            notes[f"{side}_ankle"] += "; the shank as one rigid body"
    return replace(person, clusters=clusters, ankle_roads=roads, notes=notes)


def _thorax_road(at: Points, one_trunk: bool, known: MarkerAssumptions) -> tuple[ThoraxRoad, Slope]:
    """By markers that are there often enough; only where none of these tell the thorax, by any at all."""
    often = _thorax_road_of(at, one_trunk, known, known.judgement.least_presence)
    return often if often[0] else _thorax_road_of(at, one_trunk, known, 0.0)


def _thorax_road_of(
    at: Points, one_trunk: bool, known: MarkerAssumptions, least: float
) -> tuple[ThoraxRoad, Slope]:
    def there(*names: str) -> bool:
        return seen_at_all(at, *names) and all(
            np.isfinite(at[name]).all(axis=-1).mean() >= least for name in names
        )

    slopes = known.thorax_slopes
    acromia = there("left_acromion", "right_acromion")
    sternum = there("left_sternum", "right_sternum")
    lower = there("t10") or there("t8")
    if lower and there("c7", "suprasternal_notch", "xiphoid"):
        return "four markers", Slope(mean_deg=0.0, sd_deg=0.0)
    if one_trunk and acromia and there("c7"):
        return "one trunk", slopes.one_trunk
    if there("c7", "suprasternal_notch") and (acromia or sternum):
        return "c7_to_notch", slopes.c7_to_notch
    if acromia and there("suprasternal_notch"):
        return "acromia_to_notch", slopes.acromia_to_notch
    if acromia and there("c7"):
        return "one trunk", slopes.one_trunk
    return "", Slope(mean_deg=0.0, sd_deg=0.0)


_NOBODY = Cluster((), np.zeros((0, 3)), np.zeros(0))
