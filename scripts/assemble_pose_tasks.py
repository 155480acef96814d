"""Pose networks as the browser's runtime takes them: ``python scripts/assemble_pose_tasks.py``.

Build time only. A ``.task`` file is a stored zip of the person detector and a landmark network, each with
metadata that tells how pixels become numbers (TFLite Model Metadata). Both networks are those that Python
uses, checked; see ``fetch_assets.py``. The metadata's schema is small enough to be written here by hand with
flatbuffers, so that nothing of MediaPipe's Python package is needed.
"""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as tflite

from fetch_assets import ASSETS, ROOT, write_atomically

OUT = ROOT / ".build" / "pose"
SIZES = ("lite", "full")
#: Of a zip's entries, so that the same networks give the same bytes.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_METADATA_NAME, _METADATA_FILE = "TFLITE_METADATA", b"M001"
# metadata_schema.fbs (Apache-2.0, TensorFlow Lite Support): members of unions, values of enums.
_IMAGE_PROPERTIES, _FEATURE_PROPERTIES, _NORMALIZATION, _RGB = 2, 1, 1, 1


@dataclass(frozen=True)
class Pixels:
    """How a network wants them: (value - mean) / std, within low and high; and how many outputs it has."""

    name: str
    mean: float
    std: float
    low: float
    high: float
    n_outputs: int


DETECTOR = Pixels("Pose Detection", 127.5, 127.5, -1.0, 1.0, 2)
LANDMARKS = Pixels("Pose Landmark", 0.0, 255.0, 0.0, 1.0, 5)


class Tables:
    """Writes flatbuffers' tables by the numbers of their fields."""

    def __init__(self) -> None:
        self.builder = flatbuffers.Builder(0)

    def table(self, n_fields: int, offsets: dict[int, int], numbers: dict[int, int] | None = None) -> int:
        """A table; ``offsets`` are of what was written before, ``numbers`` are bytes."""
        self.builder.StartObject(n_fields)
        for field, offset in offsets.items():
            self.builder.PrependUOffsetTRelativeSlot(field, offset, 0)
        for field, number in (numbers or {}).items():
            self.builder.PrependUint8Slot(field, number, 0)
        return int(self.builder.EndObject())

    def vector(self, offsets: Sequence[int]) -> int:
        """Of tables."""
        self.builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            self.builder.PrependUOffsetTRelative(offset)
        return int(self.builder.EndVector())

    def floats(self, *values: float) -> int:
        """A vector of them."""
        return int(self.builder.CreateNumpyVector(np.array(values, np.float32)))

    def text(self, words: str) -> int:
        """A string."""
        return int(self.builder.CreateString(words))


def metadata_of(pixels: Pixels) -> bytes:
    """``ModelMetadata`` of a network with one picture as its input."""
    tables = Tables()
    image = tables.table(2, {}, {0: _RGB})
    content = tables.table(3, {1: image}, {0: _IMAGE_PROPERTIES})
    scaled = tables.table(2, {0: tables.floats(pixels.mean), 1: tables.floats(pixels.std)})
    units = tables.vector([tables.table(2, {1: scaled}, {0: _NORMALIZATION})])
    stats = tables.table(2, {0: tables.floats(pixels.high), 1: tables.floats(pixels.low)})
    inputs = tables.vector([tables.table(7, {0: tables.text("image"), 3: content, 4: units, 5: stats})])
    outputs = []
    for k in range(pixels.n_outputs):
        feature = tables.table(3, {1: tables.table(0, {})}, {0: _FEATURE_PROPERTIES})
        outputs.append(tables.table(7, {0: tables.text(f"output {k}"), 3: feature}))
    graph = tables.vector([tables.table(10, {2: inputs, 3: tables.vector(outputs)})])
    model = tables.table(8, {0: tables.text(pixels.name), 3: graph, 7: tables.text("1.0.0")})
    tables.builder.Finish(model, _METADATA_FILE)
    return bytes(tables.builder.Output())


def with_metadata(network: bytes, pixels: Pixels) -> bytes:
    """The same network, its metadata inside."""
    model = tflite.ModelT.InitFromObj(tflite.Model.GetRootAsModel(bytearray(network), 0))
    told = tflite.BufferT()
    told.data = np.frombuffer(metadata_of(pixels), np.uint8)
    model.buffers.append(told)
    entry = tflite.MetadataT()
    entry.name, entry.buffer = _METADATA_NAME, len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(network) + (1 << 16))
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def task_of(detector: bytes, landmarks: bytes) -> bytes:
    """Both networks in a stored zip."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (("pose_detector.tflite", detector), ("pose_landmarks_detector.tflite", landmarks)):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), data)
    return packed.getvalue()


def main() -> int:
    """Assemble those that are not there, or are older than what they are made of."""
    OUT.mkdir(parents=True, exist_ok=True)
    made_of = [ASSETS / "pose_detection.tflite", Path(__file__)]
    for size in SIZES:
        network, target = ASSETS / f"pose_landmark_{size}.tflite", OUT / f"pose_landmarker_{size}.task"
        newest = max(path.stat().st_mtime for path in (*made_of, network))
        if target.is_file() and target.stat().st_mtime >= newest:
            continue
        detector = with_metadata(made_of[0].read_bytes(), DETECTOR)
        write_atomically(target, task_of(detector, with_metadata(network.read_bytes(), LANDMARKS)))
        print(f"assembled {target.relative_to(ROOT)} ({target.stat().st_size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
