"""Small symmetric systems are solved as numpy solves them."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.estimate.triangles import divide, divide_back, factorised, solved


def symmetric(n: int) -> np.ndarray:
    rows = np.random.default_rng(n).normal(size=(n, n + 3))
    return rows @ rows.T


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 9, 47])
def test_systems_are_solved(n: int) -> None:
    a, b = symmetric(n), np.random.default_rng(0).normal(size=(n, 3))
    factor = a.copy()
    factorised(factor)
    np.testing.assert_allclose(np.triu(factor).T @ np.triu(factor), a, rtol=1e-9, atol=1e-9)
    x = b.copy()
    divide(factor, x)
    np.testing.assert_allclose(np.triu(factor).T @ x, b, rtol=1e-9, atol=1e-9)
    y = b[:, 0].copy()
    divide_back(factor, y)
    np.testing.assert_allclose(np.triu(factor) @ y, b[:, 0], rtol=1e-8, atol=1e-9)
    z = b[:, 0].copy()
    solved(a.copy(), z)
    np.testing.assert_allclose(a @ z, b[:, 0], rtol=1e-6, atol=1e-7)


def test_what_is_not_positive_gives_no_number() -> None:
    b = np.ones(2)
    solved(np.array([[1.0, 2.0], [2.0, 1.0]]), b)
    assert np.isnan(b).any()
