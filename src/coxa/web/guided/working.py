"""Takes under assessment: one at a time, in a thread of its own; nothing here is lost but time."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Person
from coxa.bootstrap.guided import assess_takes, assessed, motion_of_take
from coxa.model.errors import CoxaError
from coxa.model.motion import Motion

_log = logging.getLogger("coxa.web")
_making = threading.Lock()
_MOST_MOTIONS, _MOST_WAITING, _MOST_FAILURES = 8, 64, 256


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result.

    Attributes:
        fault: what is wrong.
        remedy: what to do.
    """

    fault: str
    remedy: str


class Working:
    """Of one server. A take is measured as soon as it is kept, so that little is left to wait for."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="assessing")
        self._lock = threading.Lock()
        self._motions: OrderedDict[str, Motion] = OrderedDict()
        self._under_way: set[str] = set()
        self._failures: OrderedDict[str, Failure] = OrderedDict()

    def measure(self, records: SqlRecords, person: Person, take: Entry) -> None:
        """Begin to measure a take; what it cannot is told when it is assessed."""

        def work() -> None:
            self._keep(take.id, motion_of_take(records, person, take))

        self._begin(f"measure {take.id}", work, tell=False)

    def assess(self, records: SqlRecords, person: Person, takes: Sequence[Entry]) -> None:
        """Begin to assess takes, unless that was begun."""

        def work() -> None:
            if not assessed(records, person, takes):
                with self._lock:
                    measured = dict(self._motions)
                assess_takes(records, person, takes, measured)

        self._begin(_key(takes), work, tell=True)

    def under_way(self, takes: Sequence[Entry]) -> bool:
        """Whether they are being assessed now."""
        with self._lock:
            return _key(takes) in self._under_way

    def failure(self, takes: Sequence[Entry]) -> Failure | None:
        """Why they were not assessed; None: nothing failed."""
        with self._lock:
            return self._failures.get(_key(takes))

    def _begin(self, key: str, work: Callable[[], None], tell: bool) -> None:
        with self._lock:
            if key in self._under_way or (not tell and len(self._under_way) >= _MOST_WAITING):
                return
            self._under_way.add(key)
            self._failures.pop(key, None)
        self._pool.submit(self._done, key, work, tell)

    def _done(self, key: str, work: Callable[[], None], tell: bool) -> None:
        failure = None
        try:
            work()
        except CoxaError as error:
            failure = Failure(error.fault, error.remedy)
        except Exception as error:  # noqa: BLE001 - a thread has nobody above it who would say so
            _log.error("unexpected", exc_info=error, extra={"path": "assessing"})
            failure = Failure("Something broke here", "It was noted. The recording is kept: try again.")
        with self._lock:
            self._under_way.discard(key)
            if failure is not None and tell:
                self._failures[key] = failure
                while len(self._failures) > _MOST_FAILURES:
                    self._failures.popitem(last=False)

    def _keep(self, take: str, motion: Motion) -> None:
        with self._lock:
            self._motions[take] = motion
            while len(self._motions) > _MOST_MOTIONS:
                self._motions.popitem(last=False)


def _key(takes: Sequence[Entry]) -> str:
    return " ".join(one.id for one in takes)


def working_of(connection: HTTPConnection) -> Working:
    """Of the server that was asked, made when first asked for."""
    state = connection.app.state
    with _making:
        if not hasattr(state, "assessing"):
            state.assessing = Working()
        found: Working = state.assessing
    return found
