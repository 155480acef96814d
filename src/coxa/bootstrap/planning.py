"""Screens and plans from files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from coxa.adapters.silence import native_stdout_silenced
from coxa.adapters.sources.assessments import read_assessments
from coxa.adapters.sources.plan_file import read_plan_file
from coxa.catalog.planning import planning
from coxa.model.plan import Programme
from coxa.model.screening import ScreenOutcome
from coxa.plan.free_text import Prompt, prompted
from coxa.plan.programme import Request, made
from coxa.plan.triage import screened


def screen_file(path: Path, today: date) -> tuple[ScreenOutcome, dict[str, str], tuple[Prompt, ...]]:
    """The outcome of the answers, the words of all questions, and which of them the notes bring up."""
    told, known = read_plan_file(path, today), planning()
    words = {one.id: one.words for one in known.triage.questions}
    return screened(known.triage, told.screen), words, prompted(known.triage, told.screen.notes)


def plan_file(path: Path, assessments: Sequence[Path], begins: date) -> Programme:
    """The programme from a day on.

    Args:
        path: screen, wishes and goals.
        assessments: files of ``coxa assess``, oldest first.
        begins: its first day.
    """
    told, known = read_plan_file(path, begins), planning()
    request = Request(
        begins=begins,
        screen=screened(known.triage, told.screen),
        assessments=tuple(one for each in assessments for one in read_assessments(each)),
        availability=told.availability,
        goals=told.goals,
        programme=told.programme,
    )
    with native_stdout_silenced():  # the solver seldom, but sometimes, writes a line of its own
        return made(request, known)
