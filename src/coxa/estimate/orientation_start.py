"""A first guess of the joints: the turn of each known segment from the nearest known one above it."""

from __future__ import annotations

from collections.abc import Container

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.body import BodyModel
from coxa.kinematics.angles import zxy_angles
from coxa.kinematics.rotations import transpose

Floats = NDArray[np.float64]


def joints_from_orientations(body: BodyModel, known: dict[str, Floats]) -> dict[str, Floats]:
    """Angles (n_frames,) [rad] of the joints that lie between known orientations (n_frames, 3, 3).

    Where several segments lie between two known ones (the spine), each takes an equal share of the turn.
    """
    found: dict[str, Floats] = {}
    for name, rotation in known.items():
        chain = chain_above(body, name, known)
        if not chain:
            continue
        above = known[body.bodies[body.parent[chain[-1]]]]
        for joint, angle in _shared_out(body, chain, transpose(above) @ rotation).items():
            low, high = body.joint_limits[body.joints.index(joint)]
            found[joint] = np.clip(angle, low, high)
    return found


def chain_above(body: BodyModel, name: str, known: Container[str]) -> list[int]:
    """Segments from this one up to, without it, the nearest known one; none: nothing above is known."""
    chain = [body.bodies.index(name)]
    while body.parent[chain[-1]] >= 0:
        above = int(body.parent[chain[-1]])
        if body.bodies[above] in known:
            return chain
        chain.append(above)
    return []


def _shared_out(body: BodyModel, chain: list[int], between: Floats) -> dict[str, Floats]:
    """Angles about Z, X and Y, in this order as every joint of the body turns, by the signs of their axes."""
    turns = ~body.joint_is_slide & np.isin(body.joint_body, chain)
    axes = {j: int(np.argmax(np.abs(body.joint_axis[j]))) for j in np.flatnonzero(turns)}
    about = dict(zip((2, 0, 1), zxy_angles(between), strict=True))
    count = {axis: sum(one == axis for one in axes.values()) for axis in about}
    return {
        body.joints[j]: about[axis] * np.sign(body.joint_axis[j][axis]) / count[axis]
        for j, axis in axes.items()
    }
