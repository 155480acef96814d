"""How much may come in."""

from __future__ import annotations

from collections.abc import Callable


class Rate:
    """A bucket of tokens: so many a second, and so many at once.

    Args:
        per_s: that flow in.
        burst: that it holds.
    """

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left = float(burst)
        self._at_s: float | None = None

    def take(self, now_s: float, else_raise: Callable[[], Exception]) -> None:
        """One token; where there is none, what ``else_raise`` makes is raised."""
        if self._at_s is not None:
            self._left = min(self._left + (now_s - self._at_s) * self._per_s, self._burst)
        self._at_s = now_s
        if self._left < 1.0:
            raise else_raise()
        self._left -= 1.0
