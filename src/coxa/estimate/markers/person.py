"""What is constant about one person and marker set, and how each joint is found: settled before measuring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.markers.recognise import MarkerMap
from coxa.kinematics.rigid import RigidPose, rigid_pose
from coxa.specs.markers import Slope

Floats = NDArray[np.float64]

KneeRoad = Literal["two markers", "chord", "inward", ""]
AnkleRoad = Literal["two markers", "chord", "inward", "functional", "carried", ""]
ThoraxRoad = Literal["four markers", "c7_to_notch", "acromia_to_notch", "one trunk", ""]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Markers that move with one segment, their shape, and the points the segment carries besides.

    Attributes:
        members: names of the markers.
        shape: (n_members, 3) m.
        weights: (n_members,).
        carried: landmark -> (3,) m in the axes of the shape.
        rigid: the markers are put where the shape says, also where they are seen.
    """

    members: tuple[str, ...]
    shape: Floats
    weights: Floats
    carried: Mapping[str, Floats] = field(default_factory=dict)
    rigid: bool = False

    def pose(self, at: Mapping[str, Floats], least_spread: float) -> RigidPose:
        """Where the segment is."""
        points = np.stack([at[name] for name in self.members], axis=1)
        return rigid_pose(self.shape, points, self.weights, least_spread)


@dataclass(frozen=True, slots=True)
class HipCentre:
    """A hip centre in pelvic axes.

    Attributes:
        place: (3,) m from the middle of the ASIS.
        sd_m: along each axis.
        method: how it was found, for people to read.
    """

    place: Floats
    sd_m: float
    method: str


@dataclass(frozen=True, slots=True)
class Person:
    """Constants of one person in one marker set.

    Attributes:
        where: the marker set.
        clusters: segment -> its markers.
        hips: side -> hip centre.
        knee_roads: side -> how the knee centre and the femur's Z are found; empty: not at all.
        ankle_roads: side -> likewise.
        thorax_road: likewise.
        lumbosacral: (3,) m, the lumbosacral joint in pelvic axes.
        slope: of the line that stands in for the thorax's X, where its markers are fewer.
        offset_m: ``left_knee`` and the like -> from the lateral marker's centre to the joint's, m.
        offset_sd_m: its standard deviation.
        notes: what was decided and why; ``left_knee``, ``left_ankle``, ``left_hip``, ``thorax`` -> words.
    """

    where: MarkerMap
    clusters: Mapping[str, Cluster]
    hips: Mapping[str, HipCentre]
    knee_roads: Mapping[str, KneeRoad]
    ankle_roads: Mapping[str, AnkleRoad]
    thorax_road: ThoraxRoad
    lumbosacral: Floats
    slope: Slope
    offset_m: Mapping[str, float]
    offset_sd_m: Mapping[str, float]
    notes: Mapping[str, str]

    @property
    def carried(self) -> dict[str, str]:
        """Point that a segment carries -> the segment."""
        return {name: segment for segment, cluster in self.clusters.items() for name in cluster.carried}
