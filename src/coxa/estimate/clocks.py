"""How far the clocks of several cameras are apart, from the person's movement alone.

First a search: the shifts (and the left-right names) at which most rays of each two cameras can meet. Then a
fit: where a landmark is in the room, how fast it moves in each picture and where it is seen there tell how
much earlier or later each picture was taken. A network puts a landmark a little elsewhere from every side;
that is an unknown too, else a steady walk would pass for a late clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from coxa.estimate.views import View, other_side
from coxa.kinematics.epipolar import off_epipolar
from coxa.kinematics.triangulation import rays, triangulated
from coxa.specs.cameras import CameraRules

Floats = NDArray[np.float64]

#: Landmarks that all networks put in about the same place from every side.
FIRM = tuple(
    f"{side}_{name}"
    for name in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
    for side in ("left", "right")
)
#: Where in it the same landmark of the other side is.
OTHER = [FIRM.index(other_side(name)) for name in FIRM]
_SAME = list(range(len(FIRM)))
_MIN_VISIBILITY = 0.3
_ITERATIONS = 40
_LONGEST_STEP_S = 0.05
_STRETCHES = 10
_SMOOTHING_S = 0.15
#: Of a movement that repeats, the smallest shift is taken: the largest costs this share of the contrast.
_PREFER_SMALL = 0.3
_ARRIVED_S = 1e-4


def firm_columns(view: View) -> list[int]:
    """Columns of :data:`FIRM` in a view; NaN columns where it lacks one are the caller's to make."""
    return [view.points.names.index(name) if name in view.points.names else -1 for name in FIRM]


def firm(view: View, time_s: Floats, rules: CameraRules) -> tuple[Floats, Floats]:
    """Position (n, k, 2) and weight (n, k) of the firm landmarks at times of the camera's own clock."""
    points = view.at(time_s, rules.max_gap_frames)
    columns = firm_columns(view)
    known = np.array(columns) >= 0
    position = np.where(known[:, None], points.position_px[:, columns], np.nan)
    weight = np.where(known, points.visibility[:, columns], 0.0)
    weight = np.where((weight >= _MIN_VISIBILITY) & np.isfinite(position[..., 0]), weight, 0.0)
    return position, weight


# ------------------------------------------------------------------------------------------- search


def disagreement(a: View, b: View, rules: CameraRules) -> float:
    """Mean angle by which rays of two cameras miss each other at the best shift, rad; inf: never both."""
    return float(_pair_table(a, b, _shifts(rules), rules).min())


def _shifts(rules: CameraRules) -> Floats:
    n_steps = int(np.ceil(rules.max_shift_s / rules.shift_step_s))
    return np.asarray(rules.shift_step_s * np.arange(-n_steps, n_steps + 1), np.float64)


def search(views: Sequence[View], rules: CameraRules) -> tuple[Floats, NDArray[np.bool_]]:
    """Offsets (n,) to the nearest step, and whose left and right are exchanged (n,)."""
    shifts = _shifts(rules)
    tables = {
        (i, j): _pair_table(views[i], views[j], shifts, rules) for i, j in combinations(range(len(views)), 2)
    }
    best: tuple[float, Floats, NDArray[np.bool_]] | None = None
    for root in range(len(views)):
        found = _descend(len(views), root, shifts, tables)
        if best is None or found[0] < best[0]:
            best = found
    assert best is not None  # noqa: S101 - there is at least one camera
    _, steps, swapped = best
    if swapped.sum() > len(views) / 2:
        swapped = ~swapped
    return steps - steps[0], swapped


def _pair_table(a: View, b: View, shifts: Floats, rules: CameraRules) -> Floats:
    """(2, n_shifts): how badly rays meet, names as they are and exchanged, when b is shifted by so much."""
    middle = np.linspace(a.time_s[0], a.time_s[-1], min(rules.search_frames, len(a.time_s)))
    seen_a, weight_a = firm(a, middle, rules)
    rays_a = rays(a.points.camera, seen_a)
    table = np.full((2, len(shifts)), np.inf)
    slim = _only_firm(b)
    for k, shift in enumerate(shifts):
        seen_b, weight_b = firm(slim, middle - shift, rules)
        together = float(np.mean((weight_a * weight_b).any(axis=1))) * (a.time_s[-1] - a.time_s[0])
        if together < rules.min_overlap_s:
            continue
        rays_b = rays(b.points.camera, seen_b)
        for names, order in enumerate((_SAME, OTHER)):
            weight = np.sqrt(weight_a * weight_b[:, order])
            off = off_epipolar(
                a.points.camera.position_m, rays_a, b.points.camera.position_m, rays_b[:, order]
            )
            use = (weight > 0) & np.isfinite(off)
            if use.any():
                table[names, k] = np.average(np.minimum(off[use], rules.far_rad), weights=weight[use])
    return table + _PREFER_SMALL * _contrast(table) * np.abs(shifts) / rules.max_shift_s


def _only_firm(view: View) -> View:
    """The view without landmarks that nobody asks for here."""
    points = view.points
    columns = [k for k, name in enumerate(points.names) if name in FIRM]
    arrays = {name: getattr(points, name)[:, columns] for name in ("position_px", "visibility", "depth_m")}
    return replace(view, points=replace(points, names=tuple(points.names[k] for k in columns), **arrays))


def _contrast(table: Floats) -> float:
    """How much worse than the best shift a usual one is."""
    known = table[np.isfinite(table)]
    return float(np.median(known) - known.min()) if len(known) else 0.0


def _descend(
    n: int, root: int, shifts: Floats, tables: dict[tuple[int, int], Floats]
) -> tuple[float, Floats, NDArray[np.bool_]]:
    """Cameras in turn take the shift and the names at which they agree best with the others."""
    offset, swapped = np.zeros(n), np.zeros(n, np.bool_)
    placed = {root}
    for sweep in range(4):
        for i in [k for k in range(n) if k != root]:
            others = (placed if sweep == 0 else set(range(n))) - {i}
            curves = np.stack([_curve(i, names, others, offset, swapped, shifts, tables) for names in (0, 1)])
            names, step = np.unravel_index(int(np.argmin(curves)), curves.shape)
            offset[i], swapped[i] = shifts[step], bool(names)
            placed.add(i)
    total = sum(
        _curve(i, int(swapped[i]), set(range(n)) - {i}, offset, swapped, shifts, tables)[
            int(np.argmin(np.abs(shifts - offset[i])))
        ]
        for i in range(n)
    )
    return float(total), offset, swapped


def _curve(
    i: int,
    names: int,
    others: set[int],
    offset: Floats,
    swapped: NDArray[np.bool_],
    shifts: Floats,
    tables: dict[tuple[int, int], Floats],
) -> Floats:
    """(n_shifts,) disagreement of camera i with the others, for every offset it could have."""
    total = np.zeros(len(shifts))
    worst = max((float(t[np.isfinite(t)].max(initial=1.0)) for t in tables.values()), default=1.0)
    for j in others:
        exchanged = int(names != int(swapped[j]))
        table = tables[min(i, j), max(i, j)][exchanged]
        relative = shifts - offset[j] if j < i else offset[j] - shifts
        column = np.round((relative - shifts[0]) / (shifts[1] - shifts[0])).astype(int)
        inside = (column >= 0) & (column < len(shifts))
        value = table[np.clip(column, 0, len(shifts) - 1)]
        total += np.where(inside & np.isfinite(value), value, 2 * worst)
    return total


# ---------------------------------------------------------------------------------------------- fit


def clocks(
    views: Sequence[View], doubt: Floats, offset_s: Floats, n_as_one: float, rules: CameraRules
) -> tuple[Floats, Floats]:
    """Offsets (n,) and their standard deviations (n,), from a start that is near.

    Args:
        views: the cameras, names of left and right set right.
        doubt: (n,) how many times the usual error each camera has.
        offset_s: (n,) where to start; the first is kept.
        n_as_one: frames that share one error.
        rules: habits and limits.
    """
    offset = offset_s.copy()
    for _ in range(_ITERATIONS):
        sums = _sums(views, doubt, offset, n_as_one, rules)
        step = _step([part.sum(axis=0) for part in sums], rules)[0]
        offset[1:] += np.clip(step, -_LONGEST_STEP_S, _LONGEST_STEP_S)
        if np.abs(step).max(initial=0.0) < _ARRIVED_S:
            break
    return offset, np.concatenate([[0.0], _sd_s(sums, rules)])


def _sd_s(sums: list[Floats], rules: CameraRules) -> Floats:
    """Standard deviations of the offsets but the first's: by the noise, or by leaving out a stretch of time.

    The larger of both: speeds that are half noise make the first too small, few stretches the second.
    """
    whole = [part.sum(axis=0) for part in sums]
    at, info = _step(whole, rules)
    stretches = [
        _step([all_ - part[b] for all_, part in zip(whole, sums, strict=True)], rules)[0]
        for b in range(len(sums[0]))
    ]
    n = len(stretches)
    left_out = np.sqrt((n - 1) / n * np.sum((np.array(stretches) - at) ** 2, axis=0)) if n > 2 else 0.0 * at
    return np.maximum(np.sqrt(np.diag(np.linalg.inv(info))), left_out)


def _sums(
    views: Sequence[View], doubt: Floats, offset: Floats, n_as_one: float, rules: CameraRules
) -> list[Floats]:
    """What :func:`_stretches` says of residuals about these offsets; of a long film in some stretches."""
    time_s = views[0].time_s
    if len(time_s) <= rules.fit_frames:
        return _sums_of(views, time_s, doubt, offset, n_as_one, rules, _STRETCHES)
    length = rules.fit_frames // _STRETCHES
    firsts = np.linspace(0, len(time_s) - length, _STRETCHES).astype(int)
    parts = [_sums_of(views, time_s[k : k + length], doubt, offset, n_as_one, rules, 1) for k in firsts]
    return [np.concatenate(same) for same in zip(*parts, strict=True)]


def _sums_of(
    views: Sequence[View],
    time_s: Floats,
    doubt: Floats,
    offset: Floats,
    n_as_one: float,
    rules: CameraRules,
    n_stretches: int,
) -> list[Floats]:
    n = len(views)
    cameras = [view.points.camera for view in views]
    seen = [firm(view, time_s - o, rules) for view, o in zip(views, offset, strict=True)]
    position = np.stack([p for p, _ in seen])
    weight = np.stack([w for _, w in seen]) / doubt[:, None, None] ** 2
    room = triangulated(cameras, position, weight)
    speed = _speed(room, time_s)
    jacobian = np.zeros((*room.shape[:2], 2 * n, 3))
    residual, moving = np.zeros((*room.shape[:2], 2 * n)), np.zeros((*room.shape[:2], 2 * n, n))
    scale = np.zeros((*room.shape[:2], 2 * n))
    for i, camera in enumerate(cameras):
        rows = slice(2 * i, 2 * i + 2)
        at = camera.to_camera(room)
        across = camera.focal_px / at[..., 2]  # px per metre at the landmark
        error = position[i] - camera.project(room)
        usual = rules.typical_m * across
        squared = np.sum(error**2, axis=-1) / (doubt[i] * usual) ** 2
        ok = (weight[i] > 0) & np.isfinite(squared) & np.isfinite(speed[..., 0])
        sqrt_weight = np.where(ok, np.sqrt(weight[i] * 6.0 / (4.0 + np.nan_to_num(squared))), 0.0)
        whiten = np.where(ok, sqrt_weight / np.where(ok, usual, 1.0), 0.0)
        lens = np.zeros((*room.shape[:2], 2, 3))
        lens[..., 0, 0] = lens[..., 1, 1] = 1.0
        lens[..., :, 2] = -at[..., :2] / at[..., 2:]
        lens = across[..., None, None] * lens @ camera.rotation_room_to_camera
        jacobian[..., rows, :] = np.nan_to_num(whiten[..., None, None] * lens)
        residual[..., rows] = np.nan_to_num(whiten[..., None] * error)
        moving[..., rows, i] = np.nan_to_num(whiten[..., None] * (lens @ speed[..., None])[..., 0])
        scale[..., rows] = np.nan_to_num(whiten * across)[..., None]
    return _stretches(jacobian, residual, moving, scale, n_as_one, n_stretches)


def _speed(room: Floats, time_s: Floats) -> Floats:
    """(n_times, n_points, 3) m/s of landmarks, smoothed: jitter would seem to tell the clock."""
    width = _SMOOTHING_S / float(np.median(np.diff(time_s)))
    known = np.isfinite(room)
    mixed = gaussian_filter1d(np.where(known, room, 0.0), width, axis=0, mode="nearest")
    share = gaussian_filter1d(known.astype(float), width, axis=0, mode="nearest")
    smooth = np.where(share > 0.3, mixed / np.maximum(share, 0.3), np.nan)
    return np.asarray(np.gradient(smooth, time_s, axis=0))


def _stretches(
    jacobian: Floats, residual: Floats, moving: Floats, scale: Floats, n_as_one: float, n_stretches: int
) -> list[Floats]:
    """Normal equations of offsets and habits, places in the room eliminated, summed over stretches of time.

    Args:
        jacobian: (n_times, n_points, rows, 3) of the places.
        residual: (n_times, n_points, rows).
        moving: (n_times, n_points, rows, n_cameras) of the offsets.
        scale: (n_times, n_points, rows) of the network's habits [1/m].
        n_as_one: frames that share one error.
        n_stretches: how many, of equal length.

    Returns:
        For each stretch: offsets (n_cameras, n_cameras) and their right-hand side (n_cameras,); offsets with
        habits (n_points, n_cameras, rows); habits (n_points, rows, rows) and theirs (n_points, rows).
    """
    normal = np.swapaxes(jacobian, -1, -2) @ jacobian + 1e-9 * np.eye(3)
    onto = np.eye(jacobian.shape[-2]) - jacobian @ np.linalg.solve(normal, np.swapaxes(jacobian, -1, -2))
    left = np.swapaxes(moving, -1, -2) @ onto
    each = [
        (left @ moving).sum(axis=1),
        (left @ residual[..., None])[..., 0].sum(axis=1),
        left * scale[..., None, :],
        scale[..., :, None] * onto * scale[..., None, :],
        scale * (onto @ residual[..., None])[..., 0],
    ]
    edges = np.unique(np.linspace(0, len(jacobian), n_stretches + 1).astype(int)[:-1])
    return [np.add.reduceat(one, edges, axis=0) / n_as_one for one in each]


def _step(sums: list[Floats], rules: CameraRules) -> tuple[Floats, Floats]:
    """Step (n - 1,) of the offsets but the first's and its information; a prior on each habit and offset."""
    info, right, mixed, own, pull = sums
    own = own + np.eye(own.shape[-1]) / rules.habit_sd_m**2
    solved = np.linalg.solve(own, np.concatenate([np.swapaxes(mixed, -1, -2), pull[..., None]], axis=-1))
    info = info - np.sum(mixed @ solved[..., :-1], axis=0)
    right = right - np.sum(mixed @ solved[..., -1:], axis=0)[:, 0]
    info = info[1:, 1:] + np.eye(len(info) - 1)  # a second: keeps a still person's clocks where they are
    return np.linalg.solve(info, right[1:]), info
