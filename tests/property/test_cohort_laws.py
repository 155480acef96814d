"""However a cohort is interrupted and gone on with, it comes to the same parts, and each is counted once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coxa.app.cohort.run import Planned, plan, work_through
from coxa.app.cohort.tasks import Content, Listed, Person
from tests.support.cohorts import ENGINE, Shelf, Worker, part_of

NAMES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5)), min_size=1, max_size=14)


def planned_of(names: list[tuple[int, int]]) -> list[Planned]:
    """Recordings of which some have the same content, and some none."""
    listed = [
        Listed(f"r{place}", f"/{'poison' if content == 3 else 'r'}{name}.trc", "t", told=Person())
        for place, (name, content) in enumerate(names)
    ]
    return plan(listed, [Content(str(content) if content else "", "gone") for _, content in names], ENGINE)


def keys(planned: list[Planned]) -> set[str]:
    return {one.task.key for one in planned if one.task}


@given(NAMES)
def test_each_content_is_one_task_and_every_recording_one_row(names: list[tuple[int, int]]) -> None:
    planned = planned_of(names)
    assert len(planned) == len(names)
    assert len(keys(planned)) == sum(one.task is not None for one in planned)
    assert len(keys(planned)) == len({content for _, content in names if content})


@given(NAMES, st.data())
def test_any_parts_and_a_run_are_the_whole(names: list[tuple[int, int]], data: st.DataObject) -> None:
    planned = planned_of(names)
    tasks = {one.task.key: one.task for one in planned if one.task}
    whole = {key: part_of(task) for key, task in tasks.items()}
    there = data.draw(st.sets(st.sampled_from(sorted(tasks)))) if tasks else set()
    damaged = data.draw(st.sets(st.sampled_from(sorted(there)))) if there else set()
    shelf = Shelf(whole[key] for key in there)
    shelf.damaged = set(damaged)
    worker = Worker(shelf, backwards=data.draw(st.booleans()))
    tally = work_through(planned, shelf, lambda _: worker)
    assert shelf.parts == whole
    assert not shelf.damaged
    assert sorted(worker.began) == sorted((tasks.keys() - there) | damaged)
    assert tally.n_before + tally.n_done == tally.n_tasks == len(tasks)


@given(NAMES, st.lists(st.integers(0, 6), max_size=4))
def test_interruptions_cost_nothing_that_was_done(names: list[tuple[int, int]], stops: list[int]) -> None:
    planned = planned_of(names)
    shelf, began = Shelf(), []
    for stop in [*stops, None]:
        worker = Worker(shelf, stop)
        with suppress(KeyboardInterrupt):
            work_through(planned, shelf, lambda _, worker=worker: worker)
        began += worker.began
    assert sorted(began) == sorted(keys(planned)) == sorted(shelf.parts)


@given(NAMES)
def test_the_order_of_the_recordings_changes_no_key(names: list[tuple[int, int]]) -> None:
    assert keys(planned_of(names)) == keys(planned_of(names[::-1]))


@given(NAMES, st.sampled_from(["2.0", "3.0"]))
def test_another_version_shares_no_part(names: list[tuple[int, int]], version: str) -> None:
    planned = planned_of(names)
    listed, contents = [one.listed for one in planned], [one.content for one in planned]
    other = plan(listed, contents, replace(ENGINE, version=version))
    assert not keys(planned) & keys(other)
