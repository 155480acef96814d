"""Engines of this machine: one recording after another, or several side by side.

A worker is a thread that drives a process of its own (:mod:`coxa.adapters.compute.sandbox`): the work is done
there, so threads here only wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from queue import SimpleQueue

from coxa.adapters.compute.sandbox import Sandbox
from coxa.adapters.compute.worker import Duty, new_sandbox, work_on
from coxa.app.cohort.ports import Receipt
from coxa.app.cohort.tasks import Task


class Serial:
    """One recording after another."""

    notes: Sequence[str] = ()

    def __init__(self, duty: Duty) -> None:
        self._duty = duty
        self._sandbox = new_sandbox(duty)

    def run(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Receipts in the order of the tasks."""
        for task in tasks:
            yield work_on(self._sandbox, self._duty, task)

    def close(self) -> None:
        """End the process that reads."""
        self._sandbox.close()


class Processes:
    """Several at a time, each in a process of its own."""

    notes: Sequence[str] = ()

    def __init__(self, duty: Duty, n_workers: int) -> None:
        self._n_workers = n_workers
        self._duty = duty
        self._sandboxes = [new_sandbox(duty) for _ in range(n_workers)]
        self._idle: SimpleQueue[Sandbox] = SimpleQueue()
        for sandbox in self._sandboxes:
            self._idle.put(sandbox)
        self._pool = ThreadPoolExecutor(n_workers, "coxa-worker")

    def run(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Receipts as they come; no more tasks are under way than there are workers, and one waiting each."""
        left = iter(tasks)
        waiting = self._submitted(left, 2 * self._n_workers)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= self._submitted(left, len(done))
            yield from [one.result() for one in done]

    def close(self) -> None:
        """End all processes; what they are at is lost."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for sandbox in self._sandboxes:
            sandbox.stop()
        self._pool.shutdown(wait=True)
        for sandbox in self._sandboxes:
            sandbox.close()

    def _submitted(self, left: Iterator[Task], n: int) -> set[Future[Receipt]]:
        return {self._pool.submit(self._one, task) for task in islice(left, n)}

    def _one(self, task: Task) -> Receipt:
        sandbox = self._idle.get()
        try:
            return work_on(sandbox, self._duty, task)
        finally:
            self._idle.put(sandbox)
