from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.rendering.mesh import averaging, border, normals, refined, split, submesh


def sheet(n: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """A square of n x n cells in the plane of X and Y, its front towards Z."""
    x, y = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    vertices = np.column_stack([x.ravel(), y.ravel(), np.zeros(x.size)])
    corner = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    a, b, c, d = corner, corner + 1, corner + n + 2, corner + n + 1
    return vertices, np.vstack([np.column_stack([a, b, c]), np.column_stack([a, c, d])])


def area(vertices: np.ndarray, faces: np.ndarray) -> float:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def test_normals_of_a_sheet_face_its_front() -> None:
    vertices, faces = sheet()
    assert np.allclose(normals(vertices, faces), [0, 0, 1])


@pytest.mark.parametrize("line", [0.4, 0.5, 1.7])  # between vertices, through them, beside the sheet
def test_a_cut_leaves_no_triangle_on_both_sides_and_loses_nothing(line: float) -> None:
    vertices, faces = sheet()
    field = vertices[:, 0] + 0.3 * vertices[:, 1] - line
    matrix, cut = split(faces, field)
    new, height = matrix @ vertices, matrix @ field
    sign = np.sign(np.where(np.abs(height) < 1e-9, 0, height))[cut]
    assert not ((sign.max(axis=1) > 0) & (sign.min(axis=1) < 0)).any()
    assert np.isclose(area(new, cut), 1.0)
    assert np.allclose(normals(new, cut), [0, 0, 1])


def test_finer_triangles_are_four_times_as_many_on_the_same_surface() -> None:
    vertices, faces = sheet()
    matrix, finer = refined(faces, len(vertices))
    assert len(finer) == 4 * len(faces)
    assert np.isclose(area(matrix @ vertices, finer), 1.0)
    assert np.allclose(normals(matrix @ vertices, finer), [0, 0, 1])


def test_the_border_of_a_sheet_is_its_rim() -> None:
    vertices, faces = sheet()
    rim = ((vertices[:, :2] == 0) | (vertices[:, :2] == 1)).any(axis=1)
    assert (border(faces, len(vertices)) == rim).all()


def test_a_part_keeps_only_faces_whose_corners_are_all_chosen() -> None:
    vertices, faces = sheet()
    used, part = submesh(faces, vertices[:, 0] <= 0.5)
    assert np.isclose(area(vertices[used], part), 0.5)


def test_upright_cloth_is_averaged_from_top_to_bottom_only() -> None:
    vertices, faces = sheet()
    middle = int(np.argmin(np.linalg.norm(vertices - [0.5, 0.5, 0], axis=1)))
    all_round = averaging(faces, vertices)[[middle]].toarray()[0]
    upright = averaging(faces, vertices, upright=8.0)[[middle]].toarray()[0]
    assert np.isclose(all_round.sum(), 1.0)
    beside = np.isclose(vertices[:, 1], 0.5)
    assert all_round[beside].sum() > 0.3
    assert upright[beside].sum() < 1e-3
