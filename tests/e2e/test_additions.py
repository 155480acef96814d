"""What could be added, as people are told: by ``inspect``, before and after a test, by its description."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from coxa.cli.main import app
from tests.support import films
from tests.support.phones import Wear, quaternion_csv, seated, shown


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return films.write(tmp_path_factory.mktemp("film") / "film.mp4", films.empty_room(5))


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Worn on the right shin by somebody who sits."""
    folder = tmp_path_factory.mktemp("phone")
    done = seated(1)
    worn = Wear(askew_deg=8.0, slip_deg=0.1, tilt_bias_deg=0.0, noise_deg=0.05)
    turned = shown(done, "tibia_right", worn, np.random.default_rng(0))
    (folder / "shank.csv").write_text(quaternion_csv(done.time_s, turned), encoding="utf-8")
    (folder / "worn.yaml").write_text(
        "posture: sitting\nphones:\n  shank.csv: {segment: tibia_right, screen: forward}\n", encoding="utf-8"
    )
    return folder / "shank.csv"


def run(*arguments: str | Path) -> tuple[str, str]:
    """Stdout and stderr."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout, done.stderr


def added(*arguments: str | Path) -> dict[str, dict[str, tuple[str, str]]]:
    """Addition -> coordinate -> levels now and then."""
    found = json.loads(run("inspect", *arguments, "--json")[0])
    return {
        one["id"]: {each["coordinate"]: (each["now"], each["then"]) for each in one["coordinates"]}
        for one in found["additions"]
    }


def test_inspect_of_a_film_says_what_could_be_added(film: Path) -> None:
    said, _ = run("inspect", film)
    _, _, offered = said.partition("What you could add:\n")
    assert offered.startswith("  A film from the side in which the outline of the back shows\n    tells: ")
    assert "lower back flexion" in offered.splitlines()[1]
    assert offered.count("    how: ") >= 2
    assert "to see it" not in said  # it is said once
    assert len(offered.splitlines()) <= 24
    assert added(film)["film_side"]["lumbar_flexion"] == ("not observable", "observed")


def test_inspect_of_a_phone_offers_a_second_one(phone: Path) -> None:
    worn = phone.parent / "worn.yaml"
    said, _ = run("inspect", phone, "--mapping", worn)
    assert "What you could add:" in said
    found = added(phone, "--mapping", worn)
    assert found["phone_sacrum"]["hip_internal_rotation_right"] == ("not observable", "observed")
    assert "hip_internal_rotation_left" not in found["phone_sacrum"]
    assert "apparent_hip_internal_rotation_right" not in {name for one in found.values() for name in one}


def test_a_test_says_before_and_after_what_a_phone_cannot_tell(phone: Path, tmp_path: Path) -> None:
    mapped = phone.parent / "worn.yaml"
    phone_only = tmp_path / "phone.nc"
    run("convert", phone, phone_only, "--mapping", mapped)
    asked = ("assess", phone_only, "--protocol", "seated_hip_rotation", "--side", "right")
    said, before = run(*asked, "--out", tmp_path / "out")
    assert "Before it runs: " in before
    assert "it would be told with" in before
    assert "a phone on the sacrum" in said
    assert "to see it" not in said
    page = (tmp_path / "out" / "assessment.html").read_text(encoding="utf-8")
    assert "a phone on the sacrum" in page
    quiet, nothing = run(*asked, "--quiet", "--out", tmp_path / "quiet")
    assert (quiet, nothing) == ("", "")


def test_a_tests_description_names_what_tells_it() -> None:
    said, _ = run("protocols", "show", "trunk_rotation_seated")
    _, _, told = said.partition("What tells it:\n")
    assert "Leaning" in told
    assert "Pelvis turning along" in told
    assert ": a film from " in told
