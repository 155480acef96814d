"""A rasteriser in plain compiled Python: no graphics library, no driver, the same pixels on every machine.

Coverage and depth are sampled ``samples`` x ``samples`` times a pixel. A first pass finds the nearest
triangle of every sample, a second one shades the samples.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats32 = NDArray[np.float32]
_NEAR_M = 0.05


@njit(cache=True, nogil=True, fastmath=True)
def rasterise(points, faces, inverse_depth, face, first, second):  # type: ignore[no-untyped-def]
    """Nearest triangle of every sample.

    Args:
        points: (n, 3) x, y in samples, and depth [m].
        faces: (m, 3) of the points.
        inverse_depth: (h, w) 1 / m of what is already there; written where a triangle is nearer.
        face: (h, w) index of the triangle, written.
        first: (h, w) perspective-correct weight of the triangle's first corner, written.
        second: likewise of the second.
    """
    height, width = face.shape
    for m in range(len(faces)):
        a, b, c = faces[m, 0], faces[m, 1], faces[m, 2]
        if points[a, 2] < _NEAR_M or points[b, 2] < _NEAR_M or points[c, 2] < _NEAR_M:
            continue
        ax, ay, bx, by = points[a, 0], points[a, 1], points[b, 0], points[b, 1]
        cx, cy = points[c, 0], points[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-9:
            continue
        left = max(int(np.ceil(min(ax, bx, cx) - 0.5)), 0)
        right = min(int(np.floor(max(ax, bx, cx) - 0.5)), width - 1)
        top = max(int(np.ceil(min(ay, by, cy) - 0.5)), 0)
        bottom = min(int(np.floor(max(ay, by, cy) - 0.5)), height - 1)
        qa, qb, qc = 1.0 / points[a, 2], 1.0 / points[b, 2], 1.0 / points[c, 2]
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area
                wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area
                wc = 1.0 - wa - wb
                if wa < 0.0 or wb < 0.0 or wc < 0.0:
                    continue
                q = wa * qa + wb * qb + wc * qc
                if q > inverse_depth[y, x]:
                    inverse_depth[y, x] = q
                    face[y, x] = m
                    first[y, x] = wa * qa / q
                    second[y, x] = wb * qb / q


@njit(cache=True, nogil=True, fastmath=True)
def rasterise_depth(points, faces, depth):  # type: ignore[no-untyped-def]
    """Least depth of every cell of a shadow map; parallel projection: points (n, 3) in cells and m."""
    height, width = depth.shape
    for m in range(len(faces)):
        a, b, c = faces[m, 0], faces[m, 1], faces[m, 2]
        ax, ay, bx, by = points[a, 0], points[a, 1], points[b, 0], points[b, 1]
        cx, cy = points[c, 0], points[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-9:
            continue
        left = max(int(np.ceil(min(ax, bx, cx) - 0.5)), 0)
        right = min(int(np.floor(max(ax, bx, cx) - 0.5)), width - 1)
        top = max(int(np.ceil(min(ay, by, cy) - 0.5)), 0)
        bottom = min(int(np.floor(max(ay, by, cy) - 0.5)), height - 1)
        for y in range(top, bottom + 1):
            py = y + 0.5
            for x in range(left, right + 1):
                px = x + 0.5
                wa = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area
                wb = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area
                wc = 1.0 - wa - wb
                if wa < 0.0 or wb < 0.0 or wc < 0.0:
                    continue
                z = wa * points[a, 2] + wb * points[b, 2] + wc * points[c, 2]
                depth[y, x] = min(depth[y, x], z)


@njit(cache=True, nogil=True, fastmath=True)
def lit_share(depth, u, v, z, bias):  # type: ignore[no-untyped-def]
    """Share (0 to 1) of the light that reaches a point (cells u, v; depth z): four smoothed looks."""
    height, width = depth.shape
    x, y = u - 0.5, v - 0.5
    i, j = int(np.floor(y)), int(np.floor(x))
    if i < 1 or j < 1 or i >= height - 2 or j >= width - 2:
        return 1.0
    fy, fx = y - i, x - j
    lit = 0.0
    for dy in range(-1, 3):
        wy = (1.0 - fy) if dy == -1 else (fy if dy == 2 else 1.0)
        for dx in range(-1, 3):
            wx = (1.0 - fx) if dx == -1 else (fx if dx == 2 else 1.0)
            if depth[i + dy, j + dx] >= z - bias:
                lit += wx * wy
    return lit / 9.0


@njit(cache=True, nogil=True, fastmath=True)
def _hash(i, j, k):  # type: ignore[no-untyped-def]
    n = (i * 73856093) ^ (j * 19349663) ^ (k * 83492791)
    n = (n ^ (n >> 13)) * 1274126177
    return ((n ^ (n >> 16)) & 0xFFFF) / 65535.0


@njit(cache=True, nogil=True, fastmath=True)
def noise(x, y, z):  # type: ignore[no-untyped-def]
    """Smooth noise, 0 to 1, that changes over a distance of about 1."""
    i, j, k = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
    fx, fy, fz = x - i, y - j, z - k
    fx, fy, fz = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy), fz * fz * (3 - 2 * fz)
    total = 0.0
    for di in range(2):
        wx = fx if di else 1.0 - fx
        for dj in range(2):
            wy = fy if dj else 1.0 - fy
            for dk in range(2):
                total += wx * wy * (fz if dk else 1.0 - fz) * _hash(i + di, j + dj, k + dk)
    return total


@njit(cache=True, nogil=True, fastmath=True)
def shade(buffers, mesh, light, shadow, eye, out, covered, samples):  # type: ignore[no-untyped-def]
    """Add the linear light of every sample of the meshes to its pixel.

    Args:
        buffers: (face, first, second) of :func:`rasterise`.
        mesh: (faces (m, 3), corner (n, 3), normal (n, 3), colour (n, 3), place at rest (n, 3), grain (n,)).
        light: (direction to the light (3,), key (3,), ambient from above (3,), from below (3,)).
        shadow: (depth map, matrix (3, 4) from the room to its cells, bias [m]).
        eye: (3,) camera.
        out: (h, w, 3) summed over the samples of a pixel, added to.
        covered: (h, w) number of samples on a mesh, added to.
        samples: along each side of a pixel.
    """
    face, first, second = buffers
    faces, corner, normal, colour, rest, grain = mesh
    to_light, key, above, below = light
    depth, cells, bias = shadow
    height, width = face.shape
    p, n, albedo, r = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    for y in range(height):
        for x in range(width):
            m = face[y, x]
            if m < 0:
                continue
            a, b, c = faces[m, 0], faces[m, 1], faces[m, 2]
            wa, wb = first[y, x], second[y, x]
            wc = 1.0 - wa - wb
            length = 0.0
            for i in range(3):
                p[i] = wa * corner[a, i] + wb * corner[b, i] + wc * corner[c, i]
                n[i] = wa * normal[a, i] + wb * normal[b, i] + wc * normal[c, i]
                albedo[i] = wa * colour[a, i] + wb * colour[b, i] + wc * colour[c, i]
                r[i] = wa * rest[a, i] + wb * rest[b, i] + wc * rest[c, i]
                length += n[i] * n[i]
            length = np.sqrt(length) + 1e-12
            facing = 0.0
            for i in range(3):
                n[i] /= length
                facing += n[i] * (eye[i] - p[i])
            turn = 1.0 if facing >= 0.0 else -1.0
            lambert, distance = 0.0, 0.0
            for i in range(3):
                n[i] *= turn
                lambert += n[i] * to_light[i]
                distance += (eye[i] - p[i]) ** 2
            distance = np.sqrt(distance)
            reached = 0.0
            if lambert > 0.0:
                u = cells[0, 0] * p[0] + cells[0, 1] * p[1] + cells[0, 2] * p[2] + cells[0, 3]
                v = cells[1, 0] * p[0] + cells[1, 1] * p[1] + cells[1, 2] * p[2] + cells[1, 3]
                z = cells[2, 0] * p[0] + cells[2, 1] * p[1] + cells[2, 2] * p[2] + cells[2, 3]
                reached = lambert * lit_share(depth, u, v, z, bias)
            g = wa * grain[a] + wb * grain[b] + wc * grain[c]
            tone = 1.0
            if g > 0.0:
                coarse = noise(r[0] * 14.0, r[1] * 14.0, r[2] * 14.0) - 0.5
                fine = noise(r[0] * 130.0, r[1] * 130.0, r[2] * 130.0) - 0.5
                tone += g * (coarse + 0.7 * fine)
            sky = 0.5 + 0.5 * n[1]
            rim = max(facing * turn / distance, 0.0)
            fill = 0.75 + 0.25 * rim
            yy, xx = y // samples, x // samples
            for i in range(3):
                ambient = (above[i] * sky + below[i] * (1.0 - sky)) * fill
                out[yy, xx, i] += albedo[i] * tone * (ambient + key[i] * reached)
            covered[yy, xx] += 1.0


@njit(cache=True, nogil=True, fastmath=True)
def shade_pictures(buffers, offset, mesh, pictures, light, shadow, out, covered, samples):  # type: ignore[no-untyped-def]
    """Like :func:`shade` for flat faces with pictures.

    Args:
        buffers: (face, first, second); this mesh's triangles are numbered from ``offset``.
        offset: number of its first triangle.
        mesh: (faces (m, 3), corner (n, 3), normal of each triangle (m, 3), picture coordinate (n, 2) 0 to 1).
        pictures: (all texels (k, 3) linear, first texel (m,), height (m,), width (m,)).
        light: as for :func:`shade`.
        shadow: likewise.
        out: likewise.
        covered: likewise.
        samples: likewise.
    """
    face, first, second = buffers
    faces, corner, normal, at = mesh
    texel, start, rows, columns = pictures
    to_light, key, above, below = light
    depth, cells, bias = shadow
    height, width = face.shape
    p = np.empty(3)
    for y in range(height):
        for x in range(width):
            m = face[y, x] - offset
            if m < 0 or face[y, x] < 0:
                continue
            a, b, c = faces[m, 0], faces[m, 1], faces[m, 2]
            wa, wb = first[y, x], second[y, x]
            wc = 1.0 - wa - wb
            for i in range(3):
                p[i] = wa * corner[a, i] + wb * corner[b, i] + wc * corner[c, i]
            tx = (wa * at[a, 0] + wb * at[b, 0] + wc * at[c, 0]) * columns[m] - 0.5
            ty = (wa * at[a, 1] + wb * at[b, 1] + wc * at[c, 1]) * rows[m] - 0.5
            i0, j0 = int(np.floor(ty)), int(np.floor(tx))
            fy, fx = ty - i0, tx - j0
            lambert = normal[m, 0] * to_light[0] + normal[m, 1] * to_light[1] + normal[m, 2] * to_light[2]
            reached = 0.0
            if lambert > 0.0:
                u = cells[0, 0] * p[0] + cells[0, 1] * p[1] + cells[0, 2] * p[2] + cells[0, 3]
                v = cells[1, 0] * p[0] + cells[1, 1] * p[1] + cells[1, 2] * p[2] + cells[1, 3]
                z = cells[2, 0] * p[0] + cells[2, 1] * p[1] + cells[2, 2] * p[2] + cells[2, 3]
                reached = lambert * lit_share(depth, u, v, z, bias)
            sky = 0.5 + 0.5 * normal[m, 1]
            yy, xx = y // samples, x // samples
            for i in range(3):
                value = 0.0
                for di in range(2):
                    row = min(max(i0 + di, 0), rows[m] - 1)
                    wy = fy if di else 1.0 - fy
                    for dj in range(2):
                        column = min(max(j0 + dj, 0), columns[m] - 1)
                        weight = wy * (fx if dj else 1.0 - fx)
                        value += weight * texel[start[m] + row * columns[m] + column, i]
                ambient = above[i] * sky + below[i] * (1.0 - sky)
                out[yy, xx, i] += value * (ambient + key[i] * reached)
            covered[yy, xx] += 1.0


@njit(cache=True, nogil=True, fastmath=True)
def fill_room(room, shadow, samples, out, covered):  # type: ignore[no-untyped-def]
    """Turn sums over samples into light, with the room where no mesh covers it.

    Args:
        room: (ambient (h, w, 3), lit (h, w, 3), position (h, w, 3), lambert (h, w)).
        shadow: as for :func:`shade`.
        samples: along each side of a pixel.
        out: (h, w, 3) sums of the meshes' samples; light on return.
        covered: (h, w) number of them.
    """
    ambient, lit, position, lambert = room
    depth, cells, bias = shadow
    height, width = lambert.shape
    each = 1.0 / samples**2
    for y in range(height):
        for x in range(width):
            share = 1.0 - covered[y, x] * each
            reached = 0.0
            if share > 0.0 and lambert[y, x] > 0.0:
                p0, p1, p2 = position[y, x, 0], position[y, x, 1], position[y, x, 2]
                u = cells[0, 0] * p0 + cells[0, 1] * p1 + cells[0, 2] * p2 + cells[0, 3]
                v = cells[1, 0] * p0 + cells[1, 1] * p1 + cells[1, 2] * p2 + cells[1, 3]
                z = cells[2, 0] * p0 + cells[2, 1] * p1 + cells[2, 2] * p2 + cells[2, 3]
                reached = lambert[y, x] * lit_share(depth, u, v, z, bias)
            for i in range(3):
                behind = ambient[y, x, i] + lit[y, x, i] * reached
                out[y, x, i] = out[y, x, i] * each + share * behind
