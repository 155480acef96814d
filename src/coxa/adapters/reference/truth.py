"""Reference angles as a Motion, and a lab's triples of angles turned into Coxa's definitions.

Two who measure the same rotation and read it in another order of axes differ by degrees, and neither is
wrong. So a lab's three angles are put together to the rotation they describe, and that is read in our order.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.angles import pelvis_angles, trunk_angles
from coxa.kinematics.rotations import rotation_about, transpose
from coxa.model.channels import SpacePoints
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability

Floats = NDArray[np.float64]

_QUARTER = 0.5 * np.pi


def reference_motion(time_s: Floats, angles: Mapping[str, Floats], source: str) -> Motion:
    """Angles by coordinate, (n_frames,) rad each, as a motion without uncertainty; the rest is NaN."""
    nothing = np.full(len(time_s), np.nan)
    value = np.stack([angles.get(name, nothing) for name in ALL], axis=1)
    observed = np.full(value.shape, Observability.OBSERVED, np.uint8)
    return Motion(time_s, ALL, value, np.zeros_like(value), observed, source=source)


def plug_in_gait_segment(triple: Floats) -> Floats:
    """A segment in the lab, (n_frames, 3, 3) with ISB axes, from Plug-in Gait's right-hand angles.

    Plug-in Gait turns about the transverse axis first: forward tilt, right side up, to the left. The lab's
    axes are those of the progression: the person's own to within 45 deg.

    Args:
        triple: (n_frames, 3) rad, of ``RPelvisAngles`` or ``RThoraxAngles``.
    """
    forward, right_up, left = triple.T
    return rotation_about(2, -forward) @ rotation_about(0, -right_up) @ rotation_about(1, left)


def plug_in_gait_spine(triple: Floats) -> Floats:
    """The thorax in the axes of the pelvis, (n_frames, 3, 3), from ``RSpineAngles``.

    Plug-in Gait gives the pelvis as seen from the thorax; this is the inverse.

    Args:
        triple: (n_frames, 3) rad.
    """
    flexion, bending, rotation = triple.T
    seen = rotation_about(2, flexion) @ rotation_about(0, -bending) @ rotation_about(1, rotation)
    return transpose(seen)


def pelvis_heading(points: SpacePoints) -> Floats:
    """Where the pelvis faces in the room, (n_frames,) rad, from ``LASI`` and ``RASI``."""
    left, right = (points.position_m[:, points.names.index(marker)] for marker in ("LASI", "RASI"))
    aside = right - left
    return np.asarray(np.arctan2(aside[:, 0], aside[:, 2]))  # of X, turned to the left from the room's


def plug_in_gait_trunk(
    pelvis: Floats | None, thorax: Floats | None, spine: Floats | None, heading: Floats
) -> dict[str, Floats]:
    """Pelvis, thorax and spine in Coxa's coordinates.

    Args:
        pelvis: ``RPelvisAngles``, (n_frames, 3) rad; None: not given.
        thorax: ``RThoraxAngles``.
        spine: ``RSpineAngles``.
        heading: of the pelvis in the room, (n_frames,) rad, from the markers: Plug-in Gait counts rotation
            from the lab's axis that is nearest to the progression and does not say which it was.
    """
    found: dict[str, Floats] = {}
    if pelvis is not None:
        quarters = np.round((heading - pelvis[:, 2]) / _QUARTER)
        known = quarters[np.isfinite(quarters)]
        progression = rotation_about(1, _QUARTER * (np.median(known) if len(known) else 0.0))
        turn, obliquity, tilt = pelvis_angles(progression @ plug_in_gait_segment(pelvis))
        found["pelvis_left_rotation"] = turn
        found["pelvis_right_up_obliquity"] = obliquity
        found["pelvis_anterior_tilt"] = tilt
        if thorax is not None:
            found["thorax_left_rotation"] = pelvis_angles(progression @ plug_in_gait_segment(thorax))[0]
    if spine is not None:
        rotation = plug_in_gait_spine(spine)
        flexion, bending, left = trunk_angles(np.broadcast_to(np.eye(3), rotation.shape), rotation)
        found["trunk_flexion"], found["trunk_right_bending"], found["trunk_left_rotation"] = (
            flexion,
            bending,
            left,
        )
    return found
