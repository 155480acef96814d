"""What a whole measurement costs beside decoding and bare pose inference, and how its memory grows.

Every contender is a process of its own; they take turns, so that a slow spell of
the machine falls on all of them.

Usage: python benchmarks/whole_run.py FILM [--pose heavy] [--rounds 3]
       python benchmarks/whole_run.py FILM --memory-minutes 10
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

LIMITS = {"measure --no-overlay": 1.15, "measure": 1.5}
MEMORY_LIMIT_MB, MEMORY_RATIO = 700, 1.1


def bare(film: Path, pose: str) -> None:
    """Decode, then the landmark network on every frame, one after the other."""
    from coxa.adapters.sources.video import PyAvVideo
    from coxa.adapters.vision.tracker import BlazePoseTracker

    tracker = BlazePoseTracker(pose)
    for frame in PyAvVideo(film).frames():
        tracker.track(frame)


def whole(film: Path, pose: str, overlay: bool) -> None:
    """Everything, with all files."""
    import coxa

    with tempfile.TemporaryDirectory() as folder:
        coxa.measure(film, pose=pose, overlay=overlay, out=Path(folder) / "out")


def work(contender: str, film: Path, pose: str) -> None:
    """Do it once to compile and warm up on nothing, once for the clock."""
    if contender == "bare":
        import coxa.bootstrap  # noqa: F401 - as the others

        start = time.perf_counter()
        bare(film, pose)
    else:
        warm_up()
        start = time.perf_counter()
        whole(film, pose, overlay=contender == "measure")
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak_mb}))


def warm_up() -> None:
    """Load what is compiled, as a second measurement in the same process would find it."""
    from coxa.catalog import loader

    loader.body_model()


def run(contender: str, film: Path, pose: str) -> dict[str, float]:
    """One contender in a process of its own."""
    command = [sys.executable, __file__, str(film), "--pose", pose, "--worker", contender]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(film: Path, pose: str, rounds: int) -> None:
    """Wall time of each, and the ratio to bare decoding and pose inference."""
    seconds: dict[str, list[float]] = {"bare": [], **{name: [] for name in LIMITS}}
    for _ in range(rounds):
        for contender, times in seconds.items():
            times.append(run(contender, film, pose)["seconds"])
    base = statistics.median(seconds["bare"])
    print(f"{film.name}, {pose}: decode + bare pose inference {base:.2f} s")
    for name, limit in LIMITS.items():
        ratio = statistics.median(seconds[name]) / base
        print(f"  coxa {name:<24} {ratio:.2f} times ({'within' if ratio <= limit else 'OVER'} {limit:g})")


def lengthened(film: Path, minutes: float, target: Path) -> Path:
    """The film over and over, without decoding it."""
    import av

    with av.open(str(film)) as source, av.open(str(target), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        packets = [packet for packet in source.demux(video=0) if packet.dts is not None]
        for packet, dts in repeated(packets, minutes, float(source.streams.video[0].time_base)):
            packet.stream = stream
            packet.pts, packet.dts = dts + (packet.pts - packet.dts), dts
            out.mux(packet)
    return target


def repeated(packets: list, minutes: float, tick_s: float) -> Iterator[tuple]:  # type: ignore[type-arg]
    """Packets with the decoding time each would have in an endless film."""
    length = packets[-1].dts - packets[0].dts + (packets[1].dts - packets[0].dts)
    starts = [packet.dts for packet in packets]
    lags = [packet.pts - packet.dts for packet in packets]
    for turn in range(max(1, round(60 * minutes / (length * tick_s)))):
        for packet, dts, lag in zip(packets, starts, lags, strict=True):
            packet.pts, packet.dts = dts + lag, dts
            yield packet, dts + turn * length


def memory(film: Path, pose: str, minutes: float) -> None:
    """Peak memory of a long film beside that of one minute."""
    with tempfile.TemporaryDirectory() as folder:
        peaks = [
            run("measure --no-overlay", lengthened(film, length, Path(folder) / "long.mkv"), pose)["peak_mb"]
            for length in (1.0, minutes)
        ]
    ratio = peaks[1] / peaks[0]
    good = ratio <= MEMORY_RATIO and peaks[1] <= MEMORY_LIMIT_MB
    print(
        f"{pose}: peak {peaks[0]:.0f} MB for 1 minute, {peaks[1]:.0f} MB for {minutes:g}, ratio {ratio:.2f}"
    )
    print(f"  {'within' if good else 'OVER'} {MEMORY_RATIO:g} times and {MEMORY_LIMIT_MB} MB")


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("film", type=Path)
    parser.add_argument("--pose", default="heavy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory-minutes", type=float)
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker, options.film, options.pose)
    elif options.memory_minutes:
        memory(options.film, options.pose, options.memory_minutes)
    else:
        compare(options.film, options.pose, options.rounds)


if __name__ == "__main__":
    main()
