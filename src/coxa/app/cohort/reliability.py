"""How well a method repeats itself, from recordings repeated of the same people: ICC, SEM, MDC.

One way, random effects (Shrout & Fleiss 1979, Psychol Bull 86:420, model 1): whatever differs from one
repetition to the next, the systematic too, is error. A limb of a person is a target; people may be repeated
unequally often (Donner 1986, Int Stat Rev 54:67, for the size that stands for all).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from coxa.app.statistics import UNKNOWN, Interval
from coxa.model.normal import MDC_PER_SEM

Floats = NDArray[np.float64]

#: What belongs together: one quantity by one method.
OF = ["protocol", "quantity", "method"]


@dataclass(frozen=True, slots=True)
class Repeated:
    """One quantity by one method, repeated.

    Attributes:
        protocol: id of the test.
        quantity: of it.
        method: what it was measured with.
        unit: of SEM, MDC and shift.
        n_people: who were measured more than once.
        n_targets: their limbs, or they themselves where the quantity has no side.
        n_recordings: of them.
        icc: ICC(1,1) with its 95 % interval.
        sem: standard error of measurement with its 95 % interval.
        mdc: minimal detectable change at 95 %.
        shift: mean of the last repetition less the first, with its 95 % interval: learning, fatigue, healing.
    """

    protocol: str
    quantity: str
    method: str
    unit: str
    n_people: int
    n_targets: int
    n_recordings: int
    icc: Interval
    sem: Interval
    mdc: float
    shift: Interval


def repeated(results: pd.DataFrame) -> Iterator[Repeated]:
    """Reliability of everything that was measured at least twice of the same people.

    Args:
        results: rows of kind ``result``; those that were not observed, or have no person, are left out.
    """
    told = results[
        (results["observability"] == "observed") & results["value"].notna() & (results["person"] != "")
    ]
    for names, rows in told.groupby(OF, sort=True):
        ordered = rows.sort_values("session", key=in_order, kind="stable")
        targets = [one for one in ordered.groupby(["person", "side"], sort=True) if len(one[1]) > 1]
        if len(targets) < 2:
            continue
        values = [one["value"].to_numpy(float) for _, one in targets]
        sem = standard_error(values)
        yield Repeated(
            protocol=str(names[0]),
            quantity=str(names[1]),
            method=str(names[2]),
            unit=str(rows["unit"].iloc[0]),
            n_people=len({name[0] for name, _ in targets}),
            n_targets=len(targets),
            n_recordings=len({key for _, one in targets for key in one["key"]}),
            icc=icc_1_1(values),
            sem=sem,
            mdc=float(MDC_PER_SEM * sem.value),
            shift=_shift(values),
        )


def in_order(labels: pd.Series) -> pd.Series:
    """Sessions as people count them: 2 before 10, days by date."""
    width = max((len(label) for label in labels.astype(str)), default=0)
    return labels.astype(str).map(lambda label: label.rjust(width, "0") if label.isdecimal() else label)


def icc_1_1(values: list[Floats]) -> Interval:
    """Intraclass correlation of one measurement, one way.

    Args:
        values: of each target, (k,) with k of its own, at least 2.
    """
    between, within, n, size, freedom = _one_way(values)
    if freedom < 1 or between + (size - 1) * within <= 0.0:
        return UNKNOWN
    value = (between - within) / (between + (size - 1) * within)
    if within <= 0.0:
        return Interval(value, value, value)
    ratio = between / within
    low = ratio / float(stats.f.ppf(0.975, n - 1, freedom))
    high = ratio * float(stats.f.ppf(0.975, freedom, n - 1))
    return Interval(float(value), (low - 1) / (low + size - 1), (high - 1) / (high + size - 1))


def standard_error(values: list[Floats]) -> Interval:
    """Standard error of measurement: root of the mean square within targets; its interval by chi-square."""
    _, within, _, _, freedom = _one_way(values)
    if freedom < 1:
        return UNKNOWN
    ends = stats.chi2.ppf([0.975, 0.025], freedom)
    low, high = np.sqrt(within * freedom / ends)
    return Interval(float(np.sqrt(within)), float(low), float(high))


def _one_way(values: list[Floats]) -> tuple[float, float, int, float, int]:
    """Mean squares between and within, number of targets, the size that stands for all, degrees within."""
    count = np.array([len(one) for one in values], float)
    mean = np.array([one.mean() for one in values])
    n, total = len(values), count.sum()
    middle = (count * mean).sum() / total
    between = float((count * (mean - middle) ** 2).sum() / (n - 1))
    freedom = int(total) - n
    within = float(sum(((one - own) ** 2).sum() for one, own in zip(values, mean, strict=True)) / freedom)
    return between, within, n, float((total - (count**2).sum() / total) / (n - 1)), freedom


def _shift(values: list[Floats]) -> Interval:
    """Last less first, Student's interval."""
    differences = np.array([one[-1] - one[0] for one in values])
    middle, n = float(differences.mean()), len(differences)
    half = float(stats.t.ppf(0.975, n - 1) * differences.std(ddof=1) / np.sqrt(n))
    return Interval(middle, middle - half, middle + half)
