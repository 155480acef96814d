from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.sources.held import HeldRecording
from coxa.app.ports import SourceHeader
from coxa.app.recorded import FRAMES_AT_ONCE, RecordingMeasurement
from coxa.app.stream import Headings, Progress
from coxa.model.camera import Camera
from coxa.model.channels import AnalogChannels, Event, ImagePoints
from coxa.model.errors import NothingToMeasureError, SourceError
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from tests.support.fakes import FakeEstimator, MemorySink

RATE_HZ = 100.0


def numbered(n_frames: int, start_s: float = 0.0) -> Recording:
    """One keypoint whose x is the number of the frame; missing in every tenth."""
    position = np.zeros((n_frames, 1, 2))
    position[:, 0, 0] = np.arange(n_frames)
    position[::10, 0, 1] = np.nan
    none = np.zeros((n_frames, 1))
    points = ImagePoints(("nose",), position, none, none, Camera.level(640, 480, 1.0), "fake")
    return Recording(start_s + np.arange(n_frames) / RATE_HZ, image_points=(points,), source="made up")


def measured(
    recording: Recording, sink: MemorySink, lag: int = 20, start_s: float = 0.0, end_s: float | None = None
) -> list[Progress]:
    header = SourceHeader(Path("walk.c3d"), "C3D", n_frames=recording.n_frames, rate_hz=RATE_HZ, notes=("!",))
    progress: list[Progress] = []
    reader = HeldRecording(header, recording)
    RecordingMeasurement(reader, FakeEstimator(lag=lag), [sink], progress.append).run(start_s, end_s)
    return progress


def values(sink: MemorySink) -> list[float]:
    return np.concatenate([motion.value[:, 0] for _, motion in sink.parts]).tolist()


@pytest.mark.parametrize("lag", [0, 5, 10_000])
def test_every_frame_of_a_long_recording_comes_out_once(lag: int) -> None:
    n_frames = FRAMES_AT_ONCE + 100
    sink = MemorySink()
    progress = measured(numbered(n_frames), sink, lag)
    assert values(sink) == list(range(n_frames))
    assert sink.state == "committed"
    assert progress[-1].frames == n_frames


def test_a_span_counts_from_the_first_frame() -> None:
    sink = MemorySink()
    measured(numbered(500, start_s=7.0), sink, start_s=1.0, end_s=2.0)
    assert values(sink) == list(range(100, 200))


def test_the_last_part_bears_what_a_person_should_know() -> None:
    sink = MemorySink()
    measured(numbered(50), sink)
    film = sink.parts[-1][1].diagnostics["film"]
    assert film["notes"] == ["!"]
    assert (film["n_frames"], film["points_with_gaps"], film["format"]) == (50, 1, "C3D")
    assert film["frame_rate_hz"] == pytest.approx(RATE_HZ)


@pytest.mark.parametrize(("n_frames", "start_s"), [(0, 0.0), (100, 5.0)])
def test_no_frame_is_refused_and_nothing_kept(n_frames: int, start_s: float) -> None:
    sink = MemorySink()
    with pytest.raises(NothingToMeasureError, match=r"walk\.c3d"):
        measured(numbered(n_frames), sink, start_s=start_s)
    assert sink.state == "aborted"


def test_a_sink_that_fails_undoes_all() -> None:
    first, second = MemorySink(), MemorySink(fails_at=0, fault=SourceError("full", "make room"))
    reader = HeldRecording(SourceHeader(Path("a"), "x"), numbered(10))
    with pytest.raises(SourceError):
        RecordingMeasurement(reader, FakeEstimator(), [first, second]).run()
    assert (first.state, second.state) == ("aborted", "aborted")


def test_windows_share_no_sample_and_lose_none() -> None:
    time_s = np.arange(0.0, 1.0, 0.003)
    analog = AnalogChannels(("Fz",), ("N",), time_s, time_s[:, None])
    events = tuple(Event(t, "Foot Strike") for t in (0.0, 0.25, 0.333, 0.99))
    base = numbered(90)
    whole = Recording(base.time_s, image_points=base.image_points, analog=(analog,), events=events)
    parts = list(HeldRecording(SourceHeader(Path("a"), "x"), whole).parts(17))
    joined = Recording.concatenate(parts)
    np.testing.assert_array_equal(joined.analog[0].time_s, time_s)
    np.testing.assert_array_equal(joined.analog[0].value[:, 0], time_s)
    assert joined.events == events


def test_headings_run_on_from_part_to_part() -> None:
    """Two full turns, handed over in parts of ten frames, with a gap."""
    turned = np.linspace(0.0, 4 * np.pi, 101)
    wrapped = np.angle(np.exp(1j * turned))
    wrapped[40:43] = np.nan
    nothing = np.zeros((101, 1))
    motion = Motion(
        np.arange(101.0), ("pelvis_left_rotation",), wrapped[:, None], nothing, nothing.astype(np.uint8)
    )
    headings = Headings()
    parts = [headings.run_on(motion.window(slice(k, k + 10))) for k in range(0, 101, 10)]
    joined = Motion.concatenate(parts).value[:, 0]
    known = np.isfinite(wrapped)
    np.testing.assert_allclose(joined[known], turned[known], atol=1e-9)
    assert np.isnan(joined[~known]).all()
