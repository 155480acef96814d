"""What a cohort costs: engines side by side, workers and clients killed, memory, ten thousand results opened.

    python benchmarks/cohort.py [--n 1000] [--folder DIR] [--only engines memory killed opened]

engines
    The same recordings by every engine: time, speed-up over serial, what is spent around the work, and
    whether the tables are identical.
memory
    Most memory of a worker, hundred by hundred, of a tenth of the recordings and of all of them.
killed
    Workers of a Dask scheduler killed every 20 s, then the client, then all again: is the table the same, and
    how much was done twice.
opened
    A table of 10,000 simulated results, written, then opened, filtered and summarised in a process of its
    own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.cohort_inputs import LOG, WORK, write_inputs  # noqa: E402

from coxa.adapters.cohort.dataset import write_table  # noqa: E402
from coxa.app.cohort.parts import Answer, Effort, Part, Status  # noqa: E402
from coxa.app.cohort.run import Planned, plan  # noqa: E402
from coxa.app.cohort.tasks import Content, Engine, Listed  # noqa: E402
from coxa.bootstrap.cohort import CohortOptions, cohort, open_cohort  # noqa: E402
from tests.support.cohorts import Shelf, measure  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402

_KILL_EVERY_S = 20.0
_CLIENT_KILLED_AT = 0.6  # of the recordings
_PATIENCE_S = 10.0
_MEMORY_MB = 1500.0
_RESULTS = 10_000


def run(
    manifest: Path, out: Path, engine: str, workers: int = 2, scheduler: str = ""
) -> dict[str, float | str]:
    """One run; what it cost."""
    options = CohortOptions(
        engine=engine, workers=workers, scheduler=scheduler, memory_mb=_MEMORY_MB, patience_s=_PATIENCE_S,
        report=False, work=WORK,
    )  # fmt: skip
    began = time.perf_counter()
    done = cohort([str(manifest)], "", str(out), options)
    wall_s = time.perf_counter() - began
    n_workers = 1 if engine == "serial" else workers
    return {
        "engine": engine,
        "wall_s": wall_s,
        "work_s": done.tally.seconds,
        "overhead": (wall_s * n_workers - done.tally.seconds) / max(done.tally.seconds, 1e-9),
        "before": done.tally.n_before,
        "now": done.tally.n_done,
        "ended": str({status.value: n for status, n in done.tally.by_status.items()}),
        "digest": done.index["digest"],
    }


def in_its_own_process(*arguments: str, **environment: str) -> dict[str, float | str]:
    """The same, started as people start it: what it needs to load counts."""
    began = time.perf_counter()
    told = subprocess.run(
        [sys.executable, __file__, "run", *arguments],
        cwd=ROOT, check=True, capture_output=True, text=True, env={**os.environ, **environment},
    )  # fmt: skip
    found: dict[str, float | str] = json.loads(told.stdout.splitlines()[-1])
    wall_s = time.perf_counter() - began
    n_workers = 1 if found["engine"] == "serial" else 2
    work_s = float(found["work_s"])
    return {**found, "wall_s": wall_s, "overhead": (wall_s * n_workers - work_s) / max(work_s, 1e-9)}


def engines(manifest: Path, folder: Path, only: Sequence[str]) -> None:
    found = {}
    for engine in only:
        found[engine] = one = in_its_own_process(str(manifest), str(folder / f"table-{engine}"), engine)
        print(
            f"engines  {engine:<9} wall {one['wall_s']:7.1f} s, work {one['work_s']:7.1f} s, overhead "
            f"{100 * float(one['overhead']):5.1f} %, {one['ended']}, table {str(one['digest'])[:16]}",
            flush=True,
        )
    if "serial" in found:
        base = float(found["serial"]["wall_s"])
        for engine, one in found.items():
            print(f"engines  {engine:<9} {base / float(one['wall_s']):.2f} times serial")
    print(f"engines  tables identical: {len({one['digest'] for one in found.values()}) == 1}")


def memory(manifest: Path, folder: Path, n: int) -> None:
    lines = manifest.read_text(encoding="utf-8").splitlines()
    tenth = manifest.with_name("tenth.csv")
    tenth.write_text("\n".join(lines[: 1 + n // 10]) + "\n", encoding="utf-8")
    in_its_own_process(str(tenth), str(folder / "table-tenth"), "dask")
    for name in ("tenth", "dask"):
        opened = open_cohort(folder / f"table-{name}")
        status = opened.pandas("recordings").set_index("key")["status"]
        effort = opened.pandas("effort").sort_values("began")
        done = effort[effort["key"].map(status[status.index != ""]) == "done"]["peak_mb"]
        by_hundred = [f"{done.iloc[at : at + 100].max():.0f}" for at in range(0, len(done), 100)]
        print(
            f"memory   {len(effort):5} recordings: most MB of a worker and its reader, of each hundred read: "
            f"{' '.join(by_hundred)}; of all, with those that were stopped at {_MEMORY_MB:.0f} MB: "
            f"{effort['peak_mb'].max():.0f}"
        )


@contextmanager
def scheduler(log: Path) -> Iterator[tuple[str, int]]:
    """A scheduler and two workers, started as Dask starts them: its address, and the nanny's process."""
    port = random.SystemRandom().randrange(20_000, 30_000)
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    quiet["env"] = {**os.environ, LOG: str(log)}
    started = [subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", str(port)], **quiet)]
    time.sleep(3)
    nanny = subprocess.Popen([*dask, "worker", address, "--nworkers", "2", "--nthreads", "1"], **quiet)
    try:
        time.sleep(4)
        yield address, nanny.pid
    finally:
        for one in (nanny, *started):
            one.terminate()
            one.wait(timeout=30)


def children(pid: int) -> list[int]:
    """Python processes directly below one, but those that only watch resources."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal():
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes()
                if parent == pid and b"resource_tracker" not in command and b"semaphore" not in command:
                    found.append(int(entry.name))
        except OSError:
            continue
    return sorted(found)


def parts(out: Path) -> int:
    return sum(1 for path in (out / "_parts").glob("*/*.json") if not path.name.startswith("."))


def killed(manifest: Path, folder: Path, n: int) -> None:
    undisturbed = next(
        (one for one in ("serial", "dask", "processes") if (folder / f"table-{one}").exists()), "processes"
    )
    if not (folder / f"table-{undisturbed}").exists():
        in_its_own_process(str(manifest), str(folder / f"table-{undisturbed}"), undisturbed)
    out, log = folder / "table-killed", folder / "began.log"
    command = [sys.executable, __file__, "run", str(manifest), str(out), "dask", "--scheduler"]
    n_killed = 0
    with scheduler(log) as (address, nanny):
        began = time.monotonic()
        client = subprocess.Popen([*command, address], cwd=ROOT, stdout=subprocess.DEVNULL)
        next_kill = began + _KILL_EVERY_S
        killed_client = False
        while client.poll() is None:
            time.sleep(0.2)
            if time.monotonic() > next_kill:
                workers = children(nanny)
                os.kill(workers[n_killed % len(workers)], signal.SIGKILL)
                n_killed += 1
                next_kill += _KILL_EVERY_S
            if not killed_client and parts(out) > _CLIENT_KILLED_AT * n:
                client.kill()
                client.wait()
                killed_client = True
                print(f"killed   the client, with {parts(out)} parts there")
                client = subprocess.Popen([*command, address], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        told = json.loads((client.communicate()[0] or "{}").splitlines()[-1])
        wall_s = time.monotonic() - began
    keys = log.read_text(encoding="ascii").split()
    twice = len(keys) - len(set(keys))
    whole = open_cohort(folder / f"table-{undisturbed}").index["digest"]
    print(
        f"killed   {n_killed} workers, {int(killed_client)} client; {wall_s:.0f} s; exit {client.returncode}"
    )
    print(f"killed   begun {len(keys)}, of them again {twice} ({100 * twice / len(set(keys)):.2f} %)")
    print(f"killed   done before the restart {told['before']}, after it {told['now']}")
    print(f"killed   table identical with that of {undisturbed}: {told['digest'] == whole}")


def simulated_results(folder: Path, n: int = _RESULTS) -> None:
    """A table of that many results: people in two groups, both sides."""
    chance, engine = random.Random(4), Engine("simulated", "none")
    listed, answers = [], []
    for number in range(n // 2):
        person, group = f"p{number:05}", ("control", "training")[number % 2]
        listed.append(Listed(f"{person}.c3d", f"/{person}", "seated_hip_rotation", "", person, group, "1"))
        rows = [
            measure(
                None if chance.random() < 0.05 else chance.gauss(34.0 + 6.0 * (group == "training"), 7.0),
                quantity="internal_rotation",
                side=side,
            )
            for side in ("left", "right")
        ]
        answers.append(Answer(Status.DONE, method="markers", measures=tuple(rows)))
    planned: list[Planned] = plan(listed, [Content(str(place)) for place in range(len(listed))], engine)
    shelf = Shelf(
        Part(one.task.key, of, Effort()) for one, of in zip(planned, answers, strict=True) if one.task
    )
    write_table(planned, shelf, str(folder), engine)


_OPENING = """
import time; began = time.perf_counter()
import sys, coxa
cohort = coxa.open_cohort(sys.argv[1])
chosen = cohort.where(group="training", side="left")
table = chosen.summary("quantity", "side", "group")
lazy = cohort.polars(); import polars as pl
same = lazy.filter(pl.col("value") > 40).group_by("group").agg(pl.len(), pl.col("value").mean()).collect()
print(time.perf_counter() - began, time.process_time())
print(cohort.arrow().num_rows); print(table); print(same)
"""


def opened(folder: Path) -> None:
    place = folder / "table-simulated"
    simulated_results(place)
    told = subprocess.run(
        [sys.executable, "-c", _OPENING, str(place)], check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.splitlines()
    wall_s, processor_s = (float(one) for one in told[0].split())
    print(
        f"opened   {told[1]} results: imported, opened, filtered, summarised in {wall_s:.2f} s "
        f"({processor_s:.2f} s of the processor)"
    )


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        parser = argparse.ArgumentParser()
        for name in ("manifest", "out", "engine"):
            parser.add_argument(name)
        parser.add_argument("--scheduler", default="")
        asked = parser.parse_args(sys.argv[2:])
        print(json.dumps(run(Path(asked.manifest), Path(asked.out), asked.engine, 2, asked.scheduler)))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--engines", nargs="+", default=["serial", "dask", "processes"])
    parser.add_argument("--only", nargs="+", default=["engines", "memory", "killed", "opened"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        manifest = folder / "in" / "manifest.csv"
        if not manifest.exists() and set(asked.only) - {"opened"}:
            write_inputs(folder / "in", asked.n, required_folder())
        if "engines" in asked.only:
            engines(manifest, folder, asked.engines)
        if "memory" in asked.only:
            memory(manifest, folder, asked.n)
        if "killed" in asked.only:
            killed(manifest, folder, asked.n)
        if "opened" in asked.only:
            opened(folder)


if __name__ == "__main__":
    main()
