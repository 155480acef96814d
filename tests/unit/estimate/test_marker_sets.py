"""Which marker set it is, from the names alone; what suffices; what is refused."""

from __future__ import annotations

import pytest

from coxa.catalog import loader
from coxa.estimate.markers import recognise, suffices
from coxa.model.errors import NothingToMeasureError, SpecError
from coxa.specs.markers import MIDLINE, PAIRED, MarkerSetSpec
from tests.support.reference import ROOT

SETS = loader.marker_sets()


def words(*lines: str) -> list[str]:
    return " ".join(lines).split()


PLUG_IN_GAIT = words("LASI RASI LPSI RPSI C7 T10 CLAV STRN LSHO RSHO LTHI LKNE LTIB LANK RTHI RKNE RTIB RANK")
AUGMENTED = words(
    "C7_study r_shoulder_study L_shoulder_study r.ASIS_study L.ASIS_study r.PSIS_study L.PSIS_study",
    "r_knee_study L_knee_study r_mknee_study L_mknee_study r_ankle_study L_ankle_study r_mankle_study",
    "L_mankle_study r_toe_study L_toe_study r_calc_study L_calc_study r_thigh1_study r_thigh2_study",
    "r_thigh3_study L_thigh1_study RHJC_study",
)
GAIT2354 = words(
    "Sternum R.Acromium L.Acromium R.ASIS L.ASIS V.Sacral R.Thigh.Upper R.Thigh.Front R.Thigh.Rear",
    "R.Shank.Upper R.Shank.Front R.Shank.Rear R.Heel L.Thigh.Upper L.Thigh.Front L.Thigh.Rear",
)
HELEN_HAYES = words(
    "R.ASIS L.ASIS V.Sacral R.Thigh L.Thigh R.Knee L.Knee R.Shank L.Shank R.Ankle L.Ankle R.Heel L.Toe"
)
ISB = words("IJ PX C7 T8 LASIS RASIS LPSIS RPSIS LLE LME RLE RME LLM LMM RLM RMM")
SPELLINGS = [str.lower, lambda name: f"Anna:{name}", lambda name: f"{name[0]}_{name[1:]}"]


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (PLUG_IN_GAIT, "plug_in_gait"),
        (AUGMENTED, "opencap"),
        ([name.removesuffix("_study") for name in AUGMENTED], "opencap"),
        (GAIT2354, "opensim_gait"),
        (HELEN_HAYES, "helen_hayes"),
    ],
)
def test_a_set_is_known_by_its_names(names, wanted):
    assert recognise(names, SETS).set_name == wanted


def test_isb_landmarks():
    found = recognise(["LFLE" if name == "LLE" else name for name in ISB], SETS)
    assert found.set_name == "isb"
    assert {"left_asis", "right_psis", "t8", "xiphoid", "left_medial_malleolus"} <= set(found.landmarks)


@pytest.mark.parametrize(
    "change", [str.lower, lambda name: f"Anna:{name}", lambda name: f"{name[0]}_{name[1:]}"]
)
def test_case_prefix_and_separators_do_not_matter(change):
    found = recognise([change(name) for name in PLUG_IN_GAIT], SETS)
    assert found.set_name == "plug_in_gait"
    assert found.landmarks == recognise(PLUG_IN_GAIT, SETS).landmarks


def test_computed_and_unlabelled_points_are_left_alone():
    names = [*PLUG_IN_GAIT, "PELO", "LFEP", "LKneeCentre", "*115", "RHipAngles", "LHJC"]
    found = recognise(names, SETS)
    assert max(found.landmarks.values()) < len(PLUG_IN_GAIT)
    assert not found.clusters


def test_clusters_of_any_number():
    found = recognise(AUGMENTED, SETS)
    assert [found.names[column] for column in found.clusters["right_thigh"]] == [
        "r_thigh1_study",
        "r_thigh2_study",
        "r_thigh3_study",
    ]


def test_names_of_no_set_are_refused_with_the_remedy():
    with pytest.raises(NothingToMeasureError, match=r"Marker1, Marker2[\s\S]*mapping file"):
        recognise(["Marker1", "Marker2"], SETS)


def test_two_people_in_one_file_are_refused():
    with pytest.raises(NothingToMeasureError, match="Anna:C7, Bert:C7"):
        recognise([f"{who}:{name}" for who in ("Anna", "Bert") for name in PLUG_IN_GAIT], SETS)


def test_two_sets_that_fit_equally_well_and_disagree_are_refused():
    other = SETS["plug_in_gait"].model_copy(update={"name": "other", "by_side": {"psis": ("{side}ASI",)}})
    one = SETS["plug_in_gait"].model_copy(update={"by_side": {"asis": ("{side}ASI",)}})
    with pytest.raises(NothingToMeasureError, match="equally well"):
        recognise(["LASI", "RASI"], {"one": one, "other": other})


def test_a_mapping_file_goes_before_what_the_names_suggest():
    text = """
    {name: ours, source: our laboratory, trust: DESIGN,
     landmarks: {left_asis: [M1], right_asis: [M2], sacrum: [M3]}, side_clusters: {left_thigh: [M4, M5, M6]}}
    """
    mapping = loader.parse(text, MarkerSetSpec, "ours.yaml")
    found = recognise(["M6", "M5", "M4", "M3", "M2", "M1"], SETS, mapping)
    assert found.landmarks == {"left_asis": 5, "right_asis": 4, "sacrum": 3}
    assert found.clusters == {"left_thigh": (2, 1, 0)}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("landmarks: {left_hip: [A]}", "no such landmark: left_hip"),
        ("by_side: {asis: [LASI]}", "must hold {side}: LASI"),
        ("markers: {left_asis: [A]}", "Extra inputs"),
    ],
)
def test_a_mapping_file_that_says_nonsense_is_refused(line, message):
    with pytest.raises(SpecError, match=message):
        loader.parse(f"name: ours\nsource: us\ntrust: DESIGN\n{line}", MarkerSetSpec, "ours.yaml")


@pytest.mark.parametrize("names", [PLUG_IN_GAIT, AUGMENTED, GAIT2354, HELEN_HAYES, ISB])
def test_full_sets_suffice(names):
    assert suffices(names, SETS) == (True, recognise(names, SETS).set_name, "")


@pytest.mark.parametrize(
    ("lacking", "missing"),
    [
        (("LASI",), "left asis (LASI)"),
        (("LPSI",), "both PSIS or a sacral marker"),
        (("LTHI", "RTHI"), "a lateral marker with a medial one or a wand"),
    ],
)
def test_what_is_missing_for_this_road_is_said(lacking, missing):
    found = suffices([name for name in PLUG_IN_GAIT if name not in lacking], SETS)
    assert not found.enough
    assert missing in found.missing


def test_one_leg_suffices():
    assert suffices([name for name in PLUG_IN_GAIT if name not in ("LTHI", "LKNE")], SETS).enough


def test_catalogue_survives_load_and_dump():
    for spec in (*SETS.values(), loader.marker_assumptions()):
        assert type(spec).model_validate(spec.model_dump()) == spec


def test_the_mapping_file_in_the_documentation_is_one():
    page = (ROOT / "docs" / "markers.md").read_text(encoding="utf-8")
    text = page.partition("```yaml\n")[2].partition("```")[0]
    mapping = loader.parse(text, MarkerSetSpec, "markers.md")
    found = recognise(["L_hip_front", "R_hip_front", "S2", "R_thigh_b"], SETS, mapping)
    assert found.landmarks == {"left_asis": 0, "right_asis": 1, "sacrum": 2}
    assert found.clusters == {"right_thigh": (3,)}


def test_the_documentation_names_every_landmark():
    page = (ROOT / "docs" / "markers.md").read_text(encoding="utf-8")
    assert not [name for name in (*MIDLINE, *PAIRED) if f"`{name}`" not in page]
