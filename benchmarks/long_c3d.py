"""An hour of markers as C3D, read and fitted in bounded memory.

Makes a C3D of 360,000 frames, 100 Hz, 40 markers (``opensim/subject4/squats1.trc`` of the reference data,
to and fro), then measures it in a process of its own: read in parts, angles and their uncertainty from the
markers, ``motion.parquet`` written. The same is done with a tenth of it: memory must not grow. The peer is
OpenSim's inverse kinematics on the same markers of the same clip, timed in turns in the same run (see
``opensim_peer.py``). Each contender has one thread for its arithmetic; since ours reads and writes beside it,
the rate per second of processor time is told too.

Usage: python benchmarks/long_c3d.py [--minutes 60] [--frames 200] [--rounds 3] [--json]
       OpenSim in another environment: name its interpreter in COXA_OPENSIM_PYTHON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from opensim_peer import ONE_THREAD, Timing, opensim_contender, run_once, subject4  # noqa: E402

RATE_HZ, N_MARKERS = 100, 40
WANTED_RATIO = 60.0
#: Markers of the clip that are left out: computed joint centres, and spare ones of clusters.
SPARE = ("HJC", "HJC_reg", "thigh4", "thigh5", "sh4", "forearm")


def clip():  # type: ignore[no-untyped-def]
    """The recording with 40 of its markers."""
    from coxa.adapters.formats import open_recording
    from coxa.app.request import ReadOptions
    from coxa.model.recording import Recording

    whole = Recording.concatenate(list(open_recording(subject4() / "squats1.trc", ReadOptions()).parts(5000)))
    points = whole.space_points[0]
    kept = [i for i, name in enumerate(points.names) if name.partition("_")[2] not in SPARE][:N_MARKERS]
    assert len(kept) == N_MARKERS, len(kept)
    fewer = replace(
        points,
        names=tuple(points.names[i] for i in kept),
        position_m=points.position_m[:, kept],
        sd_m=points.sd_m[kept],
    )
    return replace(whole, space_points=(fewer,))


def to_and_fro(recording, n_frames: int) -> Iterator:  # type: ignore[no-untyped-def, type-arg]
    """The clip forwards, backwards, forwards ... as one recording, a part at a time."""
    points, done = recording.space_points[0], 0
    while done < n_frames:
        position = points.position_m[:: -1 if (done // recording.n_frames) % 2 else 1]
        count = min(recording.n_frames, n_frames - done)
        time_s = (done + np.arange(count)) / RATE_HZ
        yield replace(recording, time_s=time_s, space_points=(replace(points, position_m=position[:count]),))
        done += count


def make(folder: Path, n_frames: int) -> Path:
    from coxa.adapters.sinks.c3d import c3d_stream

    path, short = folder / f"{n_frames}.c3d", clip()
    with c3d_stream(next(iter(to_and_fro(short, n_frames))), n_frames, path) as stream:
        for part in to_and_fro(short, n_frames):
            stream.write(part)
    return path


def make_peers(folder: Path) -> Path:
    """What the peer reads: the model, and the same markers as TRC."""
    from coxa.adapters.sinks.trc import write_trc

    place = folder / "peer"
    place.mkdir()
    (place / "manually_scaled.osim").symlink_to(subject4() / "manually_scaled.osim")
    write_trc(clip(), place / "squats1.trc")
    return place


def measure(path: Path) -> None:
    """The measurement, in this process; prints its figures."""
    from coxa.adapters.formats import open_recording
    from coxa.adapters.sinks.parquet import MotionParquetSink
    from coxa.app.recorded import RecordingMeasurement
    from coxa.app.request import ReadOptions
    from coxa.app.routes import N_SAMPLE, estimator_for

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        reader = open_recording(path, ReadOptions())
        estimator = estimator_for(reader.sample(N_SAMPLE), name=path.name)
        RecordingMeasurement(reader, estimator, [MotionParquetSink(Path(folder) / "motion.parquet")]).run()
        seconds = time.perf_counter() - started
        written_mb = (Path(folder) / "motion.parquet").stat().st_size / 1e6
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak_mb, cpu_seconds = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    figures = {
        "frames": reader.header.n_frames,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mb": peak_mb,
        "written_mb": written_mb,
    }
    print(json.dumps(figures))


def measured(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(path)],
        env=os.environ | ONE_THREAD,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def run(options: argparse.Namespace) -> dict[str, object]:
    n_frames = options.minutes * 60 * RATE_HZ
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        peer = opensim_contender(make_peers(folder), options.frames)
        short, long = make(folder, n_frames // 10), make(folder, n_frames)
        peers: list[Timing] = []
        ours: list[dict[str, float]] = []
        whole: dict[str, float] = {}
        for number in range(options.rounds):
            peers.append(run_once(peer))
            ours.append(measured(short))
            if number == options.rounds // 2:
                whole = measured(long)
                print(json.dumps(whole), file=sys.stderr)
                peers.append(run_once(peer))
        size_mb = long.stat().st_size / 1e6
    rate = whole["frames"] / whole["seconds"]
    peer_rate = statistics.median(timing.frames_per_second for timing in peers)
    return {
        "file_mb": size_mb,
        "frames": whole["frames"],
        "frames_per_second": rate,
        "frames_per_cpu_second": whole["frames"] / whole["cpu_seconds"],
        "tenth_frames_per_second": statistics.median(one["frames"] / one["seconds"] for one in ours),
        "opensim_frames_per_second": peer_rate,
        "ratio": rate / peer_rate,
        "ratio_per_cpu_second": whole["frames"] / whole["cpu_seconds"] / peer_rate,
        "wanted_ratio": WANTED_RATIO,
        "peak_mb": whole["peak_mb"],
        "tenth_peak_mb": statistics.median(one["peak_mb"] for one in ours),
        "motion_parquet_mb": whole["written_mb"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--frames", type=int, default=200, help="of the clip, for OpenSim")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
        return
    figures = run(options)
    if options.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:<28}{value:>12,.1f}")


if __name__ == "__main__":
    main()
