from __future__ import annotations

import numpy as np

from coxa.adapters.rendering import raster


def drawn(points: list[list[float]], faces: list[list[int]], size: int = 64) -> tuple[np.ndarray, ...]:
    inverse = np.zeros((size, size), np.float32)
    face = np.full((size, size), -1, np.int32)
    first, second = np.zeros_like(inverse), np.zeros_like(inverse)
    raster.rasterise(np.array(points), np.array(faces), inverse, face, first, second)
    return inverse, face, first, second


def test_a_triangle_covers_its_area() -> None:
    _, face, _, _ = drawn([[4, 4, 2], [60, 4, 2], [4, 60, 2]], [[0, 1, 2]])
    assert abs((face == 0).sum() - 56 * 56 / 2) < 60


def test_triangles_that_share_an_edge_leave_no_gap() -> None:
    points = [[3.3, 3.1, 2], [60.2, 5.7, 3], [58.1, 61.3, 4], [5.9, 57.2, 3]]
    _, face, _, _ = drawn(points, [[0, 1, 2], [0, 2, 3]])
    for row in face[8:55]:
        inside = np.flatnonzero(row >= 0)
        assert (np.diff(inside) == 1).all()


def test_the_nearer_triangle_is_seen_in_either_order() -> None:
    near, far = [[8, 8, 1], [56, 8, 1], [8, 56, 1]], [[8, 8, 3], [56, 8, 3], [8, 56, 3]]
    for points, winner in ((near + far, 0), (far + near, 1)):
        _, face, _, _ = drawn(points, [[0, 1, 2], [3, 4, 5]])
        assert set(np.unique(face)) == {-1, winner}


def test_weights_are_those_in_space_not_in_the_picture() -> None:
    """Halfway in the picture between depths 1 and 3 lies a quarter of the way in space."""
    _, face, first, second = drawn([[0, 0, 1], [64, 0, 3], [0, 64, 1]], [[0, 1, 2]])
    row, column = 0, 31
    assert face[row, column] == 0
    assert abs(second[row, column] - 0.25) < 0.02
    assert first[row, column] < 0.8


def test_what_is_behind_the_camera_is_not_drawn() -> None:
    _, face, _, _ = drawn([[4, 4, -1], [60, 4, 2], [4, 60, 2]], [[0, 1, 2]])
    assert (face == -1).all()


def test_a_point_behind_another_lies_in_its_shadow() -> None:
    depth = np.full((16, 16), np.inf)
    raster.rasterise_depth(np.array([[0.0, 0, 1], [16, 0, 1], [0, 16, 1]]), np.array([[0, 1, 2]]), depth)
    assert raster.lit_share(depth, 4.0, 4.0, 2.0, 0.01) == 0.0
    assert raster.lit_share(depth, 4.0, 4.0, 0.5, 0.01) == 1.0
    assert raster.lit_share(depth, 12.5, 12.5, 2.0, 0.01) == 1.0
    assert 0.0 < raster.lit_share(depth, 8.0, 8.0, 2.0, 0.01) < 1.0


def test_noise_is_smooth_and_within_bounds() -> None:
    values = np.array([raster.noise(x, 0.3, -1.2) for x in np.linspace(-5, 5, 1001)])
    assert values.min() >= 0 and values.max() <= 1
    assert np.abs(np.diff(values)).max() < 0.05
    assert values.std() > 0.1
