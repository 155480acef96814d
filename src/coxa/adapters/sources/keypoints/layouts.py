"""Which set of keypoints a file has, told by how many there are, what they are called, or where they lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coxa.adapters.sources.keypoints.seen import Seen
from coxa.catalog import loader
from coxa.model.errors import SourceError
from coxa.specs.keypoints import KeypointFormat

#: Sets of 25 points that are no picture's.
_IN_SPACE = ("kinect_v2",)
#: What the middles are measured against: hips and shoulders, in our names.
_TRUNK = ("left_hip", "right_shoulder")


def plain(name: str) -> str:
    """A name without what people write differently: case, spaces, dots, underscores."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def layout_of(count: int, people: Sequence[Seen], where: object) -> KeypointFormat:
    """The set of so many points; among sets of equal length the one whose middle points lie in the middle.

    Raises:
        SourceError: no set has so many.
    """
    formats = [one for one in loader.keypoint_formats().values() if one.name not in _IN_SPACE]
    fitting = [one for one in formats if one.count == count]
    if not fitting:
        known = ", ".join(f"{one.count} ({one.title})" for one in sorted(formats, key=lambda one: one.count))
        raise SourceError(f"{where}: {count} points a person, which no known set has", f"known are {known}")
    limit = loader.keypoint_file_rules().middle_share
    return min(fitting, key=lambda one: _off_middle(one, people) > limit if one.middles else 0.5)


def landmark_names() -> dict[str, str]:
    """Every name that any set gives a landmark, plain -> ours."""
    names: dict[str, str] = {}
    for one in loader.keypoint_formats().values():
        names |= {plain(theirs): ours for theirs, ours in one.landmarks.items()}
        names |= {plain(ours): ours for ours in one.landmarks.values()}
    for ours in list(names.values()):
        side, _, rest = ours.partition("_")
        if side in ("left", "right"):
            names[plain(rest + side)] = ours
            names[plain(rest + side[0])] = ours
            names[plain(side[0] + rest)] = ours
    return names


def _off_middle(layout: KeypointFormat, people: Sequence[Seen]) -> float:
    """How far middle points are from the middle, in trunk lengths, over people; 0 where nobody shows them."""
    place = {ours: layout.points.index(theirs) for theirs, ours in layout.landmarks.items()}
    off = []
    for seen in people[:1000]:
        trunk = np.linalg.norm(seen.position[place[_TRUNK[0]]] - seen.position[place[_TRUNK[1]]])
        for middle, (a, b) in layout.middles.items():
            at, one, other = (seen.position[layout.points.index(name)] for name in (middle, a, b))
            off.append(float(np.linalg.norm(at - 0.5 * (one + other)) / np.maximum(trunk, 1e-9)))
    finite = [value for value in off if np.isfinite(value)]
    return float(np.median(finite)) if finite else 0.0
