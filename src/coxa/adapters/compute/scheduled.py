"""Dask distributed: workers of this machine, or of as many as a scheduler has.

Schedulers and workers are started as Dask starts them (``dask scheduler``, ``dask worker --nthreads 1``, or
through dask-jobqueue and dask-kubernetes); every worker must see the recordings and the table by the same
names.
"""

from __future__ import annotations

import logging
import math
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from coxa.adapters.child_processes import ONE_THREAD
from coxa.adapters.cohort.places import Folder
from coxa.adapters.compute.worker import Duty, run_one
from coxa.app.cohort.parts import Answer, Effort, Part, Status
from coxa.app.cohort.ports import PartStore, Receipt
from coxa.app.cohort.tasks import Task
from coxa.catalog.loader import cohort_rules
from coxa.model.errors import ComputeError, CoxaError

if TYPE_CHECKING:
    from distributed import Client, Future

_INSTALL = "install it: pip install 'coxa[cohort]'"
_NOBODY = (
    "The scheduler has no worker yet: it goes on when one comes. Start some: dask worker ADDRESS --nthreads 1"
)
#: Dask looks at itself many times a second, which pays where tasks take milliseconds. Ours take seconds, and
#: its own workers inherit this.
_CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "1s",  # the sandbox watches who reads
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "2s",
}
_AGAIN = "start it again and run the same command again: it goes on from there"


class Dask:
    """Tasks go to the workers of a scheduler, who may come and go: clusters start some for what waits.

    Args:
        duty: of every worker.
        store: takes the parts of recordings that workers died of.
        scheduler: its address; empty: workers of this machine are started.
        n_workers: how many to start, where there is no address.

    Raises:
        ComputeError: Dask is not installed, or the scheduler does not answer.
        OutputError: the table cannot be written.
    """

    def __init__(self, duty: Duty, store: PartStore, scheduler: str, n_workers: int) -> None:
        self._duty, self._store, self._rules = replace(duty, seen=_sign(duty.out)), store, cohort_rules()
        self._client, self._cluster = self._connected(scheduler, n_workers)
        self._n_workers, self._counted_at = 0, -math.inf
        self._recount()
        dashboard = f"Dashboard: {self._client.dashboard_link}"
        self.notes: Sequence[str] = (dashboard,) if self._n_workers else (dashboard, _NOBODY)

    def run(self, tasks: Iterable[Task]) -> Iterator[Receipt]:
        """Receipts as they come; the scheduler is handed a few tasks a worker at a time."""
        from distributed import as_completed

        left = iter(tasks)
        known: dict[str, Task] = {}
        going = as_completed(self._submitted(left, self._ahead(), known), loop=self._client.loop)
        for future in going:
            receipt = self._receipt(future, known.pop(future.key))
            future.release()
            for one in self._submitted(left, self._ahead() - len(known), known):
                going.add(one)
            yield receipt

    def close(self) -> None:
        """Let go of the scheduler; workers of this machine end."""
        for one in (self._client, self._cluster):
            if one is not None:
                with suppress(Exception):  # lost already
                    one.close(timeout=5)

    def _submitted(self, left: Iterator[Task], n: int, known: dict[str, Task]) -> list[Future]:
        found = []
        for task in islice(left, max(n, 0)):
            future = self._client.submit(
                run_one, self._duty, task, key=f"coxa-{task.key}-{uuid.uuid4().hex[:8]}", pure=False
            )
            known[future.key] = task
            found.append(future)
        return found

    def _receipt(self, future: Future, task: Task) -> Receipt:
        from distributed import CancelledError, KilledWorker

        try:
            receipt: Receipt = future.result()
        except KilledWorker:
            return self._died_of(task)
        except CoxaError:
            raise
        except (CancelledError, OSError, RuntimeError) as error:
            raise ComputeError(f"the scheduler was lost ({type(error).__name__})", _AGAIN) from error
        return receipt

    def _died_of(self, task: Task) -> Receipt:
        """Workers died one after the other, each with this task: its part says so."""
        answer = Answer(
            Status.CRASHED,
            "several workers died while they were at it",
            "see whether their machines ran out of memory, then run again with --retry",
        )
        effort = Effort(worker="scheduler")
        self._store.put(Part(task.key, answer, effort))
        return Receipt(task.key, answer.status, effort)

    def _connected(self, scheduler: str, n_workers: int) -> tuple[Client, Any]:
        try:
            import dask
            from distributed import Client, LocalCluster
            from distributed.comm.addressing import parse_address
            from distributed.comm.registry import get_backend
        except ImportError as error:
            raise ComputeError("Dask distributed is not installed", _INSTALL) from error
        limit_s = self._rules.scheduler_s
        dask.config.set(
            {
                **_CALM,
                "distributed.scheduler.allowed-failures": self._rules.most_deaths,
                "distributed.comm.timeouts.connect": f"{limit_s}s",
                "distributed.nanny.pre-spawn-environ": dict(ONE_THREAD),
                "distributed.admin.large-graph-warning-threshold": "1GB",
            }
        )
        _hush()
        try:
            if scheduler:
                get_backend(parse_address(scheduler)[0])  # a client of an unknown kind would never end
                return Client(scheduler, timeout=limit_s, set_as_default=False), None
            cluster = LocalCluster(
                n_workers=n_workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )
            return Client(cluster, set_as_default=False), cluster
        except (OSError, TimeoutError, RuntimeError, ValueError) as error:
            where = f"the scheduler at {scheduler}" if scheduler else "a scheduler of this machine"
            raise ComputeError(
                f"{where} did not answer: {_words(error)}", "see that it runs, and at which address"
            ) from error

    def _ahead(self) -> int:
        """How many tasks the scheduler holds: more, the more workers it has."""
        if time.monotonic() - self._counted_at > self._rules.recount_s:
            self._recount()
        return max(self._rules.in_flight_per_worker * self._n_workers, self._rules.in_flight_least)

    def _recount(self) -> None:
        with suppress(OSError, TimeoutError):  # lost: the tasks say so
            self._n_workers = sum(self._client.nthreads().values())
        self._counted_at = time.monotonic()


def _sign(out: str) -> tuple[str, str]:
    """Name of a file beside the parts and its word: a worker that reads it there sees the same table.

    Raises:
        OutputError: it cannot be written.
    """
    folder, name = Folder(out), "_parts/.seen"
    word = folder.get(name)
    if word is None:
        word = uuid.uuid4().hex.encode()
        folder.put(name, word)
    return name, word.decode("ascii", "replace")


def _hush() -> None:
    """What matters of what these would say is said in our words."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
