"""Rotations: exponential, logarithm, quaternions, frames. Vectorised over leading axes.

Every matrix maps local axes to parent axes (columns are the local axes seen by the parent), every
angle is in rad and NaN in gives NaN out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_SMALL = 1e-4  # rad; below it the series are exact to rounding (next term < 1e-17)


def unit(vector: ArrayLike) -> Floats:
    """Vectors (..., 3) scaled to length 1; a null vector has no direction and gives NaN."""
    array = np.asarray(vector, float)
    length = np.sqrt(dot(array, array))[..., None]
    return array / np.where(length > 0.0, length, np.nan)


def dot(a: Floats, b: Floats) -> Floats:
    """Inner product over the last axis: (..., 3), (..., 3) -> (...)."""
    return np.asarray(np.einsum("...i,...i->...", a, b))


def cross(a: Floats, b: Floats) -> Floats:
    """Vector product over the last axis; several times faster than ``np.cross`` on many vectors."""
    a, b = np.broadcast_arrays(a, b)
    product = np.empty(a.shape)
    product[..., 0] = a[..., 1] * b[..., 2] - a[..., 2] * b[..., 1]
    product[..., 1] = a[..., 2] * b[..., 0] - a[..., 0] * b[..., 2]
    product[..., 2] = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def skew(vector: ArrayLike) -> Floats:
    """The matrix of the vector product: ``skew(v) @ w == cross(v, w)``; (..., 3) -> (..., 3, 3)."""
    array = np.asarray(vector, float)
    matrix = np.zeros((*array.shape[:-1], 3, 3))
    x, y, z = np.moveaxis(array, -1, 0)
    matrix[..., 0, 1], matrix[..., 0, 2], matrix[..., 1, 2] = -z, y, -x
    matrix[..., 1, 0], matrix[..., 2, 0], matrix[..., 2, 1] = z, -y, x
    return matrix


def transpose(rotation: Floats) -> Floats:
    """The inverse rotation, (..., 3, 3)."""
    return np.swapaxes(rotation, -1, -2)


def rotation_from_vector(vector: ArrayLike) -> Floats:
    """Rotation vectors (..., 3) [rad] to matrices (..., 3, 3): the exponential (Rodrigues)."""
    array = np.asarray(vector, float)
    angle_squared = dot(array, array)
    small = angle_squared < _SMALL**2
    angle = np.sqrt(np.where(small, 1.0, angle_squared))
    sine = np.where(small, 1.0 - angle_squared / 6.0, np.sin(angle) / angle)
    half = 0.5 * angle
    versine = np.where(small, 0.5 - angle_squared / 24.0, 0.5 * (np.sin(half) / half) ** 2)
    matrix = skew(array)
    return np.eye(3) + sine[..., None, None] * matrix + versine[..., None, None] * (matrix @ matrix)


def vector_from_rotation(rotation: ArrayLike) -> Floats:
    """Matrices (..., 3, 3) to rotation vectors (..., 3) [rad], length 0..pi: the logarithm.

    By way of the quaternion, so that it keeps its precision at half a turn as well as near none. At
    exactly half a turn both signs of the vector are the same rotation; either may be returned.
    """
    quaternion = quaternion_from_rotation(rotation)  # w >= 0
    imaginary = quaternion[..., 1:]
    sine = np.linalg.norm(imaginary, axis=-1, keepdims=True)  # of half the angle
    cosine = quaternion[..., :1]
    small = sine < 0.5 * _SMALL
    safe = np.where(small, 1.0, sine)
    ratio = np.where(small, 2.0 * (1.0 + sine**2 / 6.0), 2.0 * np.arctan2(safe, cosine) / safe)
    return np.asarray(ratio * imaginary)


def rotation_about(axis_index: int, angle: ArrayLike) -> Floats:
    """Rotation about a coordinate axis (0 X, 1 Y, 2 Z) by ``angle`` (...) [rad]: (..., 3, 3)."""
    turn = np.asarray(angle, float)
    cosine, sine = np.cos(turn), np.sin(turn)
    following, last = (axis_index + 1) % 3, (axis_index + 2) % 3
    matrix = np.zeros((*turn.shape, 3, 3)) + 0.0 * cosine[..., None, None]  # 0, or NaN where missing
    matrix[..., axis_index, axis_index] += 1.0
    matrix[..., following, following] = matrix[..., last, last] = cosine
    matrix[..., following, last], matrix[..., last, following] = -sine, sine
    return np.asarray(matrix)


def rotation_between(a: ArrayLike, b: ArrayLike) -> Floats:
    """The shortest rotation that takes direction ``a`` to direction ``b``: (..., 3) x2 -> (..., 3, 3).

    Opposite directions have no single shortest rotation; a half turn about some perpendicular is
    returned.
    """
    start, end = np.broadcast_arrays(unit(a), unit(b))
    # The quaternion is (1 + a.b, a x b) but for its length; both vanish for opposite directions.
    cosine = dot(start, end)
    imaginary = cross(start, end)
    opposite = cosine < -1.0 + 1e-14
    least = np.eye(3)[np.argmin(np.abs(np.nan_to_num(start)), axis=-1)]
    imaginary = np.where(opposite[..., None], cross(start, least), imaginary)
    real = np.where(opposite, 0.0, 1.0 + cosine)
    return rotation_from_quaternion(np.concatenate([real[..., None], imaginary], axis=-1))


def quaternion_from_rotation(rotation: ArrayLike) -> Floats:
    """Matrices (..., 3, 3) to unit quaternions (..., 4), w first (MuJoCo's order), w >= 0.

    Shepperd's method: of the four ways to write it, the one that divides by the largest part.
    """
    r = np.asarray(rotation, float)
    trace = np.trace(r, axis1=-2, axis2=-1)
    diagonal = np.diagonal(r, axis1=-2, axis2=-1)
    # Rows of 4 q q^T, each proportional to the quaternion.
    product = np.empty((*r.shape[:-2], 4, 4))
    product[..., 0, 0] = 1.0 + trace
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        product[..., i + 1, i + 1] = 1.0 - trace + 2.0 * diagonal[..., i]
        product[..., 0, i + 1] = product[..., i + 1, 0] = r[..., k, j] - r[..., j, k]
        product[..., i + 1, j + 1] = product[..., j + 1, i + 1] = r[..., i, j] + r[..., j, i]
    sizes = np.nan_to_num(np.diagonal(product, axis1=-2, axis2=-1))
    largest = np.argmax(sizes, axis=-1)[..., None, None]
    row = np.take_along_axis(product, largest, axis=-2)[..., 0, :]
    quaternion = row / np.linalg.norm(row, axis=-1, keepdims=True)
    return np.asarray(np.where(quaternion[..., :1] < 0.0, -quaternion, quaternion))


def rotation_from_quaternion(quaternion: ArrayLike) -> Floats:
    """Quaternions (..., 4), w first and of any length but 0, to matrices (..., 3, 3)."""
    array = np.asarray(quaternion, float)
    length = np.linalg.norm(array, axis=-1, keepdims=True)
    array = array / np.where(length > 0.0, length, np.nan)
    matrix = skew(array[..., 1:])
    turn = 2.0 * array[..., :1, None] * matrix + 2.0 * (matrix @ matrix)
    return np.asarray(np.eye(3) + turn)


def frame_from_axes(primary: ArrayLike, secondary: ArrayLike, order: str) -> Floats:
    """Right-handed frames (..., 3, 3) from a direction kept and one made perpendicular to it.

    Args:
        primary: (..., 3) direction kept as it is.
        secondary: (..., 3) direction of which the part perpendicular to ``primary`` is kept.
        order: the two axes' names, primary first: ``"yz"`` keeps Y and bends Z.

    Returns:
        Columns X, Y, Z; NaN where the two are parallel or missing.
    """
    first, second = ("xyz".index(name) for name in order)
    main, other = np.broadcast_arrays(unit(primary), np.asarray(secondary, float))
    side = unit(other - dot(other, main)[..., None] * main)
    third = 3 - first - second
    normal = cross(main, side) if (second - first) % 3 == 1 else cross(side, main)
    frame = np.empty((*main.shape, 3))
    frame[..., first], frame[..., second], frame[..., third] = main, side, normal
    return frame
