"""Which phone tells which screen: codes that are good once, held in this process only."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from coxa.app.phone_live import Gathered, Inclinometer
from coxa.app.tapped import inclinometer
from coxa.catalog import loader
from coxa.specs.access import PhonesSpec
from coxa.web.errors import NotHereError, TooManyError

#: 32 letters that nobody mixes up; 12 of them are 60 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 12
#: End of the person's id before the code: a proxy leads phone and screen to one process by it.
_ROOM_LENGTH = 4


@dataclass(slots=True)
class Pairing:
    """One phone of one person, for one thing.

    Attributes:
        code: in the address that the phone opens.
        person: id.
        protocol: id of the test.
        quantity: that is tapped; empty: the phone is worn.
        side: ``left`` or ``right``.
        meter: the angle since the first tap.
        used_at: by the process's clock.
        gathered: readings since the test began; None: it has not.
        phone: secret of the phone that opened the code; empty: none has.
        watching: what the main screen is told next.
        told_phone: what the phone is told next; None: it is not connected.
        last: the last angle that was tapped.
        entry: id of the assessment that came of it.
    """

    code: str
    person: str
    protocol: str
    quantity: str
    side: str
    meter: Inclinometer
    used_at: float
    gathered: Gathered | None = None
    phone: str = ""
    watching: set[asyncio.Queue[dict[str, Any]]] = field(default_factory=set)
    told_phone: asyncio.Queue[dict[str, Any]] | None = None
    last: Any = None
    entry: str = ""

    def tell(self, message: dict[str, Any]) -> None:
        """Everybody; who is behind misses what is shown over and over, and nothing else."""
        for queue in (*self.watching, *((self.told_phone,) if self.told_phone else ())):
            if message["type"] == "angle" and not queue.empty():
                continue
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(message)


class Pairings:
    """All of a server.

    Args:
        spec: how many, and for how long.
    """

    def __init__(self, spec: PhonesSpec) -> None:
        self._spec = spec
        self._lock = threading.Lock()
        self._known: dict[str, Pairing] = {}

    def begin(self, person: str, protocol: str, quantity: str, side: str) -> Pairing:
        """A new code; the oldest of this person gives way.

        Raises:
            TooManyError: the server has too many.
        """
        with self._lock:
            self._sweep()
            own = [one for one in self._known.values() if one.person == person]
            for one in sorted(own, key=lambda each: each.used_at)[: len(own) - self._spec.most_a_person + 1]:
                del self._known[one.code]
            if len(self._known) >= self._spec.most:
                raise TooManyError(self._spec.unused_s)
            code = f"{person[-_ROOM_LENGTH:]}-" + "".join(
                secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)
            )
            made = Pairing(
                code, person, protocol, quantity, side, inclinometer(loader.tap_rules()), time.monotonic()
            )
            self._known[code] = made
            return made

    def of_person(self, person: str, code: str) -> Pairing:
        """For the main screen.

        Raises:
            NotHereError: there is none, or it is somebody else's.
        """
        found = self._find(code)
        if found is None or found.person != person:
            raise NotHereError
        return found

    def opened(self, code: str, secret: str) -> tuple[Pairing, str]:
        """For the phone: the first that comes has the code, and its secret from then on.

        Raises:
            NotHereError: there is no such code, or another phone has it.
        """
        with self._lock:
            self._sweep()
            found = self._known.get(code)
            if found is None:
                raise NotHereError
            if not found.phone:
                found.phone = secrets.token_urlsafe(24)
            elif not hmac.compare_digest(found.phone, secret):
                raise NotHereError
            found.used_at = time.monotonic()
            return found, found.phone

    def _find(self, code: str) -> Pairing | None:
        with self._lock:
            self._sweep()
            found = self._known.get(code)
            if found is not None:
                found.used_at = time.monotonic()
            return found

    def _sweep(self) -> None:
        now = time.monotonic()
        for one in list(self._known.values()):
            if now - one.used_at > (self._spec.idle_s if one.phone else self._spec.unused_s):
                del self._known[one.code]
