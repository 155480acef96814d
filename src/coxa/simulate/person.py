"""A person: sizes and the places where each detector believes the landmarks to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.specs.estimator import BodyPriors, DetectorSpec

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Person:
    """One person.

    Attributes:
        body: the model the person is an instance of.
        lengths: (n_lengths,) logarithms: stature over the model's, then every proportion.
        stature_m: the person's height.
        offsets: detector -> landmark -> (3,) [m], in the segment's axes, beyond the detector's usual place.
    """

    body: BodyModel
    lengths: Floats
    stature_m: float
    offsets: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        body: BodyModel,
        priors: BodyPriors,
        stature_m: float,
        proportions: Mapping[str, float] | None = None,
    ) -> Self:
        """A stated person; ``proportions`` are factors by the names of ``priors.lengths``, 1 unless told."""
        told = proportions or {}
        unknown = set(told) - set(priors.lengths)
        if unknown:
            raise KeyError(f"no length {sorted(unknown)}; there are: {', '.join(priors.lengths)}")
        logarithms = [np.log(told.get(name, 1.0)) for name in body.lengths[1:]]
        return cls(body, np.array([np.log(stature_m / priors.model_stature_m), *logarithms]), stature_m)

    @classmethod
    def drawn(cls, body: BodyModel, priors: BodyPriors, rng: np.random.Generator) -> Self:
        """A person as the priors say they come."""
        spread = priors.stature_sd_m / priors.stature_mean_m
        stature = priors.stature_mean_m * float(np.exp(rng.normal(0.0, spread)))
        proportions = {
            name: float(np.exp(rng.normal(0.0, prior.sd))) for name, prior in priors.lengths.items()
        }
        return cls.of(body, priors, stature, proportions)

    @property
    def size(self) -> float:
        """Stature over the model's."""
        return float(np.exp(self.lengths[0]))

    def with_offsets(self, detector: DetectorSpec, rng: np.random.Generator) -> Self:
        """The same person, where this detector's landmarks sit drawn from its priors."""
        drawn = {
            name: rng.normal(size=3) * np.array(entry.offset_sd_m)
            for name, entry in detector.landmarks.items()
        }
        return replace(self, offsets={**self.offsets, detector.name: drawn})

    def landmark(self, detector: DetectorSpec, name: str) -> tuple[int, Floats]:
        """(segment, place in it (3,) [m]) of a detector's landmark on this person."""
        entry = detector.landmarks[name]
        owner, place = self.body.sites[entry.site]
        scaled = place * self.body.length_factor(self.lengths)[self.body.length_of_site[entry.site]]
        lateral = -1.0 if _is_left(entry.site) else 1.0
        usual = np.array(entry.offset_m) * [1.0, 1.0, lateral]
        own = self.offsets.get(detector.name, {}).get(name, np.zeros(3))
        return owner, scaled + usual + own


def _is_left(site: str) -> bool:
    return site.startswith(("left_", "L"))
