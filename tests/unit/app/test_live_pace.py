"""The pace of live pages, with a clock and a server that are simulated."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from coxa.app.live_pace import LivePace, Spent
from coxa.catalog.loader import live_rules

RULES = live_rules().pace
CAMERA_HZ = 15.0


@dataclass
class Server:
    """One thread that answers frames in the order of their coming; pages send as they are told.

    Attributes:
        cost_s: of a frame.
        coached: how many such sets.
        tests: how many of those.
        core: share of the core that is the server's.
    """

    cost_s: float = 0.0024
    coached: int = 0
    tests: int = 0
    core: float = 1.0
    pace: LivePace = field(default_factory=lambda: LivePace(RULES))
    now_s: float = 0.0
    free_s: float = 0.0
    cpu_s: float = 0.0
    due_s: dict[str, float] = field(default_factory=dict)
    #: Hz of coached sets, second by second.
    told: list[float] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)

    def run(self, seconds: int) -> None:
        """So long."""
        for _ in range(seconds):
            self._second()
            self.told.append(self.pace.hz(test=False) or RULES.full_hz)

    def _second(self) -> None:
        keys = [f"c{k}" for k in range(self.coached)] + [f"t{k}" for k in range(self.tests)]
        frames = []
        for index, key in enumerate(keys):
            hz = min(self.pace.hz(test=key[0] == "t") or CAMERA_HZ, CAMERA_HZ)
            at_s = max(self.due_s.get(key, 0.0), self.now_s + index / len(keys) / hz)
            while at_s < self.now_s + 1.0:
                frames.append((at_s, key))
                at_s += 1.0 / hz
            self.due_s[key] = at_s
        for at_s, key in sorted(frames):
            begun_s = max(at_s, self.free_s)
            if begun_s - at_s > 0.7:  # as pages do with a server that lags
                continue
            wall_s = self.cost_s / self.core
            self.free_s, self.cpu_s = begun_s + wall_s, self.cpu_s + self.cost_s
            spent = Spent(begun_s - at_s, wall_s, self.cost_s)
            self.waited_s.append(begun_s - at_s)
            self.pace.answered(key, key[0] == "t", spent, self.free_s, self.cpu_s)
        self.now_s += 1.0

    def answered_hz(self) -> float:
        """What fits: frames a second of each coached set, with the server as busy as it should be."""
        return RULES.aim * self.core / self.cost_s / self.coached


def test_nobody_is_held_back_while_there_is_room() -> None:
    server = Server(coached=15)
    server.run(20)
    assert server.pace.full
    assert server.pace.hz(test=False) is None


@pytest.mark.parametrize("people", [30, 45, 60])
def test_too_many_are_slowed_down_in_seconds_and_it_stays_so(people: int) -> None:
    """Within three looks to what fits; then it does not swing, and frames hardly wait."""
    server = Server(coached=people, cost_s=0.0022)
    server.run(4)
    fits = server.answered_hz()
    assert server.told[-1] == pytest.approx(max(fits, RULES.floor_hz), rel=0.2)
    server.waited_s.clear()
    server.run(60)
    assert len(set(server.told[-40:])) == 1
    assert server.told[-1] >= RULES.floor_hz
    if fits > RULES.floor_hz:
        assert max(server.waited_s) < 0.1


def test_when_people_leave_the_others_get_their_pace_back_slowly() -> None:
    """Never more than a step at once."""
    server = Server(coached=45)
    server.run(10)
    slow = server.told[-1]
    server.coached = 10
    server.run(60)
    assert server.pace.full
    steps = [b / a for a, b in zip(server.told[9:], server.told[10:], strict=False)]
    assert max(steps) <= RULES.faster + 1e-9
    assert server.told[12] < 1.6 * slow


def test_pages_that_come_over_are_made_room_for_at_once() -> None:
    """Thirty more, all in one second: two looks later everybody is slow enough."""
    server = Server(coached=30)
    server.run(20)
    before = server.told[-1]
    server.coached = 55
    server.run(3)
    assert server.told[-1] < 0.7 * before
    server.waited_s.clear()
    server.run(20)
    assert sum(one > 0.25 for one in server.waited_s) < 0.01 * len(server.waited_s)


def test_who_else_has_the_core_counts() -> None:
    """The same people, half the core: the frames look as if they cost twice as much."""
    alone, beside = Server(coached=30), Server(coached=30, core=0.5)
    alone.run(30)
    beside.run(30)
    assert beside.told[-1] == pytest.approx(0.5 * alone.told[-1], rel=0.25)


def test_tests_of_movement_go_first() -> None:
    """Their landmarks are recorded: coached sets make room for them, down to their floor."""
    server = Server(coached=20, tests=10)
    server.run(30)
    assert server.pace.hz(test=True) is None
    assert RULES.floor_hz <= server.told[-1] < CAMERA_HZ
    server.tests = 60
    server.run(10)
    assert server.told[-1] == RULES.floor_hz
    hz = server.pace.hz(test=True)
    assert hz is not None
    assert hz >= RULES.floor_hz
    server.tests, server.coached = 0, 5
    server.run(100)
    assert server.pace.full
    assert server.pace.hz(test=True) is None


def test_few_people_are_never_slowed_down() -> None:
    """However slow the machine, or however fast a recording is played to it."""
    server = Server(coached=RULES.fewest - 1, cost_s=0.1)
    server.run(20)
    assert server.pace.full


def test_nobody_is_slower_than_the_floor() -> None:
    server = Server(coached=200)
    server.run(20)
    assert server.told[-1] == RULES.floor_hz


def test_as_many_are_taken_as_fit_at_the_floor() -> None:
    """Told from what a frame costs, once nobody can be slowed down any more."""
    server = Server(coached=40, cost_s=0.003)
    assert server.pace.fits(1000)  # nothing is known yet
    server.run(2)
    server.coached = 48
    server.run(10)
    assert server.told[-1] == RULES.floor_hz
    most = RULES.most_busy / 0.003 / RULES.floor_hz
    assert server.pace.fits(int(most) - 1)
    assert not server.pace.fits(int(most) + 2)


def test_what_was_long_ago_counts_no_more() -> None:
    server = Server(coached=60)
    server.run(10)
    assert not server.pace.full
    server.now_s += RULES.forget_s + 1.0
    server.coached = 1
    server.run(1)
    assert server.pace.full


def test_frames_that_wait_slow_pages_down_though_the_server_seems_idle() -> None:
    """Something holds the thread up that is no computing of its own."""
    pace = LivePace(RULES)
    for k in range(250):
        pace.answered(f"c{k % 20}", False, Spent(2.0 * RULES.most_wait_s, 0.001, 0.001), 0.005 * k, 0.001 * k)
    hz = pace.hz(test=False)
    assert hz is not None
    assert hz == pytest.approx(200.0 / 20 * RULES.back_off, rel=0.02)


def test_pages_hear_of_changes_that_matter() -> None:
    pace = LivePace(RULES)
    assert not pace.told_anew(None, None)
    assert pace.told_anew(None, 10.0)
    assert pace.told_anew(10.0, None)
    assert pace.told_anew(10.0, 9.0)
    assert not pace.told_anew(10.0, 10.0 * (1.0 + 0.5 * RULES.told_from))
