"""What a cohort needs from the outside world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from coxa.app.cohort.parts import Effort, Part, Status
from coxa.app.cohort.tasks import Task


@dataclass(frozen=True, slots=True)
class Receipt:
    """A task is done and its part is kept.

    Attributes:
        key: of the task.
        status: how it went.
        effort: what it cost.
    """

    key: str
    status: Status
    effort: Effort


class Executor(Protocol):
    """Works through tasks; each one's part is in the store before its receipt comes."""

    @property
    def notes(self) -> Sequence[str]:
        """What people should know of it: where its dashboard is."""
        ...

    def run(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Receipts as they come, in any order.

        Raises:
            OutputError: parts cannot be kept.
            ComputeError: the workers cannot be had, or were lost.
        """
        ...

    def close(self) -> None:
        """Let go of all workers; what they are at is lost."""
        ...


class PartStore(Protocol):
    """Parts of the table, by key; each appears whole or not at all."""

    def keys(self) -> set[str]:
        """Of everything that is there."""
        ...

    def get(self, key: str) -> Part | None:
        """One part; None where it is damaged or gone: then its task is done again."""
        ...

    def put(self, part: Part) -> None:
        """Keep it.

        Raises:
            OutputError: it cannot be written.
        """
        ...

    def drop(self, keys: Iterable[str]) -> None:
        """Forget parts, so that their tasks are done again."""
        ...
