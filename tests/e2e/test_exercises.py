"""``coxa exercises``: listed, shown and tested; the guide's example is one that works."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from coxa.catalog.exercises import exercises
from coxa.cli.main import app
from tests.support.command import coxa

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "exercises.md").read_text(encoding="utf-8")
EXAMPLE = GUIDE.partition("```yaml\n")[2].partition("```")[0]


def asked(*arguments: str | Path) -> tuple[int, str, str]:
    ran = CliRunner().invoke(app, ["exercises", *map(str, arguments)])
    return ran.exit_code, ran.stdout, ran.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    (made / "knee_lift.yaml").write_text(EXAMPLE, encoding="utf-8")
    return made


def test_every_exercise_is_listed_with_what_it_needs() -> None:
    code, out, _ = asked()
    assert code == 0
    for name, spec in exercises().items():
        assert any(line.startswith(f"{name} ") and spec.title in line for line in out.splitlines())
        assert spec.purpose in out
        assert all(one in out for one in spec.equipment)


@pytest.mark.parametrize("name", ["squat", "brettzel_1", "lateral_hip_release", "marching"])
def test_one_is_shown_with_everything_a_person_needs(name: str) -> None:
    code, shown, _ = asked("show", name)
    out, spec = " ".join(shown.split()), exercises()[name]
    assert code == 0
    told = [*spec.setup, spec.camera.note, *(phase.instruction for phase in spec.phases), *spec.cautions]
    told += [rule.cue for rule in spec.form] + [spec.dose.source, f"[{spec.dose.trust}]", spec.purpose]
    told += [exercises()[one].title if one in exercises() else one for one in spec.progressions]
    for words in told:
        assert " ".join(words.split()) in out


def test_what_one_camera_cannot_count_is_said_with_what_it_takes() -> None:
    shown = " ".join(asked("show", "standing_hip_rotation")[1].split())
    assert "One camera alone cannot tell" in shown and "a second camera" in shown
    assert "One camera alone" not in asked("show", "hip_hinge_wall")[1]


def test_the_guides_example_stands_its_tests_as_the_guide_says(folder: Path, tmp_path: Path) -> None:
    ran = coxa("exercises", "check", folder / "knee_lift.yaml", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out in GUIDE


def test_an_exercise_of_ones_own_is_listed_and_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Knee lift" in asked("show", "knee_lift", "--exercises", folder)[1]
    monkeypatch.setenv("COXA_EXERCISES", str(folder))
    assert "knee_lift" in asked()[1]


def test_a_mistake_is_named_by_file_line_field_and_what_may_stand_there(folder: Path) -> None:
    text = EXAMPLE.replace("    direction: decrease\n", "    direction: less\n    hight: 3\n")
    (folder / "broken.yaml").write_text(text.replace("id: knee_lift", "id: other"), encoding="utf-8")
    line = next(k for k, one in enumerate(text.splitlines(), 1) if "direction: less" in one)
    code, out, _ = asked("check", folder)
    assert code == 5
    assert f"line {line}: form.0.direction" in out and "'increase', 'decrease' or 'either'" in out
    assert f"line {line + 1}: form.0.hight" in out and "highlight, spoils" in out
    assert "knee_lift.yaml: Knee lift: 7 of 7" in out  # one that is wrong does not hide the others


def test_an_exercise_that_does_not_stand_its_tests_says_which_and_why(folder: Path) -> None:
    path = folder / "knee_lift.yaml"
    path.write_text(EXAMPLE.replace("limit_deg: 12", "limit_deg: 1"), encoding="utf-8")
    code, out, _ = asked("check", path, "--quiet")
    assert code == 5
    assert "Failed: counted exactly" in out and "a fault was seen where there is none: leans_back" in out


def test_what_is_not_there(tmp_path: Path) -> None:
    for arguments in (["check", tmp_path / "none.yaml"], ["check", tmp_path], ["show", "none"]):
        code, out, err = asked(*arguments)
        assert (code, out) == (5, "") and "Remedy:" in err


def test_an_id_that_is_taken_is_refused_when_it_is_checked(folder: Path) -> None:
    (folder / "knee_lift.yaml").write_text(EXAMPLE.replace("id: knee_lift", "id: squat"), encoding="utf-8")
    code, out, _ = asked("check", folder)
    assert code == 5 and "line 2: id: there is another exercise 'squat'" in out
