"""Where a fitted body has the points that a source sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.estimate.landmarks import Landmarks
from coxa.estimate.path import Path
from coxa.estimate.readout import segments

Floats = NDArray[np.float64]


def landmarks_in_room(body: BodyModel, landmarks: Landmarks, path: Path) -> Floats:
    """(n_frames, n_points, 3) m: the landmarks of one source, as the fit has them."""
    lengths = path.shared[: body.n_lengths]
    place, rotation = segments(body, path.pose, lengths)
    factor = body.length_factor(lengths)
    points = np.empty((len(path.pose), len(landmarks.owner), 3))
    for i, owner in enumerate(landmarks.owner):
        inside = landmarks.local_m[i] * factor[landmarks.length[i]]
        if landmarks.offset[i] >= 0:
            first = landmarks.offset[i]
            inside = inside + path.shared[first : first + 3]
        points[:, i] = place[:, owner] + rotation[:, owner] @ inside
    return points
