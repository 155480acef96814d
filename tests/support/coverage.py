"""How often stated intervals hold the truth, per coordinate, both sides together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability

Floats = NDArray[np.float64]

KNEE_LEVER_RAD = np.radians(30.0)


@dataclass(frozen=True)
class Row:
    """Errors of one coordinate in deg, and shares of frames."""

    n_frames: int
    rmse_deg: float
    bias_deg: float
    median_sd_deg: float
    within_68: float
    within_95: float
    observed: float
    weak: float
    within_95_observed: float


def base(coordinate: str) -> str:
    """The name without its side."""
    return coordinate.removesuffix("_left").removesuffix("_right")


def coverage(pairs: Iterable[tuple[Motion, Motion]]) -> Mapping[str, Row]:
    """Rows by coordinate from (estimated, true) motions; hip rotation counts where the knee is a lever."""
    gathered: dict[str, list[Floats]] = {}
    for estimated, true in pairs:
        for k, name in enumerate(ALL):
            error = estimated.value[:, k] - true.value[:, k]
            error = np.degrees(error - 2 * np.pi * np.round(error / (2 * np.pi)))
            counts = np.isfinite(error)
            if "internal_rotation" in name:
                counts &= true[f"knee_flexion_{name.rsplit('_', 1)[1]}"] >= KNEE_LEVER_RAD
            table = np.stack([error, np.degrees(estimated.sd[:, k]), estimated.observability[:, k]])
            gathered.setdefault(base(name), []).append(table[:, counts])
    whole = {name: np.concatenate(parts, axis=1) for name, parts in gathered.items()}
    return {name: _row(*table) for name, table in whole.items() if table.shape[1]}


def _row(error: Floats, sd: Floats, level: Floats) -> Row:
    within = np.abs(error) <= 1.96 * sd
    observed = level == Observability.OBSERVED
    return Row(
        n_frames=len(error),
        rmse_deg=float(np.sqrt(np.mean(error**2))),
        bias_deg=float(error.mean()),
        median_sd_deg=float(np.median(sd)),
        within_68=float(np.mean(np.abs(error) <= 0.9945 * sd)),
        within_95=float(within.mean()),
        observed=float(observed.mean()),
        weak=float(np.mean(level == Observability.WEAK)),
        within_95_observed=float(within[observed].mean()) if observed.any() else float("nan"),
    )


def table(rows: Mapping[str, Row]) -> str:
    """The rows as text."""
    lines = [
        f"{'deg':<32}{'frames':>8}{'rmse':>7}{'bias':>7}{'sd':>7}{'68%':>7}{'95%':>7}"
        f"{'observed':>10}{'weak':>7}{'95% obs.':>10}"
    ]
    for name, row in rows.items():
        lines.append(
            f"{name:<32}{row.n_frames:>8}{row.rmse_deg:>7.1f}{row.bias_deg:>7.1f}{row.median_sd_deg:>7.1f}"
            f"{row.within_68:>7.2f}{row.within_95:>7.2f}{row.observed:>10.2f}{row.weak:>7.2f}"
            f"{row.within_95_observed:>10.2f}"
        )
    return "\n".join(lines)
