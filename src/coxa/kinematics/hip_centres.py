"""Where the hip centres lie in the pelvis, by regression on what can be measured from outside.

All in pelvic axes (X anterior, Y up, Z right) with the origin in the middle of the two ASIS, in m.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coxa.kinematics.angles import side_sign

Floats = NDArray[np.float64]


def harrington_hip_centre(pelvic_width: ArrayLike, pelvic_depth: ArrayLike, side: str) -> Floats:
    """Hip centre from the size of the pelvis.

    Harrington et al. 2007, J Biomech 40:595, the single-variable equations (32 people, MRI; errors left
    out one at a time 5.2 mm forwards, 3.6 mm up, 3.2 mm sideways). Found from markers on the skin the error
    is larger: 12.3 +- 5.9 mm in all (Mantovani et al. 2016, Gait Posture 44:48).

    Args:
        pelvic_width: (...) m between left and right ASIS.
        pelvic_depth: (...) m between the middle of the ASIS and the middle of the PSIS (or the sacral
            marker).
        side: ``"left"`` or ``"right"``.

    Returns:
        (..., 3) m in the pelvis.
    """
    width, depth = np.broadcast_arrays(np.asarray(pelvic_width, float), np.asarray(pelvic_depth, float))
    return np.stack(
        [-0.24 * depth - 0.0099, -0.30 * width - 0.0109, side_sign(side) * (0.33 * width + 0.0073)], axis=-1
    )


def harrington_full_hip_centre(
    pelvic_width: ArrayLike, pelvic_depth: ArrayLike, leg_length: ArrayLike, side: str
) -> Floats:
    """Hip centre from the size of the pelvis and the length of the leg.

    Harrington et al. 2007, J Biomech 40:595, the regression on several variables.

    Args:
        pelvic_width: (...) m between left and right ASIS.
        pelvic_depth: (...) m between the middle of the ASIS and the middle of the PSIS.
        leg_length: (...) m from the ASIS to the medial malleolus.
        side: ``"left"`` or ``"right"``.

    Returns:
        (..., 3) m in the pelvis.
    """
    width, depth, leg = np.broadcast_arrays(
        *(np.asarray(size, float) for size in (pelvic_width, pelvic_depth, leg_length))
    )
    ahead = -0.24 * depth - 0.0099
    up = -0.16 * width - 0.04 * leg - 0.0071
    return np.stack([ahead, up, side_sign(side) * (0.28 * depth + 0.16 * width + 0.0079)], axis=-1)


def hara_hip_centre(leg_length: ArrayLike, side: str) -> Floats:
    """Hip centre from the length of the leg alone: for a pelvis whose markers cannot give its size.

    Hara et al. 2016, Sci Rep 6:37707 (157 people, CT; errors left out one at a time 5.2 mm forwards, 4.4 mm
    up, 3.8 mm sideways).

    Args:
        leg_length: (...) m from the ASIS to the medial malleolus.
        side: ``"left"`` or ``"right"``.

    Returns:
        (..., 3) m in the pelvis.
    """
    length = np.asarray(leg_length, float)
    return np.stack(
        [0.011 - 0.063 * length, -0.009 - 0.078 * length, side_sign(side) * (0.008 + 0.086 * length)], axis=-1
    )
