"""Speed beside OpenSim's inverse kinematics on the same markers, in one run.

Every contender is a process of its own, pinned to one thread, that prints ``{"frames": .., "seconds": ..}``
as its last line. They take turns, so that a slow spell of the machine falls on all of them, and their median
rates are compared as ratios.

Usage: python benchmarks/opensim_peer.py [--frames N] [--rounds N] [--json]

OpenSim 4.6 is a benchmark-only dependency (the ``bench`` extra). Where it lives in another environment, name
that one's interpreter in COXA_OPENSIM_PYTHON. The recording is ``opensim/subject4/squats1.trc`` of the
reference data (1,346 frames of squats, 45 markers that the model has too, 35 coordinates); a part of it is
enough for a rate. What the peer spends once (reading, assembling the first frame) is taken off: a short run
from the same frame is timed first and subtracted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMBA_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)
N_WARM = 10  # frames of the run that is subtracted
FIRST_FRAME = 300  # the person has begun to squat
PEER = "OpenSim 4.6 inverse kinematics"


@dataclass(frozen=True)
class Contender:
    """Something that is timed.

    Attributes:
        name: for people to read.
        command: what to run; prints its figures as one JSON object on the last line.
        wanted_ratio: how many times the peer's rate it must reach; ``None``: no such aim.
    """

    name: str
    command: tuple[str, ...]
    wanted_ratio: float | None = None


@dataclass(frozen=True)
class Timing:
    """One run of one contender."""

    frames: int
    seconds: float

    @property
    def frames_per_second(self) -> float:
        """The rate."""
        return self.frames / self.seconds


def subject4() -> Path:
    """The folder of the recording and the model."""
    from tests.support.reference import required_folder  # OpenSim's interpreter need not have Coxa

    return required_folder() / "opensim" / "subject4"


def opensim_contender(folder: Path, n_frames: int) -> Contender:
    python = os.environ.get("COXA_OPENSIM_PYTHON", sys.executable)
    worker = (python, str(Path(__file__).resolve()), "--worker", str(folder), "--frames", str(n_frames))
    return Contender(PEER, worker)


def our_contenders(n_frames: int) -> list[Contender]:
    """What of ours is held against the peer; each command as in :class:`Contender`."""
    ours = str(Path(__file__).with_name("known_body.py"))
    frames = ("--frames", str(n_frames))
    return [
        Contender("Coxa poses, no covariance", (sys.executable, ours, "poses", *frames), 300.0),
        Contender("Coxa smoother with covariance", (sys.executable, ours, "smooth", *frames), 60.0),
    ]


def run_once(contender: Contender) -> Timing:
    """One timed run, on one thread, in an empty folder that is thrown away."""
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            contender.command,
            env=os.environ | ONE_THREAD,
            cwd=scratch,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{contender.name} failed:\n{done.stderr[-2000:]}")
    figures = json.loads(done.stdout.strip().splitlines()[-1])
    return Timing(int(figures["frames"]), float(figures["seconds"]))


def compare(contenders: Sequence[Contender], rounds: int) -> dict[str, list[float]]:
    """Contender's name -> its rates [frames/s], taken in turns."""
    rates: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for _ in range(rounds):
        for contender in contenders:
            rates[contender.name].append(run_once(contender).frames_per_second)
    return rates


def table(contenders: Sequence[Contender], rates: dict[str, list[float]]) -> str:
    """Rates and ratios to the peer, for people to read."""
    peer = statistics.median(rates[PEER])
    lines = [f"{'one thread each':<44}{'frames/s':>12}{'ratio':>9}{'wanted':>9}"]
    for contender in contenders:
        rate = statistics.median(rates[contender.name])
        wanted = "" if contender.wanted_ratio is None else f"{contender.wanted_ratio:g}"
        lines.append(f"{contender.name:<44}{rate:>12.1f}{rate / peer:>9.1f}{wanted:>9}")
    return "\n".join(lines)


def opensim_worker(folder: Path, n_frames: int) -> None:
    """Run inverse kinematics on some frames and print frames and seconds. Needs OpenSim only."""
    import opensim

    opensim.Logger.setLevelString("Off")
    model = opensim.Model(str(folder / "manually_scaled.osim"))
    model.initSystem()
    markers = str(folder / "squats1.trc")
    table = opensim.TimeSeriesTableVec3(markers)
    times, seen = table.getIndependentColumn(), set(table.getColumnLabels())
    tasks = [marker.getName() for marker in model.getMarkerSet() if marker.getName() in seen]
    first = FIRST_FRAME if n_frames + N_WARM <= len(times) - FIRST_FRAME else 0

    def solve(count: int) -> tuple[int, float]:
        tool = opensim.InverseKinematicsTool()
        tool.setModel(model)
        tool.setMarkerDataFileName(markers)
        tool.setStartTime(times[first])
        tool.setEndTime(times[min(first + count, len(times)) - 1])
        tool.setOutputMotionFileName("ik.mot")
        tool.set_report_errors(False)
        for name in tasks:
            task = opensim.IKMarkerTask()
            task.setName(name)
            task.setWeight(1.0)
            task.setApply(True)
            tool.getIKTaskSet().cloneAndAppend(task)
        started = time.perf_counter()
        tool.run()
        seconds = time.perf_counter() - started
        return opensim.TimeSeriesTable("ik.mot").getNumRows(), seconds

    (few, little), (many, long) = solve(N_WARM), solve(N_WARM + n_frames)
    print(json.dumps({"frames": many - few, "seconds": long - little, "markers": len(tasks)}))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--frames", type=int, default=200, help="of the recording, for OpenSim (1,346 in all)"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print rates and ratios for machines")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        opensim_worker(options.worker, options.frames)
        return
    folder = subject4()
    contenders = [opensim_contender(folder, options.frames), *our_contenders(max(options.frames, 400))]
    rates = compare(contenders, options.rounds)
    if options.json:
        peer = statistics.median(rates[PEER])
        medians = {name: statistics.median(values) for name, values in rates.items()}
        print(
            json.dumps(
                {name: {"frames_per_second": rate, "ratio": rate / peer} for name, rate in medians.items()}
            )
        )
    else:
        print(table(contenders, rates))


if __name__ == "__main__":
    main()
