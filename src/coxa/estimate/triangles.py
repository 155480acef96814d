"""Small symmetric systems by Cholesky's factors, compiled where they are used.

Matrices of fifty rows are solved before a library has looked at them: these loops run along rows, four at a
time, which compilers make wide instructions of. A matrix that is not positive gives NaN, as a lost body does.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def factorised(a):  # type: ignore[no-untyped-def]
    """The upper factor u of a symmetric matrix u^T u, in place; what is below the diagonal stays as it was.

    Args:
        a: (n, n), of which the upper half is read.
    """
    n = len(a)
    for i in range(n):
        k = 0
        while k + 4 <= i:
            p, q, r, s = a[k, i], a[k + 1, i], a[k + 2, i], a[k + 3, i]
            for j in range(i, n):
                a[i, j] -= p * a[k, j] + q * a[k + 1, j] + r * a[k + 2, j] + s * a[k + 3, j]
            k += 4
        while k < i:
            p = a[k, i]
            for j in range(i, n):
                a[i, j] -= p * a[k, j]
            k += 1
        scale = 1.0 / np.sqrt(a[i, i])
        for j in range(i, n):
            a[i, j] *= scale


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def divide(u, x):  # type: ignore[no-untyped-def]
    """(u^T)^-1 x in place of x.

    Args:
        u: (n, n) of :func:`factorised`.
        x: (n, m).
    """
    n, m = x.shape
    for i in range(n):
        k = 0
        while k + 4 <= i:
            p, q, r, s = u[k, i], u[k + 1, i], u[k + 2, i], u[k + 3, i]
            for j in range(m):
                x[i, j] -= p * x[k, j] + q * x[k + 1, j] + r * x[k + 2, j] + s * x[k + 3, j]
            k += 4
        while k < i:
            p = u[k, i]
            for j in range(m):
                x[i, j] -= p * x[k, j]
            k += 1
        scale = 1.0 / u[i, i]
        for j in range(m):
            x[i, j] *= scale


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def divide_back(u, x):  # type: ignore[no-untyped-def]
    """u^-1 x in place of a vector x (n,); ``u`` as for :func:`divide`."""
    n = len(x)
    for i in range(n - 1, -1, -1):
        rest = x[i]
        for j in range(i + 1, n):
            rest -= u[i, j] * x[j]
        x[i] = rest / u[i, i]


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})
def solved(a, b):  # type: ignore[no-untyped-def]
    """a^-1 b in place of a vector b (n,); ``a`` (n, n), symmetric, is lost."""
    factorised(a)
    n = len(b)
    for i in range(n):
        b[i] /= a[i, i]
        p = b[i]
        for j in range(i + 1, n):
            b[j] -= p * a[i, j]
    divide_back(a, b)
