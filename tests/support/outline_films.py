"""What the outline of the back tells of rendered people, against the person's own neutral stance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.seen import Seen
from coxa.catalog.loader import outline_rules
from coxa.model.keypoints import BackReading
from coxa.specs.outline import OutlineSpec

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """Lumbar flexion against the person's own neutral stance, in the frames that told it, deg.

    Attributes:
        true: (n,).
        read: (n,).
        sd: (n,).
        n_frames: of the film, told or not.
        offset: of the person's standing outline from the average one.
        faults: why frames told nothing, one each.
    """

    true: Floats
    read: Floats
    sd: Floats
    n_frames: int
    offset: float
    faults: tuple[str, ...]


def change(seen: Seen, readings: list[BackReading] | None = None, spec: OutlineSpec | None = None) -> Change:
    """Held against the first neutral stance; nothing is told where there was none."""
    rules = spec or outline_rules()
    told = readings or seen.readings(rules)
    value = np.degrees([one.lumbar_flexion_rad for one in told])
    sd = np.degrees([one.sd_rad for one in told])
    faults = tuple(one.fault for one in told if one.fault)
    standing = np.array([one.standing for one in told]) & np.isfinite(value)
    if not standing.any():
        none = np.zeros(0)
        return Change(none, none, none, len(told), np.nan, (*faults, "no neutral stance"))
    first = seen.time_s[standing][0]
    neutral = standing & (seen.time_s <= first + rules.standing.seconds + 0.04)
    share = sd[neutral] ** -2.0 / np.sum(sd[neutral] ** -2.0)
    offset, offset_variance = float(share @ value[neutral]), 1.0 / float(np.mean(sd[neutral] ** -2.0))
    known = np.isfinite(value)
    read = value[known] - offset
    total = np.sqrt(sd[known] ** 2 + offset_variance + (rules.reading.lumbar.gain_sd * read) ** 2)
    true = seen.truth_deg["lumbar_flexion"][known]
    return Change(true, read, total, len(told), offset, faults)


def area_under_curve(bent: Floats, straight: Floats) -> float:
    """Probability that a bent back reads more than a straight one (ROC); NaN where one kind is missing."""
    if not len(bent) or not len(straight):
        return float("nan")
    more = bent[:, None] > straight[None]
    return float(np.mean(more + 0.5 * (bent[:, None] == straight[None])))
