"""Whatever a file does to what reads it, the server goes on and says what happened."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from coxa.adapters.sandbox.run import Ended, How, run
from coxa.catalog.loader import upload_rules
from tests.support import sandboxed

ROOT = Path(__file__).parents[3]
Read = Callable[..., Ended]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    folder = tmp_path / "job"
    folder.mkdir()

    def read(work: Callable[..., object], listener=lambda *_: True, **limits: float) -> Ended:
        rules = upload_rules().model_copy(update=limits)
        return run(f"tests.support.sandboxed:{work.__name__}", folder, rules, listener)

    return read


def test_what_it_made_and_said_comes_back(read: Read, tmp_path: Path) -> None:
    heard: list[tuple[float, str]] = []
    ended = read(sandboxed.fine, lambda *told: not heard.append(told))
    assert ended.how is How.DONE
    assert ended.found == {"recordings": 1}
    assert (tmp_path / "job" / "out.txt").read_text() == "made"


def test_a_refusal_comes_back_with_its_remedy(read: Read) -> None:
    ended = read(sandboxed.refuses)
    assert (ended.fault, ended.remedy) == ("film.mp4 holds no pictures", "choose a video")


def test_a_bug_is_told_without_a_word_of_the_file(read: Read, caplog: pytest.LogCaptureFixture) -> None:
    ended = read(sandboxed.breaks)
    assert ended.how is How.REFUSED
    assert "broke" in ended.fault
    assert "KeyError" in caplog.text
    assert "somebody" not in caplog.text + ended.fault + ended.remedy


@pytest.mark.parametrize(
    ("work", "limits", "words"),
    [
        (sandboxed.crashes, {}, "crashed"),
        (sandboxed.hangs, {"silence_s": 1.0}, "Nothing of it could be read"),
        (sandboxed.hangs_while_it_says_that_it_goes_on, {"time_s": 3.0}, "took longer"),
        (sandboxed.eats_addresses, {}, "more memory"),
        (sandboxed.eats_memory, {"memory_mb": 200.0}, "more memory"),
        (sandboxed.fills_the_disk, {"file_mb": 2.0}, "broke"),
        (sandboxed.never_ends_its_line, {}, "more than it may"),
        (sandboxed.speaks_nonsense, {}, "nonsense"),
    ],
)
def test_the_worst_is_told_plainly(
    read: Read, tmp_path: Path, work: Callable[..., object], limits: dict[str, float], words: str
) -> None:
    began = time.monotonic()
    ended = read(work, **limits)
    assert ended.how is How.REFUSED
    assert words in ended.fault
    assert ended.remedy
    assert time.monotonic() - began < 30
    assert sum(one.stat().st_size for one in tmp_path.rglob("*") if one.is_file()) <= 2 << 20


@pytest.mark.skipif(sys.platform != "linux", reason="limits of computing are the system's")
def test_computing_is_limited(read: Read) -> None:
    ended = read(sandboxed.computes, time_s=2.0 / (os.cpu_count() or 1) + 1.0, silence_s=60.0)
    assert ended.how is How.REFUSED


def test_it_ends_when_nobody_wants_it(read: Read) -> None:
    wanted = iter([True, True, False])
    began = time.monotonic()
    assert read(sandboxed.hangs, lambda *_: next(wanted)).how is How.STOPPED
    assert time.monotonic() - began < 20


@pytest.mark.skipif(sys.platform != "linux", reason="process groups and /proc")
def test_nothing_that_it_started_stays(read: Read, tmp_path: Path) -> None:
    assert read(sandboxed.leaves_a_child).how is How.DONE
    child = int((tmp_path / "job" / "child").read_text())
    until = time.monotonic() + 5
    while _alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(child)


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_reaches_nothing_of_anybody(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = read(sandboxed.fine).held
    if "own folder only" not in held or "no network" not in held:
        pytest.skip(f"this system confines only so far: {held}")
    secret = tmp_path / "others" / "film.mp4"
    secret.parent.mkdir()
    secret.write_text("somebody else")
    monkeypatch.setenv("COXA_DATABASE", "postgresql://user:word@host/database")
    (tmp_path / "job" / "secret").write_text(str(secret))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        (tmp_path / "job" / "port").write_text(str(listening.getsockname()[1]))
        found = read(sandboxed.looks_around).found
    allowed = set() if "no other process" in held else {"kill the parent", "parent's surroundings"}
    assert set(found["reached"]) <= allowed
    assert "COXA_DATABASE" not in found["environment"]
    assert not (secret.parent / "mine").exists()
