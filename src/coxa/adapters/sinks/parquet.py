"""Tidy tables, one row group per batch of parts: memory does not grow with the recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coxa import __version__
from coxa.adapters.sinks.guard import writing
from coxa.adapters.sinks.table import KEY, description_text
from coxa.model.channels import ImagePoints
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording

_WORD = pa.dictionary(pa.int8(), pa.string())
_NAME = pa.dictionary(pa.int16(), pa.string())
_MIN_ROWS_PER_GROUP = 1 << 15

MOTION_SCHEMA = pa.schema(
    [
        pa.field("time_s", pa.float64(), nullable=False),
        pa.field("coordinate", _NAME, nullable=False),
        pa.field("value_deg", pa.float64()),
        pa.field("sd_deg", pa.float64()),
        pa.field("observability", _WORD, nullable=False),
    ],
    metadata={"coxa_version": __version__, "schema_version": "1", "table": "motion"},
)

KEYPOINTS_SCHEMA = pa.schema(
    [
        pa.field("time_s", pa.float64(), nullable=False),
        pa.field("camera", pa.int16(), nullable=False),
        pa.field("landmark", _NAME, nullable=False),
        pa.field("x_px", pa.float32()),
        pa.field("y_px", pa.float32()),
        pa.field("visibility", pa.float32()),
        pa.field("depth_m", pa.float32()),
    ],
    metadata={"coxa_version": __version__, "schema_version": "1", "table": "keypoints"},
)


class _ParquetFile:
    """A Parquet file that grows by row groups of a useful size."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path = path
        self._pending: list[pa.Table] = []
        self._n_pending = 0
        with writing(path):
            self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def append(self, table: pa.Table) -> None:
        self._pending.append(table)
        self._n_pending += table.num_rows
        if self._n_pending >= _MIN_ROWS_PER_GROUP:
            self._flush()

    def describe(self, text: str) -> None:
        """Metadata of the whole file, beyond its schema's."""
        self._writer.add_key_value_metadata({KEY: text})

    def close(self) -> None:
        self._flush()
        with writing(self._path):
            self._writer.close()

    def discard(self) -> None:
        self._pending.clear()
        try:
            self._writer.close()
        except OSError:  # the disk is full: the file goes away anyway
            pass
        finally:
            self._path.unlink(missing_ok=True)

    def _flush(self) -> None:
        if not self._pending:
            return
        table = pa.concat_tables(self._pending, promote_options="none").unify_dictionaries()
        self._pending, self._n_pending = [], 0
        with writing(self._path):
            self._writer.write_table(table, row_group_size=table.num_rows)


def _names(codes: NDArray[np.intp], names: tuple[str, ...], kind: pa.DataType) -> pa.DictionaryArray:
    codes = codes.astype(kind.index_type.to_pandas_dtype())
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))


def _numbers(values: NDArray[np.float64], kind: pa.DataType) -> pa.Array:
    """NaN stays NaN (not null): what every reader of numeric columns expects here."""
    return pa.array(values.ravel().astype(kind.to_pandas_dtype()))


def motion_table(motion: Motion) -> pa.Table:
    """One row per frame and coordinate, in :data:`MOTION_SCHEMA`."""
    n_frames, n_coordinates = motion.value.shape
    columns = [
        pa.array(np.repeat(motion.time_s, n_coordinates)),
        _names(np.tile(np.arange(n_coordinates), n_frames), motion.coordinates, _NAME),
        _numbers(np.degrees(motion.value), pa.float64()),
        _numbers(np.degrees(motion.sd), pa.float64()),
        _names(motion.observability.ravel().astype(np.intp), tuple(o.label for o in Observability), _WORD),
    ]
    return pa.Table.from_arrays(columns, schema=MOTION_SCHEMA)


def keypoints_table(time_s: NDArray[np.float64], camera: int, points: ImagePoints) -> pa.Table:
    """One row per frame and landmark of one camera, in :data:`KEYPOINTS_SCHEMA`."""
    n_frames, n_points = points.visibility.shape
    columns = [
        pa.array(np.repeat(time_s, n_points)),
        pa.array(np.full(n_frames * n_points, camera, np.int16)),
        _names(np.tile(np.arange(n_points), n_frames), points.names, _NAME),
        *(
            _numbers(values, pa.float32())
            for values in (
                points.position_px[..., 0],
                points.position_px[..., 1],
                points.visibility,
                points.depth_m,
            )
        ),
    ]
    return pa.Table.from_arrays(columns, schema=KEYPOINTS_SCHEMA)


class MotionParquetSink:
    """``motion.parquet``: time_s, coordinate, value_deg, sd_deg, observability."""

    def __init__(self, path: Path) -> None:
        self._file = _ParquetFile(path, MOTION_SCHEMA)

    def write(self, recording: Recording, motion: Motion) -> None:
        """Append the angles of some frames."""
        self._file.append(motion_table(motion))

    def commit(self) -> None:
        """Finish the file."""
        self._file.close()

    def abort(self) -> None:
        """Remove the file."""
        self._file.discard()


class KeypointsParquetSink:
    """``keypoints.parquet``: time_s, camera, landmark, x_px, y_px, visibility, depth_m.

    Its metadata describe cameras, detectors and the person, so that it can be measured again.
    """

    def __init__(self, path: Path) -> None:
        self._file = _ParquetFile(path, KEYPOINTS_SCHEMA)
        self._described = False

    def write(self, recording: Recording, motion: Motion) -> None:
        """Append what every camera saw in some frames."""
        if not self._described:
            self._file.describe(description_text(recording.window(slice(0, 0))))
            self._described = True
        for camera, points in enumerate(recording.image_points):
            self._file.append(keypoints_table(recording.time_s, camera, points))

    def commit(self) -> None:
        """Finish the file."""
        self._file.close()

    def abort(self) -> None:
        """Remove the file."""
        self._file.discard()
