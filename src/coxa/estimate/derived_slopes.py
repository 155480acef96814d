"""How the coordinates of ``derived.py`` change as segments move, compiled: exact derivatives, no differences.

A vector that changes is a pair: where it is, and how it goes. Three numbers in a tuple stay in registers,
where an array of three would be allocated.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from coxa.estimate.derived import AT_POLE


@njit(cache=True, nogil=True, error_model="numpy")
def _dot(a, b):  # type: ignore[no-untyped-def]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@njit(cache=True, nogil=True, error_model="numpy")
def _cross(a, b):  # type: ignore[no-untyped-def]
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@njit(cache=True, nogil=True, error_model="numpy")
def _less(a, share, b):  # type: ignore[no-untyped-def]
    """A - share * b."""
    return a[0] - share * b[0], a[1] - share * b[1], a[2] - share * b[2]


@njit(cache=True, nogil=True, error_model="numpy")
def _unit(pair):  # type: ignore[no-untyped-def]
    """Of length one; a null vector has no direction."""
    at, goes = pair
    length = np.sqrt(_dot(at, at))
    one = at[0] / length, at[1] / length, at[2] / length
    across = _less(goes, _dot(one, goes), one)
    return one, (across[0] / length, across[1] / length, across[2] / length)


@njit(cache=True, nogil=True, error_model="numpy")
def _product(a, b):  # type: ignore[no-untyped-def]
    """Inner product of two pairs, and how it goes."""
    return _dot(a[0], b[0]), _dot(a[1], b[0]) + _dot(a[0], b[1])


@njit(cache=True, nogil=True, error_model="numpy")
def _crossed(a, b):  # type: ignore[no-untyped-def]
    """Cross product of two pairs."""
    return _cross(a[0], b[0]), _less(_cross(a[1], b[0]), -1.0, _cross(a[0], b[1]))


@njit(cache=True, nogil=True, error_model="numpy")
def _turning(y, x):  # type: ignore[no-untyped-def]
    """How atan2 of two numbers goes, each a pair."""
    return (x[0] * y[1] - y[0] * x[1]) / (x[0] * x[0] + y[0] * y[0])


@njit(cache=True, nogil=True, error_model="numpy")
def _long(a, b):  # type: ignore[no-untyped-def]
    """Hypot of two numbers, each a pair."""
    length = np.hypot(a[0], b[0])
    return length, (a[0] * a[1] + b[0] * b[1]) / length


@njit(cache=True, nogil=True, error_model="numpy")
def _minus(a):  # type: ignore[no-untyped-def]
    return -a[0], -a[1]


@njit(cache=True, nogil=True, error_model="numpy")
def _column(rotation, goes, k):  # type: ignore[no-untyped-def]
    """An axis of a segment, as a pair."""
    at = rotation[0, k], rotation[1, k], rotation[2, k]
    return at, (goes[0, k], goes[1, k], goes[2, k])


@njit(cache=True, nogil=True, error_model="numpy")
def _on_pelvis(pelvis, thorax, out):  # type: ignore[no-untyped-def]
    """Of ``derived._on_pelvis``; the axes of both as pairs."""
    r01, r11 = _product(pelvis[0], thorax[1]), _product(pelvis[1], thorax[1])
    cosine = _long(r01, r11)
    out[1] = _turning(_product(pelvis[2], thorax[1]), cosine)
    if cosine[0] < AT_POLE:
        out[0] = -_turning(_product(pelvis[1], thorax[0]), _product(pelvis[0], thorax[0]))
        out[2] = 0.0
    else:
        out[0] = -_turning(_minus(r01), r11)
        out[2] = _turning(_minus(_product(pelvis[2], thorax[0])), _product(pelvis[2], thorax[2]))


@njit(cache=True, nogil=True, error_model="numpy")
def _in_room(r, goes, out):  # type: ignore[no-untyped-def]
    """Of ``derived._in_room``; ``goes`` (3, 3) is how the rotation ``r`` goes."""
    across, level = (r[0, 2], goes[0, 2]), (r[2, 2], goes[2, 2])
    cosine = _long(across, level)
    out[1] = _turning((r[1, 2], goes[1, 2]), cosine)
    if cosine[0] < AT_POLE:
        out[0] = _turning((-r[2, 0], -goes[2, 0]), (r[0, 0], goes[0, 0]))
        out[2] = 0.0
    else:
        out[0] = _turning(across, level)
        out[2] = -_turning((r[1, 0], goes[1, 0]), (r[1, 1], goes[1, 1]))


@njit(cache=True, nogil=True, error_model="numpy")
def _from_to(place, goes, b, a):  # type: ignore[no-untyped-def]
    """From segment ``a`` to segment ``b``, as a pair."""
    at = place[b, 0] - place[a, 0], place[b, 1] - place[a, 1], place[b, 2] - place[a, 2]
    return at, (goes[b, 0] - goes[a, 0], goes[b, 1] - goes[a, 1], goes[b, 2] - goes[a, 2])


@njit(cache=True, nogil=True, error_model="numpy")
def _leg(trunk, thigh, shank, right, across, sign, out):  # type: ignore[no-untyped-def]
    """Thigh against trunk, and the hip's apparent rotation, of one side; all pairs."""
    beside, along = _product(trunk, across), _product(thigh, across)
    level = _product(trunk, thigh)
    cosine = level[0] - beside[0] * along[0], level[1] - beside[1] * along[0] - beside[0] * along[1]
    out[0] = _turning(_product(_crossed(trunk, thigh), across), cosine)
    one = _unit(thigh)
    ahead = _crossed(one, right)
    out[1] = sign * _turning(_product(_crossed(ahead, shank), one), _product(ahead, shank))


@njit(cache=True, nogil=True, error_model="numpy")
def derived_slopes(place, rotation, place_goes, rotation_goes, at, out):  # type: ignore[no-untyped-def]
    """How all of ``DERIVED`` go as the segments do.

    Args:
        place: (n_bodies, 3) [m].
        rotation: (n_bodies, 3, 3).
        place_goes: (n_bodies, 3), by anything that moves them.
        rotation_goes: (n_bodies, 3, 3), likewise.
        at: :func:`~coxa.estimate.derived.spots`.
        out: (n_derived,) written.
    """
    own, own_goes = rotation[at[0]], rotation_goes[at[0]]
    other, other_goes = rotation[at[1]], rotation_goes[at[1]]
    pelvis = _column(own, own_goes, 0), _column(own, own_goes, 1), _column(own, own_goes, 2)
    thorax = _column(other, other_goes, 0), _column(other, other_goes, 1), _column(other, other_goes, 2)
    _on_pelvis(pelvis, thorax, out[:3])
    _in_room(other, other_goes, out[6:9])  # only the first of them stays
    _in_room(own, own_goes, out[3:6])
    left, over = _from_to(place, place_goes, at[2], at[3]), _from_to(place, place_goes, at[6], at[7])
    trunk = _less(left[0], -1.0, over[0]), _less(left[1], -1.0, over[1])
    level = (own[0, 2], 0.0, own[2, 2]), (own_goes[0, 2], 0.0, own_goes[2, 2])
    right, across = _unit(level), _unit(_from_to(place, place_goes, at[7], at[3]))
    high, ahead = (trunk[0][1], trunk[1][1]), _crossed(trunk, right)
    forward = -ahead[0][1], -ahead[1][1]
    out[7] = _turning(forward, high)
    out[8] = _turning(_product(trunk, right), _long(forward, high))
    for side in range(2):
        hip, knee, ankle = at[3 + 4 * side], at[4 + 4 * side], at[5 + 4 * side]
        thigh, shank = _from_to(place, place_goes, hip, knee), _from_to(place, place_goes, knee, ankle)
        sign = -1.0 if side == 0 else 1.0
        _leg(trunk, thigh, shank, right, across, sign, out[9 + 2 * side : 11 + 2 * side])
