"""Walking: events, cycles, and what hips, pelvis and trunk do over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.assess.reading import Reading, resolved
from coxa.kinematics.gait import Leg, cycles, foot_path, normalised, steps
from coxa.model.assessment import Curve, Estimate
from coxa.model.channels import Event
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion, Observability
from coxa.specs.gait import Band, GaitNorms

Floats = NDArray[np.float64]

STRIKE, OFF = "Foot Strike", "Foot Off"
_PERCENT = np.linspace(0.0, 100.0, 101)


def events(motion: Motion, norms: GaitNorms) -> tuple[Event, ...]:
    """Foot strikes and offs of both sides, in order of time; none where the legs are not seen."""
    found = []
    leg = Leg(norms.leg.thigh, norms.leg.shank, norms.leg.heel, norms.leg.toe)
    for side in SIDES:
        names = ("pelvis_anterior_tilt", f"hip_flexion_{side}", f"knee_flexion_{side}")
        tilt, hip, knee = (Reading.of(motion, name).value for name in names)
        if np.isnan(tilt).all():  # a camera that cannot see the tilt: the thigh against the trunk instead
            tilt, hip = np.zeros_like(knee), Reading.of(motion, f"thigh_trunk_angle_{side}").value
        ankle = Reading.of(motion, f"ankle_dorsiflexion_{side}").value
        if np.isnan(hip + knee).all():
            continue
        path = foot_path(tilt, hip, knee, ankle, leg)
        strikes, offs = steps(path, motion.time_s, norms.least_step, norms.planted_share)
        found += [Event(float(motion.time_s[frame]), STRIKE, side) for frame in strikes]
        found += [Event(float(motion.time_s[frame]), OFF, side) for frame in offs]
    return tuple(sorted(found, key=lambda event: event.time_s))


def spans_of(happened: Sequence[Event], side: str, norms: GaitNorms) -> list[tuple[float, float]]:
    """Gait cycles of one side, s."""
    strikes = [one.time_s for one in happened if one.label == STRIKE and one.side == side]
    return cycles(np.array(sorted(strikes)), norms.longest_cycle_s)


def curves(
    motion: Motion, happened: Sequence[Event], coordinates: Sequence[str], norms: GaitNorms
) -> tuple[Curve, ...]:
    """Coordinates (``SIDE`` filled in) over the cycles of each side; those not observed are left out."""
    return tuple(
        curve
        for side in SIDES
        for name in coordinates
        if (curve := _curve(motion, happened, name, side, norms)) is not None
    )


def _curve(motion: Motion, happened: Sequence[Event], name: str, side: str, norms: GaitNorms) -> Curve | None:
    reading = Reading.of(motion, resolved(name, side))
    seen = np.where(reading.level == Observability.OBSERVED, reading.value, np.nan)
    spans = spans_of(happened, side, norms)
    rows = normalised(seen, motion.time_s, spans)
    whole = np.isfinite(rows).all(axis=1)
    rows = rows[whole]
    if len(rows) < norms.min_cycles:
        return None
    own = normalised(reading.sd, motion.time_s, spans)[whole]
    changing = np.maximum((own**2).mean(axis=0) - reading.constant_sd**2, 0.0)
    spread = rows.var(axis=0, ddof=1) if len(rows) > 1 else np.zeros(rows.shape[1])
    mean = rows.mean(axis=0)
    return Curve(
        quantity=resolved(name, side),
        side=side,
        percent=_PERCENT,
        mean=mean,
        sd=np.sqrt(np.maximum(spread, changing) / len(rows) + reading.constant_sd**2),
        n_cycles=len(rows),
        band=_band(norms.bands.get(name), mean),
        constant_sd=reading.constant_sd,
    )


def _band(band: Band | None, mean: Floats) -> Floats | None:
    """The published curve, one sd to either side, moved to this person's level: only its shape counts."""
    if band is None:
        return None
    middle = np.radians(np.interp(_PERCENT, band.percent, band.mean_deg))
    spread = np.radians(np.interp(_PERCENT, band.percent, band.sd_deg))
    level = float(mean.mean() - middle.mean())
    return np.column_stack([middle - spread, middle + spread]) + level


def measures(
    motion: Motion, happened: Sequence[Event], found: Sequence[Curve], norms: GaitNorms
) -> dict[str, Estimate]:
    """Times and ranges by name: s and rad."""
    return dict([*_times(happened, norms), *_ranges(found, norms)])


def _times(happened: Sequence[Event], norms: GaitNorms) -> Iterator[tuple[str, Estimate]]:
    for side in SIDES:
        spans = spans_of(happened, side, norms)
        if not spans:
            continue
        lengths = np.array([end - start for start, end in spans])
        yield f"cycle.{side}", _mean(lengths, "s")
        offs = np.array([one.time_s for one in happened if one.label == OFF and one.side == side])
        stance = [
            (inside[0] - start) / (end - start)
            for start, end in spans
            if len(inside := offs[(offs > start) & (offs < end)])
        ]
        if stance:
            yield f"stance_share.{side}", _mean(np.array(stance), "1")


def _ranges(found: Sequence[Curve], norms: GaitNorms) -> Iterator[tuple[str, Estimate]]:
    for curve in found:
        low, high = int(curve.mean.argmin()), int(curve.mean.argmax())
        yield f"range.{curve.quantity}.{curve.side}", _difference(curve, high, low)
        if curve.quantity.startswith("hip_internal_rotation"):
            loading = _within(curve, norms.loading_percent)
            leaving = _within(curve, norms.push_off_percent)
            top, bottom = loading[curve.mean[loading].argmax()], leaving[curve.mean[leaving].argmin()]
            yield f"internal_at_loading.{curve.side}", _difference(curve, int(top), int(loading[0]))
            yield f"external_towards_push_off.{curve.side}", _difference(curve, int(top), int(bottom))


def _difference(curve: Curve, here: int, there: int) -> Estimate:
    """Of two points of one curve; what all of it shares drops out."""
    variance = np.maximum(curve.sd[[here, there]] ** 2 - curve.constant_sd**2, 0.0).sum()
    return Estimate(float(curve.mean[here] - curve.mean[there]), float(np.sqrt(variance)))


def _within(curve: Curve, percent: tuple[float, float]) -> NDArray[np.int64]:
    return np.flatnonzero((curve.percent >= percent[0]) & (curve.percent <= percent[1]))


def _mean(values: Floats, unit: str) -> Estimate:
    sd = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")
    return Estimate(float(values.mean()), sd, unit)
