"""One record, two servers: a set goes on where the page comes back to, and the other one lets go of it."""

from __future__ import annotations

import numpy as np

from coxa.adapters.store.records import SqlRecords
from coxa.app.live import Layout, Seen
from coxa.app.live_sets import Asked, LiveSets
from coxa.app.live_testing import LiveTesting
from coxa.app.record import Person
from coxa.bootstrap.live import live_sets
from tests.support.live import demonstrated, fov_of, points_of

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


def test_a_test_goes_on_with_what_was_gathered(records: SqlRecords, person: Person) -> None:
    """Landmarks that one server wrote are the beginning of the recording at the other."""
    recording = demonstrated("squat", repetitions=2, rate_hz=10.0, noise=0.2)
    points = points_of(recording.image_points[0])
    camera = recording.image_points[0].camera
    layout = Layout(camera.width_px, camera.height_px, "blazepose_lite", fov_of(recording))
    one, other = live_sets(records), live_sets(records)
    held = one.begin(person.id, Asked("test", "deep_squat"))
    held.live.hello(layout)
    half = len(points) // 2 + 5
    for k in range(half):
        shown = held.live.push(Seen(recording.time_s[k], points[k], 0.5))
    one.keep(held)
    taken = other.find(person.id, held.id)
    assert taken is not None
    taken.live.hello(layout)
    assert taken.live.now().tallies == shown.scene.tallies
    for k in range(half, len(points)):
        shown = taken.live.push(Seen(recording.time_s[k], points[k], 0.5))
    assert shown.scene.tallies[0].number >= held.live.now().tallies[0].number == 1
    assert isinstance(taken.live.purpose, LiveTesting)
    assert taken.live.purpose.gathered is not None
    gathered = taken.live.purpose.gathered.recording()
    np.testing.assert_array_equal(gathered.time_s, recording.time_s)
    told = gathered.image_points[0].position_px
    np.testing.assert_array_equal(told, points[:, :, :2].astype(float))
