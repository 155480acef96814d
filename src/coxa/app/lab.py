"""A laboratory's own minimal detectable change, in place of the one that one recording's errors give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from coxa.model.assessment import Assessment, SideResult
from coxa.specs.reliability import ReliabilityFile


def with_reliability(found: Assessment, method: str, lab: ReliabilityFile | None) -> Assessment:
    """The assessment with the laboratory's figures, where it has shown some of exactly this method.

    What sides differ by is left as it is: repeated recordings say nothing of it.

    Args:
        found: of one recording.
        method: what it was measured with.
        lab: the laboratory's file; None: there is none.
    """
    if lab is None:
        return found
    results = tuple(_with_its_own(one, found.protocol, method, lab) for one in found.results)
    taken = [new.quantity for old, new in zip(found.results, results, strict=True) if new.mdc is not old.mdc]
    if not taken:
        return found
    of = f"{lab.laboratory}, version {lab.version}, for {', '.join(dict.fromkeys(taken))}"
    return replace(found, results=results, provenance={**found.provenance, "reliability": of})


def _with_its_own(one: SideResult, protocol: str, method: str, lab: ReliabilityFile) -> SideResult:
    row = lab.row(protocol, one.quantity, method)
    if row is None or not one.result.known:
        return one
    return replace(one, mdc=float(np.radians(row.minimal_detectable_deg)))
