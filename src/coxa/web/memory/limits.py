"""How often somebody may try: kept in memory, bounded, the oldest forgotten first."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from coxa.specs.access import Rate, TriesSpec

Kept = TypeVar("Kept")
Clock = Callable[[], float]


class Bounded(Generic[Kept]):
    """A table that forgets the row that was used longest ago when it is full.

    Args:
        most: rows.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._rows: OrderedDict[Hashable, Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, key: Hashable) -> Kept | None:
        """The row; None: there is none."""
        return self._rows.get(key)

    def put(self, key: Hashable, row: Kept) -> None:
        """Replace the row."""
        self._rows[key] = row
        self._rows.move_to_end(key)
        if len(self._rows) > self._most:
            self._rows.popitem(last=False)

    def pop(self, key: Hashable) -> Kept | None:
        """Take the row out."""
        return self._rows.pop(key, None)


@dataclass(frozen=True, slots=True)
class _Failed:
    times: int
    at: float


class Tries:
    """Failures to sign in, by login or by address: after the first few, pauses that double.

    Args:
        spec: of the pauses.
        free: failures without a pause.
        clock: seconds.
    """

    def __init__(self, spec: TriesSpec, free: int, clock: Clock = time.monotonic) -> None:
        self._spec, self._free, self._clock = spec, free, clock
        self._failed: Bounded[_Failed] = Bounded(spec.remembered)
        self._lock = threading.Lock()

    def wait_s(self, key: Hashable) -> float:
        """How long until the next try is taken; 0: now."""
        with self._lock:
            found = self._failed.get(key)
        if found is None or found.times < self._free:
            return 0.0
        # Beyond 2 ** 30 every pause is the longest.
        doubled = self._spec.first_pause_s * 2.0 ** min(found.times - self._free, 30)
        return max(found.at + min(doubled, self._spec.longest_pause_s) - self._clock(), 0.0)

    def failed(self, key: Hashable) -> None:
        """One more failure."""
        now = self._clock()
        with self._lock:
            found = self._failed.get(key)
            before = 0 if found is None or now - found.at > self._spec.forgotten_s else found.times
            self._failed.put(key, _Failed(before + 1, now))

    def forgiven(self, key: Hashable) -> None:
        """The last try was no failure."""
        with self._lock:
            found = self._failed.get(key)
            if found is not None:
                self._failed.put(key, _Failed(max(found.times - 1, 0), found.at))

    def succeeded(self, key: Hashable) -> None:
        """Failures are forgotten."""
        with self._lock:
            self._failed.pop(key)


class Requests:
    """Token buckets: so many in the long run, so many at once.

    Args:
        rate: of each.
        remembered: buckets.
        clock: seconds.
    """

    def __init__(self, rate: Rate, remembered: int, clock: Clock = time.monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: Bounded[tuple[float, float]] = Bounded(remembered)
        self._lock = threading.Lock()

    def wait_s(self, key: Hashable) -> float:
        """Take one; 0: it was there, else after how long one will be."""
        with self._lock:
            now = self._clock()
            left, at = self._left.get(key) or (float(self._rate.burst), now)
            left = min(left + (now - at) * self._rate.per_s, float(self._rate.burst))
            taken = left >= 1.0
            self._left.put(key, (left - 1.0 if taken else left, now))
            return 0.0 if taken else (1.0 - left) / self._rate.per_s


class Seldom:
    """Says of a key only now and then that it is new.

    Args:
        every_s: how seldom.
        remembered: keys.
        clock: seconds.
    """

    def __init__(self, every_s: float, remembered: int, clock: Clock = time.monotonic) -> None:
        self._every_s, self._clock = every_s, clock
        self._at: Bounded[float] = Bounded(remembered)
        self._lock = threading.Lock()

    def due(self, key: Hashable) -> bool:
        """Whether it was not asked for long enough; then it counts as asked now."""
        now = self._clock()
        with self._lock:
            before = self._at.get(key)
            if before is not None and now - before < self._every_s:
                return False
            self._at.put(key, now)
            return True
