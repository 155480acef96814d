"""The load of `serve_many.py`, which starts it: ``locusts.py PLAN``. Users of Locust, all in one process."""

# Locust makes waiting cooperative, also that of modules that are loaded after it: so it comes first.
from locust import HttpUser, constant, task
from locust.env import Environment

# isort: split
import json
import random
import ssl
import struct
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import gevent
import websocket

PLAN: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
_TLS = ssl.create_default_context(cafile=PLAN["certificate"])
_FRAMES = Path(PLAN["frames"]).read_bytes()
_FRAME_BYTES = 20 + 528
_N_FRAMES = len(_FRAMES) // _FRAME_BYTES
_ASKED = {"kind": "coach", "exercise": "squat", "sets": 100, "repetitions": 1000}
_PIECE = 1 << 18
#: As the page: frontend/src/live/socket.ts.
_LAG_S, _TRY_S, _PAUSE_S, _LONGEST_PAUSE_S = 0.7, 1.0, 0.4, 10.0
_REFUSALS = {1003, 1007, 1008, 1009}
_PATIENCE_S = 60.0


@dataclass
class Result:
    """What was seen."""

    took_ms: list[float] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    lost: int = 0
    dropped: int = 0
    spared: int = 0
    moves: int = 0
    reconnects: int = 0
    longest_away_s: float = 0.0
    sets: int = 0
    ended: int = 0
    sets_lost: int = 0
    counted: int = 0
    counts_lost: int = 0
    live_s: float = 0.0
    sent: int = 0
    done: int = 0
    resent: int = 0
    film_s: float = 0.0
    own_cpu_s: float = 0.0
    errors: list[str] = field(default_factory=list)


RESULT = Result()
_LIVE, _UPLOADING = deque(PLAN["live"]), deque(PLAN["uploading"])


def pause_s(tries: int) -> float:
    """How long the page waits before it tries again."""
    return min(_PAUSE_S * 2**tries, _LONGEST_PAUSE_S) * (0.75 + 0.5 * random.random())


class Spacing:
    """Which frames go up where the server takes fewer: frontend/src/live/spacing.ts."""

    def __init__(self) -> None:
        self.hz: float | None = None
        self._due_s = float("-inf")

    def takes(self, time_s: float) -> bool:
        """Whether that of this time does."""
        if self.hz is None:
            return True
        if time_s < self._due_s - 1e-6:
            return False
        self._due_s = max(self._due_s + 1.0 / self.hz, time_s + 0.5 / self.hz)
        return True


class Clock:
    """When it ends: so long after everybody's first frame was answered."""

    begin_s = 0.0
    end_s = float("inf")
    ready = 0

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return time.monotonic() > self.end_s


CLOCK = Clock()


def number_of(scene: dict[str, Any] | None) -> int:
    """Repetitions that a scene tells of."""
    return 0 if scene is None else sum(one["number"] for one in scene["tallies"])


class Someone(HttpUser):
    """A person with a browser."""

    abstract = True
    host = PLAN["url"]
    wait_time = constant(1)
    waiting: deque[dict[str, Any]]

    def on_start(self) -> None:
        """Who it is."""
        self.guest = self.waiting.popleft()
        self.client.verify = PLAN["certificate"]
        self.people = f"/api/people/{self.guest['person']}"

    def ask(self, method: str, path: str, name: str, **more: Any) -> Any:
        """The answer; None, and noted as shown to somebody: a refusal."""
        answer = self.client.request(
            method, self.people + path, name=name, headers=self.guest["headers"], timeout=90, **more
        )
        if answer.ok:
            return answer.json()
        RESULT.errors.append(f"{method} {name}: {answer.status_code}")
        return None


class Live(Someone):
    """Coached: one set for as long as it lasts."""

    waiting = _LIVE
    fixed_count = len(_LIVE)

    @task
    def coached(self) -> None:
        """Until the end; lost lines are taken up again."""
        made = self.ask("POST", "/sets", "sets", json=_ASKED)
        if made is None:
            RESULT.sets_lost += 1
            gevent.sleep(_PATIENCE_S)
            return
        RESULT.sets += 1
        self.address = PLAN["url"].replace("http", "ws", 1) + made["socket"]
        self.begun, self.most, self.seq, self.tries = time.monotonic(), 0, 0, 0
        self.over, self.gone_at, self.heard_none = False, 0.0, True
        self.moved, self.spacing = False, Spacing()
        while not self.over:
            if not self.connected():
                continue
            self.played()
        gevent.sleep(1e6)

    def connected(self) -> bool:
        """Whether the line is there, and the set goes on where it stood."""
        try:
            self.line = websocket.create_connection(
                self.address, origin=PLAN["url"], header={"Cookie": self.guest["headers"]["cookie"]},
                sslopt={"context": _TLS}, timeout=30, enable_multithread=False,
            )  # fmt: skip
            self.line.send(json.dumps({**PLAN["hello"], "moved": self.moved}))
            ready = json.loads(self.line.recv())
        except (OSError, ValueError, websocket.WebSocketException) as error:
            status = getattr(error, "status_code", None)
            if status in (403, 404) or time.monotonic() > CLOCK.end_s + _PATIENCE_S:
                self.lose(f"the set did not come back: {type(error).__name__} {status}")
                return False
            self.moved = False
            gevent.sleep(pause_s(self.tries))
            self.tries += 1
            return False
        if ready["type"] == "ended":  # the line broke while it said so
            self.told(ready, time.monotonic())
            return False
        if ready["type"] != "ready":
            self.lose(f"{ready['type']} for hello")
            return False
        self.tries, self.moved, self.spacing.hz = 0, False, None
        if self.gone_at:
            RESULT.longest_away_s = max(RESULT.longest_away_s, time.monotonic() - self.gone_at)
            self.gone_at = 0.0
        if number_of(ready["scene"]) < self.most:
            RESULT.counts_lost += self.most - number_of(ready["scene"])
        return True

    def lose(self, why: str) -> None:
        """It is over, and should not be."""
        self.over = True
        RESULT.sets_lost += 1
        RESULT.errors.append(why)

    def played(self) -> None:
        """Frames at their times, until the line breaks or time is up."""
        self.unanswered: dict[int, float] = {}
        hearing = gevent.spawn(self.heard)
        tried = 0.0
        began = time.monotonic()
        try:
            while not CLOCK.over and not hearing.ready():
                self.seq += 1
                due = self.begun + self.seq / PLAN["rate"]
                if due < time.monotonic() - 1.0 / PLAN["rate"]:
                    self.seq = int((time.monotonic() - self.begun) * PLAN["rate"])
                    continue  # the camera did not wait
                gevent.sleep(max(due - time.monotonic(), 0.0))
                now = time.monotonic()
                if not self.spacing.takes(self.seq / PLAN["rate"]):
                    RESULT.spared += 1
                    continue
                oldest = next(iter(self.unanswered.values()), now)
                if now - oldest > _LAG_S and now - tried < _TRY_S:
                    RESULT.dropped += 1
                    continue
                tried = now if now - oldest > _LAG_S else tried
                self.unanswered[self.seq] = now
                RESULT.late_ms.append(1e3 * (now - due))
                self.line.send_binary(self.frame())
            if not hearing.ready():
                self.line.send('{"type":"end"}')
                hearing.join(30)
        except (OSError, websocket.WebSocketException):
            hearing.join(5)
        hearing.kill()
        RESULT.live_s += time.monotonic() - began
        RESULT.lost += len(self.unanswered)
        self.line.close(timeout=0)
        if self.over:
            return
        self.gone_at = time.monotonic()
        if self.moved:
            RESULT.moves += 1
            return
        RESULT.reconnects += 1
        gevent.sleep(pause_s(0))
        self.tries = 1

    def frame(self) -> bytes:
        """The next landmarks, under their number and time."""
        at = (self.seq % _N_FRAMES) * _FRAME_BYTES
        one = bytearray(_FRAMES[at : at + _FRAME_BYTES])
        struct.pack_into("<Id", one, 4, self.seq, self.seq / PLAN["rate"])
        return bytes(one)

    def heard(self) -> None:
        """What comes, until the line breaks."""
        try:
            while True:
                code, data = self.line.recv_data()
                now = time.monotonic()
                if code == websocket.ABNF.OPCODE_CLOSE:
                    self.closed(struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005)
                    return
                if code == websocket.ABNF.OPCODE_TEXT:
                    self.told(json.loads(data), now)
                if self.moved:
                    return
        except (OSError, websocket.WebSocketException):
            return

    def closed(self, code: int) -> None:
        """The server said that it is over."""
        if code in _REFUSALS:
            self.lose(f"closed with {code}")

    def told(self, message: dict[str, Any], now: float) -> None:
        """One message."""
        if message["type"] == "scene":
            CLOCK.ready += self.heard_none
            self.heard_none = False
            # Frames that the server passed over are answered by the scene of a newer one.
            while self.unanswered and (seq := next(iter(self.unanswered))) <= message["seq"]:
                RESULT.took_ms.append(1e3 * (now - self.unanswered.pop(seq)))
                RESULT.at_s.append(now - CLOCK.begin_s)
            number = number_of(message)
            RESULT.counted += max(number - self.most, 0)
            self.most = max(self.most, number)
        elif message["type"] == "ended":
            self.over = True
            if message["entry"]:
                RESULT.ended += 1
            else:
                RESULT.sets_lost += 1
        elif message["type"] == "pace":
            self.spacing.hz = message["hz"]
        elif message["type"] == "move":
            self.moved = True
        elif message["type"] in ("problem", "replaced"):
            self.lose(f"{message['type']}: {message.get('title', '')}")


class Uploading(Someone):
    """Sends a film, waits until it is read, sends the next."""

    waiting = _UPLOADING
    fixed_count = len(_UPLOADING)

    @task
    def film(self) -> None:
        """One film, in pieces; a piece whose answer did not come is asked for, and sent again."""
        if CLOCK.over:
            return
        content = Path(PLAN["film"]).read_bytes()
        about = {"name": "film.mp4", "size_bytes": len(content)}
        made = self.ask("POST", "/uploads", "uploads", json=about)
        if made is None:
            return
        at = 0
        while at < len(content):
            path, piece = f"/uploads/{made['id']}", content[at : at + _PIECE]
            headers, url = self.guest["headers"], f"{self.people}{path}?at={at}"
            answer = self.client.put(url, data=piece, name="piece", headers=headers, timeout=30)
            if not answer.ok:
                RESULT.resent += 1
                gevent.sleep(_PAUSE_S)
                answer = self.client.get(self.people + path, name="upload", headers=headers)
            at = answer.json()["received_bytes"] if answer.ok else at
        RESULT.sent += 1
        told = {"files": [made["id"]], "protocol": "walking", "pose": "lite"}
        job = self.ask("POST", "/jobs", "jobs", json=told)
        while job is not None and job["state"] in ("queued", "running") and not CLOCK.over:
            gevent.sleep(2.0)
            job = self.ask("GET", f"/jobs/{job['id']}", "job") or job
        if job is not None and job["state"] == "done":
            RESULT.done += 1
            RESULT.film_s += PLAN["film_s"]
        elif job is not None and job["state"] == "failed":
            RESULT.errors.append(f"a film was not read: {job['message']}")


def main() -> None:
    """Everybody at once, spread over a few seconds."""
    environment = Environment(user_classes=[Live, Uploading] if _UPLOADING else [Live])
    runner = environment.create_local_runner()
    runner.start(len(_LIVE) + len(_UPLOADING), spawn_rate=10)
    until = time.monotonic() + 2.0 * _PATIENCE_S
    while time.monotonic() < until and CLOCK.ready + RESULT.sets_lost < Live.fixed_count:
        gevent.sleep(0.5)
    RESULT.at_s = [one - time.monotonic() for one in RESULT.at_s]  # before it began
    CLOCK.begin_s = time.monotonic()
    CLOCK.end_s = CLOCK.begin_s + PLAN["seconds"]
    Path(PLAN["begun"]).touch()
    gevent.sleep(PLAN["seconds"])
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and RESULT.ended + RESULT.sets_lost < Live.fixed_count:
        gevent.sleep(0.5)
    runner.quit()
    RESULT.sets_lost = max(RESULT.sets_lost, Live.fixed_count - RESULT.ended)
    RESULT.own_cpu_s = time.process_time()
    Path(PLAN["result"]).write_text(json.dumps(asdict(RESULT)))


if __name__ == "__main__":
    main()
