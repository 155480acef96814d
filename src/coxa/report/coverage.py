"""How often stated intervals held the truth, as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from coxa.app.agreement import CoverageRow

HEAD = (
    f"{'coordinate':<32} {'frames':>8} {'RMSE':>6} {'sd':>6} {'bias':>6}  in 68%  in 95%  observed  weak  "
    "in 95% where observed"
)


def line(row: CoverageRow) -> str:
    """One row; angles in degrees, shares of frames in per cent."""
    return (
        f"{row.coordinate:<32} {row.n_frames:>8} {row.rmse_deg:>6.1f} {row.median_sd_deg:>6.1f} "
        f"{row.bias_deg:>6.1f} {100 * row.within_68:>7.1f} {100 * row.within_95:>7.1f} "
        f"{100 * row.observed:>9.1f} {100 * row.weak:>5.1f} {100 * row.within_95_observed:>6.1f}"
    )


def lines(rows: Iterable[CoverageRow]) -> Iterator[str]:
    """A table with its head."""
    yield HEAD
    for row in rows:
        yield line(row)
