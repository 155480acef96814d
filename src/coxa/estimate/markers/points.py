"""Markers of a recording as arrays by anatomical name; segments and the markers that move with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.recognise import MarkerMap
from coxa.model.channels import SpacePoints
from coxa.model.coordinates import SIDES
from coxa.model.errors import NothingToMeasureError
from coxa.model.recording import Recording
from coxa.specs.markers import MarkerAssumptions, kind

Floats = NDArray[np.float64]
Points = Mapping[str, Floats]

#: Segment -> the landmarks that move with it.
PELVIS = ("left_asis", "right_asis", "left_psis", "right_psis", "sacrum")
THORAX = (
    *("c7", "t8", "t10", "suprasternal_notch", "xiphoid"),
    *("left_sternum", "right_sternum", "left_acromion", "right_acromion"),
)
_LIMB = {
    "thigh": ("thigh_wand", "lateral_epicondyle", "medial_epicondyle"),
    "shank": ("shank_wand", "lateral_malleolus", "medial_malleolus"),
    "foot": ("heel",),
}
SEGMENTS: Mapping[str, tuple[str, ...]] = {
    "pelvis": PELVIS,
    "thorax": THORAX,
    **{
        f"{side}_{part}": tuple(f"{side}_{name}" for name in names)
        for part, names in _LIMB.items()
        for side in SIDES
    },
}


def marker_points(recording: Recording) -> SpacePoints:
    """The one set of markers of a recording.

    Raises:
        NothingToMeasureError: there is none, or more than one.
    """
    found = [points for points in recording.space_points if points.kind == "markers"]
    if len(found) != 1:
        raise NothingToMeasureError(
            f"{recording.source or 'the recording'} must hold one set of markers, it holds {len(found)}",
            "measure markers of one person at a time",
        )
    return found[0]


def by_landmark(points: SpacePoints, where: MarkerMap) -> dict[str, Floats]:
    """Landmarks and cluster markers (``left_thigh/NAME``), (n_frames, 3) m; NaN where missing or 0 0 0."""
    columns = {**where.landmarks}
    for segment, further in where.clusters.items():
        columns |= {f"{segment}/{where.names[column]}": column for column in further}
    at = {}
    for name, column in columns.items():
        place = np.array(points.position_m[:, column])
        place[(place == 0.0).all(axis=-1)] = np.nan
        at[name] = place
    return at


def camera_sds(points: SpacePoints, where: MarkerMap) -> dict[str, float]:
    """Landmark -> standard deviation of the camera system, m."""
    sd = {name: float(points.sd_m[column]) for name, column in where.landmarks.items()}
    psis = [sd[name] for name in ("left_psis", "right_psis") if name in sd]
    if "sacrum" not in sd and psis:  # the middle of two markers
        sd["sacrum"] = float(np.linalg.norm(psis)) / len(psis)
    return sd


def members(segment: str, names: Sequence[str] | Mapping[str, object]) -> tuple[str, ...]:
    """The markers among ``names`` that move with a segment."""
    further = tuple(name for name in names if name.startswith(f"{segment}/"))
    return (*(name for name in SEGMENTS[segment] if name in names), *further)


def weights(names: Sequence[str], known: MarkerAssumptions) -> Floats:
    """How far each marker is believed to move with its segment, (n,), 1 the best of them."""
    skin = known.soft_tissue
    sd = []
    for name in names:
        segment, slash, _ = name.partition("/")
        of_cluster: Mapping[str, float] = {str(part): value for part, value in skin.cluster_sd_m.items()}
        sd.append(of_cluster[kind(segment)] if slash else skin.sd_m[kind(name)])
    inverse = 1.0 / (np.array(sd) ** 2 + 1e-6)  # a millimetre of the cameras' own
    return np.asarray(inverse / inverse.max(initial=1e-12))


def with_composites(at: dict[str, Floats]) -> dict[str, Floats]:
    """Adds what is the middle of two markers: the sacrum of the PSIS, the notch of a pair on the sternum."""
    for whole, pair in (("sacrum", "psis"), ("suprasternal_notch", "sternum")):
        left, right = (at.get(f"{side}_{pair}") for side in SIDES)
        if whole not in at and left is not None and right is not None:
            at[whole] = 0.5 * (left + right)
    return at
