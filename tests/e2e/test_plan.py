"""``coxa screen`` and ``coxa plan``, from files to lines."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from coxa.adapters.sources.plan_file import read_plan_file
from coxa.cli.main import app
from coxa.report.assessment import document
from tests.support.plans import HEALTHY, rotation, turning


def run(*words: str | Path):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, [str(word) for word in words])


def person(folder: Path, notes: str = "", **answers: str) -> Path:
    path = folder / "me.yaml"
    told = {"on": "2026-11-22", "notes": notes, "answers": dict.fromkeys(HEALTHY, False) | answers}
    wishes = {"minutes_a_day": 25, "days_a_week": 4, "equipment": ["ball", "stick"]}
    path.write_text(yaml.safe_dump({"age_y": 44, "screen": told, "availability": wishes}), encoding="utf-8")
    return path


def assessed(folder: Path) -> Path:
    path = folder / "assessment.json"
    path.write_text(json.dumps(document((rotation(18, 34), turning(35)))), encoding="utf-8")
    return path


def test_a_plan_from_files_answers_the_findings_and_says_why(tmp_path: Path) -> None:
    words = ("plan", person(tmp_path), "--assessment", assessed(tmp_path), "--begins", "2026-11-23")
    done = run(*words)
    assert done.exit_code == 0
    assert "1 more left" in done.stdout
    assert "Simoneau 1998" in done.stdout
    assert "Retest on Mon 07 Dec 2026" in done.stdout
    assert json.loads(run(*words, "--json").stdout)["schema"] == "coxa.programme"


@pytest.mark.parametrize("answer", ["yes", "not sure"])
def test_a_red_flag_prints_whom_to_see_and_no_exercise(tmp_path: Path, answer: str) -> None:
    path = person(tmp_path, saddle_numbness=answer)
    assert "NOW: the emergency department" in run("screen", path).stdout
    done = run("plan", path, "--assessment", assessed(tmp_path), "--begins", "2026-11-23")
    assert "emergency department: now" in done.stdout
    assert "Week" not in done.stdout


def test_without_answers_the_questions_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_text("age_y: 44\n", encoding="utf-8")
    assert "saddle_numbness: Is there" in run("screen", path).stdout
    assert "Answer the screen first." in run("plan", path).stdout


def test_notes_ask_again_and_decide_nothing(tmp_path: Path) -> None:
    done = run("screen", person(tmp_path, "I can't lift my left leg into the car"))
    assert "Nothing speaks against exercise." in done.stdout
    assert "is your answer right? Can you not do something with a leg" in done.stdout


@pytest.mark.parametrize(
    "text",
    ["[]", "{", "colour: red", "screen: 3", "screen: {answers: {fever: perhaps}}", "goals: 3",
     "programme: [a]", "availability: {minutes_a_day: -1}", "availability: {legs: 3}", "age_y: old",
     "programme: flying"],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    path = person(tmp_path)
    whole = yaml.safe_load(path.read_text()) if text[0] not in "[{" else None
    broken = text if whole is None else yaml.safe_dump({**whole, **yaml.safe_load(text)})
    path.write_text(broken, encoding="utf-8")
    done = run("plan", path, "--begins", "2026-11-23")
    assert done.exit_code == 3, done.output
    assert "Remedy" in done.stderr


def test_the_example_of_the_documents_is_read_as_it_stands(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "plan.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "me.yaml"
    path.write_text(example, encoding="utf-8")
    found = read_plan_file(path, date(2026, 12, 1))
    assert found.screen.on == date(2026, 11, 22)
    assert found.screen.answers["leg_weakness"] == "not sure"
    done = run("screen", path)
    assert "Traceback" not in done.output
    assert "leg" in done.output.lower()
