"""OpenSim's own inverse kinematics of markers and of inertial sensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.files import Measure, given_angles, measured_at, whole_recording
from coxa.adapters.reference.truth import reference_motion
from coxa.app.validate import ReferenceTrial
from coxa.kinematics.angles import pelvis_angles, trunk_angles
from coxa.kinematics.rotations import rotation_about
from coxa.model.motion import Motion

Floats = NDArray[np.float64]

_LEGS = {
    "hip_flexion": "hip_flexion",
    "hip_adduction": "hip_adduction",
    "hip_internal_rotation": "hip_rotation",
    "ankle_dorsiflexion": "ankle_angle",
}


class _Files(NamedTuple):
    person: str
    motion: str
    seen: str
    angles: str
    knee_sign: float  # gait2354 bends the knee backwards


_MARKERS = (
    _Files(
        "gait2354",
        "walk",
        "ik_std/subject01_synthetic_marker_data.trc",
        "ik_std/std_subject01_walk1_ik.mot",
        -1.0,
    ),
    _Files("subject4", "walking1", "subject4/walking1.trc", "subject4/walking1_manual_scaling_ik.mot", 1.0),
    _Files("subject4", "squats1", "subject4/squats1.trc", "subject4/squats1_manual_scaling_ik.mot", 1.0),
)
_SENSORS = (
    _Files(
        "opensense",
        "walking",
        "opensense_walking/walking_orientations.sto",
        "opensense_walking/walking_motion_opensim46.sto",
        1.0,
    ),
)


@dataclass(frozen=True, slots=True)
class OpenSimRecordings:
    """Markers or sensors, against OpenSim's angles of the same.

    Attributes:
        folder: of all reference recordings.
        measure: as ``coxa.measure``; can be pickled.
        key: in the catalogue.
        files: what is measured, and what it is held against.
    """

    folder: Path
    measure: Measure
    key: str
    files: tuple[_Files, ...]

    def parts(self) -> Sequence[str]:
        """One a recording."""
        home = self.folder / "opensim"
        return [
            one.seen for one in self.files if (home / one.seen).is_file() and (home / one.angles).is_file()
        ]

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """The recording."""
        home = self.folder / "opensim"
        (one,) = (files for files in self.files if files.seen == part)
        truth = truth_of(home / one.angles, one.knee_sign)
        measure = partial(measured_at, self.measure, home / one.seen, truth.time_s)
        yield ReferenceTrial(one.person, one.motion, part, truth, measure)


def opensim_markers(folder: Path, measure: Measure) -> OpenSimRecordings:
    """Markers against OpenSim's inverse kinematics."""
    return OpenSimRecordings(folder, measure, "opensim_markers", _MARKERS)


def opensense(folder: Path, measure: Measure) -> OpenSimRecordings:
    """Inertial sensors against OpenSim's inverse kinematics of sensors."""
    return OpenSimRecordings(folder, measure, "opensense", _SENSORS)


def truth_of(path: Path, knee_sign: float) -> Motion:
    """OpenSim's angles in Coxa's definitions.

    Pelvis and lumbar joint turn about Z, X, Y in this order in OpenSim; the pelvis in the room is put
    together and read in Baker's order. Hips are in our order already.
    """
    recording = whole_recording(path)
    given = given_angles(recording)
    angles = {
        f"{name}_{side}": given[f"{theirs}_{side[0]}"]
        for name, theirs in _LEGS.items()
        for side in ("left", "right")
    }
    angles |= {
        f"knee_flexion_{side}": knee_sign * given[f"knee_angle_{side[0]}"] for side in ("left", "right")
    }
    turn, obliquity, tilt = pelvis_angles(_rotation(given, "pelvis_tilt", "pelvis_list", "pelvis_rotation"))
    lumbar = _rotation(given, "lumbar_extension", "lumbar_bending", "lumbar_rotation")
    flexion, bending, rotation = trunk_angles(np.broadcast_to(np.eye(3), lumbar.shape), lumbar)
    angles |= {
        "pelvis_left_rotation": turn,
        "pelvis_right_up_obliquity": obliquity,
        "pelvis_anterior_tilt": tilt,
        "trunk_flexion": flexion,
        "trunk_right_bending": bending,
        "trunk_left_rotation": rotation,
    }
    return reference_motion(recording.time_s, angles, recording.source)


def _rotation(given: Mapping[str, Floats], z: str, x: str, y: str) -> Floats:
    return rotation_about(2, given[z]) @ rotation_about(0, given[x]) @ rotation_about(1, given[y])
