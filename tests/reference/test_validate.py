"""What is promised of full markers and of sensors is kept, in every person.

The whole of it, networks and noisy points too, is ``coxa validate``; docs/validation.md is what it wrote.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import coxa
from coxa import bootstrap
from coxa.adapters.reference.opensim import opensense, opensim_markers
from coxa.adapters.reference.plug_in_gait import PlugInGait
from coxa.adapters.reference.uiprmd import UiprmdMarkers, load_uiprmd
from coxa.app.validate import Validation, validate
from coxa.catalog import loader

pytestmark = [pytest.mark.reference, pytest.mark.slow]


@pytest.fixture(scope="module")
def found(reference_data: Path) -> Validation:
    """All files of C3D, TRC and STO; of UI-PRMD two movements."""
    sources = [
        PlugInGait(reference_data, coxa.measure),
        opensim_markers(reference_data, coxa.measure),
        opensense(reference_data, coxa.measure),
        UiprmdMarkers(reference_data, movements=("m04", "m05")),
    ]
    return validate(sources, loader.validation(), loader.observability())


def test_every_source_was_measured_and_nothing_refused(found: Validation) -> None:
    assert not found.absent
    assert {source.key for source in found.sources} == {
        "plug_in_gait",
        "opensim_markers",
        "opensense",
        "uiprmd_markers",
    }
    assert not [name for source in found.sources for name in source.refused]


@pytest.mark.parametrize("key", ["plug_in_gait", "opensim_markers", "opensense", "uiprmd_markers"])
def test_promises_are_kept(found: Validation, key: str) -> None:
    (source,) = (one for one in found.sources if one.key == key)
    # Ranges are promised over all movements, of which there are two here.
    judged = [one for one in source.judgements if one.figure != "range_error_deg"]
    assert judged
    assert [one for one in judged if not one.kept] == []


@pytest.mark.parametrize("coordinate", ["pelvis_anterior_tilt", "thorax_left_rotation", "trunk_flexion"])
@pytest.mark.parametrize("person", ["s01", "s02", "s03", "s04", "s05"])
def test_the_trunk_is_the_laboratorys_to_a_tenth_of_a_degree(
    found: Validation, coordinate: str, person: str
) -> None:
    (source,) = (one for one in found.sources if one.key == "uiprmd_markers")
    row = source.row(coordinate, people=person)
    assert row is not None
    assert row.agreement.rmse_deg < 0.1


def test_where_the_laboratory_lost_a_marker_its_angle_is_no_truth(reference_data: Path) -> None:
    first = load_uiprmd(reference_data / "uiprmd" / "m06_s03_correct.npz")[0]
    truth = first.truth
    assert not (truth["thorax_left_rotation"] == truth["thorax_left_rotation"]).any()
    assert (truth["hip_flexion_left"] == truth["hip_flexion_left"]).all()


def test_every_source_of_the_catalogue_is_wired(reference_data: Path) -> None:
    keys = [source.key for source in bootstrap.reference_sources(reference_data)]
    assert sorted(keys) == sorted(loader.validation().sources)
    assert "rendered_people" not in [
        one.key for one in bootstrap.reference_sources(reference_data, quick=True)
    ]
