"""The loader of exercises: folders of one's own; refusals name file, line, field and what may stand there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from coxa.catalog.exercises import VARIABLE, check, exercise, exercises, read_exercise
from coxa.model.errors import SpecError

OWN = Path(__file__).resolve().parents[3] / "src/coxa/catalog/exercises"
HINGE = (OWN / "hip_hinge_dowel.yaml").read_text(encoding="utf-8")


def line_of(text: str, piece: str) -> int:
    return next(k for k, line in enumerate(text.splitlines(), start=1) if piece in line)


def test_the_catalogue_has_what_the_coach_is_for() -> None:
    known = exercises()
    assert len(known) >= 30
    assert {purpose for spec in known.values() for purpose in spec.teaches} == {
        *("release", "mobility", "activation", "strength", "control", "integration", "load")
    }
    for spec in known.values():
        assert spec.camera.note and spec.cautions and spec.setup and spec.phases
        assert all(rule.cue and rule.praise and rule.highlight for rule in spec.form)


def test_easier_and_harder_exercises_lead_somewhere() -> None:
    known = exercises()
    for spec in known.values():
        assert spec.regressions and spec.progressions
        assert spec.id not in (*spec.regressions, *spec.progressions)


def test_a_folder_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.yaml").write_text(
        HINGE.replace("id: hip_hinge_dowel", "id: my_hinge"), encoding="utf-8"
    )
    assert "my_hinge" in exercises(tmp_path)
    assert [spec.id for spec in check(tmp_path)] == ["my_hinge"]
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert exercise("my_hinge").title == "Hip hinge with a dowel"


def test_an_id_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "again.yaml").write_text(HINGE, encoding="utf-8")
    with pytest.raises(SpecError, match=r"again.yaml: line 2: id: there is another exercise"):
        exercises(tmp_path)


def test_no_such_exercise_names_those_there_are() -> None:
    with pytest.raises(SpecError) as refused:
        exercise("hinge")
    assert "hip_hinge_dowel" in refused.value.remedy


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such folder"):
        exercises(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("old", "new", "field", "allowed"),
    [
        ("coordinate: trunk_flexion", "coordinate: spine_flexion", "form.0.coordinate", "trunk_flexion"),
        ("coordinate: trunk_flexion", "coordinate: hip_flexion_SIDE", "form.0.coordinate", "left or right"),
        (
            "coordinate: lumbar_flexion",
            "coordinate: lower_back",
            "form.0.instead.coordinate",
            "lumbar_flexion",
        ),
        ("{coordinate: trunk_forward_lean, from_deg", "{coordinate: lean, from_deg", "start_pose.0", "lean"),
        ("direction: increase", "direction: more", "form.0.direction", "'increase', 'decrease' or 'either'"),
        ("kind: repetitions", "kind: reps", "kind", "'repetitions', 'hold' or 'timed'"),
        (
            "{hip_flexion_left: 72,",
            "{hip_bend_left: 72,",
            "poses.1.angles_deg.hip_bend_left",
            "hip_flexion_left",
        ),
        ("{hip_flexion_left: 72,", "{hip_flexion_left: 200,", "hip_flexion_left", "between -35 and 145"),
        ("[left_ankle, right_ankle]", "[left_ankle, right_toe]", "support.1", "right_foot_index"),
        ("at_s: 2.5", "at_s: 1.5", "poses.2.at_s", "order"),
        ("progressions: [deadlift]", "progressions: [dead_lift]", "progressions.0", "deadlift"),
        ("trust: S2\n", "trust: sure\n", "trust", "'M-H'"),
        ("at_s: 2.5", "at_s: 1e9", "poses.2.at_s", "600"),
        ("limit_deg: ", "limit_deg: 1e999 # ", "form.0.limit_deg", "360"),
        ("pelvis_anterior_tilt: 60}", "pelvis_anterior_tilt: .inf}", "pelvis_anterior_tilt", "-360 and 360"),
    ],
)
def test_a_fault_is_named_by_file_line_field_and_what_may_stand_there(
    tmp_path: Path, old: str, new: str, field: str, allowed: str
) -> None:
    text = HINGE.replace(old, new, 1)
    assert text != HINGE
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as refused:
        check(tmp_path / "mine.yaml")
    said = f"{refused.value}\n{refused.value.remedy}"
    assert "mine.yaml" in said and field in said and allowed in said
    assert f"line {line_of(text, new.splitlines()[0])}:" in said


def test_text_that_is_no_exercise() -> None:
    for text in ("", "[]", "a: 1", "\x00", ": : :", "id: [1"):
        with pytest.raises(SpecError):
            read_exercise(text, "none.yaml")


def test_a_hold_is_demonstrated_in_three_poses_at_least() -> None:
    content = yaml.safe_load((OWN / "bridge_hold.yaml").read_text(encoding="utf-8"))
    content["demonstration"]["poses"] = content["demonstration"]["poses"][:2]
    with pytest.raises(SpecError, match=r"line \d+: demonstration.poses: 2 poses") as refused:
        read_exercise(yaml.safe_dump(content), "short.yaml")
    assert "3 poses at least" in refused.value.remedy


def test_a_dose_has_a_fewest_and_a_most() -> None:
    for dose in ("[3, 2]", "[0, 2]", "[2, 1000000000]"):
        with pytest.raises(SpecError, match=r"line \d+: dose: .*sets: fewest and most, from"):
            read_exercise(HINGE.replace("sets: [2, 3]", f"sets: {dose}"), "mine.yaml")
