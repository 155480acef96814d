"""Several videos, one measurement: what becomes of the films, and that all or nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coxa.app.cameras import CamerasMeasurement, CameraSource
from coxa.app.ports import VideoFrame, VideoInfo
from coxa.app.request import Request
from coxa.app.routes import smoother_for
from coxa.app.stream import Progress
from coxa.catalog import loader
from coxa.kinematics.rotations import rotation_about
from coxa.model.camera import Camera
from coxa.model.errors import NothingToMeasureError
from coxa.model.keypoints import Keypoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, observe
from coxa.simulate.perform import perform
from coxa.simulate.person import Person

RATE_HZ, N_FRAMES = 20.0, 36
DETECTOR = "blazepose_heavy"


@dataclass
class Film:
    """Black pictures, as many as there are keypoints."""

    number: int

    @property
    def info(self) -> VideoInfo:
        path = Path(f"cam{self.number}.mp4")
        return VideoInfo(path, 1920, 1080, RATE_HZ, N_FRAMES / RATE_HZ, N_FRAMES, 0, "none")

    def frames(self, start_s: float = 0.0, end_s: float | None = None) -> Iterator[VideoFrame]:
        for index in range(N_FRAMES):
            if start_s <= index / RATE_HZ < (np.inf if end_s is None else end_s):
                yield VideoFrame(index, index / RATE_HZ, np.zeros((108, 192, 3), np.uint8))


class Tracker:
    """Knows what is to be seen; nothing where told so."""

    def __init__(self, seen: Recording, blind: bool = False) -> None:
        self.points = seen.image_points[0]
        self.blind = blind
        self.names = self.points.names
        self.detector = self.points.detector
        self.summary = {"found": 0, "ambiguous": 0, "bystanders": 0}

    def track(self, frame: VideoFrame) -> Keypoints | None:
        if self.blind:
            return None
        at = frame.index
        world = np.zeros((len(self.names), 3))
        world[:, 2] = self.points.depth_m[at]
        return Keypoints(self.points.position_px[at], self.points.visibility[at], world, 1.0)


@dataclass
class Lens:
    """Straight through."""

    name: str
    camera: Camera

    def pinhole(self, width_px: int, height_px: int) -> Camera:
        return self.camera

    def ideal(self, position_px: Any, width_px: int, height_px: int) -> Any:
        return position_px


@dataclass
class Sink:
    """Remembers what happened."""

    parts: list[Motion] = field(default_factory=list)
    ended: str = ""

    def write(self, recording: Recording, motion: Motion) -> None:
        assert np.array_equal(recording.time_s, motion.time_s)
        self.parts.append(motion)

    def commit(self) -> None:
        self.ended = "committed"

    def abort(self) -> None:
        self.ended = "aborted"


def sources(blind: tuple[int, ...] = ()) -> list[CameraSource]:
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7)
    done = perform(SCRIPTS["walking"](), person, 1.0 + np.arange(N_FRAMES) / RATE_HZ)
    done = done.moved(rotation_about(1, 0.2), np.array([0.0, 1.0, 0.0]))
    made = []
    for number, azimuth in enumerate((10.0, 80.0, -100.0)):
        camera = camera_around(np.array([0.0, 1.0, 0.0]), azimuth)
        view = CameraView(camera, loader.detectors()[DETECTOR])
        seen = observe(done, [view], np.random.default_rng(number))
        tracker = Tracker(seen, number in blind)
        made.append(CameraSource(Film(number), tracker, Lens(f"cam{number}", camera)))
    return made


def measured(made: list[CameraSource], told: list[Progress] | None = None) -> Sink:
    sink = Sink()
    progress = (lambda _: None) if told is None else told.append
    use_case = CamerasMeasurement(
        made, smoother_for, [sink], loader.video_rules(), on_progress=progress, notes=("a note",)
    )
    try:
        use_case.run(Request(height_m=1.7))
    finally:
        assert sink.ended
    return sink


def test_all_cameras_make_one_motion_and_the_figures_say_what_became_of_each() -> None:
    told: list[Progress] = []
    sink = measured(sources(), told)
    whole = Motion.concatenate(sink.parts)
    assert sink.ended == "committed"
    assert len(whole.time_s) == N_FRAMES
    assert "cam0 + cam1 + cam2" in whole.source
    film = whole.diagnostics["film"]
    assert film["cameras_used"] == 3
    assert [one["name"] for one in film["cameras_detail"]] == ["cam0", "cam1", "cam2"]
    assert film["notes"][0] == "a note"
    assert not any("field of view" in note for note in film["notes"])
    assert len(told) == 3 * N_FRAMES
    assert np.all(np.diff([one.time_s for one in told]) >= 0)
    assert told[-1].end_s is not None
    assert 0.9 * told[-1].end_s < told[-1].time_s <= told[-1].end_s


def test_a_camera_that_saw_nobody_is_left_out() -> None:
    film = measured(sources(blind=(1,))).parts[-1].diagnostics["film"]
    assert film["cameras_used"] == 2
    assert any("cam1.mp4" in note and "no person" in note for note in film["notes"])


def test_one_camera_is_not_enough_and_nothing_is_written() -> None:
    with pytest.raises(NothingToMeasureError, match="no person"):
        measured(sources(blind=(0, 1)))
