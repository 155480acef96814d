"""The real networks on rendered people: found, true enough, followed, never swapped for another."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.sources.video import PyAvVideo
from coxa.adapters.vision import assets
from coxa.adapters.vision.landmarks import NAMES, LandmarkNetwork, mask_in_picture
from coxa.adapters.vision.tracker import BlazePoseTracker
from coxa.app.ports import VideoFrame
from coxa.model.errors import NothingToMeasureError
from coxa.model.keypoints import Keypoints
from tests.support import films

pytestmark = pytest.mark.reference

HIPS = [NAMES.index("left_hip"), NAMES.index("right_hip")]


def in_time(pictures: Iterable[films.Picture], rate_hz: float = 30.0) -> Iterator[VideoFrame]:
    for index, rgb in enumerate(pictures):
        yield VideoFrame(index, index / rate_hz, rgb)


def pictures(data: Path, clip: str) -> list[films.Picture]:
    return [frame.rgb for frame in PyAvVideo(data / "rendered" / f"{clip}.mp4").frames()]


def side_by_side(left: films.Picture, right: films.Picture) -> films.Picture:
    """The left half of a wide room from one film, the right half from another."""
    return np.ascontiguousarray(np.concatenate([left[:, 120:520], right[:, 120:520]], axis=1))


def hips_x(seen: Keypoints) -> float:
    return float(seen.position_px[HIPS, 0].mean())


@pytest.mark.parametrize(("clip", "first", "goal_deg"), [("a_stand_er", 21, 5.0), ("b_seat_ier", 0, 3.0)])
def test_heavy_reads_the_shank_in_the_picture(
    reference_data: Path, clip: str, first: int, goal_deg: float
) -> None:
    tracker = BlazePoseTracker("heavy", n_threads=2)
    seen = [tracker.track(frame) for frame in in_time(pictures(reference_data, f"{clip}_female"))]
    assert all(seen) and tracker.summary["swapped"] == 0
    shank = [NAMES.index(name) for name in ("right_knee", "right_ankle")]
    read = angle_deg(*np.array([s.position_px[shank] for s in seen if s]).transpose(1, 0, 2))
    joints = json.loads((reference_data / "rendered" / "truth_female.json").read_text())[clip]["joints_px"]
    true = angle_deg(np.array(joints["lowerleg01.R"]), np.array(joints["foot.R"]))
    error = ((read - true + 180) % 360 - 180)[first:]
    assert np.abs(error).mean() <= goal_deg
    assert 0.9 <= np.polyfit(true[first:], true[first:] + error, 1)[0] <= 1.1


def angle_deg(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    across, down = (end - start).T
    return np.degrees(np.arctan2(across, down))


def test_persons_are_numbered_from_left_to_right(reference_data: Path) -> None:
    left, right = (pictures(reference_data, f"d_rot_still_{who}") for who in ("male", "female"))
    wide = [side_by_side(a, b) for a, b in zip(left[:5], right[:5], strict=True)]
    for number, centre in ((1, 200), (2, 600)):
        tracker = BlazePoseTracker("lite", person=number)
        seen = [tracker.track(frame) for frame in in_time(wide)]
        assert all(s is not None and abs(hips_x(s) - centre) < 60 for s in seen)
        assert tracker.summary["bystanders"] == 1
    with pytest.raises(NothingToMeasureError, match="has 2"):
        BlazePoseTracker("lite", person=3).track(next(in_time(wide)))


@pytest.mark.parametrize("size", ["lite", "heavy"])
def test_somebody_crossing_is_never_taken_for_the_person(reference_data: Path, size: str) -> None:
    stays, walks = (pictures(reference_data, f"d_rot_follow20_{who}") for who in ("male", "female"))
    alone = BlazePoseTracker(size, n_threads=2)
    truth = [hips_x(seen) for frame in in_time(stays) if (seen := alone.track(frame))]
    tracker = BlazePoseTracker(size, person=None, n_threads=2)
    for frame in in_time(films.crossing(stays, walks)):
        seen = tracker.track(frame)
        assert seen is None or abs(hips_x(seen) - truth[frame.index]) < 30
    assert tracker.summary["found"] >= 20


def test_a_stranger_in_the_persons_place_is_not_followed(reference_data: Path) -> None:
    person = pictures(reference_data, "d_rot_still_male")[:20]
    stranger = [rgb[..., ::-1] for rgb in pictures(reference_data, "d_rot_still_female")[:20]]
    tracker = BlazePoseTracker("lite")
    empty = list(films.empty_room(30))
    seen = [
        tracker.track(frame) is not None for frame in in_time([*person, *empty, *stranger, *empty, *person])
    ]
    assert all(seen[:20]) and not any(seen[20:100]) and all(seen[100:])
    assert tracker.summary["ambiguous"] == 20


def test_the_mask_is_made_on_request_and_lies_on_the_person(reference_data: Path) -> None:
    frame = next(in_time(pictures(reference_data, "c_hinge_neutral_male")))
    tracker = BlazePoseTracker("lite", with_mask=True)
    seen = tracker.track(frame)
    assert seen is not None and tracker.last_pose is not None and tracker.last_roi is not None
    mask = mask_in_picture(tracker.last_pose, tracker.last_roi, frame.rgb.shape[:2])
    assert mask.shape == frame.rgb.shape[:2]
    x, y = seen.position_px[HIPS].mean(axis=0).astype(int)
    assert mask[y, x] > 0.9 and mask[5, 5] < 0.1


def test_a_mirrored_film_gives_the_mirrored_person(reference_data: Path) -> None:
    """World axes and sides: x right, y down; the left hip is on the picture's right of a facing person."""
    rgb = pictures(reference_data, "d_rot_still_male")[0]
    seen, mirrored = (
        BlazePoseTracker("heavy").track(frame) for frame in in_time([rgb, np.ascontiguousarray(rgb[:, ::-1])])
    )
    assert seen is not None and mirrored is not None
    for one in (seen, mirrored):
        left, right = one.world_m[HIPS]
        assert left[0] > right[0]
        assert one.world_m[NAMES.index("left_knee"), 1] > 0 > one.world_m[NAMES.index("nose"), 1]
        assert one.world_m[NAMES.index("nose"), 2] < 0.05


def test_other_threads_get_on_while_a_network_computes(reference_data: Path) -> None:
    """LiteRT frees the interpreter lock, so decode, pose and fit overlap."""
    rgb = pictures(reference_data, "d_rot_still_male")[0]
    tracker = BlazePoseTracker("lite")
    tracker.track(VideoFrame(0, 0.0, rgb))
    roi = tracker.last_roi
    assert roi is not None
    network = LandmarkNetwork(assets.landmark_network("heavy"))
    counted, done = [0], threading.Event()

    def count() -> None:
        while not done.is_set():
            counted[0] += 1

    other = threading.Thread(target=count)
    other.start()
    for _ in range(3):
        network(rgb, roi)
    done.set()
    other.join()
    assert counted[0] > 100_000
