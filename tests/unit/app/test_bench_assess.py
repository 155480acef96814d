"""The bench of assessments, in small: one test of movement, and the judge itself."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from coxa.app.bench_assess import Outcome, Row, Source, outcomes, tabulate
from coxa.app.held_against_truth import JOINT_ERROR_DEG, Judged
from coxa.cli.bench import show_assess
from coxa.model.assessment import Verdict


@pytest.fixture(scope="module")
def found() -> list[Outcome]:
    return list(outcomes(1, 3, only=["sit_to_stand"], processes=1))


def test_every_source_sees_the_same_repetitions(found: list[Outcome]) -> None:
    assert [one.source for one in found] == list(Source)
    for one in found:
        assert one.judged.counted == one.judged.of == 1
        assert one.judged.claims == 0
        close = one.source in (Source.TRUTH, Source.MARKERS)
        assert np.median(np.abs(one.judged.joint_deg or (0.0,))) <= (JOINT_ERROR_DEG if close else 9.0)


def test_the_truth_is_assessed_without_mistake(found: list[Outcome]) -> None:
    truth = found[0].judged
    assert not truth.shortcomings()
    assert not truth.wrong
    assert truth.silent == 0


def test_a_camera_is_silent_where_it_sees_nothing(found: list[Outcome]) -> None:
    camera = next(one.judged for one in found if one.source is Source.CAMERA)
    assert 0 < camera.silent < camera.asked


def test_figures_add_up_and_print(found: list[Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    rows = tabulate(found)
    assert [row.protocol for row in rows] == ["sit_to_stand"] * len(Source) + [""] * len(Source)
    show_assess(rows, 1, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed["rows"][0]["series"] == 1
    show_assess(rows, 1, as_json=False)
    printed_lines = capsys.readouterr().out.splitlines()
    for source in Source:
        assert sum(line.startswith(f"{source.value:<34}") for line in printed_lines) == 1
    short = [row for row in rows if row.judged.shortcomings()]
    assert f"{len(short)} of {len(rows)} rows fall short" in "\n".join(printed_lines)


def test_a_row_that_falls_short_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    show_assess([Row("sit_to_stand", Source.CAMERA, Judged(of=1))], 1, as_json=False)
    assert "sit_to_stand, one camera: count" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"joint_deg": (3.5, -4.0, 1.0)}, "joint part"),
        ({"broken": (Verdict.COMPENSATED, Verdict.UNCERTAIN)}, "sensitivity"),
        ({"kept": (Verdict.CLEAN, Verdict.COMPENSATED)}, "specificity"),
        ({"onset_s": (0.2, -0.3)}, "onset"),
        ({"counted": 1, "of": 2}, "count"),
        ({"claims": 1}, "silence"),
    ],
)
def test_what_falls_short_is_said(spoilt: dict[str, object], said: str) -> None:
    good = Judged(
        counted=1,
        of=1,
        joint_deg=(1.0,),
        broken=(Verdict.COMPENSATED,),
        kept=(Verdict.CLEAN,),
        onset_s=(0.01,),
    )
    assert not good.shortcomings()
    assert replace(good, **spoilt).shortcomings() == [said]  # type: ignore[arg-type]
