"""Triangle meshes: normals, neighbours, finer copies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def normals(vertices_m: Floats, faces: Ints) -> Floats:
    """(n, 3) unit normals of the vertices, weighted by the area of the faces."""
    a, b, c = (vertices_m[faces[:, k]] for k in range(3))
    ab, ac = b - a, c - a
    of_face = np.empty_like(ab)
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        of_face[:, k] = ab[:, i] * ac[:, j] - ab[:, j] * ac[:, i]
    summed = np.stack(
        [
            np.bincount(faces.ravel(), np.repeat(of_face[:, axis], 3), minlength=len(vertices_m))
            for axis in range(3)
        ],
        axis=1,
    )
    return np.asarray(summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12))


def edges(faces: Ints) -> Ints:
    """(e, 2) every edge once, the smaller vertex first."""
    both = np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    return np.unique(np.sort(both, axis=1), axis=0)


def averaging(faces: Ints, places_m: Floats, upright: float = 0.0) -> csr_matrix:
    """(n, n) matrix that puts each vertex in the middle of its neighbours.

    Args:
        faces: (m, 3).
        places_m: (n, 3) at rest.
        upright: power of an edge's steepness that its neighbours count by; 0: all alike. With a high one the
            mesh is drawn straight from top to bottom but not narrowed, as hanging cloth.
    """
    n = len(places_m)
    pairs = edges(faces)
    along = places_m[pairs[:, 1]] - places_m[pairs[:, 0]]
    steep = np.abs(along[:, 1]) / np.maximum(np.linalg.norm(along, axis=1), 1e-9)
    one_way = csr_matrix((steep**upright + 1e-6, (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    both = one_way + one_way.T
    total = np.maximum(np.asarray(both.sum(axis=1)).ravel(), 1e-12)
    return csr_matrix(diags_array(1.0 / total) @ both)


def border(faces: Ints, n: int) -> NDArray[np.bool_]:
    """(n,) whether a vertex lies on an edge that only one face has."""
    all_edges = np.sort(np.vstack([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    pairs, count = np.unique(all_edges, axis=0, return_counts=True)
    on = np.zeros(n, bool)
    on[pairs[count == 1]] = True
    return on


def submesh(faces: Ints, chosen: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """(vertices used (k,), faces (m, 3) renumbered) of the faces whose corners are all chosen."""
    kept = faces[chosen[faces].all(axis=1)]
    used = np.unique(kept)
    number = np.full(len(chosen), -1)
    number[used] = np.arange(len(used))
    return used, number[kept]


def refined(faces: Ints, n: int) -> tuple[csr_matrix, Ints]:
    """Each triangle in four: (matrix (n + e, n) from old to new vertices, new faces)."""
    pairs = edges(faces)
    number = {(int(a), int(b)): n + k for k, (a, b) in enumerate(pairs)}
    rows = np.concatenate([np.arange(n), np.repeat(n + np.arange(len(pairs)), 2)])
    columns = np.concatenate([np.arange(n), pairs.ravel()])
    shares = np.concatenate([np.ones(n), np.full(2 * len(pairs), 0.5)])
    matrix = csr_matrix((shares, (rows, columns)), shape=(n + len(pairs), n))
    finer = []
    for a, b, c in faces.tolist():
        ab, bc, ca = (number[min(p, q), max(p, q)] for p, q in ((a, b), (b, c), (c, a)))
        finer += [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return matrix, np.array(finer)


def smooth_noise(places_m: Floats, wavelength_m: float, seed: int) -> Floats:
    """(n,) noise of mean 0 and sd 1 over places (n, 3), as a sum of waves in random directions."""
    rng = np.random.default_rng(seed)
    total = np.zeros(len(places_m))
    n_waves = 24
    for _ in range(n_waves):
        direction = rng.normal(size=3)
        direction *= rng.uniform(0.6, 1.6) * 2 * np.pi / wavelength_m / np.linalg.norm(direction)
        total += np.sin(places_m @ direction + rng.uniform(0, 2 * np.pi))
    return np.asarray(total / np.sqrt(n_waves / 2))


def split(faces: Ints, field: Floats, where: NDArray[np.bool_] | None = None) -> tuple[csr_matrix, Ints]:
    """Cut triangles along the zero of a field over the vertices.

    Args:
        faces: (m, 3).
        field: (n,) linear in place.
        where: (m,) which faces may be cut; None: all.

    Returns:
        Matrix (n + k, n) from old to new vertices, and the new faces, none of them on both sides.
    """
    n = len(field)
    sign = np.sign(np.where(np.abs(field) < 1e-9, 0.0, field))
    crossed = (sign[faces].max(axis=1) > 0) & (sign[faces].min(axis=1) < 0)
    if where is not None:
        crossed &= where
    number: dict[tuple[int, int], int] = {}
    between: list[tuple[int, int]] = []

    def cut(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in number:
            number[key] = n + len(between)
            between.append(key)
        return number[key]

    new: list[tuple[int, int, int]] = []
    for face in faces[crossed].tolist():
        new += _cut_face(face, sign, cut)
    pairs = np.array(between, np.int64).reshape(-1, 2)
    share = field[pairs[:, 0]] / (field[pairs[:, 0]] - field[pairs[:, 1]])
    rows = np.concatenate([np.arange(n), np.repeat(n + np.arange(len(pairs)), 2)])
    columns = np.concatenate([np.arange(n), pairs.ravel()])
    shares = np.concatenate([np.ones(n), np.column_stack([1 - share, share]).ravel()])
    matrix = csr_matrix((shares, (rows, columns)), shape=(n + len(pairs), n))
    return matrix, np.vstack([faces[~crossed], np.array(new, np.int64).reshape(-1, 3)])


def _cut_face(face: list[int], sign: Floats, cut: Callable[[int, int], int]) -> list[tuple[int, int, int]]:
    """Two or three triangles out of one; the corner alone on its side comes first."""
    sides = [sign[corner] for corner in face]
    if 0 in sides:
        k = sides.index(0)
        a, b, c = face[k], face[(k + 1) % 3], face[(k + 2) % 3]
        middle = cut(b, c)
        return [(a, b, middle), (a, middle, c)]
    k = next(i for i in range(3) if sides.count(sides[i]) == 1)
    a, b, c = face[k], face[(k + 1) % 3], face[(k + 2) % 3]
    ab, ac = cut(a, b), cut(a, c)
    return [(a, ab, ac), (ab, b, c), (ab, c, ac)]
