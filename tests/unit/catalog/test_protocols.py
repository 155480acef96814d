from __future__ import annotations

import re
import shutil
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coxa.assess.norms import best_row
from coxa.catalog import places, protocols
from coxa.catalog.loader import gait_norms
from coxa.catalog.protocols import VARIABLE, library
from coxa.model.errors import CoxaError, SpecError
from coxa.specs.protocol import ProtocolSpec

SHIPPED = Path(protocols.__file__).parent / "protocols"
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "protocols.md"
LIBRARY = library()
ALL = list(LIBRARY.protocols.values())


def example() -> str:
    """The protocol that the guide for authors shows."""
    return GUIDE.read_text().partition("```yaml\n")[2].partition("```")[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "side_lunge.yaml").write_text(example())
    return tmp_path


def test_the_guides_example_is_a_protocol(folder: Path) -> None:
    found = library(folder).protocol("side_lunge")
    assert found.quantities and found.compensations


def test_a_folder_is_found_by_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(folder))
    assert "side_lunge" in library().protocols


def test_a_package_adds_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path) -> None:
    package = tmp_path / "others_tests"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.move(folder / "side_lunge.yaml", package)
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("others", "others_tests", protocols.GROUP)
    monkeypatch.setattr(places, "entry_points", lambda group: [point] if group == protocols.GROUP else [])
    assert "side_lunge" in library().protocols


def test_norms_of_ones_own(folder: Path) -> None:
    (folder / "norms").mkdir()
    head = "id,motion,position,active,mean_deg,sd_deg,source,trust\n"
    (folder / "norms" / "ours.csv").write_text(
        head + "ours,side_lunge_knee,standing,yes,85,10,our clinic,S\n"
    )
    assert any(row.id == "ours" for row in library(folder).norms)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("min_motion_deg: 30", "min_motion_deg: wide", "quantities.0.min_motion_deg"),
        ("min_motion_deg: 30", "min_motion_deg: -3", "quantities.0.min_motion_deg"),
        ("kind: repetitions", "kind: dance", "kind"),
        ("purpose:", "porpose:", "porpose"),
        ("coordinate: knee_flexion_SIDE", "coordinate: knee_bend_SIDE", "knee_bend_SIDE"),
        ("id: side_lunge", "id: Side Lunge", "id"),
        ("id: side_lunge", "id: deep_squat", "deep_squat"),
        ("trust: DESIGN", "trust: HEARSAY", "trust"),
        ("title: Side lunge", "title: [", "line"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, old: str, new: str, said: str) -> None:
    path = folder / "side_lunge.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SpecError) as refused:
        library(folder)
    assert "side_lunge.yaml" in str(refused.value)
    assert said in str(refused.value)


def test_a_fault_bears_its_line(folder: Path) -> None:
    path = folder / "side_lunge.yaml"
    path.write_text(path.read_text().replace("min_motion_deg: 30", "min_motion_deg: wide", 1))
    line = 1 + next(n for n, text in enumerate(path.read_text().splitlines()) if "deg: wide" in text)
    with pytest.raises(SpecError, match=f"line {line}: quantities.0.min_motion_deg"):
        library(folder)


KNEE = "result: motion"  # a line of the example's only quantity


def test_every_coordinate_that_is_offered_may_be_written(folder: Path) -> None:
    path = folder / "side_lunge.yaml"
    good = path.read_text()
    path.write_text(good.replace("trunk_right_bending", "nonsense"))
    with pytest.raises(SpecError) as refused:
        library(folder)
    offered = refused.value.remedy.partition("choose one of: ")[2].split(", ")
    assert "trunk_left_rotation" in offered and "knee_flexion_SIDE" in offered
    for name in offered:
        path.write_text(good.replace("trunk_right_bending", name))
        library(folder)


@pytest.mark.parametrize(
    ("old", "new", "line_with", "field", "hint"),
    [
        ("flexion_SIDE", "flexion", "_flexion", "quantities.0.coordinate", "perhaps knee_flexion_SIDE"),
        ("right_bend", "righ_bend", "righ_bend", "compensations.0.coordinate", "perhaps trunk_right_bending"),
        (KNEE, f"{KNEE}\n    ends_at: band", "ends_at", "quantities.0.ends_at", "choose one of: bend"),
        ("id: side_lunge", "id: walking", "id: walking", "id", "choose another id"),
        ("sides: each", "sides: each\nparts: [waltz]", "parts: [", "parts.0", "deep_squat"),
        (
            KNEE,
            f"{KNEE}\n    norms: [{{motion: knee, position: standing, active: yes}}]",
            "norms: [",
            "quantities.0.norms.0",
            "norms/*.csv",
        ),
    ],
)  # fmt: skip
def test_what_refers_to_nothing_is_named_by_line_and_field(
    folder: Path, old: str, new: str, line_with: str, field: str, hint: str
) -> None:
    path = folder / "side_lunge.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    line = 1 + next(n for n, text in enumerate(path.read_text().splitlines()) if line_with in text)
    with pytest.raises(SpecError, match=rf"side_lunge\.yaml: line {line}: {re.escape(field)}: ") as refused:
        library(folder)
    assert hint in refused.value.remedy


SPOILERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
)


@given(st.data(), SPOILERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_protocol_is_read_or_refused(tmp_path: Path, data: st.DataObject, spoiler: object) -> None:
    content = yaml.safe_load(example())
    place = content
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], (dict, list)) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    if data.draw(st.booleans()):
        del place[key]
    else:
        place[key] = spoiler
    (tmp_path / "side_lunge.yaml").write_text(yaml.safe_dump(content))
    try:
        library(tmp_path)
    except CoxaError as refused:
        assert "side_lunge.yaml" in str(refused) or "side_lunge" in str(refused)


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_else_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "junk.yaml").write_bytes(content)
    with pytest.raises(SpecError, match=r"junk\.yaml"):
        library(tmp_path)


@given(st.binary(max_size=120), st.integers(0, 200))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_spoilt_table_of_norms_is_read_or_refused(tmp_path: Path, junk: bytes, at: int) -> None:
    (tmp_path / "norms").mkdir(exist_ok=True)
    good = b"id,motion,position,active,mean_deg,sd_deg,source,trust\nours,a,standing,yes,85,10,us,S\n"
    (tmp_path / "norms" / "junk.csv").write_bytes(good[:at] + junk + good[at:])
    try:
        library(tmp_path)
    except SpecError as refused:
        assert "junk.csv" in str(refused)


def test_an_id_twice_is_refused(folder: Path) -> None:
    path = folder / "side_lunge.yaml"
    rules = path.read_text().partition("compensations:\n")[2].partition("trials:")[0]
    path.write_text(path.read_text().replace("trials:", rules + "trials:"))
    with pytest.raises(SpecError, match="bend"):
        library(folder)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such folder"):
        library(tmp_path / "nowhere")


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.id)
def test_shipped_protocols_say_what_people_need(protocol: ProtocolSpec) -> None:
    for rule in protocol.compensations:
        assert rule.words and rule.words[0].islower() and not rule.words.endswith("."), rule.id
        assert rule.cue.endswith("."), f"{rule.id} has no advice"
        assert len(rule.source) > 3
    for words in (*protocol.instructions, *protocol.setup, protocol.purpose):
        assert words.rstrip('"').endswith("."), words
    assert len({rule.id for rule in protocol.compensations}) == len(protocol.compensations)
    assert len({quantity.id for quantity in protocol.quantities}) == len(protocol.quantities)
    assert (SHIPPED / f"{protocol.id}.yaml").is_file()


@pytest.mark.parametrize("protocol", ALL, ids=lambda one: one.id)
def test_norms_that_are_used_exist(protocol: ProtocolSpec) -> None:
    for quantity in protocol.quantities:
        for use in quantity.norms:
            rows = [
                r
                for r in LIBRARY.norms
                if (r.motion, r.position, r.active) == (use.motion, use.position, use.active)
            ]
            assert rows, use
            assert any(row.sd_deg is not None for row in rows), f"{use}: no spread, so never a percentile"
        assert quantity.reading == "apparent" or not quantity.norms, "norms know no pelvis"


def test_best_row_needs_no_person() -> None:
    from coxa.assess.norms import Person

    quantity = LIBRARY.protocol("seated_hip_rotation").quantities[0]
    row = best_row(quantity, Person(), LIBRARY.norms)
    assert row is not None and row.position == "seated"


def test_sources_are_what_a_reader_can_look_up() -> None:
    """Author, year and journal, or plain words where nothing was published."""
    sources = [rule.source for one in ALL for rule in (one, *one.compensations)]
    sources += [row.source for row in LIBRARY.norms] + [gait_norms().source]
    for source in sources:
        assert "EVIDENCE" not in source and " deg" not in source, source
    for one in ALL:
        if one.trust in ("S", "S2", "M-H", "M-M", "M-L"):
            assert re.search(r"\d{4}|mytpi\.com", one.source), f"{one.id}: {one.source}"
