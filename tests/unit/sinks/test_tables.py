from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from coxa.adapters.sinks.mot import MotSink
from coxa.adapters.sinks.parquet import KeypointsParquetSink, MotionParquetSink
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from tests.support.made_up import NOT_OBSERVABLE, a_motion, a_recording

Sink = MotionParquetSink | KeypointsParquetSink | MotSink


def fill(sink: Sink, n_parts: int, n_frames: int = 90) -> None:
    for part in range(n_parts):
        before = part * n_frames
        sink.write(a_recording(n_frames, n_before=before), a_motion(n_frames, n_before=before))


def read_mot(path: Path) -> tuple[dict[str, str], pd.DataFrame]:
    lines = path.read_text().splitlines()
    end = lines.index("endheader")
    header = dict(line.split("=") for line in lines[:end] if "=" in line)
    rows = [line.split("\t") for line in lines[end + 2 :]]
    return header, pd.DataFrame(rows, columns=lines[end + 1].split("\t")).astype(float)


def test_motion_comes_back_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "motion.parquet"
    sink = MotionParquetSink(path)
    fill(sink, 3)
    sink.commit()
    back = pd.read_parquet(path).astype({"coordinate": "str", "observability": "str"})
    went = a_motion(270).to_pandas().astype({"coordinate": "str", "observability": "str"})
    pd.testing.assert_frame_equal(back, went, check_exact=False, rtol=1e-12)


def test_keypoints_come_back_with_gaps_as_nan(tmp_path: Path) -> None:
    path = tmp_path / "keypoints.parquet"
    sink = KeypointsParquetSink(path)
    fill(sink, 2)
    sink.commit()
    back = pd.read_parquet(path)
    points = a_recording(180).image_points[0]
    assert list(back.columns) == ["time_s", "camera", "landmark", "x_px", "y_px", "visibility", "depth_m"]
    assert len(back) == 180 * len(points.names)
    left_hip = back[back["landmark"] == "left_hip"]
    column = points.names.index("left_hip")
    np.testing.assert_allclose(left_hip["x_px"], points.position_px[:, column, 0], rtol=1e-6)
    assert left_hip["x_px"].isna().sum() == 3


def test_a_source_without_pictures_gives_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "keypoints.parquet"
    sink = KeypointsParquetSink(path)
    sink.write(Recording(np.arange(9) / 30), a_motion(9))
    sink.commit()
    assert pq.read_table(path).num_rows == 0


@pytest.mark.parametrize("kind", [MotionParquetSink, KeypointsParquetSink, MotSink])
def test_abort_leaves_nothing(kind: type[Sink], tmp_path: Path) -> None:
    sink = kind(tmp_path / "file")
    fill(sink, 2)
    sink.abort()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", [MotionParquetSink, KeypointsParquetSink, MotSink])
def test_memory_does_not_grow_with_length(kind: type[Sink], tmp_path: Path) -> None:
    def peak(n_parts: int) -> int:
        sink = kind(tmp_path / f"{n_parts}")
        tracemalloc.start()
        fill(sink, n_parts, 300)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        sink.commit()
        return size

    peak(8)  # warm caches
    assert peak(80) < 1.3 * peak(8)


def test_mot_counts_its_rows_and_columns_and_holds_degrees(tmp_path: Path) -> None:
    sink = MotSink(tmp_path / "motion.mot")
    fill(sink, 3)
    sink.commit()
    header, table = read_mot(tmp_path / "motion.mot")
    assert header["inDegrees"] == "yes"
    assert (int(header["nRows"]), int(header["nColumns"])) == table.shape
    motion = a_motion(270)
    np.testing.assert_allclose(table["time"], motion.time_s, atol=1e-6)
    np.testing.assert_allclose(table["knee_flexion_left"], np.degrees(motion["knee_flexion_left"]), atol=1e-5)


def test_mot_has_no_column_for_what_was_never_observable(tmp_path: Path) -> None:
    sink = MotSink(tmp_path / "motion.mot")
    fill(sink, 1)
    sink.commit()
    _, table = read_mot(tmp_path / "motion.mot")
    assert not set(NOT_OBSERVABLE) & set(table.columns)
    assert "lumbar_flexion" in (tmp_path / "motion.mot").read_text().split("endheader")[0]


def test_mot_holds_the_last_value_in_a_gap_and_marks_it(tmp_path: Path) -> None:
    """OpenSim stops reading at the first nan."""
    value = np.radians([[np.nan, 1.0], [2.0, 2.0], [3.0, np.nan], [4.0, 4.0], [np.nan, np.nan]])
    level = np.array([[2, 2], [2, 2], [0, 2], [1, 2], [2, 2]], np.uint8)
    motion = Motion(np.arange(5.0), ("a", "b"), value, np.ones_like(value), level)
    sink = MotSink(tmp_path / "motion.mot")
    for frames in (slice(0, 2), slice(2, 5)):
        sink.write(Recording(motion.time_s[frames]), motion.window(frames))
    sink.commit()
    _, table = read_mot(tmp_path / "motion.mot")
    assert table["time"].tolist() == [0, 1, 2, 3]  # nobody in the last frame
    assert table["a"].tolist() == pytest.approx([2, 2, 2, 4])
    assert table["a_observability"].tolist() == [0, 2, 0, 1]
    assert table["b"].tolist() == pytest.approx([1, 2, 2, 4])
    assert table["b_observability"].tolist() == [2, 2, 0, 2]


def test_parquet_words_are_those_people_read(tmp_path: Path) -> None:
    sink = MotionParquetSink(tmp_path / "motion.parquet")
    motion = a_motion(30)
    sink.write(a_recording(30), replace(motion, observability=motion.observability))
    sink.commit()
    words = set(pd.read_parquet(tmp_path / "motion.parquet")["observability"].astype(str))
    assert words <= {level.label for level in Observability}
