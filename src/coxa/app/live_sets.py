"""The live sets of a server: made, found again, kept so that none is lost, dropped when nobody comes back."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from coxa.app.live import LiveSet
from coxa.app.live_home import Homing, Stay
from coxa.app.live_pace import LivePace
from coxa.app.record import new_id, now
from coxa.model.errors import CoxaError, SourceError
from coxa.model.exact import from_exact, to_exact
from coxa.specs.live import LiveRules

_log = logging.getLogger("coxa.live")


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """Which exercise of which session of a programme."""

    programme: str
    session: int
    item: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a set is to be; None: as the exercise's dose says.

    Attributes:
        kind: ``coach``, ``test`` or ``camera``.
        name: of the exercise or the protocol; empty: of none.
        side: only this one.
        sets: how many.
        repetitions: in a set.
        hold_s: of a hold.
        planned: where in a programme.
    """

    kind: str
    name: str = ""
    side: str | None = None
    sets: int | None = None
    repetitions: int | None = None
    hold_s: float | None = None
    planned: PlannedItem | None = None


@dataclass(frozen=True, slots=True)
class KeptSet:
    """A row of the store; ``since``: when the state that this one follows was written."""

    id: str
    person: str
    kind: str
    document: str
    updated_at: str
    ended_at: str | None = None
    since: str = ""


class LiveSetStore(Protocol):
    """What keeps sets that are under way."""

    def add(self, kept: KeptSet) -> None:
        """Keep a set that is new."""
        ...

    def put(self, kept: Sequence[KeptSet]) -> Collection[str]:
        """Keep states that follow what is there; ids of those that do not: they stay as they are."""
        ...

    def get(self, person: str, key: str) -> KeptSet | None:
        """One of a person; None: there is none."""
        ...

    def forget(self, before: str) -> None:
        """Remove those not written since a time."""
        ...


class Allowance:
    """How much may come in: so many a second, and so many at once.

    Args:
        per_s: for long.
        burst: at once.
    """

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._left = float(burst)
        self._at_s: float | None = None

    def takes(self, now_s: float) -> bool:
        """Whether one more may come in."""
        if self._at_s is not None:
            self._left = min(self._left + (now_s - self._at_s) * self._per_s, self._burst)
        self._at_s = now_s
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


@dataclass(slots=True, eq=False)
class Held:
    """A set in memory.

    Attributes:
        id: of it.
        person: id.
        asked: what it is to be.
        live: the set itself.
        allowance: messages that may come, over all of its connections.
        connection: who drives it now; None: nobody.
        used_s: when it was used last, on the server's own clock.
        resumed: it comes from the store.
        ended: nothing more is taken.
        entry: of the record, that it left; None: none.
        written_at: when its row was written by this server last.
        taken: another server goes on with it; nothing that happens here counts any more.
        stay: when it is asked whether another server, where it was before, is back.
    """

    id: str
    person: str
    asked: Asked
    live: LiveSet
    allowance: Allowance
    connection: Any = None
    used_s: float = 0.0
    resumed: bool = False
    ended: bool = False
    entry: str | None = None
    written_at: str = ""
    taken: bool = False
    stay: Stay = field(default_factory=Stay)


class TooManySetsError(SourceError):
    """The server, or the person, has as many sets as there may be."""


class FullError(TooManySetsError):
    """The server cannot coach one more."""


class LiveSets:
    """All of one server; may be used from several threads, each set by one at a time.

    Other servers may share the store. Whoever reads a set from there stamps its row: what the server before
    still writes does not follow that any more, and is refused.

    Args:
        store: keeps them.
        rules: limits.
        make: the set of what is asked for; may refuse.
        clock: seconds.
    """

    def __init__(
        self,
        store: LiveSetStore,
        rules: LiveRules,
        make: Callable[[Asked, str], LiveSet],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rules = rules
        self.pace = LivePace(rules.pace)
        self._homing = Homing(rules.home)
        self._store = store
        self._make = make
        self._clock = clock
        self._held: dict[str, Held] = {}
        self._changed: dict[str, Held] = {}
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="live-sets")
        self._next: Future[None] | None = None
        self._forgot_s = float("-inf")
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def begin(self, person: str, asked: Asked) -> Held:
        """A new set.

        Raises:
            CoxaError: there is no such exercise or test.
            TooManySetsError: there are enough, or no more can be answered in time.
        """
        self._require_room()
        held = Held(new_id(), person, asked, self._make(asked, person), self._allowance())
        self._admit(held)
        kept = _kept(held)
        self._store.add(kept)
        held.written_at = kept.updated_at
        self._forget_old()
        return held

    def _require_room(self) -> None:
        """Who comes must not make those slower that are under way than the slowest that still counts."""
        now_s = self._clock()
        with self._lock:
            active = sum(self._is_active(one, now_s) for one in self._held.values())
        if active and not self.pace.fits(active + 1):
            raise FullError("this server coaches as many people as it can", "try again later")

    def _is_active(self, held: Held, now_s: float) -> bool:
        """Somebody is there, or is about to come: a page opens its socket a little after it made the set."""
        if held.ended:
            return False
        return held.connection is not None or now_s - held.used_s < self.rules.say_hello_within_s

    def leads_home(self, held: Held) -> bool:
        """Whether it is to connect again: there is much to do here, and it came from elsewhere."""
        return not self.pace.full and self._homing.asks(held.stay, self._clock())

    def was_led(self, held: Held) -> None:
        """It was asked to connect again, and is here."""
        self._homing.was_led(held.stay, self._clock())

    def find(self, person: str, key: str) -> Held | None:
        """A set of a person, from memory or from the store; None: there is none, or it is too old.

        Raises:
            CoxaError: what was kept cannot be read any more.
        """
        self.drop_idle()
        found = self._found(person, key)
        if found is not None and found.taken:  # who had it before wrote once more meanwhile
            found = self._found(person, key)
        return None if found is None or found.taken else found

    def _found(self, person: str, key: str) -> Held | None:
        """As :meth:`find`; ``taken``: somebody else wrote it while it was read."""
        with self._writing:
            with self._lock:
                held = self._held.get(key)
            if held is not None and held.person != person:
                return None
            kept = self._store.get(person, key)
            if held is not None and (kept is None or kept.updated_at == held.written_at):
                return held
            if held is not None:
                self._let_go(held)
        if kept is None or self._too_old(kept):
            return None
        restored = self._restored(kept)
        if not restored.ended:
            self.keep(restored)
        if restored.taken:
            return restored
        self._homing.came_over(restored.stay, self._clock())
        self._admit(restored)
        with self._lock:
            return self._held[key]

    def touch(self, held: Held) -> None:
        """It was used now."""
        held.used_s = self._clock()

    def keep(self, *held: Held) -> None:
        """Write their states; when this returns, they are kept, or somebody else's.

        Raises:
            CoxaError: they cannot be.
        """
        with self._writing:
            kept = {one.id: _kept(one) for one in held if not one.taken}
            refused = self._store.put(list(kept.values()))
            for one in held:
                if one.id in refused:
                    self._let_go(one)
                elif one.id in kept:
                    one.written_at = kept[one.id].updated_at

    def keep_soon(self, held: Held) -> Future[None]:
        """Something countable happened: its state is written at once, with those of others that wait."""
        with self._lock:
            self._changed[held.id] = held
            if self._next is None:
                self._next = self._writer.submit(self._keep_changed)
            return self._next

    def _let_go(self, held: Held) -> None:
        """Another server goes on with it."""
        held.taken = True
        with self._lock:
            if self._held.get(held.id) is held:
                del self._held[held.id]

    def _keep_changed(self) -> None:
        with self._lock:
            changed, self._changed = self._changed, {}
            self._next = None
        try:
            self.keep(*changed.values())
        except CoxaError as error:  # they go on; what they leave is kept when they end
            _log.warning("live sets could not be written: %s", type(error).__name__)

    def drop_idle(self) -> None:
        """Those that nobody uses leave the memory; what was kept of them stays."""
        now_s = self._clock()
        with self._lock:
            idle = [
                key
                for key, one in self._held.items()
                if one.connection is None and now_s - one.used_s > self.rules.idle_s
            ]
            for key in idle:
                del self._held[key]

    def _admit(self, held: Held) -> None:
        self.drop_idle()
        self.touch(held)
        with self._lock:
            if held.id in self._held:
                return
            own = [one for one in self._held.values() if one.person == held.person]
            if len(own) >= self.rules.most_sets_a_person:
                idle = [one for one in own if one.connection is None]
                if not idle:
                    raise TooManySetsError("too many sets are under way at once", "end one of them first")
                del self._held[min(idle, key=lambda one: one.used_s).id]
            if len(self._held) >= self.rules.most_sets:
                raise FullError("this server coaches as many people as it can", "try again later")
            self._held[held.id] = held

    def _forget_old(self) -> None:
        """Rows that nobody can come back to are removed, now and then."""
        now_s, age_s = self._clock(), self.rules.resumed_within_s
        if now_s - self._forgot_s >= age_s:
            self._forgot_s = now_s
            before = datetime.now(UTC) - timedelta(seconds=age_s)
            self._store.forget(before.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))

    def _too_old(self, kept: KeptSet) -> bool:
        age = datetime.now(UTC) - datetime.fromisoformat(kept.updated_at)
        return age.total_seconds() > self.rules.resumed_within_s

    def _restored(self, kept: KeptSet) -> Held:
        told = json.loads(kept.document)
        asked = from_exact(Asked, told["asked"])
        live = self._make(asked, kept.person)
        live.restore(told["live"])
        ended = kept.ended_at is not None
        held = Held(kept.id, kept.person, asked, live, self._allowance())
        held.resumed, held.ended, held.entry = True, ended, told["entry"]
        held.written_at = kept.updated_at
        return held

    def _allowance(self) -> Allowance:
        return Allowance(self.rules.most_hz, self.rules.burst)


def _kept(held: Held) -> KeptSet:
    document = {"asked": to_exact(held.asked), "live": held.live.state(), "entry": held.entry}
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    at = now()
    ended_at = at if held.ended else None
    return KeptSet(held.id, held.person, held.asked.kind, text, at, ended_at, held.written_at)
