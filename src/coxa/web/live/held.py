"""The live sets of the server that was asked."""

from __future__ import annotations

import threading

from starlette.requests import HTTPConnection

from coxa.app.live_sets import LiveSets
from coxa.app.live_testing import LiveTesting
from coxa.app.record import Person
from coxa.bootstrap.live import live_sets
from coxa.web.errors import NotHereError

_making = threading.Lock()


def live_sets_of(connection: HTTPConnection) -> LiveSets:
    """Made when first asked for."""
    state = connection.app.state
    with _making:
        if not hasattr(state, "live"):
            state.live = live_sets(state.services.records)
        found: LiveSets = state.live
    return found


def tested(connection: HTTPConnection, person: Person, set_id: str) -> LiveTesting:
    """A test of a person whose landmarks are still in memory: ``gathered.recording()`` is what to assess.

    Raises:
        NotHereError: there is none.
    """
    held = live_sets_of(connection).find(person.id, set_id)
    if held is None or not isinstance(held.live.purpose, LiveTesting) or held.live.purpose.gathered is None:
        raise NotHereError
    return held.live.purpose
