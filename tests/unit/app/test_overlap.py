from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from coxa.app.overlap import overlapped


def test_items_come_in_order_and_all_of_them() -> None:
    assert list(overlapped(range(500), depth=3)) == list(range(500))


def test_works_ahead_but_no_further_than_the_depth() -> None:
    made: list[int] = []

    def source() -> Iterator[int]:
        for index in range(100):
            made.append(index)
            yield index

    items = overlapped(source(), depth=3)
    next(items)
    time.sleep(0.2)
    assert 3 <= len(made) <= 5  # one handed over, three waiting, one in the hand
    items.close()


def test_an_error_of_the_source_is_raised_after_what_came_before_it() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise OSError("broken")

    items = overlapped(source(), depth=2)
    assert next(items) == 1
    with pytest.raises(OSError, match="broken"):
        next(items)


def test_stopping_early_ends_every_thread_and_closes_every_source() -> None:
    closed: list[str] = []

    def source() -> Iterator[int]:
        try:
            yield from range(10**9)
        finally:
            closed.append("first")

    def doubled(numbers: Iterator[int]) -> Iterator[int]:
        try:
            yield from (2 * number for number in numbers)
        finally:
            closed.append("second")

    before = threading.active_count()
    items = overlapped(doubled(overlapped(source(), 2)), 2)
    assert next(items) == 0
    items.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
    assert sorted(closed) == ["first", "second"]
