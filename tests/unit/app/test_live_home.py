"""Sets that came over are asked to try their own server: gently, and more and more seldom."""

from __future__ import annotations

from itertools import pairwise

from coxa.app.live_home import Homing, Stay
from coxa.catalog.loader import live_rules

RULES = live_rules().home


def came_over(homing: Homing, now_s: float) -> Stay:
    stay = Stay()
    homing.came_over(stay, now_s)
    return stay


def test_who_was_begun_here_is_never_asked() -> None:
    assert not Homing(RULES).asks(Stay(), 1e9)


def test_who_came_over_is_asked_after_a_while_one_at_a_time() -> None:
    homing = Homing(RULES)
    one, other = came_over(homing, 100.0), came_over(homing, 100.0)
    due_s = 100.0 + RULES.first_s
    assert not homing.asks(one, due_s - 0.1)
    assert homing.asks(one, due_s)
    assert not homing.asks(other, due_s + 0.5 * RULES.every_s)
    assert homing.asks(other, due_s + RULES.every_s)


def test_who_came_back_here_is_asked_again_ever_later() -> None:
    homing, now_s = Homing(RULES), 0.0
    stay = came_over(homing, now_s)
    waits = []
    for _ in range(12):
        due_s = stay.due_s
        assert homing.asks(stay, due_s)
        waits.append(due_s - now_s)
        now_s = due_s + 0.2
        homing.was_led(stay, now_s)
    assert waits[0] == RULES.first_s
    assert all(b >= a - 1e-6 for a, b in pairwise(waits))
    assert waits[-1] <= RULES.longest_s + 1.0


def test_who_was_led_here_from_elsewhere_is_at_home() -> None:
    homing = Homing(RULES)
    stay = came_over(homing, 0.0)
    homing.was_led(stay, 0.1)
    assert not homing.asks(stay, 1e9)
