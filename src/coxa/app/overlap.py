"""Overlap the stages of a pipeline: each runs in its own thread, a few items ahead of the next."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

Item = TypeVar("Item")

_PATIENCE_S = 0.1
_GRACE_S = 2.0


@dataclass(frozen=True, slots=True)
class _End:
    """The source has ended, by itself or by ``error``."""

    error: BaseException | None


def overlapped(source: Iterable[Item], depth: int) -> Generator[Item]:
    """Yield the items of ``source`` while a thread of its own works at most ``depth`` items ahead.

    What the source raises is raised here. When the consumer stops early (``close``, or an exception
    where it iterates), the thread ends after the item it is at, and closes its source; a thread that takes
    long over its item is not waited for.
    """
    handover: Queue[Item | _End] = Queue(maxsize=depth)
    stop = Event()
    thread = Thread(target=_feed, args=(source, handover, stop), daemon=True)
    thread.start()
    try:
        while not isinstance(item := handover.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        stop.set()
        thread.join(timeout=_GRACE_S)


def _feed(source: Iterable[Item], handover: Queue[Item | _End], stop: Event) -> None:
    iterator = iter(source)
    error: BaseException | None = None
    try:
        for item in iterator:
            if not _offer(item, handover, stop):
                break
    except BaseException as caught:  # noqa: BLE001 - carried to the consumer, who raises it
        error = caught
    finally:
        if isinstance(iterator, Generator):
            iterator.close()
    _offer(_End(error), handover, stop)


def _offer(item: Item | _End, handover: Queue[Item | _End], stop: Event) -> bool:
    """Hand ``item`` over; False when nobody wants it any more."""
    while not stop.is_set():
        try:
            handover.put(item, timeout=_PATIENCE_S)
        except Full:
            continue
        return True
    return False
