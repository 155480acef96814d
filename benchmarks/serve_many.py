"""Many people live, some uploading, while a server dies: ``python benchmarks/serve_many.py --kill``.

Two servers of one record behind nginx with PostgreSQL and a worker, as `deploy/` has them, and users of
Locust that play landmarks at 15 Hz as the page does, or send a film in pieces. They need
``pip install 'coxa[load]'``.

Everything shares this machine: each server is pinned to a core of its own, all else (the generator of the
load, nginx, PostgreSQL, the worker at nice 10) runs on both. So what is printed as latency holds the
generator's own delays too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.live_people import rss_mb

from coxa.web.live.frames import Landmarks, encode
from tests.support.fleet import METRICS_TOKEN, NAME, Fleet, fleet, guests, why_no_fleet
from tests.support.live import demonstrated, fov_of, hello_of, points_of

_FILM = Path(__file__).resolve().parents[1] / ".build" / "demo" / "demo.mp4"
_TICKS = os.sysconf("SC_CLK_TCK")
_AWAY_S = 10.0
_START_S = 180.0
_AFTERMATH_S = 60.0


def cpu_s(pid: int) -> float:
    """Processor time of a process so far, with that of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(one) for one in fields[11:15]) / _TICKS


def named(name: str) -> list[int]:
    """Processes of a name, of the whole machine."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/comm"):
        try:
            if stat.read_text().strip() == name:
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


def below(pid: int) -> list[int]:
    """A process and those that it began."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += [int(child) for child in task.read_text().split()]
    return found


@dataclass(frozen=True)
class Spent:
    """Seconds of processor so far."""

    servers: float
    worker: float
    nginx: float
    database: float


class Meter:
    """Adds up what the parts spent, also those that are killed."""

    def __init__(self, made: Fleet) -> None:
        self._made = made
        self._gone = 0.0

    def gone(self, index: int) -> None:
        """A server is about to be killed."""
        self._gone += cpu_s(self._made.processes[f"app{index}"].pid)

    def read(self) -> Spent:
        """Now."""
        processes = self._made.processes
        apps = sum(cpu_s(processes[name].pid) for name in ("app0", "app1"))
        return Spent(
            self._gone + apps,
            sum(map(cpu_s, below(processes["worker"].pid))),
            sum(map(cpu_s, below(processes["nginx"].pid))),
            sum(map(cpu_s, named("postgres"))),
        )


@contextmanager
def struck(made: Fleet, meter: Meter, arguments: argparse.Namespace, begun: Path) -> Iterator[list[float]]:
    """One server is killed halfway, and started again after a while; how long it was away."""
    away: list[float] = []

    def strike() -> None:
        until = time.monotonic() + _START_S
        while not begun.exists() and time.monotonic() < until:
            time.sleep(0.5)
        time.sleep(30.0 * arguments.minutes)
        meter.gone(0)
        made.kill(0)
        began = time.monotonic()
        time.sleep(_AWAY_S)
        made.start(0)
        away.append(time.monotonic() - began)

    thread = threading.Thread(target=strike)
    if arguments.kill:
        thread.start()
    yield away
    if arguments.kill:
        thread.join()


def answered_within(port: int, share: float = 0.99) -> float:
    """Seconds, at most: so soon a server that still lives answered such a share of the frames it read."""
    headers = {"host": NAME, "authorization": f"Bearer {METRICS_TOKEN}"}
    answer = httpx.get(f"http://127.0.0.1:{port}/metrics", headers=headers, timeout=30)
    text = answer.raise_for_status().text
    most = [
        (float(line.split('le="')[1].split('"')[0]), float(line.split()[-1]))
        for line in text.splitlines()
        if line.startswith("coxa_cue_seconds_bucket")
    ]
    return next((le for le, count in most if count >= share * most[-1][1]), 0.0) if most else 0.0


def film_s(path: Path) -> float:
    """How long it is."""
    import av

    if not path.exists():
        raise SystemExit(f"no film at {path}: make demo fetches it, or name one with --film, or --uploads 0")
    with av.open(str(path)) as film:
        return float(film.duration or 0) / 1e6


def plan_of(made: Fleet, arguments: argparse.Namespace, folder: Path) -> Path:
    """What the generator is to do, as a file."""
    ends = [f"{(k * 40503) % 65536:04x}" for k in range(arguments.people + arguments.uploads)]
    known = guests(made, ends)
    recording = demonstrated("squat", rate_hz=arguments.rate)
    points = points_of(recording.image_points[0])
    frames = b"".join(encode(Landmarks(0, 0.0, 0.5, one)) for one in points)
    (folder / "frames").write_bytes(frames)
    told = {
        "url": made.url,
        "certificate": str(made.certificate),
        "live": [asdict(one) for one in known[: arguments.people]],
        "uploading": [asdict(one) for one in known[arguments.people :]],
        "hello": hello_of(recording, fov_deg=fov_of(recording)),
        "frames": str(folder / "frames"),
        "film": str(arguments.film),
        "film_s": film_s(arguments.film) if arguments.uploads else 0.0,
        "rate": arguments.rate,
        "seconds": 60.0 * arguments.minutes,
        "result": str(folder / "result.json"),
        "begun": str(folder / "begun"),
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(told))
    return path


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--uploads", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=15.0)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--film", type=Path, default=_FILM)
    parser.add_argument("--result", type=Path, help="keeps every frame's figures here, as JSON")
    arguments = parser.parse_args()
    if why := why_no_fleet():
        raise SystemExit(why)
    cores = tuple(sorted(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory() as name, fleet(cores) as made:
        plan = plan_of(made, arguments, Path(name))
        meter = Meter(made)
        before, began_s = meter.read(), time.monotonic()
        with struck(made, meter, arguments, Path(name) / "begun") as away:
            subprocess.run(
                [sys.executable, str(Path(__file__).with_name("locusts.py")), str(plan)], check=True
            )
        took_s, after = time.monotonic() - began_s, meter.read()
        within = [answered_within(port) for port in made.ports]
        memory = [rss_mb(made.processes[one].pid) for one in ("app0", "app1")]
        result = (Path(name) / "result.json").read_text()
    if arguments.result:
        arguments.result.write_text(result)
    told = json.loads(result)
    spent = Spent(*(b - a for a, b in zip(asdict(before).values(), asdict(after).values(), strict=True)))
    show(arguments, told, spent, took_s)
    if away:
        print(f"one server was killed halfway and answered again after {away[0]:.1f} s")
    for index, told_s in enumerate(within):
        print(f"server {index} answered 99% of its frames within {1e3 * told_s:.0f} ms of their coming in")
    print(f"memory of the servers: {memory[0]:.0f} and {memory[1]:.0f} MB")


def show_phases(arguments: argparse.Namespace, at_s: np.ndarray, ms: np.ndarray) -> None:
    """How often people were answered, and how soon: before the blow, right after it, in the end."""
    whole_s, blow_s = 60.0 * arguments.minutes, 30.0 * arguments.minutes
    phases = {"all of it": (0.0, whole_s)}
    if arguments.kill:
        after_s = min(blow_s + _AFTERMATH_S, whole_s)
        phases = {"before": (0.0, blow_s), "the minute after": (blow_s, after_s), "then": (after_s, whole_s)}
    for name, (from_s, to_s) in phases.items():
        within = (at_s >= from_s) & (at_s < to_s)
        if within.any():
            hz = within.sum() / (to_s - from_s) / arguments.people
            median, most = np.percentile(ms[within], (50, 99))
            print(f"  {name}: {hz:.1f} frames a second and person, 50% {median:.1f} ms, 99% {most:.1f} ms")


def show(arguments: argparse.Namespace, told: dict[str, Any], spent: Spent, took_s: float) -> None:
    """As people read it."""
    if not told["took_ms"]:
        raise SystemExit(f"no frame was answered: {told['errors']}")
    ms, late_ms = np.array(told["took_ms"]), np.array(told["late_ms"])
    spread = ", ".join(f"{p}% {np.percentile(ms, p):.1f}" for p in (50, 95, 99, 99.9, 100))
    late = ", ".join(f"{p}% {np.percentile(late_ms, p):.1f}" for p in (50, 99))
    print(
        f"{arguments.people} people at {arguments.rate:g} Hz, {arguments.uploads} uploading: {took_s:.0f} s"
    )
    print(f"landmark to cue, ms: {spread}")
    print(f"the generator sent its frames late by, ms: {late}")
    show_phases(arguments, np.array(told["at_s"]), ms)
    frames = f"{told['spared']} the server had no time for, {told['lost']} lost with a line"
    print(f"frames: {len(ms)} answered, {frames}, {told['dropped']} dropped by the page")
    print(f"reconnects: {told['reconnects']}, longest away {told['longest_away_s']:.1f} s")
    print(f"asked to connect elsewhere: {told['moves']}")
    print(f"sets: {told['sets']} begun, {told['ended']} ended and kept, {told['sets_lost']} lost")
    print(f"repetitions: {told['counted']} told, {told['counts_lost']} of them lost")
    print(f"errors shown beyond a reconnect: {len(told['errors'])}", *told["errors"][:5], sep="\n  ")
    print(f"films: {told['sent']} sent, {told['done']} read, {told['resent']} pieces sent again")
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in asdict(spent).items())
    print(f"processor, s: {parts}, generator {told['own_cpu_s']:.1f}")
    serving = (spent.servers, spent.nginx, spent.database)
    live_min = len(ms) / arguments.rate / 60.0  # of frames that were answered: dropped ones cost nothing
    each = " + ".join(f"{one / live_min:.2f}" for one in serving)
    print(f"a live minute: {each} = {sum(serving) / live_min:.2f} s (servers, nginx, database)")
    if told["film_s"]:
        print(f"a recorded minute: {spent.worker / (told['film_s'] / 60.0):.0f} s (worker)")


if __name__ == "__main__":
    main()
