"""A Motion: named angles of one person over time, each with its uncertainty and observability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = NDArray[np.float64]

#: Key of the diagnostics: coordinate -> the part of its standard deviation that is constant, deg (median).
CONSTANT_SD_DEG = "median_constant_sd_deg"
#: Key of the diagnostics: rows of the observability table that the sources obeyed, as far as they were read.
KINDS = "kinds"
#: Key of the diagnostics: where the only camera mostly saw the person from.
SEEN_FROM = "seen_from"
#: In a reason: between why a coordinate is not observed and what would tell it.
TO_SEE_IT = "; to see it: "


class Observability(IntEnum):
    """Whether this source can tell a coordinate at all. Only OBSERVED may carry a verdict."""

    NOT_OBSERVABLE = 0
    WEAK = 1
    OBSERVED = 2

    @property
    def label(self) -> str:
        """The word people read."""
        return ("not observable", "weak", "observed")[self]


@dataclass(frozen=True, slots=True)
class Motion:
    """Angles over time.

    Attributes:
        time_s: (n_frames,).
        coordinates: names, each saying its positive direction, (n_coordinates,).
        value: (n_frames, n_coordinates) rad; NaN where there is no estimate.
        sd: (n_frames, n_coordinates) rad, standard deviation of ``value``.
        observability: (n_frames, n_coordinates) of :class:`Observability`.
        reasons: coordinate -> why it is not (fully) observable from this source.
        source: where it came from, for people to read.
        diagnostics: figures about the fit and the film, plain JSON values.
    """

    time_s: Floats
    coordinates: tuple[str, ...]
    value: Floats
    sd: Floats
    observability: NDArray[np.uint8]
    reasons: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    diagnostics: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.time_s), len(self.coordinates))
        for name in ("value", "sd", "observability"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, expected {shape}")

    def __getitem__(self, coordinate: str) -> Floats:
        """Values of one coordinate, (n_frames,) rad."""
        return self.value[:, self.index(coordinate)]

    def index(self, coordinate: str) -> int:
        """Column of a coordinate; the error lists the valid names."""
        try:
            return self.coordinates.index(coordinate)
        except ValueError:
            valid = ", ".join(self.coordinates)
            raise KeyError(f"no coordinate {coordinate!r}; there are: {valid}") from None

    def constant_sd(self, coordinate: str) -> float:
        """The part of a coordinate's error that stays the same over the recording, rad.

        It drops out of changes. 0 where the estimator does not tell: changes then bear more error than they
        have, never less.
        """
        return float(np.radians(self.diagnostics.get(CONSTANT_SD_DEG, {}).get(coordinate, 0.0)))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Rows of the observability table that its sources obeyed; none where the estimator does not tell."""
        return tuple(self.diagnostics.get(KINDS, ()))

    @property
    def seen_from(self) -> str:
        """Where the only camera mostly saw the person from; empty where there are none, or several."""
        return str(self.diagnostics.get(SEEN_FROM, ""))

    def window(self, frames: slice) -> Self:
        """The same motion for some of its frames."""
        return replace(
            self,
            time_s=self.time_s[frames],
            value=self.value[frames],
            sd=self.sd[frames],
            observability=self.observability[frames],
        )

    @classmethod
    def concatenate(cls, parts: Sequence[Self]) -> Self:
        """Join consecutive motions of the same coordinates; the last one's notes are kept."""
        return replace(
            parts[-1],
            time_s=np.concatenate([part.time_s for part in parts]),
            value=np.concatenate([part.value for part in parts]),
            sd=np.concatenate([part.sd for part in parts]),
            observability=np.concatenate([part.observability for part in parts]),
        )

    def to_pandas(self) -> pd.DataFrame:
        """Tidy table: time_s, coordinate, value_deg, sd_deg, observability (a word)."""
        import pandas as pd

        n_frames, n_coordinates = self.value.shape
        labels = np.array([level.label for level in Observability])
        return pd.DataFrame(
            {
                "time_s": np.repeat(self.time_s, n_coordinates),
                "coordinate": np.tile(np.array(self.coordinates), n_frames),
                "value_deg": np.degrees(self.value).ravel(),
                "sd_deg": np.degrees(self.sd).ravel(),
                "observability": labels[self.observability.ravel()],
            }
        )

    def to_xarray(self) -> xr.Dataset:
        """Dataset over (time_s, coordinate) with value_deg, sd_deg and observability."""
        import xarray as xr

        dims = ("time_s", "coordinate")
        return xr.Dataset(
            {
                "value_deg": (dims, np.degrees(self.value), {"units": "deg"}),
                "sd_deg": (dims, np.degrees(self.sd), {"units": "deg"}),
                "observability": (
                    dims,
                    self.observability,
                    {"flag_values": [0, 1, 2], "flag_meanings": "not_observable weak observed"},
                ),
            },
            coords={"time_s": self.time_s, "coordinate": list(self.coordinates)},
            attrs={"source": self.source},
        )
