from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coxa.model.motion import KINDS, Motion, Observability
from coxa.report.document import plain, summary_document
from coxa.report.film import FilmTally, film_rows
from coxa.report.summary import CoordinateSummary, MotionTally
from coxa.report.views import unobservable
from tests.support.made_up import a_motion, a_recording


def tally_of(*motions: Motion) -> MotionTally:
    tally = MotionTally()
    for motion in motions:
        tally.add(motion)
    return tally


def one(values_deg: list[float], level: list[int], sd_deg: list[float] | None = None) -> CoordinateSummary:
    value = np.radians(np.array(values_deg))[:, None]
    sd = np.radians(np.array(sd_deg if sd_deg is not None else [1.0] * len(values_deg)))[:, None]
    motion = Motion(
        np.arange(float(len(value))), ("a",), value, sd, np.array(level, np.uint8)[:, None], {"a": "because"}
    )
    return tally_of(motion).summaries()[0]


def test_range_runs_over_observed_frames_only() -> None:
    summary = one([1.0, 5.0, 90.0, 3.0], [2, 2, 1, 2], [1.0, 2.0, 3.0, 4.0])
    assert summary.level is Observability.OBSERVED
    assert summary.minimum is not None
    assert summary.maximum is not None
    assert (summary.maximum.value_deg, summary.maximum.time_s) == (pytest.approx(5.0), 1.0)
    assert summary.range_deg == pytest.approx(4.0)
    assert summary.range_sd_deg == pytest.approx(np.hypot(1.0, 2.0))


def test_without_observed_frames_weak_ones_count_and_say_so() -> None:
    summary = one([1.0, 5.0, 9.0], [1, 1, 0])
    assert summary.level is Observability.WEAK
    assert summary.range_deg == pytest.approx(4.0)


def test_of_what_is_not_observable_no_figure_is_given() -> None:
    summary = one([1.0, 50.0], [0, 0])
    assert summary.level is Observability.NOT_OBSERVABLE
    assert (summary.minimum, summary.range_deg, summary.median_sd_deg) == (None, None, None)
    assert summary.reason == "because"


def test_a_stray_frame_does_not_make_a_coordinate_observed() -> None:
    assert one([0.0] * 100, [2, *[0] * 99]).level is Observability.NOT_OBSERVABLE


def test_a_frame_without_estimate_is_not_observable_whatever_its_mark() -> None:
    assert one([np.nan, np.nan], [2, 2]).share == (1.0, 0.0, 0.0)


@given(st.lists(st.floats(0.02, 300.0), min_size=1, max_size=60))
def test_the_median_sd_is_right_to_a_few_percent(sd_deg: list[float]) -> None:
    got = one([0.0] * len(sd_deg), [2] * len(sd_deg), sd_deg).median_sd_deg
    low, high = np.sort(sd_deg)[[(len(sd_deg) - 1) // 2, len(sd_deg) // 2]]
    assert got is not None
    assert 0.97 * low <= got <= 1.03 * high


@given(st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_parts_add_up_to_the_whole(lengths: list[int]) -> None:
    whole = a_motion(sum(lengths))
    ends = np.cumsum(lengths)
    parts = [
        whole.window(slice(end - length, end)) for end, length in zip(ends.tolist(), lengths, strict=True)
    ]
    assert tally_of(*parts).summaries() == tally_of(whole).summaries()


def test_the_document_is_json_without_nan_and_names_everything() -> None:
    tally, film = tally_of(a_motion(90)), FilmTally()
    film.add(a_recording(90))
    document = summary_document(tally, {**film.facts(tally.latest), "blur": float("nan")})
    back = json.loads(json.dumps(document, allow_nan=False))
    assert back == document
    assert (back["schema"], back["schema_version"]) == ("coxa.summary", 1)
    assert set(back["coordinates"]) == set(a_motion(1).coordinates)
    knee = back["coordinates"]["knee_flexion_left"]
    assert knee["observability"] == "observed"
    assert knee["percent_of_frames"] == {"not_observable": 0.0, "weak": 0.0, "observed": 100.0}
    assert back["coordinates"]["lumbar_flexion"]["minimum"] is None
    assert back["coordinates"]["lumbar_flexion"]["reason"]
    assert back["film"]["blur"] is None
    assert back["fit"] == {"residual_px": 3.1}


def test_an_empty_run_still_makes_a_document() -> None:
    document = summary_document(MotionTally(), FilmTally().facts(None))
    assert json.loads(json.dumps(document, allow_nan=False))["coordinates"] == {}


def test_film_counts_frames_without_the_person() -> None:
    film = FilmTally()
    for before in (0, 60):
        film.add(a_recording(60, n_before=before))
    facts = film.facts(None)
    assert facts["frames_without_person"] == 2
    assert facts["frame_rate_hz"] == pytest.approx(30.0)
    assert facts["duration_s"] == pytest.approx(4.0)
    assert facts["visibility"] == pytest.approx(0.9)


def test_what_the_producer_says_of_the_film_goes_first() -> None:
    film = FilmTally()
    film.add(a_recording(60))
    assert film.facts(a_motion(60))["camera_tilt_deg"] == -3.2


def test_film_facts_in_words() -> None:
    facts = {"n_frames": 200, "frames_swapped": 3, "width_px": 640, "height_px": 480, "visibility": 0.876}
    rows = {title: figure for title, figure, _ in film_rows({**facts, "blur": np.nan, "new_key": True})}
    assert rows["Resolution"] == "640 \u00d7 480"
    assert rows["Left and right corrected"] == "3 (2\u202f%)"
    assert rows["Visibility of joints"] == "88\u202f%"
    assert rows["New key"] == "yes"
    assert "Blur" not in rows


def test_plain_unpacks_numpy_and_has_no_nan() -> None:
    value = {"a": np.float32(1.5), 2: (np.nan, np.inf), "b": np.arange(2), "c": {"d": None}}
    assert plain(value) == {"a": 1.5, "2": [None, None], "b": [0, 1], "c": {"d": None}}


def test_what_would_tell_it_is_named_and_said_once() -> None:
    film = Motion(
        np.arange(2.0),
        ("pelvis_anterior_tilt", "knee_flexion_left"),
        np.zeros((2, 2)),
        np.full((2, 2), 0.02),
        np.array([[0, 2], [0, 2]], np.uint8),
        {"pelvis_anterior_tilt": "two points show no tilt; to see it: wear a tag"},
        diagnostics={KINDS: ["pose_network"]},
    )
    tally = tally_of(film)
    tilt, knee = tally.summaries()
    assert tilt.reason == "two points show no tilt"
    assert tilt.remedy == (
        "a film from the side in which the outline of the back shows, or a phone on the sacrum"
    )
    assert knee.additions == ()
    (silent,) = unobservable({one.coordinate: one for one in (tilt, knee)})
    assert silent.help == tilt.remedy
    told = summary_document(tally, {})["coordinates"]["pelvis_anterior_tilt"]["observed_with"]
    assert [one["id"] for one in told] == ["film_side", "phone_sacrum"]


def test_where_nothing_is_known_of_the_source_the_reason_keeps_its_own_remedy() -> None:
    (found,) = tally_of(
        Motion(
            np.arange(1.0),
            ("pelvis_anterior_tilt",),
            np.zeros((1, 1)),
            np.ones((1, 1)),
            np.zeros((1, 1), np.uint8),
            {"pelvis_anterior_tilt": "hidden; to see it: show it"},
        )
    ).summaries()
    assert (found.reason, found.additions) == ("hidden; to see it: show it", ())
    (silent,) = unobservable({found.coordinate: found})
    assert silent.help == ""
