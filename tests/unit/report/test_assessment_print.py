from __future__ import annotations

import re
import time
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest

from coxa.model.assessment import Finding
from coxa.report.assessment.case import KeyFrame
from coxa.report.assessment.print import pdf
from coxa.report.assessment.sheet import sheet
from tests.support.assessed import all_nan, empty, half_nan, nothing_seen, passport, seated_case, walking_case


def words_of(made: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(made)
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]


def spaced(words: str) -> str:
    return re.sub(r"\s+", " ", words)


def test_the_first_page_is_the_persons_and_says_the_findings() -> None:
    put = sheet([seated_case()])
    pages = words_of(pdf(put))
    assert put.title in pages[0]
    for one in put.key_points:
        assert spaced(one.words) in pages[0]
    assert "What to do next" in pages[0]
    assert "Who did the moving" not in pages[0]
    assert any("Who did the moving" in page for page in pages[1:])
    assert any("Method and provenance" in page for page in pages)


@pytest.mark.parametrize("make", [nothing_seen, empty, all_nan, half_nan, walking_case])
def test_anything_that_was_found_can_be_printed(make) -> None:
    pages = words_of(pdf(sheet([make()])))
    assert len(pages) >= 2
    assert not re.search(r"\b(nan|None)\b", " ".join(pages))


def test_twenty_repetitions_are_all_there() -> None:
    pages = " ".join(words_of(pdf(sheet([seated_case(20)]))))
    assert "20 of 20" in pages


def test_it_is_tagged_titled_and_in_english() -> None:
    made = pdf(sheet([seated_case()]))
    document = pypdfium2.PdfDocument(made)
    assert document.get_metadata_value("Title") == "Seated hip rotation, internal and external"
    assert document.is_tagged()
    assert b"/Lang" in made or b"en-" in made or b"(en)" in made


def test_the_same_input_gives_the_same_bytes() -> None:
    assert pdf(sheet([seated_case()])) == pdf(sheet([seated_case()]))


def test_words_are_not_taken_for_markup() -> None:
    case = seated_case()
    hostile = '#panic("x") *bold* $x$ `raw` <label> \\ @ref // /* [ ] \x00 \x07 \ud800'
    found = replace(case.assessment, source=hostile, title=hostile, findings=(Finding("x", hostile, 99.0),))
    text = " ".join(words_of(pdf(sheet([replace(case, assessment=found)]))))
    assert '#panic("x") *bold* $x$ `raw` <label>' in text


def test_names_in_other_scripts_do_not_stop_it() -> None:
    case = seated_case()
    found = replace(case.assessment, source="\u6f14\u793a \u05d0\u05d1 \ue000 \U0001f600.mp4")
    assert words_of(pdf(sheet([replace(case, assessment=found)])))


def test_pictures_are_on_the_page(tmp_path) -> None:
    import cv2

    grey = np.full((40, 30, 3), 127, np.uint8)
    jpeg = cv2.imencode(".jpg", grey)[1].tobytes()
    frames = tuple(KeyFrame("right", moment, 1.0, jpeg, (30, 40)) for moment in ("start", "end range"))
    case = replace(seated_case(), key_frames=frames)
    document = pypdfium2.PdfDocument(pdf(sheet([case])))
    assert "End range, 1.0" in words_of(pdf(sheet([case])))[0]
    kinds = [one.type for one in document[0].get_objects(max_depth=6)]
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 2


def test_it_takes_less_than_two_seconds() -> None:
    put = sheet([seated_case(4, 8.3)])  # drawn nowhere else: the engine keeps what it has set before
    start = time.process_time()  # of all threads; others may use the machine
    pdf(put)
    assert time.process_time() - start < 2.0


def test_six_motions_of_both_sides_fit_on_the_persons_page() -> None:
    first, second, *_ = words_of(pdf(sheet(passport(), "Hip passport")))
    assert "All motions" in first
    assert first.count("Hip abduction backwards") == 3  # each side of the body, and the table
    assert "What to do next" in first
    assert "Against reference people" in second
