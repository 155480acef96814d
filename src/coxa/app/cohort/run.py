"""Work through a cohort: what is asked for, less what is done, until every recording has its part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from coxa.app.cohort.parts import MISHAPS, Answer, Part, Status
from coxa.app.cohort.ports import Executor, PartStore, Receipt
from coxa.app.cohort.tasks import Content, Engine, Listed, Task, task_of

_ROUNDS = 2  # a part that turns out to be damaged is made anew once


@dataclass(frozen=True, slots=True)
class Planned:
    """One recording of the table.

    Attributes:
        listed: as it was asked for.
        content: what is in it.
        task: what is to be done; None: nothing is, and ``instead`` says why.
        instead: the answer that needs no work; None: there is a task.
    """

    listed: Listed
    content: Content
    task: Task | None
    instead: Answer | None = None


@dataclass(slots=True)
class Tally:
    """How a run went; grows as it does.

    Attributes:
        n_tasks: that the table needs.
        n_before: that were done before.
        n_done: in this run.
        seconds: summed over the tasks of this run.
        waited_s: of their workers around them.
        by_status: how many of this run ended how.
    """

    n_tasks: int = 0
    n_before: int = 0
    n_done: int = 0
    seconds: float = 0.0
    waited_s: float = 0.0
    by_status: dict[Status, int] = field(default_factory=dict)

    def add(self, receipt: Receipt) -> None:
        """Count one."""
        self.n_done += 1
        self.seconds += receipt.effort.seconds
        self.waited_s += receipt.effort.waited_s
        self.by_status[receipt.status] = self.by_status.get(receipt.status, 0) + 1


def plan(listed: Sequence[Listed], contents: Sequence[Content], engine: Engine) -> list[Planned]:
    """Every recording, in the order it was asked for; the same content asked for twice counts once."""
    found: list[Planned] = []
    first: dict[str, Listed] = {}
    for one, content in zip(listed, contents, strict=True):
        if not content.sha256:
            instead = Answer(Status.UNREADABLE, content.reason, content.remedy)
            found.append(Planned(one, content, None, instead))
            continue
        task = task_of(one, content, engine)
        before = first.setdefault(task.key, one)
        if before is one:
            found.append(Planned(one, content, task))
        else:
            found.append(Planned(one, content, None, _duplicate(one, before)))
    return found


def _duplicate(one: Listed, before: Listed) -> Answer:
    whose = "" if one.person == before.person else f", there of {before.person or 'nobody in particular'}"
    return Answer(
        Status.DUPLICATE,
        f"its content is that of {before.recording}{whose}: counted once",
        "leave one of them out" if not whose else "see whose recording it is",
    )


def work_through(
    planned: Iterable[Planned],
    store: PartStore,
    start: Callable[[int], Executor],
    on_progress: Callable[[Tally], None] = lambda _: None,
    retry: bool = False,
) -> Tally:
    """Do what is not done.

    Args:
        planned: recordings.
        store: where parts are kept.
        start: gives the workers for so many tasks; not called where nothing is to be done.
        on_progress: called after every task.
        retry: do those again that ended in a mishap.

    Raises:
        OutputError: parts cannot be kept.
        ComputeError: the workers cannot be had, or were lost. What is done stays done.
    """
    tasks = {one.task.key: one.task for one in planned if one.task is not None}
    if retry:
        store.drop([part.key for part in kept(tasks, store) if part.answer.status in MISHAPS])
    there = store.keys() & tasks.keys()
    tally = Tally(len(tasks), len(there))
    left = [task for key, task in tasks.items() if key not in there]
    on_progress(tally)
    for _ in range(_ROUNDS):
        if left:
            _work(left, start(len(left)), tally, on_progress)
        sound = {part.key for part in kept(tasks, store)}
        left = [task for key, task in tasks.items() if key not in sound]
        tally.n_before -= min(len(left), tally.n_before)
        if not left:
            break
    return tally


def _work(
    tasks: Sequence[Task], executor: Executor, tally: Tally, on_progress: Callable[[Tally], None]
) -> None:
    try:
        for receipt in executor.run(tasks):
            tally.add(receipt)
            on_progress(tally)
    finally:
        executor.close()


def kept(keys: Iterable[str], store: PartStore) -> Iterator[Part]:
    """Parts of these keys that are there and sound, in their order."""
    for key in keys:
        part = store.get(key)
        if part is not None:
            yield part
