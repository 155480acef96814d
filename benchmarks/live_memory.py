"""Whether a server's memory grows: ``python benchmarks/live_memory.py --frames 54000 --cycles 200``.

An hour at 15 Hz of one set, faster than it would be, then sets that begin, go on for two seconds, and end;
decoding, estimate, coach, scene and keeping are those of the server. Prints the resident memory meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coxa.adapters.store.records import SqlRecords
from coxa.app.live import Layout, Seen
from coxa.app.live_sets import Asked, Held, LiveSets
from coxa.app.record import Person
from coxa.bootstrap.live import keep_set, live_sets, warmed
from coxa.web.live.facts import scene_of
from coxa.web.live.frames import Landmarks, decode, encode
from tests.support.live import demonstrated, fov_of, points_of

_RATE_HZ = 15.0
_SHOWN = 10
_CYCLE_FRAMES = 30
_ASKED = Asked("coach", "squat", sets=100, repetitions=1000)


def rss_mb() -> float:
    """Resident memory of this process."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Server:
    """All that a server does with frames, but for the socket."""

    def __init__(self, records: SqlRecords) -> None:
        self.records = records
        self.person = records.add_person(Person("", "Somebody"))
        self.sets: LiveSets = live_sets(records)
        recording = demonstrated("squat", rate_hz=_RATE_HZ)
        camera = recording.image_points[0].camera
        self.points = points_of(recording.image_points[0])
        self.layout = Layout(camera.width_px, camera.height_px, "blazepose_lite", fov_of(recording))

    def begun(self) -> Held:
        """A set."""
        held = self.sets.begin(self.person.id, _ASKED)
        held.live.hello(self.layout)
        return held

    def frame(self, held: Held, k: int) -> int:
        """One frame, from bytes to bytes; the length of the answer."""
        sent = Landmarks(k, k / _RATE_HZ, 0.5, self.points[k % len(self.points)])
        seen = decode(encode(sent))
        if not isinstance(seen, Landmarks):
            raise TypeError(seen)
        scene = held.live.push(Seen(seen.time_s, seen.points, seen.brightness))
        if scene.countable:
            self.sets.keep_soon(held).result()
        return len(scene_of(seen.seq, scene, "en").model_dump_json())

    def end(self, held: Held) -> None:
        """As the socket ends it."""
        keep_set(self.records, self.person, held, date.today())
        held.ended = True
        self.sets.keep(held)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=54_000)
    parser.add_argument("--cycles", type=int, default=200)
    arguments = parser.parse_args()
    warmed()
    with tempfile.TemporaryDirectory() as name, closing(SqlRecords.open(Path(name) / "record")) as records:
        server = Server(records)
        held = server.begun()
        began_s = time.process_time()
        for k in range(arguments.frames):
            server.frame(held, k)
            if (k + 1) % max(arguments.frames // _SHOWN, 1) == 0:
                minutes = (k + 1) / _RATE_HZ / 60
                print(f"{minutes:5.1f} min of one set: {rss_mb():.1f} MB", flush=True)
        spent_ms = 1e3 * (time.process_time() - began_s) / arguments.frames
        print(f"{spent_ms:.2f} ms of processor a frame, without the socket")
        server.end(held)
        for cycle in range(arguments.cycles):
            held = server.begun()
            for k in range(_CYCLE_FRAMES):
                server.frame(held, k)
            server.end(held)
            if (cycle + 1) % max(arguments.cycles // _SHOWN, 1) == 0:
                print(f"{cycle + 1:5d} sets begun and ended: {rss_mb():.1f} MB, {len(server.sets)} held")


if __name__ == "__main__":
    main()
