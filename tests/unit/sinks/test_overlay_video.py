from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from coxa.adapters.sinks.film_behind import overlay_size
from coxa.adapters.sinks.mp4 import Mp4Writer
from coxa.adapters.sinks.overlay import OverlaySink
from coxa.app.ports import VideoFrame
from tests.support.made_up import a_film, a_motion, a_recording


def decoded(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1920, 1080), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((1280, 720), (1280, 720)),
        ((321, 241), (640, 480)),
        ((4000, 30), (1280, 10)),
    ],
)
def test_size_fits_the_screen_and_the_encoder(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert overlay_size(*size) == expected


def test_every_measured_frame_is_drawn_at_its_time(tmp_path: Path) -> None:
    path = tmp_path / "overlay.mp4"
    sink = OverlaySink(path, a_film(), 0.0, None)
    for before in (0, 40):
        sink.write(a_recording(40, n_before=before), a_motion(40, n_before=before))
    sink.commit()
    frames = decoded(path)
    np.testing.assert_allclose([float(frame.time or 0.0) for frame in frames], np.arange(80) / 30, atol=1e-4)
    assert (frames[0].width, frames[0].height) == (1280, 720)


def test_frames_the_recording_lacks_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "overlay.mp4"
    recording, motion = a_recording(30), a_motion(30)
    sink = OverlaySink(path, a_film())
    every_second = slice(0, 30, 2)
    sink.write(recording.window(every_second), motion.window(every_second))
    sink.commit()
    assert len(decoded(path)) == 15


def test_a_film_that_ends_early_ends_the_overlay(tmp_path: Path) -> None:
    path = tmp_path / "overlay.mp4"
    sink = OverlaySink(path, a_film(n_frames=10))
    sink.write(a_recording(30), a_motion(30))
    sink.commit()
    assert len(decoded(path)) == 10


def test_variable_frame_rate_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    times = np.cumsum([0.0, 1 / 240, 0.5, 0.0333, 0.07])
    writer = Mp4Writer(path, (64, 48), 30.0)
    for time_s in times:
        writer.write(float(time_s), np.full((48, 64, 3), 90, np.uint8))
    writer.close()
    np.testing.assert_allclose([float(frame.time or 0.0) for frame in decoded(path)], times, atol=1e-4)


def test_colours_survive(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    colour = (200, 60, 30)
    writer = Mp4Writer(path, (64, 48), 30.0)
    for index in range(5):
        writer.write(index / 30, np.tile(np.array(colour, np.uint8), (48, 64, 1)))
    writer.close()
    middle = decoded(path)[2].to_ndarray(format="rgb24")[24, 32]
    np.testing.assert_allclose(middle, colour, atol=6)


def test_without_h264_there_is_still_a_video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(av, "codecs_available", {"mpeg4"})
    path = tmp_path / "film.mp4"
    writer = Mp4Writer(path, (64, 48), 30.0)
    for index in range(3):
        writer.write(index / 30, np.full((48, 64, 3), 90, np.uint8))
    writer.close()
    assert len(decoded(path)) == 3


def test_abort_leaves_nothing(tmp_path: Path) -> None:
    sink = OverlaySink(tmp_path / "overlay.mp4", a_film())
    sink.write(a_recording(30), a_motion(30))
    sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_the_film_is_not_drawn_upon(tmp_path: Path) -> None:
    film = a_film(n_frames=5)
    kept: list[VideoFrame] = list(film.frames())
    before = [frame.rgb.copy() for frame in kept]
    film_again = replace(film, kept=tuple(kept))
    sink = OverlaySink(tmp_path / "overlay.mp4", film_again)
    sink.write(a_recording(5), a_motion(5))
    sink.commit()
    assert all(np.array_equal(frame.rgb, rgb) for frame, rgb in zip(kept, before, strict=True))
