from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from coxa.model.assessment import Finding, Silence
from coxa.report.assessment import document
from coxa.report.assessment.case import Case, KeyFrame
from coxa.report.assessment.page import page
from coxa.report.assessment.sheet import sheet
from tests.support.assessed import (
    all_nan,
    case_of,
    empty,
    half_nan,
    nothing_seen,
    passport,
    seated,
    seated_case,
    walking_case,
)

KINDS = {
    "seated": seated_case,
    "nothing seen": nothing_seen,
    "empty": empty,
    "all unknown": all_nan,
    "half unknown": half_nan,
    "walking": walking_case,
    "twenty": lambda: seated_case(20),
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&\x00\x08\ud800"


@pytest.fixture(scope="module", params=KINDS)
def case(request: pytest.FixtureRequest) -> Case:
    return KINDS[request.param]()


class Reader(HTMLParser):
    """Tags left open, attributes met, headings and the words of the page."""

    void = frozenset({"meta", "path", "br", "img", "circle"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.void:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_a_page_closes_what_it_opens_and_needs_nothing_else(case: Case) -> None:
    read = Reader(page(sheet([case])))
    assert not read.open
    assert not {"script", "link", "iframe", "object"} & set(read.tags)
    for _, name, value in read.attributes:
        assert not name.startswith("on")
        if name in ("src", "href"):
            assert value.startswith("data:image/jpeg;base64,")
    assert ("html", "lang", "en") in read.attributes


def test_headings_follow_one_another_without_a_gap(case: Case) -> None:
    levels = [int(tag[1]) for tag in Reader(page(sheet([case]))).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels[1:]))


def test_every_figure_says_what_it_shows_and_draws_only_figures(case: Case) -> None:
    put = sheet([case])
    drawn = [one for chapter in put.chapters for one in chapter.figures]
    drawn += [one for one in (put.body, sheet(passport()).body) if one is not None]
    for one in drawn:
        root = ElementTree.fromstring(one.svg)  # noqa: S314
        assert root.get("role") == "img"
        assert len(root.get("aria-label", "")) > 40
        assert "nan" not in one.svg.lower().replace("roboto", "").split("aria-label")[0]
        width, height = float(root.get("width", "")), float(root.get("height", ""))
        for words in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 <= float(words.get("x", "")) <= width, (one.key, words.text)
            assert 8 <= float(words.get("y", "")) <= height - 2, (one.key, words.text)
        for shape in root.iter():
            for name in ("d", "x", "y", "cx", "cy"):
                assert "nan" not in (shape.get(name) or ""), (one.key, name)
                assert "inf" not in (shape.get(name) or ""), (one.key, name)


def test_every_finding_is_told_before_any_figure(case: Case) -> None:
    text = page(sheet([case]))
    put = sheet([case])
    words = " ".join(" ".join(Reader(text).words).split())
    for one in put.key_points:
        assert " ".join(one.words.split()) in words
    if put.key_points and put.body is not None:
        assert words.index(put.key_points[0].words[:30]) < words.index("Both sides at a glance")


def test_the_page_has_no_word_of_nan_or_none(case: Case) -> None:
    words = " ".join(Reader(page(sheet([case]))).words)
    assert not re.search(r"\b(nan|None|inf)\b", words)


def test_the_json_has_plain_values_only(case: Case) -> None:
    text = json.dumps(document([case.assessment]), allow_nan=False)
    assert json.loads(text)["assessments"][0]["protocol"] == case.assessment.protocol


def test_hostile_names_stay_words() -> None:
    case = seated_case()
    rules = tuple(one.model_copy(update={"title": HOSTILE}) for one in case.protocol.compensations)
    quantities = tuple(one.model_copy(update={"title": HOSTILE}) for one in case.protocol.quantities)
    found = replace(
        case.assessment,
        source=HOSTILE,
        title=HOSTILE,
        findings=(Finding("x", HOSTILE, 99.0, "", HOSTILE, HOSTILE),),
        silences=(Silence(HOSTILE, HOSTILE, HOSTILE),),
        provenance={HOSTILE: HOSTILE},
    )
    protocol = case.protocol.model_copy(update={"compensations": rules, "quantities": quantities})
    frame = KeyFrame("right", HOSTILE, 1.0, b"\xff\xd8", (10, 10))
    text = page(sheet([replace(case, assessment=found, protocol=protocol, key_frames=(frame,))], HOSTILE))
    read = Reader(text)
    assert "script" not in read.tags
    assert not [name for _, name, _ in read.attributes if name.startswith("on")]
    assert read.tags.count("img") == 1
    assert "\x00" not in text
    text.encode("utf-8")


def test_the_same_input_gives_the_same_page() -> None:
    assert page(sheet([seated_case()])) == page(sheet([seated_case()]))


def test_a_battery_begins_with_all_motions_and_both_sides() -> None:
    put = sheet([seated_case(), nothing_seen()], "Hip passport")
    text = page(put)
    assert text.index("All motions") < text.index('class="chapter"')
    assert put.title == "Hip passport"
    assert put.summary is not None
    internal = put.summary.rows[0]
    assert internal[0] == "Hip internal rotation, seated"
    assert "compensated" in internal[1]  # the right side
    assert "clean" in internal[2]


def test_an_unverified_reference_is_called_so() -> None:
    case = seated_case()
    assert any(one.norm is not None and not one.norm.verified for one in case.assessment.results)
    assert "unverified reference" in page(sheet([case]))


def test_a_side_that_cannot_be_called_is_told_all_the_same() -> None:
    case = case_of(seated(hike_deg=5.0, sd_deg=1.0))
    put = sheet([case])
    assert any("too close to call" in one.words for one in put.key_points), put.key_points


def test_what_was_not_observed_has_no_figure() -> None:
    put = sheet([nothing_seen()])
    assert put.body is None
    assert put.chapters[0].figures == ()
    assert put.chapters[0].silences
    assert "What this recording cannot tell" in page(put)


def test_parts_that_do_not_add_up_are_admitted() -> None:
    def ledger_of(case: Case) -> str:
        return next(one.caption for one in sheet([case]).chapters[0].figures if one.key.startswith("ledger"))

    motion = seated()
    assert "do not add up" not in ledger_of(case_of(motion))
    value = motion.value.copy()
    value[:, motion.index("hip_internal_rotation_left")] *= 1.4
    assert "do not add up" in ledger_of(case_of(replace(motion, value=value)))


def test_a_walk_whose_sides_do_not_differ_says_so() -> None:
    case = walking_case()
    even = tuple(replace(one, real=False) for one in case.assessment.comparisons)
    findings = tuple(one for one in case.assessment.findings if one.code == "gait.cycles")
    alike = replace(case, assessment=replace(case.assessment, comparisons=even, findings=findings))
    assert any(one.words.startswith("Left and right: no difference") for one in sheet([alike]).key_points)
    assert not any("no difference" in one.words for one in sheet([case]).key_points)


def test_each_side_may_have_a_recording_of_its_own() -> None:
    both = seated_case()
    left, right = (
        replace(
            both,
            assessment=replace(
                both.assessment, results=tuple(one for one in both.assessment.results if one.side == side)
            ),
        )
        for side in ("left", "right")
    )
    summary = sheet([left, right, nothing_seen()], "Hip passport").summary
    assert summary is not None
    assert "34" in summary.rows[0][2]
    assert "36" in summary.rows[0][1]


def test_a_helped_recording_does_not_pass_for_the_persons_own() -> None:
    own, helped = seated_case(), replace(seated_case(3, 0.0), helped=True)
    put = sheet([own, helped])
    assert put.summary is None
    assert put.key_points == sheet([own]).key_points
    assert put.body == sheet([own]).body
    assert [one.title for one in put.chapters] == [own.assessment.title, f"{own.assessment.title}, helped"]


def test_nothing_seen_says_how_to_record_again() -> None:
    assert any("film from the front, 2.5 m away" in one for one in sheet([nothing_seen()]).steps)


def test_figures_fit_a_page_however_many_repetitions_there_are() -> None:
    put = sheet([seated_case(45)])
    for one in put.chapters[0].figures:
        height = float(ElementTree.fromstring(one.svg).get("height", ""))  # noqa: S314
        assert height < 850, one.key  # of 680 wide: A4 within its margins has 1.45 times its width
    assert "15 more are in the table" in put.chapters[0].figures[1].caption
    assert len(put.chapters[0].details[0].rows) == 45
