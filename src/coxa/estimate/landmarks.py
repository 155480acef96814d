"""Where a source's points sit on the body, and the shared parameters they bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.specs.estimator import BodyPriors, DetectorSpec

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_OFFSET = -1
_LEAST_SD = 1e-5


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Points of one source, tied to segments.

    Attributes:
        names: as the source names them, (n_points,).
        columns: (n_points,) where they are among the source's points.
        owner: (n_points,) segment.
        local_m: (n_points, 3) place in the segment at the model's stature.
        length: (n_points, 3) which length scales each component.
        offset: (n_points,) first of the three shared parameters that hold its offset, or NO_OFFSET.
        noise_px: (n_points,) image noise that does not depend on distance.
        noise_m: (n_points,) noise in the room.
        depth_sd_m: (n_points,), NaN: depth not used.
        drift_m: (n_points,) error across the line of sight that persists.
        depth_drift_m: (n_points,) error along it that persists.
    """

    names: tuple[str, ...]
    columns: Ints
    owner: Ints
    local_m: Floats
    length: Ints
    offset: Ints
    noise_px: Floats
    noise_m: Floats
    depth_sd_m: Floats
    drift_m: Floats
    depth_drift_m: Floats

    @property
    def arrays(self) -> tuple[Ints, Floats, Ints, Ints]:
        """What the compiled kernels take, in their order."""
        return self.owner, self.local_m, self.length, self.offset

    @property
    def hips(self) -> Ints:
        """(2,) where the hips are among the points, which depth is counted from; none without both."""
        hips = [self.names.index(name) for name in ("left_hip", "right_hip") if name in self.names]
        return np.array(hips if len(hips) == 2 else [], np.int64)


class SharedParameters:
    """Lays out the parameters that all frames share: log-lengths first, then landmark offsets [m]."""

    def __init__(self, body: BodyModel, priors: BodyPriors, height_m: float | None) -> None:
        told = height_m is not None
        stature = priors.stature_mean_m if height_m is None else height_m
        stature_sd = priors.told_stature_sd_m if told else priors.stature_sd_m
        self.body = body
        self.mean = [float(np.log(stature / priors.model_stature_m)), *[0.0] * len(priors.lengths)]
        self.sd = [stature_sd / stature, *[prior.sd for prior in priors.lengths.values()]]

    def add(self, detector: DetectorSpec, names: tuple[str, ...]) -> Landmarks:
        """Tie the points of a source that its detector knows to the body."""
        rows = [(column, name) for column, name in enumerate(names) if name in detector.landmarks]
        noise = [detector.landmarks[name] for _, name in rows]
        sites = [self.body.sites[entry.site] for entry in noise]
        lateral = [
            -1.0 if self.body.bodies[owner].endswith("_left") or entry.site.startswith(("left", "L")) else 1.0
            for (owner, _), entry in zip(sites, noise, strict=True)
        ]
        return Landmarks(
            names=tuple(name for _, name in rows),
            columns=np.array([column for column, _ in rows], np.int64),
            owner=np.array([owner for owner, _ in sites], np.int64),
            local_m=np.array(
                [
                    place + np.array(entry.offset_m) * [1, 1, side]
                    for (_, place), entry, side in zip(sites, noise, lateral, strict=True)
                ]
            ).reshape(-1, 3),
            length=np.array([self.body.length_of_site[entry.site] for entry in noise], np.int64).reshape(
                -1, 3
            ),
            offset=np.array([self._add_offset(entry.offset_sd_m) for entry in noise], np.int64),
            noise_px=np.array([entry.noise_px for entry in noise]),
            noise_m=np.array([entry.noise_m for entry in noise]),
            depth_sd_m=np.array(
                [np.nan if entry.depth_sd_m is None else entry.depth_sd_m for entry in noise]
            ),
            drift_m=np.array([entry.drift_m for entry in noise]),
            depth_drift_m=np.array([entry.depth_drift_m for entry in noise]),
        )

    def _add_offset(self, sd_m: tuple[float, float, float]) -> int:
        if not any(sd_m):
            return NO_OFFSET
        return self.add_unknown(sd_m)

    def add_unknown(self, sd: Iterable[float]) -> int:
        """Add parameters about zero with these standard deviations; returns where the first one is."""
        first = len(self.mean)
        # A component that is known exactly still needs a proper prior.
        self.sd += [max(float(one), _LEAST_SD) for one in sd]
        self.mean += [0.0] * (len(self.sd) - first)
        return first
