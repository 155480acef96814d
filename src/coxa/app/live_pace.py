"""How many frames a second pages may send: a server that has too much to do sheds frames, never people.

Once a second it is looked at how long the server was busy and how long frames waited. Beyond its limits pages
are slowed down at once to what fits; when it has been easy for a while they may send a little more, step by
step. What lies between is left as it is, so that nothing swings. Tests of movement are slowed down last:
their landmarks are recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from coxa.specs.live import PaceRules


@dataclass(frozen=True, slots=True)
class Spent:
    """What one frame took.

    Attributes:
        waited_s: from its coming in to its turn.
        wall_s: its turn, as the clock has it.
        cpu_s: of it, computing: what is missing went to others on the same core.
    """

    waited_s: float
    wall_s: float
    cpu_s: float


@dataclass(slots=True)
class _Look:
    """Since the last look."""

    since_s: float
    cpu_since_s: float
    waited_s: float = 0.0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    frames: int = 0
    tests: int = 0
    tested: set[str] = field(default_factory=set)
    coached: set[str] = field(default_factory=set)

    def busy_s(self, cpu_s: float) -> float:
        """Seconds that all the work took, with the share of those who had the core meanwhile."""
        stretched = self.wall_s / self.cpu_s if self.cpu_s > 0.0 else 1.0
        return max(cpu_s - self.cpu_since_s, 0.0) * max(stretched, 1.0)


class LivePace:
    """Of one server; used by the one thread that answers frames, read by any.

    Args:
        rules: limits.
    """

    def __init__(self, rules: PaceRules) -> None:
        self._rules = rules
        self._coached_hz = rules.full_hz
        self._tests_hz = rules.full_hz
        self._calm_s = 0.0
        self._settling = False
        self._look: _Look | None = None
        #: Seconds of a frame, all in, over the last looks; frames of tests a second.
        self._cost_s = 0.0
        self._tests_a_s = 0.0

    def hz(self, test: bool) -> float | None:
        """How many frames a second one page may send; None: all that it has."""
        hz = self._tests_hz if test else self._coached_hz
        return None if hz >= self._rules.full_hz else hz

    @property
    def full(self) -> bool:
        """Whether nobody is held back."""
        return self.hz(test=False) is None

    def told_anew(self, told: float | None, now: float | None) -> bool:
        """Whether a page should be told how many, after what it was told."""
        if told is None or now is None:
            return told is not now
        return abs(now - told) > self._rules.told_from * told

    def fits(self, sets: int) -> bool:
        """Whether so many coached sets can be served; it is not asked before all are as slow as may be.

        Args:
            sets: those under way, and who would come.
        """
        rules = self._rules
        if self._coached_hz > rules.floor_hz:
            return True
        return (self._tests_a_s + sets * rules.floor_hz) * self._cost_s <= rules.most_busy

    def answered(self, key: str, test: bool, spent: Spent, now_s: float, cpu_s: float) -> None:
        """One frame was answered.

        Args:
            key: of its set.
            test: its landmarks are recorded.
            spent: on it.
            now_s: the server's clock.
            cpu_s: all that the answering thread has computed so far.
        """
        look = self._look
        if look is None or now_s - look.since_s > self._rules.forget_s:
            self._begin_anew(now_s, cpu_s)
            return
        look.waited_s += spent.waited_s
        look.wall_s += spent.wall_s
        look.cpu_s += spent.cpu_s
        look.frames += 1
        if test:
            look.tests += 1
            look.tested.add(key)
        else:
            look.coached.add(key)
        took_s = now_s - look.since_s
        if took_s >= self._rules.look_s:
            self._look = _Look(now_s, cpu_s)
            self._judge(look, took_s, look.busy_s(cpu_s))

    def _begin_anew(self, now_s: float, cpu_s: float) -> None:
        """Nobody was there for a while."""
        self._look = _Look(now_s, cpu_s)
        self._coached_hz = self._tests_hz = self._rules.full_hz
        self._cost_s = self._tests_a_s = self._calm_s = 0.0
        self._settling = False

    def _judge(self, look: _Look, took_s: float, busy_s: float) -> None:
        rules = self._rules
        busy, waited_s, cost_s = busy_s / took_s, look.waited_s / look.frames, busy_s / look.frames
        self._cost_s = 0.5 * (self._cost_s + cost_s) if self._cost_s else cost_s
        self._tests_a_s = look.tests / took_s
        if not look.tests:
            self._tests_hz = rules.full_hz
        if self._settling:  # what had come before pages were slowed down is still being worked off
            self._settling = False
        elif busy > rules.most_busy or waited_s > rules.most_wait_s:
            self._calm_s, self._settling = 0.0, True
            share = rules.aim / busy if busy > rules.most_busy else rules.back_off
            # Of a server that drowns nobody knows what more would have come; what it answered is known.
            self._slow_down(share, share * look.frames / took_s, look)
        elif busy < rules.easy and waited_s < 0.5 * rules.most_wait_s:
            self._calm_s += took_s
            if self._calm_s >= rules.calm_s:
                self._calm_s = 0.0
                self._speed_up(min(rules.faster, rules.aim / max(busy, rules.aim / rules.faster)))
        else:
            self._calm_s = 0.0

    def _slow_down(self, share: float, room_a_s: float, look: _Look) -> None:
        """At once to what fits: so many frames a second, or such a share of those of tests."""
        rules, coached = self._rules, len(look.coached)
        if coached + len(look.tested) < rules.fewest:
            return
        before_hz = self._coached_hz
        if coached:
            fits_hz = (room_a_s - self._tests_a_s) / coached
            self._coached_hz = max(min(before_hz, fits_hz), rules.floor_hz)
        if look.tested and before_hz == self._coached_hz and (not coached or before_hz == rules.floor_hz):
            tests_hz = share * self._tests_a_s / len(look.tested)
            self._tests_hz = max(min(self._tests_hz, tests_hz), rules.floor_hz)

    def _speed_up(self, times: float) -> None:
        full_hz = self._rules.full_hz
        if self._tests_hz < full_hz:
            self._tests_hz = min(self._tests_hz * times, full_hz)
        else:
            self._coached_hz = min(self._coached_hz * times, full_hz)
