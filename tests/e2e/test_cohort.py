"""Cohorts as people run them: three engines, poisoned files, killed workers and clients, a full disk.

Most recordings are made up, and read by a stand-in that does what they say; the last are markers of simulated
people, read as any are.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml

from coxa.adapters.cohort.opened import Cohort
from coxa.bootstrap.cohort import open_cohort
from tests.support.cohorts import some
from tests.support.command import coxa
from tests.support.lab_people import squatting_people

ROOT = Path(__file__).parents[2]
POISONS = ("refuse", "bug", "segfault", "hang")
N_GOOD = 10


def start(
    inputs: Path, out: Path, *options: str, before: Callable[[], None] | None = None, log: Path | None = None
):  # type: ignore[no-untyped-def]
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.support.run_cohort",
            str(inputs),
            str(out),
            "--patience",
            "5",
            *options,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "COXA_TEST_LOG": str(log or "")},
        preexec_fn=before,  # noqa: PLW1509
        start_new_session=True,
    )


def run(inputs: Path, out: Path, *options: str, **more) -> tuple[str, int, int]:  # type: ignore[no-untyped-def]
    """Digest, recordings done before, done now."""
    process = start(inputs, out, *options, **more)
    told, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    digest, before, now = told.split()
    return digest, int(before), int(now)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return some(tmp_path_factory.mktemp("recordings"), N_GOOD, POISONS, seconds=0.1)


@pytest.fixture(scope="module")
def serial(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    out = tmp_path_factory.mktemp("serial")
    digest, before, now = run(inputs, out)
    assert (before, now) == (0, N_GOOD + len(POISONS))
    yield digest, out


def test_every_poisoned_recording_is_a_row_with_its_reason(serial: tuple[str, Path]) -> None:
    rows = open_cohort(serial[1]).pandas("recordings").set_index("recording")
    ended = {
        name.rpartition("-")[2].removesuffix(".trc"): row for name, row in rows.iterrows() if "poison" in name
    }
    assert {name: row["status"] for name, row in ended.items()} == {
        "refuse": "refused",
        "bug": "failed",
        "segfault": "crashed",
        "hang": "stalled",
    }
    assert all(row["reason"] and row["remedy"] for row in ended.values())
    assert (rows["status"] == "done").sum() == N_GOOD


@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_every_engine_comes_to_the_same_table(
    inputs: Path, serial: tuple[str, Path], tmp_path: Path, engine: str
) -> None:
    digest, _, now = run(inputs, tmp_path / "out", "--engine", engine)
    assert (digest, now) == (serial[0], N_GOOD + len(POISONS))
    for table in ("measures", "recordings", "untold"):
        first, second = (open_cohort(out).pandas(table) for out in (serial[1], tmp_path / "out"))
        pd.testing.assert_frame_equal(first, second)


def test_run_again_nothing_is_done_again(inputs: Path, serial: tuple[str, Path]) -> None:
    assert run(inputs, serial[1]) == (serial[0], N_GOOD + len(POISONS), 0)


def children(pid: int) -> list[int]:
    """All processes below one."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if (
                entry.name.isdecimal()
                and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid
            ):
                found += [int(entry.name), *children(int(entry.name))]
        except (OSError, IndexError):
            continue
    return found


def parts(out: Path) -> int:
    return sum(1 for path in out.rglob("_parts/*/*.json") if not path.name.startswith("."))


def until(done: Callable[[], bool], within_s: float = 60.0) -> None:
    end = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_killed_readers_and_a_killed_client_cost_what_they_were_at(tmp_path: Path) -> None:
    inputs = some(tmp_path / "in", 24, seconds=0.15)
    whole, _, _ = run(inputs, tmp_path / "whole", "--engine", "processes")
    log, out = tmp_path / "log", tmp_path / "out"
    client = start(inputs, out, "--engine", "processes", log=log)
    until(lambda: parts(out) >= 4)
    below = children(client.pid)
    readers = [pid for pid in below if not children(pid)]
    assert (len(below), len(readers)) == (4, 2)  # two nurseries, each with a reader
    os.kill(readers[0], signal.SIGKILL)
    until(lambda: parts(out) >= 12)
    below = children(client.pid)
    client.kill()
    client.communicate()
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in below), 10.0)
    there = parts(out)
    assert there < 24
    with pytest.raises(Exception, match="no finished table"):
        open_cohort(out)
    digest, before, now = run(inputs, out, "--engine", "processes", log=log)
    assert (digest, before, now) == (whole, there, 24 - there)
    began = log.read_text().split()
    assert len(set(began)) == 24
    assert len(began) <= 24 + 3  # one reader, and two when the client was killed


def test_an_interruption_keeps_what_is_done(tmp_path: Path) -> None:
    inputs, out = some(tmp_path / "in", 12, seconds=0.2), tmp_path / "out"
    client = start(inputs, out)
    until(lambda: parts(out) >= 2)
    client.send_signal(signal.SIGINT)
    _, err = client.communicate(timeout=20)
    assert client.returncode == 130
    assert "Traceback" not in err
    there = parts(out)
    assert 2 <= there < 12
    assert run(inputs, out)[1:] == (there, 12 - there)


def test_a_full_disk_is_said_and_gone_on_from(tmp_path: Path) -> None:
    """A limit on the size of files refuses writing as a full disk does."""
    inputs, out = some(tmp_path / "in", 3), tmp_path / "out"
    contents = sum(len(str(path)) + 120 for path in inputs.iterdir()) + 50

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (contents, contents))

    refused = start(inputs, out, before=limited)
    _, err = refused.communicate(timeout=60)
    assert refused.returncode == 6, err
    assert "cannot write" in err
    assert "Traceback" not in err
    assert not list(out.rglob("*.part"))
    assert run(inputs, out)[2] >= 1


def test_schedulers_that_are_not_there_are_refused_plainly(tmp_path: Path) -> None:
    inputs = some(tmp_path / "in", 1)
    none = start(inputs, tmp_path / "out", "--engine", "dask", "--scheduler", "nothing://127.0.0.1:1")
    _, err = none.communicate(timeout=60)
    assert none.returncode == 7, err
    assert "did not answer" in err
    assert "Traceback" not in err


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def dask(*arguments: str) -> subprocess.Popen[bytes]:
    """``dask scheduler`` or ``dask worker``, as started by hand on one of many machines."""
    place = ("--host", "127.0.0.1", "--no-dashboard")
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, *place], cwd=ROOT, stderr=subprocess.DEVNULL
    )


def test_clusters_without_workers_get_some_for_what_waits(
    inputs: Path, serial: tuple[str, Path], tmp_path: Path
) -> None:
    out, port = tmp_path / "out", free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = dask("scheduler", "--port", str(port))
    workers = []
    try:
        client = start(inputs, out, "--engine", "dask", "--scheduler", address)
        until((out / "_parts" / ".seen").exists)
        time.sleep(1.0)
        assert client.poll() is None
        assert parts(out) == 0
        workers += [dask("worker", address, "--nthreads", "1") for _ in range(2)]
        told, err = client.communicate(timeout=100)
        assert client.returncode == 0, err
    finally:
        for one in (*workers, scheduler):
            one.terminate()
            one.wait(timeout=60)
    assert told.split() == [serial[0], "0", str(N_GOOD + len(POISONS))]


def test_a_killed_scheduler_costs_what_its_workers_were_at(tmp_path: Path) -> None:
    """Another engine goes on from what was done."""
    inputs, out = some(tmp_path / "in", 30, seconds=0.4), tmp_path / "out"
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler, worker = dask("scheduler", "--port", str(port)), dask("worker", address, "--nthreads", "1")
    try:
        client = start(inputs, out, "--engine", "dask", "--scheduler", address)
        until(lambda: parts(out) >= 3)
        scheduler.kill()
        _, err = client.communicate(timeout=100)
        assert client.returncode == 7, err
        assert "the scheduler was lost" in err
        assert "Traceback" not in err
    finally:
        scheduler.kill()
        worker.terminate()
        worker.wait(timeout=60)
        scheduler.wait()
    there = parts(out)
    assert 3 <= there < 30
    assert run(inputs, out, "--engine", "processes")[1:] == (there, 30 - there)


def test_the_command_assesses_markers_into_a_table_a_page_and_a_laboratorys_file(tmp_path: Path) -> None:
    manifest = squatting_people(tmp_path / "in")
    done = coxa("cohort", manifest, "--out", "table", "--json", "--workers", 2, cwd=tmp_path)
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert (told["recordings"], told["ended"]) == (5, {"done": 4})
    assert told["not_begun"] == {"unreadable": 1}
    opened: Cohort = open_cohort(tmp_path / "table")
    results = opened.where(kind="result", observability="observed").pandas()
    assert len(results) == 4
    assert set(results["method"]) == {"markers"}
    assert results["value"].between(60, 150).all()
    page = (tmp_path / "table" / "report.html").read_text(encoding="utf-8")
    assert "5 recordings, 4 assessed" in page
    assert "no such file" in page

    made = coxa("reliability", "table", "--out", "lab.yaml", "--laboratory", "Ours", cwd=tmp_path)
    assert made.code == 0, made.err
    first = results.iloc[0]
    recorded = tmp_path / "in" / first["recording"]
    report = ("--protocol", "deep_squat", "--out", "report", "--json", "-q", "--reliability", "lab.yaml")
    ours = json.loads(coxa("assess", recorded, *report, cwd=tmp_path).out)["assessments"][0]
    assert "Ours, version 1" in ours["provenance"]["reliability"]
    (row,) = yaml.safe_load((tmp_path / "lab.yaml").read_text(encoding="utf-8"))["rows"]
    (told,) = ours["results"]
    assert told["minimal_detectable_deg"] == pytest.approx(row["minimal_detectable_deg"])
    assert told["minimal_detectable_deg"] != pytest.approx(first["minimal_detectable"])
    assert told["value_deg"] == pytest.approx(first["value"])
