"""The video reader: upright, true times, and a clear word about files that are no videos."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from coxa.adapters.sources.video import PyAvVideo
from coxa.model.errors import SourceError
from tests.support import films

SIZE = (96, 64)
CODECS = {"mp4": "libx264", "mov": "libx264", "webm": "libvpx", "avi": "mpeg4"}


def corner_picture(index: int = 0) -> films.Picture:
    """Black with a bright upper left corner; the index is in the grey of the lower right one."""
    picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    picture[:32, :32] = 255
    picture[32:, 64:] = 4 * index
    return picture


def film(
    path: Path,
    times_ms: list[int],
    rotation_deg: int = 0,
    hflip: bool = False,
) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(CODECS[path.suffix[1:]], rate=30)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        if path.suffix != ".avi":
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        if rotation_deg or hflip:
            stream.set_display_rotation(rotation_deg, hflip=hflip)
        for index, time_ms in enumerate(times_ms):
            frame = av.VideoFrame.from_ndarray(corner_picture(index), format="rgb24")
            frame.time_base = Fraction(1, 30) if path.suffix == ".avi" else Fraction(1, 1000)
            frame.pts = index if path.suffix == ".avi" else time_ms
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def bright_corner(rgb: films.Picture) -> tuple[str, str]:
    height, width = rgb.shape[:2]
    rows, columns = np.nonzero(rgb[..., 0] > 200)
    return (
        "top" if rows.mean() < height / 2 else "bottom",
        "left" if columns.mean() < width / 2 else "right",
    )


@pytest.mark.parametrize("suffix", CODECS)
def test_containers_are_read_with_their_claims(tmp_path: Path, suffix: str) -> None:
    reader = PyAvVideo(film(tmp_path / f"film.{suffix}", [round(1000 * i / 30) for i in range(20)]))
    frames = list(reader.frames())
    assert (reader.info.width_px, reader.info.height_px) == SIZE
    assert [frame.index for frame in frames] == list(range(20))
    assert [frame.time_s for frame in frames] == pytest.approx([i / 30 for i in range(20)], abs=1e-3)
    assert reader.report.complete and reader.report.frames == 20
    assert frames[0].rgb.dtype == np.uint8 and bright_corner(frames[0].rgb) == ("top", "left")


def test_times_are_true_and_start_at_the_first_picture(tmp_path: Path) -> None:
    times_ms = [500, 533, 700, 710, 1500]
    frames = list(PyAvVideo(film(tmp_path / "variable.mp4", times_ms)).frames())
    assert [frame.time_s for frame in frames] == pytest.approx([0, 0.033, 0.2, 0.21, 1.0], abs=1e-3)


def test_a_window_is_half_open_and_reading_can_be_repeated(tmp_path: Path) -> None:
    reader = PyAvVideo(film(tmp_path / "film.mp4", [100 * i for i in range(30)]))
    for _ in range(2):
        times = [frame.time_s for frame in reader.frames(1.0, 2.0)]
        assert times == pytest.approx([1.0 + 0.1 * i for i in range(10)])
        assert reader.report.complete
    assert list(reader.frames(50.0)) == []


@pytest.mark.parametrize(
    ("rotation_deg", "hflip", "corner"),
    [
        (0, False, ("top", "left")),
        (90, False, ("bottom", "left")),
        (180, False, ("bottom", "right")),
        (-90, False, ("top", "right")),
        (0, True, ("top", "right")),
    ],
)
def test_the_display_matrix_is_honoured(
    tmp_path: Path, rotation_deg: int, hflip: bool, corner: tuple[str, str]
) -> None:
    reader = PyAvVideo(film(tmp_path / "turned.mp4", [0, 33, 67], rotation_deg, hflip))
    frame = next(iter(reader.frames()))
    assert bright_corner(frame.rgb) == corner
    assert frame.rgb.shape[:2] == (reader.info.height_px, reader.info.width_px)
    assert (frame.rgb.shape[1], frame.rgb.shape[0]) == (SIZE[::-1] if rotation_deg in (90, -90) else SIZE)


def test_threads_change_nothing(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", [33 * i for i in range(20)])
    one, two = (list(PyAvVideo(path, n_threads=n).frames()) for n in (1, 2))
    assert all(np.array_equal(a.rgb, b.rgb) and a.time_s == b.time_s for a, b in zip(one, two, strict=True))


def test_what_decodes_of_a_cut_off_film_is_handed_out_and_the_rest_told(tmp_path: Path) -> None:
    noise = np.random.default_rng(0)
    pictures = (noise.integers(0, 255, (96, 128, 3), dtype=np.uint8) for _ in range(90))
    reader = PyAvVideo(films.cut_off(films.write(tmp_path / "cut.mp4", pictures), 0.5))
    n_decoded = len(list(reader.frames()))
    assert 20 < n_decoded < 70
    assert reader.info.n_frames == 90
    assert reader.report.missing_s == pytest.approx((90 - n_decoded) / 30, abs=0.1)
    assert not reader.report.complete


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("this is not a film\n" * 40)


def playlist(path: Path) -> None:
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"
    )


def folder(path: Path) -> None:
    path.mkdir()


def without_index(path: Path) -> None:
    films.write(path, films.empty_room(30, (96, 64)), index_first=False)
    films.cut_off(path, 0.5)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "does not exist"),
        (nothing, "is empty"),
        (text, "is not a video"),
        (playlist, "is not a video"),
        (folder, "is a folder"),
        (films.sound_only, "sound but no pictures"),
        (without_index, "cut off before its index"),
    ],
)
def test_what_is_no_video_is_named_with_fault_and_remedy(tmp_path: Path, make: object, says: str) -> None:
    path = tmp_path / "film.mp4"
    make(path)  # type: ignore[operator]
    with pytest.raises(SourceError, match=says) as raised:
        PyAvVideo(path)
    assert str(path) in raised.value.fault
    assert raised.value.remedy
