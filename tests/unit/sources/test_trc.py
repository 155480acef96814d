"""TRC as it comes: tabs and blanks, empty cells, odd ends of lines, times that stand still."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.sources.trc import open_trc
from coxa.app.request import ReadOptions
from coxa.model.errors import SourceError
from coxa.model.recording import Recording
from tests.support.trc import load_trc

HEAD = (
    "PathFileType\t4\t(X/Y/Z)\ta.trc\n"
    "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames\n"
    "50\t50\t3\t2\tmm\t50\t1\t3\n"
    "Frame#\tTime\tR.ASIS\t\t\tL.ASIS\t\t\n"
    "\t\tX1\tY1\tZ1\tX2\tY2\tZ2\n"
)
ROWS = [
    "1\t0.00\t1\t900\t100\t2\t900\t-100",
    "2\t0.02\t1\t901\t100\t2\t901\t-100",
    "3\t0.04\t1\t902\t100\t2\t902\t-100",
]


def read(path: Path, text: str, **options: object) -> tuple[Recording, tuple[str, ...]]:
    path.write_bytes(text.encode())
    reader = open_trc(path, ReadOptions(**options))  # type: ignore[arg-type]
    return Recording.concatenate(list(reader.parts(2))), reader.header.notes


def test_plain(tmp_path: Path) -> None:
    recording, notes = read(tmp_path / "a.trc", HEAD + "\n".join(ROWS) + "\n")
    assert notes == ()
    assert recording.space_points[0].names == ("R.ASIS", "L.ASIS")
    np.testing.assert_allclose(recording.time_s, [0, 0.02, 0.04])
    np.testing.assert_allclose(
        recording.space_points[0].position_m[1], [[0.001, 0.901, 0.1], [0.002, 0.901, -0.1]]
    )


@pytest.mark.parametrize(
    "text",
    [
        (HEAD + "\n".join(ROWS) + "\n").replace("\n", "\r\n"),
        HEAD + "\n" + "\n".join(row + "\t\t" for row in ROWS) + "\n\n",
        HEAD + "\n".join(ROWS),
        HEAD.replace("\t", " ") + "\n".join(row.replace("\t", "  ") for row in ROWS) + "\n",
        HEAD.replace("Time\tR.ASIS", "Time\t\tR.ASIS") + "\n".join(ROWS) + "\n",
        "\ufeff" + HEAD + "\n".join(ROWS) + "\n",
    ],
    ids=["windows", "trailing tabs", "no last end", "blanks", "names one further", "byte order mark"],
)
def test_the_same_in_other_clothes(tmp_path: Path, text: str) -> None:
    wanted, _ = read(tmp_path / "a.trc", HEAD + "\n".join(ROWS) + "\n")
    got, notes = read(tmp_path / "b.trc", text)
    assert notes == ()
    np.testing.assert_array_equal(got.space_points[0].position_m, wanted.space_points[0].position_m)


def test_gaps_however_they_are_written(tmp_path: Path) -> None:
    rows = [
        "1\t0.00\t\t\t\t2\t900\t-100",
        "2\t0.02\t0\t0\t0\t2\t901\t-100",
        "3\t0.04\t1\t902\t100\tnan\tnan\tnan",
    ]
    recording, _ = read(tmp_path / "a.trc", HEAD + "\n".join(rows) + "\n")
    lost = np.isnan(recording.space_points[0].position_m).all(axis=2)
    assert lost.tolist() == [[True, False], [True, False], [False, True]]


def test_a_row_with_the_time_of_the_one_before_is_left_out(tmp_path: Path) -> None:
    recording, notes = read(tmp_path / "a.trc", HEAD + "\n".join([ROWS[0], ROWS[1], ROWS[1], ROWS[2]]) + "\n")
    assert recording.n_frames == 3
    assert any("time of the row before" in note for note in notes)


def test_times_count_before_the_rate_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.trc"
    path.write_text(HEAD.replace("50\t50", "120\t120") + "\n".join(ROWS) + "\n")
    header = open_trc(path, ReadOptions()).header
    assert header.rate_hz == pytest.approx(50.0)
    assert "120 Hz" in header.notes[0]


@pytest.mark.parametrize(("unit", "scale"), [("m", 1.0), ("cm", 0.01), ("in", 0.0254), ("MM", 0.001)])
def test_units(tmp_path: Path, unit: str, scale: float) -> None:
    rows = [f"1\t0.0\t0\t{0.9 / scale}\t{0.1 / scale}\t0\t{0.9 / scale}\t{-0.1 / scale}"]
    recording, _ = read(tmp_path / "a.trc", HEAD.replace("mm", unit) + "\n".join(rows) + "\n")
    np.testing.assert_allclose(recording.space_points[0].position_m[0, 0], [0, 0.9, 0.1])


def test_people_are_told_apart_by_their_prefixes(tmp_path: Path) -> None:
    one, _ = read(tmp_path / "a.trc", HEAD.replace("R.", "Ann:R.").replace("L.", "Ann:L.") + "\n".join(ROWS))
    assert one.space_points[0].names == ("R.ASIS", "L.ASIS")
    two = HEAD.replace("R.", "Ann:R.").replace("L.", "Bea:L.") + "\n".join(ROWS)
    with pytest.raises(SourceError, match="Ann, Bea"):
        read(tmp_path / "b.trc", two)
    bea, _ = read(tmp_path / "c.trc", two, person="Bea")
    assert bea.space_points[0].names == ("L.ASIS",)


def test_what_cannot_be_right_is_refused_by_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"line 7 has 'hop'"):
        read(tmp_path / "a.trc", HEAD + "\n".join([ROWS[0], ROWS[1].replace("901", "hop")]) + "\n")


@pytest.mark.reference
@pytest.mark.parametrize(
    "name", ["subject4/squats1", "subject4/walking1", "ik_std/subject01_synthetic_marker_data"]
)
def test_real_files(reference_data: Path, name: str) -> None:
    path = reference_data / "opensim" / f"{name}.trc"
    reader = open_trc(path, ReadOptions())
    (got,) = reader.parts(5000)
    if "ik_std" not in name:  # whose names stand one cell further than the simple reader expects
        wanted = load_trc(path)
        assert got.space_points[0].names == wanted.space_points[0].names
        np.testing.assert_allclose(got.space_points[0].position_m, wanted.space_points[0].position_m)
    assert "Y is up" in reader.header.axes
    assert reader.header.notes == ()
