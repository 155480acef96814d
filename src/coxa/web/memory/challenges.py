"""Questions put to passkeys: each is answered once, in time, by the browser that was asked."""

from __future__ import annotations

import secrets
import threading
import time

from coxa.web.memory.limits import Bounded, Clock


class Challenges:
    """Those that are open.

    Args:
        good_s: for how long.
        remembered: how many; the oldest are forgotten first.
        clock: seconds.
    """

    def __init__(self, good_s: float, remembered: int, clock: Clock = time.monotonic) -> None:
        self._good_s, self._clock = good_s, clock
        self._open: Bounded[tuple[bytes, float]] = Bounded(remembered)
        self._lock = threading.Lock()

    def put(self, to: str, what_for: str) -> bytes:
        """A new question to a browser; an older one of the same kind is void."""
        made = secrets.token_bytes(32)
        with self._lock:
            self._open.put((to, what_for), (made, self._clock() + self._good_s))
        return made

    def take(self, to: str, what_for: str) -> bytes | None:
        """The open question, which is void from now on; None: there is none."""
        with self._lock:
            found = self._open.pop((to, what_for))
        return found[0] if found is not None and self._clock() < found[1] else None
