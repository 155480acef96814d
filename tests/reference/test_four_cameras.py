"""Real video of four cameras: one body in all of them, a clock and a flip put in by hand and found again."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.kinematics.triangulation import off_px
from coxa.model.coordinates import ALL
from coxa.model.motion import Observability
from tests.support.four_cameras import ABSENT, FOLDER, MIN_VISIBILITY, Film, dlt, films, fit, joined, shifted

pytestmark = pytest.mark.slow

#: Half a second, so that finding the keypoints takes no more than a minute.
FRAMES = 30


@pytest.fixture(scope="module")
def taken() -> list[Film]:
    if not (FOLDER / "cam01.mp4").exists():
        pytest.skip(ABSENT)
    return films("heavy", FRAMES)


def test_one_body_explains_all_cameras_as_well_as_free_points_do(taken: list[Film]) -> None:
    found = joined([film.view() for film in taken])
    whole = fit(found.recording)
    columns = whole.estimator.image_landmarks[0].columns
    seen = np.stack([image.position_px[:, columns] for image in found.recording.image_points])
    visible = np.stack([image.visibility[:, columns] for image in found.recording.image_points])
    usable = (visible >= MIN_VISIBILITY) & np.isfinite(seen[..., 0])
    cameras = [image.camera for image in found.recording.image_points]
    free = np.where(usable, off_px(cameras, seen, dlt(cameras, seen, usable)), np.nan)
    assert np.nanmedian(whole.off_px()) < min(12.0, np.nanmedian(free) + 1.5)
    motion = whole.motion
    assert np.all(motion.observability[:, ALL.index("pelvis_anterior_tilt")] == Observability.NOT_OBSERVABLE)
    assert np.all(motion.observability[:, ALL.index("thorax_left_rotation")] == Observability.OBSERVED)
    assert 1.5 < np.exp(whole.smoothed.path.shared[0]) * 1.70 < 1.95


def test_a_clock_put_wrong_and_sides_put_wrong_are_set_right(taken: list[Film]) -> None:
    views = [film.view() for film in taken]
    before = joined(views)
    spoilt = [views[0], shifted(views[1], 0.12), shifted(views[2], -0.05).swapped(), views[3]]
    after = joined(spoilt)
    for one, was, by_s in zip(after.cameras, before.cameras, (0.0, 0.12, -0.05, 0.0), strict=True):
        if not np.isnan(one.offset_sd_s) and not np.isnan(was.offset_sd_s):
            assert abs(one.offset_s - was.offset_s + by_s) < 0.01
    assert after.cameras[2].frames_swapped >= FRAMES - 4
    assert [one.used for one in after.cameras] == [True] * 4
