from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from coxa.model.motion import Motion
from coxa.report import palette
from coxa.report.film import FilmTally
from coxa.report.html import Report, render
from coxa.report.summary import MotionTally
from coxa.report.trace import TraceBuilder
from coxa.report.views import hip_or_back
from tests.support.made_up import a_motion, a_recording


def report_of(motion: Motion) -> Report:
    tally, trace, film = MotionTally(), TraceBuilder(), FilmTally()
    for start in range(0, len(motion.time_s), 300):
        part = motion.window(slice(start, start + 300))
        tally.add(part)
        trace.add(part)
        film.add(a_recording(len(part.time_s), n_before=start))
    facts = film.facts(tally.latest)
    return Report(
        motion.source, tally.start_s, tally.end_s, tally.n_frames, tally.summaries(), trace.build(),
        trace.frames_per_bucket, facts, dict(motion.diagnostics.get("fit", {})), "today",
    )  # fmt: skip


def verdict_of(motion: Motion) -> tuple[str, str]:
    return hip_or_back({one.coordinate: one for one in report_of(motion).summaries})


class Reader(HTMLParser):
    """Tags left open, attributes met and the words of the page."""

    void = frozenset({"meta", "path", "rect", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def page() -> str:
    return render(report_of(a_motion(600)))


def test_the_page_is_well_formed(page: str) -> None:
    assert read(page).open == []


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    assert "://" not in page
    assert not re.search(r"(?:src|href)\s*=", page)
    assert "@import" not in page
    assert set(re.findall(r"url\((.)", page)) <= {"#"}
    assert "<script" not in page
    assert "default-src 'none'" in page


def test_it_says_what_moved_and_that_hip_and_back_were_not_told_apart(page: str) -> None:
    words = " ".join(" ".join(read(page).words).split())
    assert "What moved, and how sure we are" in words
    assert "90° ± 7°" in words
    assert "Not told apart by this recording" in words
    assert "not a diagnosis" in words
    assert "The person was in full view throughout." in words


def test_what_is_not_observable_is_listed_with_reason_and_help_but_never_drawn(page: str) -> None:
    drawn, silent = page.split("What this source cannot tell")
    assert "Hip flexion, the joint alone, left and right" in silent
    assert "The pelvis is seen as two points" in silent
    assert "printed tags" in silent
    assert "Hip flexion, the joint alone" not in drawn
    assert "Lower back flexion" not in drawn


def test_every_curve_can_be_heard(page: str) -> None:
    attributes = read(page).attributes
    pictures = [value for tag, name, value in attributes if (tag, name) == ("svg", "role")]
    labels = [value for tag, name, value in attributes if (tag, name) == ("svg", "aria-label")]
    assert len(pictures) == len(labels) > 5
    assert all("range of" in label for label in labels)


def test_ten_minutes_stay_small() -> None:
    page = render(report_of(a_motion(18_000)))
    assert len(page.encode()) < 1_500_000
    assert "each point spans" in page


def test_hip_and_back_are_told_apart_where_both_are_observed() -> None:
    motion = a_motion(300)
    page = render(report_of(replace(motion, observability=np.full_like(motion.observability, 2))))
    assert "Told apart." in page
    assert "What this source cannot tell" not in page


def test_a_hip_that_was_seldom_seen_says_so_beside_its_range() -> None:
    motion = a_motion(300)
    levels = np.full_like(motion.observability, 2)
    levels[30:, motion.index("hip_flexion_left")] = 1
    verdict, words = verdict_of(replace(motion, observability=levels))
    assert verdict == "Told apart."
    assert re.findall(r"the left hip [^,]* \(seen in 10\s%", words)
    assert words.count("(seen in") == 1
    levels[30:, motion.index("hip_flexion_right")] = 1
    verdict, _ = verdict_of(replace(motion, observability=levels))
    assert verdict == "Not told apart by this recording."


def test_what_its_own_error_could_feign_is_no_headline() -> None:
    motion = a_motion(300)
    page = render(report_of(replace(motion, sd=np.full_like(motion.sd, np.radians(40.0)))))
    assert "Nothing was observed to move" in page


def test_when_nothing_is_observable_the_page_says_so() -> None:
    motion = a_motion(300)
    page = render(report_of(replace(motion, observability=np.zeros_like(motion.observability))))
    assert "Nothing was observed to move" in page
    assert 'class="line' not in page.split("</style>")[1].split("<main>")[1].split("Over time")[0]


def test_names_from_outside_cannot_break_the_page() -> None:
    page = render(report_of(replace(a_motion(30), source="<img src=x onerror=alert(1)>.mp4")))
    assert "<img" not in page


def test_one_frame_and_none(page: str) -> None:
    assert "<svg" in render(report_of(a_motion(1)))
    assert "Nothing was observed to move" in render(Report("", np.nan, np.nan, 0, (), None))


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_colours_are_legible_on_white(page: str) -> None:
    soft = re.search(r"--soft: (#\w+)", page)
    assert soft
    for colour in (palette.LEFT_ON_WHITE, palette.RIGHT_ON_WHITE, palette.SINGLE_ON_WHITE, soft[1]):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5
