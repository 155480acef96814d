from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from coxa.catalog.planning import triage
from coxa.cli.main import app


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COXA_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("COXA_DATABASE", raising=False)


def run(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done.output


def test_a_person_from_first_to_last(tmp_path: Path) -> None:
    result = {"quantity": "internal_rotation", "side": "left", "observability": "observed"}
    for n, value in enumerate((20.0, 35.0)):
        told = {"protocol": "seated_hip_rotation", "results": [{**result, "value_deg": value, "sd_deg": 2.0}]}
        whole = {"schema": "coxa.assessment", "coxa_version": "0.1.0", "assessments": [told]}
        (tmp_path / f"{n}.json").write_text(json.dumps(whole), encoding="utf-8")
    run("person", "add", "Zoë Ώρα", "--born", "29.2.1988", "--height-m", "1,72", "--consent", "keep it")
    assert "Zoë Ώρα" in run("person", "list")
    run("log", "assessment", "zoë ώρα", str(tmp_path / "0.json"), "--on", "2026-01-05")
    run("log", "assessment", "zoë ώρα", str(tmp_path / "1.json"), "--on", "5.2.2026")
    run("log", "exercise", "Zoë Ώρα", "squat", "--pain", "2,5", "--form", "90", "--on", "2026-01-06")
    run("log", "pain", "Zoë Ώρα", "3", "--where", "left groin")
    run("log", "note", "Zoë Ώρα", "slept '; DROP TABLE notes; --")
    run("log", "file", "Zoë Ώρα", str(tmp_path / "0.json"))
    shown = run("progress", "Zoë Ώρα", "--html", str(tmp_path / "p.html"), "--pdf", str(tmp_path / "p.pdf"))
    assert "+15° since 2026-01-05" in shown
    assert "a real change" in shown
    assert "coxa screen" in shown
    assert "<svg" in (tmp_path / "p.html").read_text(encoding="utf-8")
    assert (tmp_path / "p.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads(run("progress", "Zoë Ώρα", "--json"))["schema"] == "coxa.progress"
    assert "2  assessments" in run("person", "show", "Zoë Ώρα")
    run("export", "Zoë Ώρα", str(tmp_path / "zoe.zip"))
    run("backup", str(tmp_path / "all.zip"))
    assert "--yes" in run("erase", "Zoë Ώρα", code=6)
    proof = json.loads(run("erase", "Zoë Ώρα", "--yes", "--json"))
    assert (proof["left"], proof["traces"], proof["rows"]["assessments"]) == (0, 0, 2)
    assert run("person", "list") == ""
    run("import", str(tmp_path / "zoe.zip"))
    assert run("progress", "Zoë Ώρα") == shown
    run("import", str(tmp_path / "zoe.zip"), code=3)
    run("backup", str(tmp_path / "all.zip"), "--restore", "--data", str(tmp_path / "other"))
    assert run("progress", "Zoë Ώρα", "--data", str(tmp_path / "other")) == shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("person", "add", "  "),
        ("person", "add", "A", "--born", "30.2.1990"),
        ("person", "add", "A", "--born", "2999-01-01"),
        ("person", "add", "A", "--born", "1700-01-01"),
        ("account", "invite", "--url", "javascript:alert(1)"),
        ("import", "no-such.zip"),
        ("person", "add", "A", "--height-m", "172"),
        ("person", "show", "nobody"),
        ("log", "pain", "A", "11"),
        ("log", "note", "nobody", "x"),
        ("log", "file", "A", "/no/such/file"),
        ("log", "assessment", "A", "/dev/null"),
        ("log", "plain", "A", "screen", "/dev/null"),
        ("import", "/dev/null"),
        ("backup", "/dev/null", "--restore"),
        ("export", "A", "a.docx"),
        ("export", "A", "/no/such/folder/a.zip"),
        ("person", "list", "--database", "mysql://me:geheim@host/db"),
    ],
)
def test_what_cannot_be_is_refused_plainly(arguments: tuple[str, ...]) -> None:
    run("person", "add", "A")
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code in (3, 5, 6), done.output
    assert "Remedy:" in done.output
    assert "geheim" not in done.output


def test_no_screen_brings_its_own_verdict(tmp_path: Path) -> None:
    """An outcome that the answers do not allow is refused, also from a file."""
    from coxa.catalog.planning import triage

    on = "2026-03-01"
    outcome = {"status": "clear", "on": on, "version": triage().version}
    screen = tmp_path / "screen.json"
    screen.write_text(json.dumps({"screen": {"on": on, "answers": {}}, "outcome": outcome}), encoding="utf-8")
    run("person", "add", "A")
    assert "do not allow" in run("log", "plain", "A", "screen", str(screen), code=3)


def test_other_programs_get_what_they_read(tmp_path: Path) -> None:
    run("person", "add", "Zoë", "--sex", "female")
    run("log", "pain", "Zoë", "3,5", "--on", "2026-03-01")
    run("export", "Zoë", str(tmp_path / "zoe.json"))
    run("export", "Zoë", str(tmp_path / "zoe.ics"))
    # There is no screen, so there is no training in the calendar.
    assert "VEVENT" not in (tmp_path / "zoe.ics").read_text(encoding="utf-8")
    other = str(tmp_path / "other")
    run("import", str(tmp_path / "zoe.json"), "--data", other)
    assert "3.5 of 10 on 2026-03-01" in run("progress", "Zoë", "--data", other)
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    assert "no Bundle" in run("import", str(tmp_path / "bad.json"), code=3)


def test_screen_plan_and_workout_of_a_person(tmp_path: Path) -> None:
    run("person", "add", "A")
    answers = dict.fromkeys((one.id for one in triage().questions), "no")
    me, week = tmp_path / "me.yaml", tmp_path / "week.txt"
    me.write_text(yaml.safe_dump({"age_y": 44, "screen": {"answers": answers}}), encoding="utf-8")
    week.write_text("squat 3x5, bench, run 30 min, flurb", encoding="utf-8")
    assert "Answer the screen first" in run("plan", "--person", "A")
    assert "No block and no swaps" in run("workout", str(week), "--person", "A")
    assert "Nothing speaks against" in run("screen", str(me), "--person", "A")
    assert "Week 1, from" in run("plan", str(me), "--person", "A")
    assert json.loads(run("plan", "--person", "A", "--anew", "--json"))["schema"] == "coxa.programme"
    assert "2  programmes" in run("person", "show", "A")
    assert "Next session" in run("progress", "A")
    for words in (("--person", "A"), ("--wishes", str(me))):
        shown = run("workout", str(week), *words)
        assert "Missing: frontal" in shown
        assert "Instead of “squat 3x5”" in shown
        assert "Not understood, so not counted: flurb" in shown
    assert json.loads(run("workout", str(week), "--json"))["block"] == []
    run("plan", code=3)
    run("plan", "--person", "A", "--assessment", str(me), code=3)
    run("workout", str(week), "--person", "A", "--wishes", str(me), code=3)


def test_free_text_asks_and_a_symptom_stops(tmp_path: Path) -> None:
    run("person", "add", "A")
    said = "I can't lift my left leg into the car"
    for words in (("note", "A", said), ("pain", "A", "2", "--note", said)):
        assert "screen again: coxa screen" in run("log", *words)
    assert "coxa screen" not in run("log", "note", "A", "slept well")
    assert "screen again before exercise" in run("log", "pain", "A", "7")
    assert "The next plan steps back" in run("log", "exercise", "A", "squat", "--pain", "7")
    assert "hold" in run("log", "exercise", "A", "squat", "--pain", "4,5")
    felt = run("log", "exercise", "A", "squat", "--symptom", "giving way", "--symptom", "numbness")
    assert "Giving way, numbness: stop, and screen again" in felt
    me = tmp_path / "me.yaml"
    answers = dict.fromkeys((one.id for one in triage().questions), "no")
    me.write_text(yaml.safe_dump({"screen": {"answers": answers}}), encoding="utf-8")
    assert "But no exercise yet" in run("screen", str(me), "--person", "A")
    assert "Week 1" not in run("plan", "--person", "A")
