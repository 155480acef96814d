"""Plug-in Gait C3D with Vicon Nexus's angles inside: biomechZoo (one sacral marker), pyCGM (two PSIS)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.files import Measure, given_angles, measured_at, whole_recording
from coxa.adapters.reference.truth import pelvis_heading, plug_in_gait_trunk, reference_motion
from coxa.app.validate import ReferenceTrial
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

ONE_SACRAL, TWO_PSIS = "one_sacral", "two_psis"
_LEGS = {
    "hip_flexion": ("HipAngles", 0),
    "hip_adduction": ("HipAngles", 1),
    "hip_internal_rotation": ("HipAngles", 2),
    "knee_flexion": ("KneeAngles", 0),
    "ankle_dorsiflexion": ("AnkleAngles", 0),
}


@dataclass(frozen=True, slots=True)
class PlugInGait:
    """Every walk, with the static trial of the same person, against the angles in the file.

    Attributes:
        folder: of all reference recordings.
        measure: as ``coxa.measure``; can be pickled.
    """

    folder: Path
    measure: Measure
    key: str = "plug_in_gait"

    def parts(self) -> Sequence[str]:
        """One a file."""
        home = self.folder / "plug_in_gait"
        found = sorted(home.glob("*/*/*.c3d")) + sorted(home.glob("pycgm/*.c3d"))
        return [str(path.relative_to(home)) for path in found if not path.name.lower().startswith("static")]

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """The recording of a file."""
        path = self.folder / "plug_in_gait" / part
        person, condition = (
            ("pycgm", TWO_PSIS) if path.parent.name == "pycgm" else (path.parent.name, ONE_SACRAL)
        )
        truth = truth_of(whole_recording(path))
        (static,) = (one for one in path.parent.glob("*.c3d") if one.name.lower().startswith("static"))
        measure = partial(measured_at, self.measure, path, truth.time_s, static=static)
        yield ReferenceTrial(person, path.stem.split("_")[0].lower(), part, truth, measure, condition)


def truth_of(recording: Recording) -> Motion:
    """The angles in the file, in Coxa's definitions; NaN where Nexus gave none."""
    given = given_angles(recording)
    angles = {
        f"{name}_{side}": given[f"{side[0].upper()}{channel}.{'xyz'[axis]}"]
        for name, (channel, axis) in _LEGS.items()
        for side in SIDES
        if f"{side[0].upper()}{channel}.x" in given
    }
    pelvis, thorax, spine = (_triple(given, f"R{segment}Angles") for segment in ("Pelvis", "Thorax", "Spine"))
    angles |= plug_in_gait_trunk(pelvis, thorax, spine, pelvis_heading(recording.space_points[0]))
    return reference_motion(recording.time_s, angles, recording.source)


def _triple(given: Mapping[str, Floats], channel: str) -> Floats | None:
    names = [f"{channel}.{axis}" for axis in "xyz"]
    return np.stack([given[name] for name in names], axis=1) if names[0] in given else None
