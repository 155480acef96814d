"""Whether one camera, where an exercise wants it, has been shown to tell what repetitions are counted by."""

from __future__ import annotations

from math import sqrt

from coxa.catalog import loader
from coxa.estimate.observability import ability_of
from coxa.simulate.rehearse import CLEARLY
from coxa.specs.estimator import Ability
from coxa.specs.exercise import ExerciseSpec, Signal

_ONE_CAMERA = ("pose_network",)


def uncounted(spec: ExerciseSpec) -> str:
    """The coordinate that one camera cannot count by; empty: it can, or nothing is counted."""
    if spec.signal is None:
        return ""
    coordinate = spec.signal.coordinate.replace("SIDE", "right")
    view = spec.camera.view
    found = ability_of(coordinate, _ONE_CAMERA, loader.observability(), view=None if view == "any" else view)
    return "" if found.at_best == "observed" or _large(spec.signal, found) else coordinate


def _large(signal: Signal, found: Ability) -> bool:
    """Whether people go so far that a weak angle tells it: the coach counts what surely happened."""
    doubt_deg = loader.coach_rules().weak_sds * sqrt(2.0) * found.method_sd_deg
    return found.at_best == "weak" and signal.expected_deg >= CLEARLY * doubt_deg
