"""How independently two segments move: timing, share, coupling, phase, and one score made of them.

``mover`` is the segment that should move, ``other`` the one that should stay. Definitions follow the
limb-driven tests (Gombatto 2006, Clin Biomech 21:263; Hoffman 2011, Arch Phys Med Rehabil 92:1053;
Scholtes 2009, Clin Biomech 24:7), vector coding (Chang 2008; Needham 2014) and relative phase (Lamb &
Stöckl 2014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from coxa.assess.onset import onset
from coxa.assess.reading import Reading
from coxa.kinematics.coordination import CHANG, chang_shares, coupling, relative_phase
from coxa.model.assessment import EARLY, UNKNOWN, Estimate, Repetition
from coxa.model.motion import Motion, Observability
from coxa.specs.assess import AssessRules

Floats = NDArray[np.float64]


def dissociation(
    motion: Motion, found: Sequence[Repetition], mover: Reading, other: Reading, rules: AssessRules
) -> dict[str, Estimate]:
    """Measures over the repetitions; empty where either segment is not observed, or nothing was done.

    Returns:
        ``other_motion`` rad: how far the other segment went. ``other_share``: of both together, 0..1.
        ``other_share_at_60``: how much of its own motion the other had done at 60 % of the mover's.
        ``before_other`` rad: how far the mover went before the other began. ``onset_delay`` s.
        ``in_phase``, ``anti_phase``, ``proximal`` (mostly the other moves), ``distal`` (mostly the mover):
        shares of the time that anything moves.
        ``relative_phase`` rad: mean size. ``score`` 0..100: see :func:`score`.
    """
    spans = [_frames(motion.time_s, one) for one in found]
    seen = [span for span in spans if _observed(mover, span) and _observed(other, span)]
    rows = [_measured(motion, span, mover, other, rules) for span in seen]
    if not rows:
        return {}
    measures = {name: _over_repetitions([row[name] for row in rows]) for name in rows[0]}
    measures["score"] = score(measures["other_share"], measures["begun_alone"])
    del measures["begun_alone"]
    return measures


def score(other_share: Estimate, begun_alone: Estimate) -> Estimate:
    """0..100: half for how little the other segment went, half for how late it began.

    100 when it did not move at all, 50 when it went as far as the mover but only at the very end, 0 when
    both did the same from the start. A summary of ours: nothing published stands behind its scale.

    Args:
        other_share: its share of both motions, 0 (still) to 0.5 (as far) and beyond.
        begun_alone: share of the mover's motion done before the other began, 0..1.
    """
    still = float(np.clip(1.0 - 2.0 * other_share.value, 0.0, 1.0))
    value = 50.0 * (still + begun_alone.value)
    return Estimate(value, 50.0 * float(np.hypot(2.0 * other_share.sd, begun_alone.sd)), "points")


def _frames(time_s: Floats, one: Repetition) -> tuple[int, int]:
    start, peak = np.searchsorted(time_s, [one.start_s, one.peak_s])
    return int(start), int(peak)


def _observed(reading: Reading, span: tuple[int, int]) -> bool:
    return reading.worst_level(slice(span[0], span[1] + 1)) is Observability.OBSERVED


def _measured(
    motion: Motion, span: tuple[int, int], mover: Reading, other: Reading, rules: AssessRules
) -> dict[str, Estimate]:
    start, peak = span
    frames = slice(start, peak + 1)
    moved = mover.change(start, peak)
    furthest = start + int(np.argmax(np.abs(other.value[frames] - other.value[start])))
    went = other.change(start, furthest)
    went = Estimate(abs(went.value), went.sd)
    begun = onset(other.value, motion.time_s, start, peak + 1, rules)
    began = onset(mover.value, motion.time_s, start, peak + 1, rules)
    alone = mover.change(start, peak if begun is None else begun)
    outward = Estimate(float(np.sign(moved.value)) * alone.value, alone.sd)
    measures = {
        "other_motion": went,
        "other_share": _share_of_both(went, moved),
        "other_share_at_60": _early_share(mover, other, span, went),
        "before_other": outward,
        "begun_alone": _ratio(alone, moved),
        "onset_delay": Estimate(_delay(motion.time_s, began, begun), 0.0, "s"),
    }
    return measures | dict(_coupled(motion.time_s[frames], mover.value[frames], other.value[frames], rules))


def _share_of_both(went: Estimate, moved: Estimate) -> Estimate:
    both = went.value + abs(moved.value)
    if not both > 0:
        return UNKNOWN
    # d/da a/(a+b) = b/(a+b)^2, d/db = -a/(a+b)^2
    sd = float(np.hypot(abs(moved.value) * went.sd, went.value * moved.sd)) / both**2
    return Estimate(went.value / both, sd, "1")


def _ratio(part: Estimate, whole: Estimate) -> Estimate:
    if not whole.value:
        return UNKNOWN
    value = float(np.clip(part.value / whole.value, 0.0, 1.0))
    return Estimate(value, float(part.sd / abs(whole.value)), "1")


def _early_share(mover: Reading, other: Reading, span: tuple[int, int], went: Estimate) -> Estimate:
    """How much of its own motion the other had done at 60 % of the mover's; unknown if it hardly moved."""
    start, peak = span
    level = mover.value[start] + EARLY * (mover.value[peak] - mover.value[start])
    early = start + int(np.argmax(mover.value[start : peak + 1] >= level))
    if went.value <= went.sd:
        return UNKNOWN
    then = other.change(start, early)
    return Estimate(abs(then.value) / went.value, then.sd / went.value, "1")


def _delay(time_s: Floats, began: int | None, begun: int | None) -> float:
    if began is None or begun is None:
        return float("nan")
    return float(time_s[begun] - time_s[began])


def _coupled(
    time_s: Floats, mover: Floats, other: Floats, rules: AssessRules
) -> Iterator[tuple[str, Estimate]]:
    """Other is proximal, mover distal, as pelvis and thigh are."""
    angle = coupling(other, mover, time_s, np.radians(rules.still_deg_s)).angle
    for name in CHANG:
        yield name, Estimate(chang_shares(angle)[name], 0.0, "1")
    moved = np.ptp(other) > np.radians(rules.onset_min_deg) and len(other) > 2
    phase = float(np.mean(np.abs(relative_phase(other, mover)))) if moved else float("nan")
    yield "relative_phase", Estimate(phase, 0.0)


def _over_repetitions(figures: Sequence[Estimate]) -> Estimate:
    """Mean; error from the spread between repetitions or from the figures' own errors, the larger."""
    known = [figure for figure in figures if figure.known]
    if not known:
        return UNKNOWN
    values = np.array([figure.value for figure in known])
    own = float(np.mean([figure.sd**2 for figure in known]))
    spread = float(values.var(ddof=1)) if len(values) > 1 else 0.0
    sd = float(np.sqrt(max(own, spread) / len(values)))
    return Estimate(float(values.mean()), sd, known[0].unit)
