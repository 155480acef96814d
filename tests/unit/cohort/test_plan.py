"""What is asked for, as tasks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coxa.app.cohort.parts import Status
from coxa.app.cohort.run import plan, work_through
from coxa.app.cohort.tasks import Companion, Content, Listed, Person, Span, task_of
from coxa.app.jobs import Role
from tests.support.cohorts import ENGINE, Shelf, Worker, part_of

ONE = Listed("a", "/a.trc", "deep_squat", "left", "zoe", "g", "1", Person(1.7))


@pytest.mark.parametrize(
    "other",
    [
        replace(ONE, protocol="hip_hinge"),
        replace(ONE, side="right"),
        replace(ONE, told=Person(1.8)),
        replace(ONE, told=Person(1.7, age_y=30.0)),
        replace(ONE, span=Span(1.0)),
        replace(ONE, span=Span(0.0, 5.0)),
    ],
)
def test_what_changes_the_result_changes_the_key(other: Listed) -> None:
    assert task_of(other, Content("x"), ENGINE).key != task_of(ONE, Content("x"), ENGINE).key


@pytest.mark.parametrize(
    "other", [replace(ONE, person="ida"), replace(ONE, group="h"), replace(ONE, url="/b.trc", recording="b")]
)
def test_names_and_groups_do_not(other: Listed) -> None:
    assert task_of(other, Content("x"), ENGINE).key == task_of(ONE, Content("x"), ENGINE).key


def test_files_beside_a_recording_are_known_by_their_content() -> None:
    def key(role: Role, url: str, sha256: str) -> str:
        return task_of(ONE, Content("x", companions=(Companion(role, url, sha256),)), ENGINE).key

    one = key(Role.STATIC, "/s.c3d", "s")
    assert key(Role.STATIC, "/elsewhere.c3d", "s") == one
    others = {key(Role.STATIC, "/s.c3d", "t"), key(Role.HELPED, "/s.c3d", "s")}
    assert len({one, task_of(ONE, Content("x"), ENGINE).key, *others}) == 4


@pytest.mark.parametrize(
    "engine",
    [replace(ENGINE, version="2"), replace(ENGINE, catalogue="y"), replace(ENGINE, pose="lite"),
     replace(ENGINE, motions=True)],
)  # fmt: skip
def test_another_engine_or_catalogue_begins_anew(engine) -> None:  # type: ignore[no-untyped-def]
    assert task_of(ONE, Content("x"), engine).key != task_of(ONE, Content("x"), ENGINE).key


def test_other_content_is_another_task_and_the_same_counts_once() -> None:
    two = replace(ONE, recording="b", url="/b.trc", person="ida")
    found = plan([ONE, two, two], [Content("x"), Content("x"), Content("y")], ENGINE)
    assert [one.task is not None for one in found] == [True, False, True]
    assert found[1].instead is not None
    assert found[1].instead.status is Status.DUPLICATE
    assert "there of zoe" in found[1].instead.reason


def test_what_cannot_be_read_is_a_row_with_its_reason() -> None:
    (found,) = plan([ONE], [Content("", "it is gone", "look for it")], ENGINE)
    assert found.task is None
    assert found.instead is not None
    assert (found.instead.status, found.instead.reason) == (Status.UNREADABLE, "it is gone")


def test_mishaps_are_tried_again_only_where_it_is_asked_for() -> None:
    listed = [replace(ONE, url=f"/{name}.trc") for name in ("a", "poison", "c")]
    planned = plan(listed, [Content(str(n)) for n in range(3)], ENGINE)
    tasks = [one.task for one in planned if one.task]
    shelf = Shelf(part_of(task) for task in tasks)
    worker = Worker(shelf)
    assert work_through(planned, shelf, lambda _: worker).n_done == 0
    work_through(planned, shelf, lambda _: worker, retry=True)
    assert worker.began == [tasks[1].key]


def test_workers_are_not_called_where_nothing_is_to_be_done() -> None:
    def start(n: int) -> Worker:
        raise AssertionError(n)

    assert work_through([], Shelf(), start).n_tasks == 0
