"""Frames in which one camera's network took left for right, told by where the other cameras have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_opening

from coxa.estimate.clocks import OTHER, firm
from coxa.estimate.views import View
from coxa.kinematics.triangulation import triangulated
from coxa.model.camera import Camera
from coxa.specs.cameras import CameraRules

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Frames looked at together: bounds the memory.
_AT_ONCE = 2000


def flipped(views: Sequence[View], offset: Floats, doubt: Floats, rules: CameraRules) -> list[Flags]:
    """For each camera (n_frames,), whether its names of left and right contradict all the others'.

    In every frame the one camera is looked for whose exchange makes the rays meet best. With fewer than three
    cameras nobody can tell whose names are wrong: none.
    """
    if len(views) < 3:
        return [np.zeros(len(view.time_s), np.bool_) for view in views]
    return [_flipped(i, views, offset, doubt, rules) for i in range(len(views))]


def _flipped(i: int, views: Sequence[View], offset: Floats, doubt: Floats, rules: CameraRules) -> Flags:
    """(n_frames of camera i,)."""
    clock = views[i].time_s + offset[i]
    chunks = [clock[first : first + _AT_ONCE] for first in range(0, len(clock), _AT_ONCE)]
    wrong = np.concatenate([_wrong(i, views, chunk, offset, doubt, rules) for chunk in chunks])
    return np.asarray(binary_opening(wrong, np.ones(rules.swap_frames, np.bool_)), np.bool_)


def _wrong(
    i: int, views: Sequence[View], clock: Floats, offset: Floats, doubt: Floats, rules: CameraRules
) -> Flags:
    """(n_times,) whether camera i is the one to exchange."""
    n = len(views)
    cameras = [view.points.camera for view in views]
    as_named = [firm(view, clock - o, rules) for view, o in zip(views, offset, strict=True)]
    position, weight = np.stack([p for p, _ in as_named]), np.stack([w for _, w in as_named])
    weight = weight / doubt[:, None, None] ** 2
    none = _apart_m(cameras, position, weight)
    each = np.empty((n, len(clock)))
    for k in range(n):
        exchanged_position, exchanged_weight = position.copy(), weight.copy()
        exchanged_position[k], exchanged_weight[k] = position[k][:, OTHER], weight[k][:, OTHER]
        each[k] = _apart_m(cameras, exchanged_position, exchanged_weight)
    enough = (weight > 0).any(axis=2).sum(axis=0) >= 3  # of two nobody can tell whose names are wrong
    better = (each[i] <= each.min(axis=0)) & (each[i] < rules.swap_factor * none)
    return np.asarray(enough & better & (none > rules.typical_m), np.bool_)


def _apart_m(cameras: list[Camera], position: Floats, weight: Floats) -> Floats:
    """(n_frames,) mean distance of the rays from where they meet, m; infinite where there is none."""
    room = triangulated(cameras, position, weight, iterations=2)
    total, count = np.zeros(len(room)), np.zeros(len(room))
    for camera, seen, believed in zip(cameras, position, weight, strict=True):
        metres = camera.to_camera(room)[..., 2] / camera.focal_px
        off = np.linalg.norm(seen - camera.project(room), axis=-1) * metres
        counts = np.where(np.isfinite(off), believed, 0.0)
        total += np.sum(counts * np.nan_to_num(off), axis=1)
        count += counts.sum(axis=1)
    return np.where(count > 0, total / np.where(count > 0, count, 1.0), np.inf)


def exchanged(view: View, frames: Flags) -> View:
    """The view, left and right exchanged in some frames."""
    if not frames.any():
        return view
    other = view.swapped().points
    arrays = {
        name: np.where(
            frames.reshape(-1, *[1] * (getattr(other, name).ndim - 1)),
            getattr(other, name),
            getattr(view.points, name),
        )
        for name in ("position_px", "visibility", "depth_m")
    }
    return replace(view, points=replace(view.points, **arrays))
