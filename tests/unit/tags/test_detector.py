"""Tags in made-up pictures: found, followed, exact, told how exact; hostile pictures do no harm."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from coxa.adapters.tags.channel import BoardWatcher
from coxa.adapters.tags.corners import refined
from coxa.adapters.tags.detector import TagDetector
from coxa.catalog import loader
from coxa.kinematics.rotations import rotation_about
from coxa.model.camera import Camera
from tests.support.tag_films import Case, run
from tests.support.tag_pictures import Film, Noise, board, clutter, draw

Floats = NDArray[np.float64]
WIDE, HIGH, FOCAL = 800, 600, 1500.0
CENTRE = np.array([WIDE / 2, HIGH / 2])
FACING = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])


def _detector() -> TagDetector:
    boards = loader.tag_boards()
    return TagDetector([board("sacrum")], boards.dictionary, loader.tag_rules().tracking)


def _picture(rotation: Floats, position: Floats, film: Film | None = None) -> NDArray[np.uint8]:
    film = film or Film()
    canvas = clutter(WIDE, HIGH, np.random.default_rng(1)).astype(np.float32)
    draw(canvas, [("sacrum", [(rotation, position)])], FOCAL, CENTRE, film)
    return Noise(WIDE, HIGH, film.noise, film.seed).add(canvas)


def _truth(rotation: Floats, position: Floats) -> dict[int, Floats]:
    worn = board("sacrum")
    x = worn.corners_m @ rotation.T + position
    return {tag: FOCAL * c[:, :2] / c[:, 2:] + CENTRE for tag, c in zip(worn.tags, x, strict=True)}


@pytest.mark.parametrize("z", [1.5, 2.0, 3.0])
def test_corners_are_exact(z: float) -> None:
    rotation, position = FACING @ rotation_about(1, 0.2), np.array([0.03, -0.05, z])
    found = _detector().track(_picture(rotation, position))
    assert set(found) == {0, 1}
    for tag, corners in _truth(rotation, position).items():
        error = found[tag].corners_px - corners
        assert np.abs(error).max() < 0.35
        assert np.sqrt(np.mean(error**2)) < 2.0 * found[tag].sd_px


def test_blurred_corners_are_told_to_be_worse() -> None:
    rotation, position = FACING, np.array([0.0, 0.0, 2.5])
    sharp = _detector().track(_picture(rotation, position, Film(blur_px=0.5, noise=1.5)))
    soft = _detector().track(_picture(rotation, position, Film(blur_px=1.2, noise=8.0)))
    assert soft[0].sd_px > 1.15 * sharp[0].sd_px


def test_a_moving_board_is_followed_without_searching_the_whole_picture() -> None:
    detector = _detector()
    found = []
    for k in range(12):
        position = np.array([-0.3 + 0.04 * k, 0.05 * np.sin(k), 2.2])
        found.append(set(detector.track(_picture(FACING, position))))
    assert all(one == {0, 1} for one in found)
    assert detector._since_search == 11


def test_a_lost_board_is_found_again() -> None:
    detector, rules = _detector(), loader.tag_rules().tracking
    here, there = np.array([-0.3, 0.0, 2.0]), np.array([0.35, 0.1, 2.0])
    detector.track(_picture(FACING, here))
    jumped = _picture(FACING, there)
    found = [bool(detector.track(jumped)) for _ in range(rules.search_every + 2)]
    assert found[-1]


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((HIGH, WIDE), np.uint8),
        np.full((HIGH, WIDE), 255, np.uint8),
        np.random.default_rng(0).integers(0, 255, (HIGH, WIDE)).astype(np.uint8),
        np.zeros((20, 20), np.uint8),
        np.zeros((HIGH, WIDE, 3), np.uint8),
    ],
)
def test_pictures_without_boards_show_none(picture: NDArray[np.uint8]) -> None:
    detector = _detector()
    assert all(detector.track(picture) == {} for _ in range(3))


def test_edges_that_are_not_there_are_not_refined() -> None:
    flat = np.full((100, 100), 120, np.uint8)
    corners = np.array([[30.0, 30], [70, 30], [70, 70], [30, 70]])
    assert refined(flat, corners, 6) is None
    assert refined(flat, np.zeros((4, 2)), 6) is None


def test_channel_holds_what_was_seen() -> None:
    camera = Camera(WIDE, HIGH, FOCAL, CENTRE, np.eye(3), np.zeros(3))
    watcher = BoardWatcher(camera, neutral_s=(0.0, 0.1), rate_hz=30.0, names=["sacrum"])
    rotation, position = FACING, np.array([0.0, 0.0, 2.0])
    seen = [watcher.see(_picture(rotation, position)), {}]
    channel = watcher.channel(np.array([0.05, 0.2]), seen)
    assert np.isfinite(channel.position_px[0]).all()
    assert np.isnan(channel.position_px[1]).all()
    assert np.isnan(channel.sd_px[1]).all()
    assert channel.standing == pytest.approx([1 / 3, 0.0])
    joined = type(channel).concatenate([channel.window(slice(0, 1)), channel.window(slice(1, 2))])
    assert np.array_equal(joined.position_px, channel.position_px, equal_nan=True)


@pytest.mark.slow
@pytest.mark.parametrize(("place", "script"), [("behind", "trunk_rotation"), ("front", "walking")])
def test_moving_people(place: str, script: str) -> None:
    """A short piece of benchmarks/tag_boards.py."""
    outcome = run(Case(seed=2001, place=place, script=script, duration_s=1.5))
    for name, error in outcome.error_deg.items():
        facing = outcome.facing[name]
        assert outcome.seen[name][facing].mean() > 0.9
        assert np.nanmedian(error) < 1.5
        assert np.nanpercentile(error, 95) < 5.0
    assert outcome.false_tags == 0
    assert 0.1 < outcome.chi2.mean() < 1.5
