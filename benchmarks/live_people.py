"""Many people coached at once: ``python benchmarks/live_people.py --people 40 --rate 15 --seconds 60``.

A server of its own on one core, and on another a client that plays simulated landmarks (`squat`) over one
socket a person, each frame at its time. Prints what a frame takes from its sending to its scene, how many
frames were lost, and what the server's processor spent on each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.bootstrap.training import screen_person
from coxa.catalog.planning import triage
from coxa.model.screening import Answer, Screen
from coxa.web.live.frames import Landmarks, encode
from tests.support.live import demonstrated, fov_of, hello_of, points_of

_ASKED = {"kind": "coach", "exercise": "squat", "sets": 100, "repetitions": 1000}
_START_S = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Tally:
    """What was seen of one person's frames."""

    sent_at: dict[int, float] = field(default_factory=dict)
    took_s: list[float] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)
    cues: int = 0


def people_of(folder: Path, count: int) -> list[str]:
    """Ids of so many people who may exercise."""
    answers = {one.id: Answer.NO for one in triage().questions}
    with closing(SqlRecords.open(folder)) as records:
        made = [records.add_person(Person("", f"Person {k}")) for k in range(count)]
        for one in made:
            screen_person(records, one, Screen(date.today(), answers, 40.0))
    return [one.id for one in made]


def served(folder: Path, port: int, core: int) -> subprocess.Popen[bytes]:
    """A server on a core of its own, once it answers."""
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    server = subprocess.Popen(
        # Who reads uploads is another process, and not what is measured here.
        [sys.executable, "-m", "coxa", "serve", "--port", str(port), "--data", str(folder), "--no-worker"],
        env={**os.environ, **one_thread},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),  # noqa: PLW1509 - no threads here yet
    )
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).raise_for_status()
            return server
        except httpx.HTTPError:
            time.sleep(0.2)
    server.terminate()
    raise SystemExit("the server did not come up")


def begun(port: int, people: list[str]) -> list[str]:
    """Addresses of the sockets of a set each."""
    base = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=base, timeout=30) as client:
        csrf = client.get("/api/csrf").json()["csrf"]
        client.headers["x-csrf-token"] = csrf
        made = [client.post(f"/api/people/{one}/sets", json=_ASKED) for one in people]
    return [f"ws://127.0.0.1:{port}{one.raise_for_status().json()['socket']}" for one in made]


def cpu_s(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def rss_mb(pid: int) -> float:
    """Resident memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True)
class Play:
    """What one person sends: frames in a loop, so many a second, for so long."""

    frames: np.ndarray
    hello: dict[str, object]
    rate: float
    seconds: float


async def played(address: str, play: Play, offset_s: float) -> Tally:
    """One person's set, from beginning to end."""
    tally = Tally()
    origin = address.split("/api", 1)[0].replace("ws", "http", 1)
    async with connect(address, origin=origin, compression=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps(play.hello))
        assert json.loads(await socket.recv())["type"] == "ready"
        hearing = asyncio.create_task(_heard(socket, tally))
        begin = time.perf_counter() + offset_s
        for k in range(round(play.rate * play.seconds)):
            due = begin + k / play.rate
            await asyncio.sleep(max(due - time.perf_counter(), 0.0))
            frame = Landmarks(k + 1, k / play.rate, 0.5, play.frames[k % len(play.frames)])
            tally.sent_at[frame.seq] = time.perf_counter()
            tally.late_s.append(tally.sent_at[frame.seq] - due)
            await socket.send(encode(frame))
        await asyncio.sleep(2.0)
        hearing.cancel()
    return tally


async def _heard(socket: ClientConnection, tally: Tally) -> None:
    async for message in socket:
        now_s = time.perf_counter()
        told = json.loads(message)
        if told["type"] == "scene" and told["seq"]:
            tally.took_s.append(now_s - tally.sent_at.pop(told["seq"]))
            tally.cues += len(told["cues"])


async def measured(arguments: argparse.Namespace, addresses: list[str]) -> list[Tally]:
    """Everybody at once, their frames spread over the interval."""
    recording = demonstrated("squat", rate_hz=arguments.rate)
    hello = hello_of(recording, fov_deg=fov_of(recording))
    play = Play(points_of(recording.image_points[0]), hello, arguments.rate, arguments.seconds)
    steps_s = 1.0 / arguments.rate / len(addresses)
    jobs = [played(one, play, k * steps_s) for k, one in enumerate(addresses)]
    return await asyncio.gather(*jobs)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--rate", type=float, default=15.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--port", type=int, default=8470)
    arguments = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(0, {cores[1]})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "record"
        people = people_of(folder, arguments.people)
        server = served(folder, arguments.port, cores[0])
        try:
            addresses = begun(arguments.port, people)
            before_s, before_mb = cpu_s(server.pid), rss_mb(server.pid)
            tallies = asyncio.run(measured(arguments, addresses))
            spent_s, after_mb = cpu_s(server.pid) - before_s, rss_mb(server.pid)
        finally:
            server.terminate()
            server.wait(20)
    _show(arguments, tallies, spent_s)
    print(f"server's memory: {before_mb:.0f} MB before, {after_mb:.0f} MB after")


def _show(arguments: argparse.Namespace, tallies: list[Tally], spent_s: float) -> None:
    took_ms = 1e3 * np.concatenate([one.took_s for one in tallies])
    late_ms = 1e3 * np.concatenate([one.late_s for one in tallies])
    lost = sum(len(one.sent_at) for one in tallies)
    cues = sum(one.cues for one in tallies)
    spread = ", ".join(f"{p}% {np.percentile(took_ms, p):.1f}" for p in (50, 95, 99, 100))
    print(f"{arguments.people} people at {arguments.rate:g} Hz for {arguments.seconds:g} s")
    print(f"scenes: {len(took_ms)}, lost: {lost}, cues: {cues}")
    print(f"landmark to scene, ms: {spread}")
    print(f"server: {1e3 * spent_s / max(len(took_ms), 1):.2f} ms of processor a frame")
    told = ", ".join(f"{p}% {np.percentile(late_ms, p):.1f}" for p in (50, 99))
    print(f"the client sent its frames late by, ms: {told}")


if __name__ == "__main__":
    main()
