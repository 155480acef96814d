"""What groups, sessions and sides make of a quantity: linear mixed models, people at random.

By statsmodels (Lindstrom & Bates 1988, J Am Stat Assoc 83:1014), restricted maximum likelihood, Wald
intervals. The same person's figures go together, and those of the same limb more so. A figure's own standard
deviation does not weigh it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coxa.app.cohort.reliability import in_order
from coxa.app.statistics import Interval
from coxa.specs.cohort import CohortRules


@dataclass(frozen=True, slots=True)
class Term:
    """One fixed effect.

    Attributes:
        words: what it tells.
        estimate: with its 95 % interval, in the quantity's unit.
        p: of no effect; not adjusted for how many are looked at.
    """

    words: str
    estimate: Interval
    p: float


@dataclass(frozen=True, slots=True)
class Model:
    """One quantity of one method.

    Attributes:
        protocol: id of the test.
        quantity: of it.
        method: what it was measured with.
        unit: of the estimates.
        n_people: who are in it.
        n_values: that are in it.
        n_left_out: values that were not observed, or of nobody known.
        terms: fixed effects; none: it could not be fitted, and ``note`` says why.
        person_sd: between people.
        rest_sd: within a person and limb.
        note: what a reader should know; may be empty.
    """

    protocol: str
    quantity: str
    method: str
    unit: str
    n_people: int
    n_values: int
    n_left_out: int
    terms: tuple[Term, ...] = ()
    person_sd: float = float("nan")
    rest_sd: float = float("nan")
    note: str = ""


def models(results: pd.DataFrame, rules: CohortRules) -> Iterator[Model]:
    """A model for each quantity and method, as far as groups, sessions or sides differ in it.

    Args:
        results: rows of kind ``result``.
        rules: how many people a model needs.
    """
    for names, rows in results.groupby(["protocol", "quantity", "method"], sort=True):
        told = rows[(rows["observability"] == "observed") & rows["value"].notna() & (rows["person"] != "")]
        about = {
            "protocol": str(names[0]),
            "quantity": str(names[1]),
            "method": str(names[2]),
            "unit": str(rows["unit"].iloc[0]),
            "n_people": told["person"].nunique(),
            "n_values": len(told),
            "n_left_out": len(rows) - len(told),
        }
        factors = [name for name in ("group", "session", "side") if told[name].nunique() > 1]
        if factors and len(told):
            yield _model(told, factors, about, rules)


def _model(told: pd.DataFrame, factors: list[str], about: dict[str, Any], rules: CohortRules) -> Model:
    least = min(told.groupby(factors)["person"].nunique().reindex(_cells(told, factors), fill_value=0))
    if least < rules.least_people:
        note = f"some of its groups, sessions and sides have {least} people; it takes {rules.least_people}"
        return Model(**about, note=note)
    repeated = bool(told.groupby(["person", "side"])["value"].count().max() > 1)
    limbs = {"limb": "0 + C(side)"} if "side" in factors and repeated else None
    try:
        fitted, note = _fitted(told, _formula(factors), limbs)
        if limbs and not np.isfinite(fitted.bse_fe).all():
            fitted, note = _fitted(told, _formula(factors), None)
            note = "; ".join(part for part in (note, "a person's limbs are not told apart") if part)
    except (np.linalg.LinAlgError, ValueError) as error:
        return Model(**about, note=f"it cannot be fitted: {error}"[:200])
    if not np.isfinite(fitted.bse_fe).all():
        return Model(**about, note="it cannot be fitted: the errors of its effects are not to be had")
    bounds, names = fitted.conf_int(), [name for name in fitted.fe_params.index if name != "Intercept"]
    terms = tuple(
        Term(
            _words(name, told),
            Interval(float(fitted.fe_params[name]), *(float(end) for end in bounds.loc[name])),
            float(fitted.pvalues[name]),
        )
        for name in names
    )
    person = float(np.sqrt(max(float(np.asarray(fitted.cov_re).ravel()[0]), 0.0)))
    return Model(**about, terms=terms, person_sd=person, rest_sd=float(np.sqrt(fitted.scale)), note=note)


def _cells(told: pd.DataFrame, factors: list[str]) -> Any:
    levels = [sorted(told[name].unique()) for name in factors]
    return levels[0] if len(factors) == 1 else pd.MultiIndex.from_product(levels, names=factors)


def _formula(factors: list[str]) -> str:
    """Groups may change differently from session to session; sides are a shift."""
    main = " * ".join(f"C({name})" for name in factors if name != "side")
    return "value ~ " + " + ".join(part for part in (main, "C(side)" if "side" in factors else "") if part)


def _fitted(told: pd.DataFrame, formula: str, limbs: dict[str, str] | None) -> tuple[Any, str]:
    """The fit, and what is to be said of it."""
    from statsmodels.formula.api import mixedlm
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    frame = told[["value", "person", "group", "side"]].copy()
    order = told["session"].drop_duplicates().sort_values(key=in_order)
    frame["session"] = pd.Categorical(told["session"], order)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fitted = mixedlm(formula, frame, groups="person", re_formula="1", vc_formula=limbs).fit(
            reml=True, method=["lbfgs", "powell"]
        )
    edge = any("boundary" in str(one.message) or "singular" in str(one.message) for one in said)
    lost = any(issubclass(one.category, ConvergenceWarning) for one in said) and not fitted.converged
    notes = ["a variance is at nought"] * edge + ["the fit did not settle: not to be relied on"] * lost
    return fitted, "; ".join(notes)


def _words(name: str, told: pd.DataFrame) -> str:
    """``C(group)[T.b]:C(session)[T.2]`` as people say it."""
    parts = []
    for part in name.split(":"):
        factor, _, level = part.partition("[T.")
        factor = factor.removeprefix("C(").removesuffix(")")
        first = told[factor].sort_values(key=in_order).iloc[0]
        parts.append(f"{factor} {level.removesuffix(']')} against {first or 'none'}")
    return ", beyond that: ".join(parts)
