"""Whether one camera, where an exercise wants it, has been shown to tell what repetitions are counted by."""

from __future__ import annotations

from coxa.catalog import loader
from coxa.estimate.observability import ability_of
from coxa.specs.exercise import ExerciseSpec

_ONE_CAMERA = ("pose_network",)


def uncounted(spec: ExerciseSpec) -> str:
    """The coordinate that one camera cannot count by; empty: it can, or nothing is counted."""
    if spec.signal is None:
        return ""
    coordinate = spec.signal.coordinate.replace("SIDE", "right")
    view = spec.camera.view
    found = ability_of(coordinate, _ONE_CAMERA, loader.observability(), view=None if view == "any" else view)
    return "" if found.at_best == "observed" else coordinate
