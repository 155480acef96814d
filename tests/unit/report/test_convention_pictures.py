"""The pictures of the sign table are those that our own body gives, and there is one for every coordinate."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coxa.model.coordinates import ALL

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

import convention_pictures as pictures  # noqa: E402


def test_every_coordinate_has_one() -> None:
    shown = {told.name for told in pictures.PICTURES}
    assert shown == {name.removesuffix("_left").removesuffix("_right") for name in ALL}


@pytest.mark.parametrize("told", pictures.PICTURES, ids=lambda told: told.name)
def test_a_picture_is_what_the_script_draws(told: pictures.Told) -> None:
    kept = (pictures.FOLDER / f"{told.name}.svg").read_text(encoding="utf-8")
    drawn = pictures.drawn(told, pictures.model())
    # The last digit may differ from machine to machine: what is said must not, and hardly what is drawn.
    assert kept.partition("<style>")[0] == drawn.partition("<style>")[0]
    assert abs(len(kept) - len(drawn)) <= 0.02 * len(kept)


def test_a_pose_in_which_the_angle_does_not_grow_is_refused() -> None:
    backwards = pictures.Told(
        "hip_flexion", {"hip_flexion_right": -20.0}, (86.0, 4.0), ("femur_right", (0.0, -0.4, 0.0))
    )
    with pytest.raises(SystemExit, match="hip_flexion grows by -20"):
        pictures.drawn(backwards, pictures.model())
