"""Whatever a recording does to the process that reads it, the worker goes on."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from coxa.adapters.cohort.inputs import sha256_of
from coxa.adapters.compute.sandbox import Limits, Sandbox
from coxa.adapters.compute.worker import Duty, run_one
from coxa.app.cohort.parts import Status
from coxa.app.cohort.tasks import Content, Listed, Task, task_of
from coxa.catalog.loader import cohort_rules
from coxa.model.errors import ComputeError
from tests.support.cohorts import ENGINE, WORK, measure, recording

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", autouse=True)
def at_the_root() -> Iterator[None]:
    """Children find the tests' modules from here."""
    before = Path.cwd()
    os.chdir(ROOT)
    yield
    os.chdir(before)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(WORK, Limits(memory_mb=500, patience_s=3.0), cohort_rules())
    yield made
    made.close()


def task(path: Path) -> Task:
    return task_of(Listed(path.name, str(path), "deep_squat"), Content(sha256_of(str(path))), ENGINE)


@pytest.mark.parametrize(
    ("poison", "status", "words"),
    [
        ("refuse", Status.REFUSED, "nobody is in it"),
        ("bug", Status.FAILED, "ZeroDivisionError: made up"),
        ("segfault", Status.CRASHED, "SIGSEGV"),
        ("abort", Status.CRASHED, "SIGABRT"),
        ("exit", Status.CRASHED, "exit code 3"),
        ("memory", Status.OUT_OF_MEMORY, "more memory"),
        ("hang", Status.STALLED, "3 s"),
    ],
)
def test_a_poisoned_recording_is_answered_and_the_next_is_read(
    sandbox: Sandbox, tmp_path: Path, poison: str, status: Status, words: str
) -> None:
    worked = sandbox.run(task(recording(tmp_path, "bad", poison)))
    assert worked.answer.status is status
    assert words in worked.answer.reason
    assert worked.answer.remedy
    after = sandbox.run(task(recording(tmp_path, "good", measures=[measure(1.0)])))
    assert after.answer.status is Status.DONE
    assert after.answer.measures[0]["value"] == 1.0


def test_a_process_that_was_killed_from_outside_says_nothing_of_the_recording(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.run(task(recording(tmp_path, "first")))
    assert sandbox._reader is not None
    threading.Timer(0.3, os.kill, (sandbox._reader.pid, signal.SIGKILL)).start()
    worked = sandbox.run(task(recording(tmp_path, "slow", seconds=0.6)))
    assert worked.answer.status is Status.DONE
    assert worked.attempts == 2


def test_a_nursery_that_was_killed_is_started_again(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.run(task(recording(tmp_path, "first")))
    nursery = sandbox._nursery._process
    assert nursery is not None
    threading.Timer(0.3, nursery.kill).start()
    worked = sandbox.run(task(recording(tmp_path, "slow", seconds=0.6)))
    assert (worked.answer.status, worked.attempts) == (Status.DONE, 2)


def test_a_recording_that_is_killed_each_time_is_given_up(sandbox: Sandbox, tmp_path: Path) -> None:
    worked = sandbox.run(task(recording(tmp_path, "killer", "killed")))
    assert worked.answer.status is Status.CRASHED
    assert f"killed {cohort_rules().most_deaths} times" in worked.answer.reason


def test_a_stopped_worker_says_so_at_once(tmp_path: Path) -> None:
    made = Sandbox(WORK, Limits(600, 60.0), cohort_rules())
    made.run(task(recording(tmp_path, "first")))
    threading.Timer(0.2, made.stop).start()
    began = time.monotonic()
    with pytest.raises(ComputeError, match="stopped"):
        made.run(task(recording(tmp_path, "hangs", "hang")))
    assert time.monotonic() - began < 5.0
    made.close()


def test_the_process_is_renewed_and_its_end_ends_with_the_worker(tmp_path: Path) -> None:
    rules = cohort_rules().model_copy(update={"tasks_per_child": 1})
    made = Sandbox(WORK, Limits(600, 60.0), rules)
    pids = []
    for name in ("a", "b"):
        made.run(task(recording(tmp_path, name)))
        assert made._reader is not None
        assert made._nursery._process is not None
        pids.append(made._reader.pid)
    pids.append(made._nursery._process.pid)
    made.close()
    assert len(set(pids)) == 3
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_work_that_is_not_there_is_refused_plainly(tmp_path: Path) -> None:
    made = Sandbox("tests.support.cohorts:nothing", Limits(600, 60.0), cohort_rules())
    with pytest.raises(ComputeError, match="as it started"):
        made.run(task(recording(tmp_path, "a")))


def test_a_worker_that_does_not_see_the_table_says_so(tmp_path: Path) -> None:
    (tmp_path / "_parts").mkdir()
    one = task(recording(tmp_path, "one"))
    duty = Duty(WORK, str(tmp_path), Limits(500.0, 5.0), seen=("_parts/.seen", "word"))
    for there in (None, "another"):
        if there is not None:
            (tmp_path / "_parts" / ".seen").write_text(there, encoding="ascii")
        with pytest.raises(ComputeError, match="does not see") as refused:
            run_one(duty, one)
        carried = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 - from machine to machine
        assert (carried.fault, carried.remedy) == (refused.value.fault, refused.value.remedy)
