"""Sets that came over from a server that was away: asked, now and then, to try whether it is back.

The proxy leads everybody to their own server while it answers. Who connects again is led home, or comes back
here and loses nothing: so it can be asked without knowing. It is asked gently: one set at a time, only while
there is too much to do here, and more and more seldom whoever came back.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from coxa.specs.live import HomeRules

#: Of a set that nobody asks.
NEVER = float("inf")


@dataclass(slots=True)
class Stay:
    """How long a set stays before it is asked.

    Attributes:
        due_s: when, on the server's clock; ``NEVER``: it is at home here.
        wait_s: how long it was waited last.
        asked: this server asked it.
    """

    due_s: float = NEVER
    wait_s: float = 0.0
    asked: bool = False


class Homing:
    """Of one server; from several threads.

    Args:
        rules: how often.
    """

    def __init__(self, rules: HomeRules) -> None:
        self._rules = rules
        self._next_s = float("-inf")
        self._lock = threading.Lock()

    def came_over(self, stay: Stay, now_s: float) -> None:
        """It was read from the store: another server had it, or it was left for long."""
        stay.wait_s = self._rules.first_s
        stay.due_s = now_s + stay.wait_s

    def was_led(self, stay: Stay, now_s: float) -> None:
        """It was asked to connect again, and came: home, unless it was here that it was asked."""
        if not stay.asked:
            stay.due_s = NEVER
            return
        stay.asked = False
        stay.wait_s = min(stay.wait_s * self._rules.growing, self._rules.longest_s)
        stay.due_s = now_s + stay.wait_s

    def asks(self, stay: Stay, now_s: float) -> bool:
        """Whether it is its turn."""
        with self._lock:
            if now_s < stay.due_s or now_s < self._next_s:
                return False
            self._next_s = now_s + self._rules.every_s
        stay.asked = True
        return True
