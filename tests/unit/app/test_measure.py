from __future__ import annotations

import threading

import numpy as np
import pytest

from coxa.adapters.sinks.memory import Collector
from coxa.app.measure import VideoMeasurement
from coxa.app.one_camera import CameraTold
from coxa.app.request import Request
from coxa.app.stream import Progress
from coxa.app.turns import Turns
from coxa.catalog.loader import pelvis_turn_rules
from coxa.model.camera import Camera
from coxa.model.errors import NothingToMeasureError, OutputError, SourceError
from coxa.model.motion import Motion
from coxa.model.recording import Subject
from tests.support.fakes import (
    GREY,
    RULES,
    FakeEstimator,
    FakePose,
    FakeReader,
    MemorySink,
    on_the_head,
    standing,
)


class Bench:
    """A measurement of fakes, and what came of it."""

    def __init__(
        self,
        reader: FakeReader | None = None,
        pose: FakePose | None = None,
        estimator: FakeEstimator | None = None,
        sink: MemorySink | None = None,
    ) -> None:
        self.reader = reader or FakeReader()
        self.pose = pose or FakePose()
        self.estimator = estimator or FakeEstimator()
        self.sink = sink or MemorySink()
        self.told: tuple[Camera, tuple[str, ...], str, Subject] | None = None
        self.progress: list[Progress] = []

    def _new_estimator(
        self, camera: Camera, names: tuple[str, ...], detector: str, subject: Subject
    ) -> FakeEstimator:
        self.told = (camera, names, detector, subject)
        return self.estimator

    def run(self, request: Request | None = None) -> Motion:
        collector = Collector()
        sinks = [self.sink, collector]
        use_case = VideoMeasurement(
            self.reader, self.pose, self._new_estimator, sinks, RULES, self.progress.append
        )
        use_case.run(request or Request())
        return collector.motion

    @property
    def notes(self) -> str:
        return " ".join(self.sink.parts[-1][1].diagnostics["film"]["notes"])


@pytest.mark.parametrize("lag", [0, 1, 7, 20, 1000])
def test_every_frame_comes_out_once_beside_its_recording(lag: int) -> None:
    bench = Bench(estimator=FakeEstimator(lag=lag))
    motion = bench.run()
    np.testing.assert_array_equal(motion["knee_flexion_left"], np.arange(60.0))
    for recording, part in bench.sink.parts:
        np.testing.assert_array_equal(recording.time_s, part.time_s)
        np.testing.assert_array_equal(recording.image_points[0].position_px[:, 0, 0], part.value[:, 0])
        np.testing.assert_allclose(recording.brightness, np.full(recording.n_frames, GREY / 255))
    assert bench.sink.state == "committed"
    assert bench.progress[-1].frames == 60


def test_the_last_part_bears_the_film_and_keeps_the_estimators_figures() -> None:
    bench = Bench()
    motion = bench.run()
    assert motion.diagnostics["fit"] == 1
    assert motion.source == "film.mp4"
    film = motion.diagnostics["film"]
    assert (film["n_frames"], film["frames_without_person"], film["truncated"]) == (60, 0, False)
    assert film["frame_rate_hz"] == pytest.approx(30.0)
    assert film["person_s"] == pytest.approx(2.0)
    assert bench.sink.parts[-1][1].diagnostics == motion.diagnostics


def test_frames_without_a_person_stay_on_the_time_line() -> None:
    bench = Bench(pose=FakePose(see=lambda index: None if 20 <= index < 25 else standing(index)))
    motion = bench.run()
    np.testing.assert_array_equal(np.isnan(motion["knee_flexion_left"]).nonzero()[0], np.arange(20, 25))
    assert "55 of 60" in bench.notes


def test_part_of_a_film() -> None:
    motion = Bench().run(Request(start_s=0.5, end_s=1.75))
    assert motion.time_s[0] == pytest.approx(0.5)
    assert motion.time_s[-1] < 1.75


@pytest.mark.parametrize("size_px", [(640, 480), (480, 640)])
def test_the_field_of_view_spans_the_longer_side(size_px: tuple[int, int]) -> None:
    bench = Bench(reader=FakeReader(size_px=size_px))
    bench.run(Request(camera=CameraTold(90.0), height_m=1.8))
    assert bench.told is not None
    camera, _, detector, subject = bench.told
    assert camera.focal_px == pytest.approx(320.0)
    assert detector == "fake"
    assert subject.height_m == 1.8


REFUSED = {
    "too small": (FakeReader(size_px=(10, 10)), FakePose(), "10 x 10 pixels"),
    "nobody": (FakeReader(), FakePose(see=lambda _: None), "no person"),
    "too briefly": (FakeReader(), FakePose(see=lambda i: standing(i) if i < 20 else None), "0.67 s"),
    "upside down": (FakeReader(), FakePose(see=on_the_head), "upside down"),
    "nothing decodes": (FakeReader(n_decodable=0), FakePose(), "no picture"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_nothing_left_behind(case: str) -> None:
    reader, pose, words = REFUSED[case]
    bench = Bench(reader, pose)
    with pytest.raises(NothingToMeasureError, match=words) as error:
        bench.run()
    assert "film.mp4" in error.value.fault
    assert bench.sink.state == "aborted"
    if case != "upside down":
        assert not bench.estimator.pushed, "no time is spent on fitting before there is a person to measure"


def test_a_truncated_film_is_measured_as_far_as_it_goes() -> None:
    bench = Bench(reader=FakeReader(n_decodable=45))
    assert len(bench.run().time_s) == 45
    assert "1.5 s of 2.0 s (75%)" in bench.notes


def test_a_low_frame_rate_is_noted() -> None:
    bench = Bench(reader=FakeReader(n_frames=16, rate_hz=8.0))
    assert len(bench.run().time_s) == 16
    assert "8.0 per second" in bench.notes


def test_ambiguous_frames_are_counted() -> None:
    bench = Bench(pose=FakePose(summary={"ambiguous": 7}))
    assert bench.run().diagnostics["film"]["frames_ambiguous"] == 7
    assert "In 7 frames" in bench.notes


@pytest.mark.parametrize(
    ("bench", "kind"),
    [
        (Bench(reader=FakeReader(fault=SourceError("film.mp4 is damaged", "film again"))), SourceError),
        (Bench(pose=FakePose(see=lambda index: 1 / 0 if index == 9 else standing(index))), ZeroDivisionError),  # type: ignore[arg-type,return-value]
        (Bench(sink=MemorySink(fails_at=1, fault=OutputError("disk full", "free space"))), OutputError),
        (Bench(sink=MemorySink(fails_at=0, fault=KeyboardInterrupt())), KeyboardInterrupt),  # type: ignore[arg-type]
    ],
    ids=["reader", "tracker", "sink", "interrupt"],
)
def test_a_failure_anywhere_stops_everything(bench: Bench, kind: type[BaseException]) -> None:
    before = threading.active_count()
    with pytest.raises(kind):
        bench.run()
    assert bench.sink.state == "aborted"
    assert bench.reader.closed
    assert threading.active_count() == before


def test_decoding_does_not_run_away() -> None:
    """An interrupted measurement of a long film has decoded only a little more than it wrote."""
    bench = Bench(reader=FakeReader(n_frames=10_000), sink=MemorySink(fails_at=1, fault=KeyboardInterrupt()))  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        bench.run()
    assert bench.reader.handed_out < 400


def test_the_knees_are_read_over_chunks_where_asked() -> None:
    bench = Bench()
    turns = Turns(pelvis_turn_rules(), bench.pose.names)
    measurement = VideoMeasurement(
        bench.reader, bench.pose, bench._new_estimator, [bench.sink], RULES, turns=turns
    )
    measurement.run(Request())
    parts = [one.turns[0] for one in bench.estimator.pushed]
    assert sum(len(one.angle_rad) for one in parts) == sum(one.n_frames for one in bench.estimator.pushed)
    assert all(one.fault for one in parts)  # seen from the front
