"""Tags that a browser found are kept beside the landmarks of a test, and read like those of a film."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.sinks.netcdf import write_netcdf
from coxa.adapters.sources.netcdf import open_netcdf
from coxa.app.live import Layout
from coxa.app.live_boards import GatheredTags
from coxa.app.live_recording import Gathered
from coxa.app.request import ReadOptions
from coxa.model.recording import Recording
from tests.support.takes import LAYOUT, landmarks

SQUARE = np.array([[0, 0], [30, 0], [30, 30], [0, 30]], np.float32)
TEST = "hip_abduction"


def seen() -> Recording:
    time_s, points = landmarks(TEST, "left", 1)
    return LAYOUT.recording(time_s, points)


def quads(n: int, shift_px: float = 100.0) -> np.ndarray:
    return np.stack([SQUARE + shift_px + 50.0 * k for k in range(n)]).astype(np.float32)


def gathered(recording: Recording, every: int = 1, spread_px: float = 0.1) -> GatheredTags:
    tags = GatheredTags(10_000)
    for at_s in recording.time_s[::every]:
        tags.add(float(at_s), np.array([0, 1], np.uint16), quads(2), np.full(2, spread_px))
    return tags


def test_boards_are_read_where_they_were_seen() -> None:
    recording = seen()
    (channel,) = gathered(recording, every=2).beside(recording).boards
    assert [board.name for board in channel.boards] == ["sacrum"]
    assert np.isfinite(channel.position_px[::2]).all()
    assert np.isnan(channel.position_px[1::2]).all()
    np.testing.assert_allclose(channel.position_px[0, 4:], quads(2)[1])
    assert channel.camera is recording.image_points[0].camera


def test_a_wider_spread_of_edges_is_a_wider_sd() -> None:
    recording = seen()
    sharp, soft = (gathered(recording, spread_px=px).beside(recording).boards[0].sd_px for px in (0.05, 0.5))
    assert np.all(soft > 2.0 * sharp)


def test_the_first_still_second_of_standing_is_the_neutral_stance() -> None:
    time_s = np.arange(60) / 15
    _, points = landmarks(TEST, "left", 1)
    still = LAYOUT.recording(time_s, np.repeat(points[:1], 60, axis=0))
    (channel,) = gathered(still).beside(still).boards
    assert channel.standing.sum() == pytest.approx(1.0)
    assert channel.standing[time_s > 1.6].max() == 0.0


def test_somebody_who_lies_has_no_neutral_stance() -> None:
    _, points = landmarks(TEST, "left", 1)
    lying = np.repeat(points[:1], 60, axis=0)
    lying[..., :2] = lying[..., 1::-1]
    still = LAYOUT.recording(np.arange(60) / 15, lying)
    (channel,) = gathered(still).beside(still).boards
    assert channel.standing.sum() == 0.0


@pytest.mark.parametrize(
    ("ids", "corners"),
    [([49], quads(1)), ([0, 0], quads(2)), ([0], quads(1)[:, ::-1]), ([0], np.zeros((1, 4, 2), np.float32))],
    ids=["none of ours", "twice", "seen from behind", "a point"],
)
def test_what_cannot_be_a_board_is_not_kept(ids: list[int], corners: np.ndarray) -> None:
    tags = GatheredTags(10)
    tags.add(0.0, np.array(ids, np.uint16), corners, np.zeros(len(ids)))
    assert len(tags) == 0


def test_no_more_is_kept_than_may_be() -> None:
    recording = seen()
    tags = GatheredTags(3)
    for at_s in recording.time_s:
        tags.add(float(at_s), np.array([0], np.uint16), quads(1), np.zeros(1))
    assert len(tags) == 3


def test_tags_of_no_picture_that_was_kept_are_left_out() -> None:
    recording = seen()
    tags = GatheredTags(10)
    tags.add(float(recording.time_s[0]) + 0.01, np.array([0], np.uint16), quads(1), np.zeros(1))
    assert tags.beside(recording) is recording


def test_a_take_without_boards_is_as_before() -> None:
    recording = seen()
    assert GatheredTags(10).beside(recording) is recording


def test_gathered_boards_survive_a_file(tmp_path: Path) -> None:
    recording = replace(seen(), brightness=np.full(seen().n_frames, 0.5))
    take = Gathered(Layout(640, 480, "blazepose_lite"), 1000)
    for k in range(recording.n_frames):
        take.add(recording.window(slice(k, k + 1)))
        take.tags.add(float(recording.time_s[k]), np.array([2], np.uint16), quads(1), np.zeros(1))
    kept = take.recording()
    write_netcdf(replace(kept, brightness=np.zeros(0)), tmp_path / "take.nc")
    (back,) = next(open_netcdf(tmp_path / "take.nc", ReadOptions()).parts(10_000)).boards
    (channel,) = kept.boards
    np.testing.assert_allclose(back.position_px, channel.position_px)
    np.testing.assert_allclose(back.sd_px, channel.sd_px)
    np.testing.assert_allclose(back.standing, channel.standing)
    assert [board.name for board in back.boards] == ["t12"]
    np.testing.assert_allclose(back.boards[0].corners_m, channel.boards[0].corners_m)
    assert back.camera.focal_px == channel.camera.focal_px


def test_gathered_boards_survive_a_server() -> None:
    recording = seen()
    tags = gathered(recording, every=3)
    back = GatheredTags(10_000)
    back.restore(json.loads(json.dumps(tags.state())))
    before, after = (one.beside(recording).boards[0] for one in (tags, back))
    np.testing.assert_array_equal(after.position_px, before.position_px)
    np.testing.assert_array_equal(after.sd_px, before.sd_px)
    none = GatheredTags(10)
    none.restore(GatheredTags(10).state())
    assert len(none) == 0
