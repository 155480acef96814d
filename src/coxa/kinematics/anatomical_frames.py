"""Segment frames straight from anatomical points, in ISB axes (X anterior, Y up, Z right).

Points are (..., 3) m in the room, frames (..., 3, 3) with the axes in columns. A missing (NaN) marker
makes the frames that need it NaN and no others.

The lab's own order of axes differs (X anterior, Y left, Z up); that is a renaming, the bones are the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.kinematics.rotations import cross, dot, frame_from_axes, rotation_about, unit

Floats = NDArray[np.float64]


def pelvis_frame(left_asis: Floats, right_asis: Floats, sacrum: Floats) -> Floats:
    """Pelvis: Z along the ASIS line, X in the plane of ASIS and sacrum (Wu 2002; Davis 1991).

    Args:
        left_asis: (..., 3) m.
        right_asis: (..., 3) m.
        sacrum: (..., 3) m, the sacral marker or the middle of the two PSIS.
    """
    return frame_from_axes(right_asis - left_asis, 0.5 * (left_asis + right_asis) - sacrum, "zx")


def pelvis_size(left_asis: Floats, right_asis: Floats, sacrum: Floats) -> tuple[float, float]:
    """Width (ASIS to ASIS) and depth (middle of ASIS to sacrum) of the pelvis, m.

    Medians over all frames: one person has one pelvis. NaN where no frame shows all the markers.
    """
    middle = 0.5 * (left_asis + right_asis)
    sizes = [np.linalg.norm(right_asis - left_asis, axis=-1), np.linalg.norm(middle - sacrum, axis=-1)]
    width, depth = (
        float(np.median(size[np.isfinite(size)])) if np.isfinite(size).any() else np.nan for size in sizes
    )
    return width, depth


def thorax_frame(c7: Floats, t10: Floats, clavicle: Floats, sternum: Floats) -> Floats:
    """Thorax: Y from the lower to the upper pair of markers, X from the back to the front pair.

    Args:
        c7: (..., 3) m, seventh cervical vertebra.
        t10: (..., 3) m, tenth thoracic vertebra.
        clavicle: (..., 3) m, jugular notch (CLAV).
        sternum: (..., 3) m, xiphoid process (STRN).
    """
    up = (clavicle + c7) - (sternum + t10)
    ahead = (clavicle + sternum) - (c7 + t10)
    return frame_from_axes(up, ahead, "yx")


def thorax_by_line(ahead: Floats, right: Floats, slope: Floats, keep: str) -> Floats:
    """Thorax where its lower markers are missing: from one line forwards and one to the right.

    Args:
        ahead: (..., 3), a line from back to front.
        right: (..., 3), a line from left to right.
        slope: (..., 1) rad by which the line forwards slopes down in a thorax; taken off.
        keep: ``"x"`` keeps the direction of the line forwards, ``"z"`` that of the line to the right.
    """
    frame = frame_from_axes(ahead, right, "xz") if keep == "x" else frame_from_axes(right, ahead, "zx")
    return np.asarray(frame @ rotation_about(2, slope[..., 0]))


def trunk_frame(up: Floats, right: Floats, slope: Floats) -> Floats:
    """The trunk above the pelvis as one segment: Y along ``up``, Z towards ``right``.

    Args:
        up: (..., 3), from the lumbosacral joint to between the shoulders.
        right: (..., 3), a line from left to right.
        slope: (..., 1) rad by which its X slopes down in a thorax; taken off.
    """
    return np.asarray(frame_from_axes(up, right, "yz") @ rotation_about(2, slope[..., 0]))


def chord_centre(proximal: Floats, marker: Floats, wand: Floats, offset: Floats | float) -> Floats:
    """Joint centre by the chord construction of Plug-in Gait (Kadaba 1990; Davis 1991).

    The centre lies at ``offset`` from the lateral ``marker``, in the plane of the proximal joint centre, the
    marker and the wand, so placed that the lines to the marker and to the proximal centre are
    perpendicular. It lies on the other side of the line proximal-marker than the wand.

    Args:
        proximal: (..., 3) m, centre of the joint above.
        marker: (..., 3) m, lateral marker of the joint sought.
        wand: (..., 3) m, marker on the segment between the two, or any point outwards along the joint's axis.
        offset: m, half the width of the joint plus the marker's radius; a number or (..., 1).

    Returns:
        (..., 3) m; NaN where the marker is nearer to the proximal centre than ``offset``.
    """
    line = marker - proximal
    length = np.sqrt(dot(line, line))[..., None]
    along = line / np.where(length > offset, length, np.nan)
    towards_wand = cross(unit(cross(along, wand - proximal)), along)
    cosine = offset / length
    sine = np.sqrt(np.maximum(1.0 - cosine**2, 0.0))
    return np.asarray(marker - offset * (cosine * along + sine * towards_wand))


def ankle_dorsiflexion(tibia: Floats, foot_line: Floats) -> Floats:
    """Foot against shank, (...) rad, 0 at a right angle, positive toes up.

    Args:
        tibia: (..., 3, 3) frames.
        foot_line: (..., 3) from the heel to the toe marker, seen in the plane of the tibia's X and Y.
    """
    return np.asarray(np.arctan2(dot(foot_line, tibia[..., 1]), dot(foot_line, tibia[..., 0])))
