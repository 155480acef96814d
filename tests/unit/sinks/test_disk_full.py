"""Every sink on a disk that takes no more: an OutputError, and nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coxa.adapters.sinks.document import DocumentSink
from coxa.adapters.sinks.mot import MotSink
from coxa.model.errors import OutputError
from tests.support.made_up import a_motion, a_recording

KINDS = ("motion", "keypoints", "mot", "document", "overlay")

SCRIPT = """
import resource, sys
from pathlib import Path
from tests.support.made_up import a_motion, a_recording, a_film
from coxa.adapters.sinks.directory import ResultDirectory
from coxa.adapters.sinks.document import DocumentSink
from coxa.adapters.sinks.mot import MotSink
from coxa.adapters.sinks.overlay import OverlaySink
from coxa.adapters.sinks.parquet import KeypointsParquetSink, MotionParquetSink
from coxa.model.errors import OutputError

kind, target = sys.argv[1], Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with ResultDirectory(target) as results:
        at = results.path
        sink = {
            "motion": lambda: MotionParquetSink(at / "motion.parquet"),
            "keypoints": lambda: KeypointsParquetSink(at / "keypoints.parquet"),
            "mot": lambda: MotSink(at / "motion.mot"),
            "document": lambda: DocumentSink(at / "report.html", at / "summary.json"),
            "overlay": lambda: OverlaySink(at / "overlay.mp4", a_film()),
        }[kind]()
        try:
            for part in range(8):
                sink.write(a_recording(300, n_before=300 * part), a_motion(300, n_before=300 * part))
            sink.commit()
        except BaseException:
            sink.abort()
            raise
        results.commit()
except OutputError as error:
    print(error)
    sys.exit(error.exit_code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file size")
@pytest.mark.parametrize("kind", KINDS)
def test_a_real_limit_of_the_system(kind: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, kind, str(tmp_path / "out")],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == OutputError.exit_code, done.stderr
    assert "cannot write" in done.stdout
    assert "Remedy" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_no_space_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = MotSink(tmp_path / "motion.mot")
    full = Path("/dev/full").open("w", encoding="ascii")  # noqa: SIM115 - the sink closes it
    monkeypatch.setattr(sink, "_body", full)
    with pytest.raises(OutputError, match="disk is full"):
        for part in range(3):
            sink.write(a_recording(300, n_before=300 * part), a_motion(300, n_before=300 * part))
    sink.abort()
    assert list(tmp_path.iterdir()) == []


def test_the_page_does_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = DocumentSink(tmp_path / "report.html", tmp_path / "summary.json")
    sink.write(a_recording(30), a_motion(30))

    def refuse(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(OutputError, match=r"(?s)disk is full.*free some space"):
        sink.commit()
    sink.abort()
    assert list(tmp_path.iterdir()) == []
