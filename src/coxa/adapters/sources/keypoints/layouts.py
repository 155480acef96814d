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
#: Bones by their ends, in our names, of one side.
_BONES = (("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("shoulder", "elbow"), ("elbow", "wrist"))
#: So many detections tell.
_ENOUGH = 1000


def plain(name: str) -> str:
    """A name without what people write differently: case, spaces, dots, underscores."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def layout_of(count: int, people: Sequence[Seen], where: object) -> KeypointFormat:
    """The set of so many points; among sets of equal length the one with the shortest bones.

    Raises:
        SourceError: no set has so many.
    """
    formats = [one for one in loader.keypoint_formats().values() if one.name not in _IN_SPACE]
    fitting = [one for one in formats if one.count == count]
    if not fitting:
        known = ", ".join(f"{one.count} ({one.title})" for one in sorted(formats, key=lambda one: one.count))
        raise SourceError(f"{where}: {count} points a person, which no known set has", f"known are {known}")
    return fitting[0] if len(fitting) == 1 else min(fitting, key=lambda one: _stretch(one, people))


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


def _stretch(layout: KeypointFormat, people: Sequence[Seen]) -> float:
    """Mean length of the bones, in sizes of the person, over people: wrong names make long bones."""
    place = {ours: layout.points.index(theirs) for theirs, ours in layout.landmarks.items()}
    pairs = [
        [place[f"{side}_{end}"] for end in bone]
        for side in ("left", "right")
        for bone in _BONES
        if all(f"{side}_{end}" in place for end in bone)
    ]
    one, other = np.array(pairs, np.intp).reshape(-1, 2).T
    lengths = [
        np.linalg.norm(seen.position[one] - seen.position[other], axis=1) / max(seen.size, 1e-9)
        for seen in people[:_ENOUGH]
    ]
    finite = np.concatenate(lengths)
    finite = finite[np.isfinite(finite)]
    return float(finite.mean()) if len(finite) else np.inf
