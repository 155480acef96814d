from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from coxa.app.blur import blur_px


def edge(blur_px: float) -> np.ndarray:
    grey = np.zeros((200, 200))
    grey[60:140, 70:130] = 200.0
    grey = gaussian_filter(grey, blur_px) + np.random.default_rng(1).normal(0, 1.5, grey.shape)
    return np.repeat(np.clip(grey, 0, 255)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("true_px", [1.0, 2.0, 3.0, 5.0])
def test_reads_a_known_blur(true_px: float) -> None:
    assert next(blur_px(edge(true_px))) == pytest.approx(true_px, rel=0.25)


def test_says_nothing_of_a_flat_or_tiny_picture() -> None:
    assert list(blur_px(np.full((100, 100, 3), 90, np.uint8))) == []
    assert list(blur_px(edge(1.0)[:4])) == []
