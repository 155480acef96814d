"""Which changes of a person are real, by a laboratory's own minimal detectable change."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from coxa.app.progress import Change, progress
from coxa.app.record import Entry, Kind, Person
from coxa.catalog.loader import assess_rules
from coxa.catalog.planning import triage
from coxa.specs.reliability import ReliabilityFile, ReliabilityRow
from tests.support import stores

MONDAY = date(2026, 3, 2)


def lab(detectable_deg: float, method: str = "markers") -> ReliabilityFile:
    row = ReliabilityRow(
        protocol="seated_hip_rotation", quantity="internal_rotation", method=method, people=20, recordings=40,
        sem_deg=detectable_deg / 2.77, minimal_detectable_deg=detectable_deg,
    )  # fmt: skip
    return ReliabilityFile(version=1, laboratory="Ours", source="retests", rows=(row,))


def change(folder: Path, figures: ReliabilityFile | None, *methods: str | None) -> Change:
    """Of a hip that gained eight degrees, measured by these methods."""
    with stores.opened(folder, None) as records:
        person = records.add_person(Person("", "Zoe"))
        for number, method in enumerate(methods):
            result = {"quantity": "internal_rotation", "side": "left", "value_deg": 30.0 + 8.0 * number,
                      "sd_deg": 2.0, "observability": "observed"}  # fmt: skip
            document = {"protocol": "seated_hip_rotation", "results": [result]}
            document |= {} if method is None else {"provenance": {"kind": method}}
            records.add([Entry(person.id, Kind.ASSESSMENT, MONDAY + timedelta(days=number), document)])
        found = progress(
            records, person, MONDAY + timedelta(days=9), assess_rules(), triage(), figures
        ).measures[0].since_first  # fmt: skip
    assert found is not None
    return found


@pytest.mark.parametrize(("detectable_deg", "real"), [(7.0, True), (9.0, False)])
def test_the_laboratorys_figure_decides(tmp_path: Path, detectable_deg: float, real: bool) -> None:
    found = change(tmp_path, lab(detectable_deg), "markers", "markers")
    assert found.detectable_deg == pytest.approx(detectable_deg)
    assert found.real is real


@pytest.mark.parametrize(
    "methods", [("markers", "pose_network"), ("pose_network", "pose_network"), (None, None)]
)
def test_it_says_nothing_of_other_methods_nor_of_a_mixture(
    tmp_path: Path, methods: tuple[str | None, ...]
) -> None:
    own = change(tmp_path / "without", None, *methods)
    assert change(tmp_path / "with", lab(9.0), *methods) == own
    assert own.real
