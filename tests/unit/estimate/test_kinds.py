"""A motion says what its sources were: rows of the table that were read, and where the camera stood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.app.backs import Backs
from coxa.catalog import loader
from coxa.model.recording import Recording
from tests.support.simulated import film, motion_of, performance


def with_back(seen: Recording, angle_rad: float) -> Recording:
    """The same film, the outline of the back read on every frame, or looked for in vain (NaN)."""
    n = seen.n_frames
    empty = Backs(loader.outline_rules()).empty()
    angle = np.full((n, 2), angle_rad)
    back = replace(
        empty, angle_rad=angle, sd_rad=np.where(np.isfinite(angle), 0.1, np.nan), standing=np.zeros(n)
    )
    return replace(seen, backs=(back,))


@pytest.mark.parametrize(("azimuth_deg", "view"), [(0.0, "front"), (45.0, "oblique"), (90.0, "side")])
def test_a_film_says_where_it_was_seen_from(azimuth_deg: float, view: str) -> None:
    motion = motion_of(film(performance("squat", duration_s=0.2), azimuth_deg=azimuth_deg))
    assert (motion.kinds, motion.seen_from) == (("ideal_keypoints",), view)


def test_an_outline_counts_only_where_it_was_read() -> None:
    seen = film(performance("squat", duration_s=0.2), azimuth_deg=90.0)
    assert motion_of(with_back(seen, np.nan)).kinds == ("ideal_keypoints",)
    assert motion_of(with_back(seen, 0.1)).kinds == ("ideal_keypoints", "back_outline")
