"""Sets of coded squares, by the names the catalogue gives them."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

_NAMES = {
    "aruco_4x4_50": cv2.aruco.DICT_4X4_50,
    "aruco_5x5_100": cv2.aruco.DICT_5X5_100,
    "apriltag_36h11": cv2.aruco.DICT_APRILTAG_36h11,
}


@cache
def dictionary(name: str) -> cv2.aruco.Dictionary:
    """The dictionary of a name of the catalogue."""
    return cv2.aruco.getPredefinedDictionary(_NAMES[name])


def modules(name: str, tag: int) -> NDArray[np.bool_]:
    """(n, n) whether each module of a tag is white, its black border included, from the upper left."""
    coded = dictionary(name)
    n = coded.markerSize + 2
    return np.asarray(cv2.aruco.generateImageMarker(coded, tag, n, borderBits=1) > 127)
