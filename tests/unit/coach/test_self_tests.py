"""Every exercise tests itself: its demonstration is counted without a fault, every fault of it fires alone.

Nothing here is written for an exercise: all of it comes from the catalogue's files, as in
``coxa exercises check``.
"""

from __future__ import annotations

import pytest

from coxa.app.rehearsal import trials
from coxa.catalog import loader
from coxa.simulate.rehearse import watches
from coxa.specs.exercise import ExerciseSpec
from tests.support.coached import SPECS

NAMED = {name: trials(spec) for name, spec in SPECS.items()}
TRIALS = [(name, k) for name, one in NAMED.items() for k in range(len(one))]


@pytest.mark.parametrize(("name", "k"), TRIALS, ids=str)
def test_an_exercise_stands_its_own_test(name: str, k: int) -> None:
    trial = NAMED[name][k]
    assert trial.run() == "", trial.what


def test_nothing_is_left_untested() -> None:
    assert len(SPECS) == 34
    rules = loader.rehearsal()
    for name, spec in SPECS.items():
        what = [trial.what for trial in NAMED[name]]
        sides = 2 if spec.sides == "each" else 1
        watching = [one for one in rules.sources if watches(one, spec)]
        assert sum("speeds" in one for one in what) == sides * len(watching)
        assert ("outline" in watching) == any(rule.instead is not None for rule in spec.form)
        assert all(any(film.title in one for one in what) for film in rules.rough)
        assert all(f"{rule.id} fires, and nothing else does" in what for rule in spec.form)


def spoilt(name: str, **changes: object) -> ExerciseSpec:
    return ExerciseSpec.model_validate(SPECS[name].model_dump() | changes)


def failures(spec: ExerciseSpec) -> list[str]:
    return [wrong for trial in trials(spec) if (wrong := trial.run())]


def test_a_wrong_exercise_fails() -> None:
    squat = SPECS["squat"]
    assert squat.signal is not None
    deaf = squat.signal.model_dump() | {"coordinate": "trunk_left_rotation"}
    assert any("0 full" in one for one in failures(spoilt("squat", signal=deaf)))
    narrow = [rule.model_dump() | {"limit_deg": 1.0} for rule in squat.form]
    assert any("where there is none" in one for one in failures(spoilt("squat", form=narrow)))
