"""The outline of the back held against exactly known lumbar flexion: people nothing was fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.seen import Seen
from coxa.model.motion import Observability
from coxa.specs.rendering import Fit, Split
from tests.support.outline_films import area_under_curve, change
from tests.support.rendering import assets_or_skip

pytestmark = pytest.mark.slow

BODIES = ("emil", "hans")


def seen(
    movement: str, body: str, fit: Fit = Fit.TIGHT, camera: str = "side", arms: str | None = None
) -> Seen:
    assets_or_skip()
    clip = Clip(movement, body, camera, Split.REPORTING, fit, arms=arms, rate_hz=6.0)
    return Seen.of(clip)


def test_lumbar_flexion_against_the_own_neutral_stance() -> None:
    found = [change(seen(f"hinge_lumbar_{bend}", body)) for body in BODIES for bend in (0, 20)]
    true, read, sd = (
        np.concatenate([getattr(one, name) for one in found]) for name in ("true", "read", "sd")
    )
    error = read - true
    assert len(error) > 0.7 * sum(one.n_frames for one in found)
    assert np.sqrt(np.mean(error**2)) < 6.0
    assert np.mean(np.abs(error) < 1.96 * sd) > 0.9
    assert area_under_curve(read[true > 18], read[np.abs(true) < 3]) > 0.9


@pytest.mark.parametrize("body", BODIES)
def test_the_hip_is_told_from_the_spine_in_a_hinge(body: str) -> None:
    film = seen("hinge_lumbar_40", body)
    true, deep = film.truth_deg["hip_flexion_right"], film.truth_deg["trunk_forward_lean"] > 40
    with_back, without = film.motion(), film.motion(with_back=False)

    def error(motion, name: str) -> float:
        return float(np.median(np.abs(np.degrees(motion[name]) - true)[deep]))

    assert error(with_back, "hip_flexion_right") < 7.0
    assert error(with_back, "thigh_trunk_angle_right") > 15.0
    column = with_back.index("hip_flexion_right")
    observed = with_back.observability[deep, column] == Observability.OBSERVED
    assert observed.mean() > 0.9
    assert np.all(without.observability[:, column] < Observability.OBSERVED)


def test_what_hides_the_back_is_said_and_not_read() -> None:
    hidden = (
        seen("hinge_lumbar_20", "hans", Fit.LOOSE),
        seen("hinge_lumbar_20", "emil", arms="on_hips"),
        seen("hinge_lumbar_20", "emil", camera="oblique"),
    )
    for film, why in zip(hidden, ("clothing", "arm", "side"), strict=True):
        readings = film.readings()
        assert not len(change(film, readings).read), why  # not even a neutral stance
        assert sum(why in one.fault for one in readings) > 0.4 * len(readings)
