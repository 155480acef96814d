"""One record, two servers: a set goes on where the page comes back to, and the other one lets go of it."""

from __future__ import annotations

from coxa.adapters.store.records import SqlRecords
from coxa.app.live_sets import Asked, LiveSets
from coxa.app.record import Person
from coxa.bootstrap.live import live_sets

ASKED = Asked("coach", "squat", sets=2)


def paused(sets: LiveSets, person: Person, key: str) -> bool:
    found = sets.find(person.id, key)
    assert found is not None
    return found.live.paused


def test_what_one_server_wrote_the_other_goes_on_with(records: SqlRecords, person: Person) -> None:
    one, other = live_sets(records), live_sets(records)
    held = one.begin(person.id, ASKED)
    held.live.paused = True
    one.keep_soon(held).result(30)
    assert paused(other, person, held.id)


def test_who_was_left_writes_nothing_over_it(records: SqlRecords, person: Person) -> None:
    """The older server still has the set in memory, as it was, and its last words come late."""
    one, other = live_sets(records), live_sets(records)
    held = one.begin(person.id, ASKED)
    taken = other.find(person.id, held.id)
    assert taken is not None
    taken.live.paused = True
    other.keep(taken)
    one.keep(held)
    assert held.taken
    assert not taken.taken
    assert paused(other, person, held.id)


def test_a_set_that_comes_back_is_read_anew(records: SqlRecords, person: Person) -> None:
    """There, and back again: what the first server remembers of it is older than what was written."""
    one, other = live_sets(records), live_sets(records)
    held = one.begin(person.id, ASKED)
    taken = other.find(person.id, held.id)
    assert taken is not None
    taken.live.paused = True
    other.keep(taken)
    assert paused(one, person, held.id)
    assert held.taken
    other.keep(taken)
    assert taken.taken


def test_a_server_alone_keeps_its_own(records: SqlRecords, person: Person) -> None:
    sets = live_sets(records)
    held = sets.begin(person.id, ASKED)
    for _ in range(3):
        sets.keep(held)
        assert sets.find(person.id, held.id) is held
