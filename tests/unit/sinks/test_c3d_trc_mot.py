"""What is written is read back: nothing that a format can hold is lost."""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from dataclasses import replace
from pathlib import Path

import ezc3d
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coxa.adapters.formats import open_recording, writer_of
from coxa.adapters.sinks.c3d import write_c3d
from coxa.app.request import ReadOptions
from coxa.model.channels import AnalogChannels, Event, JointAngles, SegmentOrientations, SpacePoints
from coxa.model.errors import OutputError
from coxa.model.recording import Recording, Subject
from tests.support.lab_recording import lab_recording

NAMES = st.lists(st.text("ABCXYZabc019._-", min_size=1, max_size=12), min_size=1, max_size=6, unique=True)
LENGTH = st.one_of(st.none(), st.floats(0.01, 2.0))


def there_and_back(recording: Recording, path: Path) -> Recording:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        writer_of(path)(recording, path)
    return Recording.concatenate(list(open_recording(path, ReadOptions()).parts(50)))


def same(a: np.ndarray, b: np.ndarray, tolerance: float) -> None:
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=tolerance)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n_frames, rate_hz = draw(st.integers(1, 40)), draw(st.sampled_from([50.0, 100.0, 119.88, 250.0]))
    time_s = (draw(st.integers(0, 500)) if n_frames > 1 else 0) / rate_hz + np.arange(n_frames) / rate_hz
    names = tuple(draw(NAMES))
    position = rng.uniform(0.1, 1.9, (n_frames, len(names), 3))
    position[rng.random((n_frames, len(names))) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    position[0] = rng.uniform(0.1, 1.9, (len(names), 3))
    stems = ("LHipAngles", "RPelvisAngles")[: draw(st.integers(0, 2))]
    value = rng.uniform(-3.0, 3.0, (n_frames, 3 * len(stems)))
    angles = JointAngles(
        tuple(f"{stem}.{axis}" for stem in stems for axis in "xyz"),
        value,
        np.full_like(value, np.nan),
        np.ones(3 * len(stems), bool),
        "plug_in_gait",
    )
    samples = draw(st.sampled_from([1, 5, 20]))
    sample_s = (time_s[:, None] + np.arange(samples) / samples / rate_hz).ravel()
    signal = AnalogChannels(("EMG",), ("V",), sample_s, rng.normal(0, 5, (len(sample_s), 1)))
    sides = st.sampled_from(["left", "right", None])
    events = [
        Event(float(time_s[0]) + offset, f"Event {i}", draw(sides))
        for i, offset in enumerate(sorted(draw(st.lists(st.floats(0.0, 90.0), max_size=3))))
    ]
    measures = {side: length for side in ("left", "right") if (length := draw(LENGTH)) is not None}
    return Recording(
        time_s=time_s,
        space_points=(SpacePoints(names, position, np.full(len(names), 0.001), "markers"),),
        angles=(angles,) if stems else (),
        analog=(signal,) if draw(st.booleans()) else (),
        events=tuple(events),
        subject=Subject("Ann", draw(LENGTH), draw(st.floats(20, 150)), draw(LENGTH), leg_length_m=measures),
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=recordings())
def test_c3d_loses_nothing(tmp_path: Path, made: Recording) -> None:
    back = there_and_back(made, tmp_path / "a.c3d")
    if made.n_frames > 1:
        same(back.time_s, made.time_s, 1e-4)
    assert back.space_points[0].names == made.space_points[0].names
    same(back.space_points[0].position_m, made.space_points[0].position_m, 1e-7)
    for mine, theirs in zip(back.angles, made.angles, strict=True):
        assert mine.names == theirs.names
        same(mine.value, theirs.value, 1e-6)
    for mine, theirs in zip(back.analog, made.analog, strict=True):
        assert (mine.names, mine.units) == (theirs.names, theirs.units)
        same(mine.value, theirs.value, 1e-6)
    assert [(one.label, one.side) for one in back.events] == [(one.label, one.side) for one in made.events]
    same(np.array([e.time_s for e in back.events]), np.array([e.time_s for e in made.events]), 1e-3)
    assert back.subject.mass_kg == pytest.approx(made.subject.mass_kg)
    assert back.subject.height_m == pytest.approx(made.subject.height_m)
    assert back.subject.leg_length_m == pytest.approx(made.subject.leg_length_m)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=recordings())
def test_trc_and_mot_lose_nothing_of_theirs(tmp_path: Path, made: Recording) -> None:
    back = there_and_back(made, tmp_path / "a.trc")
    assert back.space_points[0].names == made.space_points[0].names
    same(back.time_s, made.time_s, 1e-8)
    assert np.array_equal(
        np.isnan(back.space_points[0].position_m), np.isnan(made.space_points[0].position_m)
    )
    if made.angles:
        back = there_and_back(made, tmp_path / "a.mot")
        assert back.angles[0].names == made.angles[0].names
        same(back.angles[0].value, made.angles[0].value, 1e-9)


def test_a_whole_laboratory_recording(tmp_path: Path) -> None:
    made = lab_recording()
    back = there_and_back(made, tmp_path / "a.c3d")
    same(back.space_points[0].position_m, made.space_points[0].position_m, 1e-7)
    same(back.angles[0].value, made.angles[0].value, 1e-6)
    same(back.analog[0].value, made.analog[0].value, 1e-6)
    same(back.forces[0].force_n, made.forces[0].force_n, 1e-4)
    same(back.forces[0].moment_nm, made.forces[0].moment_nm, 1e-4)
    same(back.forces[0].corners_m, made.forces[0].corners_m, 1e-7)
    assert back.analog[0].names == made.analog[0].names
    assert back.subject.knee_width_m == pytest.approx(made.subject.knee_width_m)
    assert [event.label for event in back.events] == [event.label for event in made.events]
    trc = there_and_back(made, tmp_path / "a.trc")
    same(trc.space_points[0].position_m, made.space_points[0].position_m, 1e-9)
    mot = there_and_back(made, tmp_path / "a.mot")
    same(mot.angles[0].value, made.angles[0].value, 1e-9)


def test_ezc3d_reads_the_same(tmp_path: Path) -> None:
    made = lab_recording()
    write_c3d(made, tmp_path / "a.c3d")
    theirs = ezc3d.c3d(str(tmp_path / "a.c3d"), extract_forceplat_data=True)
    points = np.moveaxis(theirs["data"]["points"][:3], (0, 1, 2), (2, 1, 0))
    n_markers = len(made.space_points[0].names)
    same(points[:, :n_markers] / 1e3, made.space_points[0].position_m, 1e-7)
    same(np.radians(points[:, n_markers:]).reshape(60, 6), made.angles[0].value, 1e-6)
    same(theirs["data"]["analogs"][0][:2].T, made.analog[0].value, 1e-6)
    same(theirs["data"]["platform"][0]["force"].T, made.forces[0].force_n, 1e-3)
    same(theirs["data"]["platform"][0]["moment"].T / 1e3, made.forces[0].moment_nm, 1e-3)
    parameters = theirs["parameters"]
    assert parameters["POINT"]["RATE"]["value"] == [100.0]
    assert parameters["ANALOG"]["RATE"]["value"] == [1000.0]
    assert parameters["EVENT"]["CONTEXTS"]["value"] == ["Left", "Right", "General"]
    assert parameters["PROCESSING"]["BODYMASS" if "BODYMASS" in parameters["PROCESSING"] else "Bodymass"][
        "value"
    ] == [62.0]


def test_what_a_format_cannot_hold_is_refused_or_said(tmp_path: Path) -> None:
    made = lab_recording()
    uneven = replace(made, time_s=made.time_s**1.5, analog=(), forces=())
    with pytest.raises(OutputError, match="evenly spaced"):
        writer_of(tmp_path / "a.c3d")(uneven, tmp_path / "a.c3d")
    turned = SegmentOrientations(("pelvis",), np.tile(np.eye(3), (60, 1, 1, 1)), np.ones(1))
    with pytest.warns(match="orientations"):
        writer_of(tmp_path / "b.c3d")(replace(made, orientations=(turned,)), tmp_path / "b.c3d")
    for suffix in ("c3d", "trc", "mot"):
        path = tmp_path / f"c.{suffix}"
        with pytest.raises(OutputError, match="holds no"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            writer_of(path)(Recording(time_s=made.time_s, orientations=(turned,)), path)
    assert {path.name for path in tmp_path.iterdir()} == {"b.c3d"}


def test_nothing_is_left_where_the_disk_refuses(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write_c3d(lab_recording(), tmp_path / "no" / "such" / "folder.c3d")


@pytest.mark.reference
@pytest.mark.parametrize("pattern", ["biomechzoo/*/*.c3d", "pycgm/*.c3d"])
def test_real_recordings(reference_data: Path, tmp_path: Path, pattern: str) -> None:
    for path in sorted((reference_data / "plug_in_gait").glob(pattern))[::4]:
        made = Recording.concatenate(list(open_recording(path, ReadOptions()).parts(100)))
        back = there_and_back(made, tmp_path / "a.c3d")
        np.testing.assert_array_equal(back.space_points[0].position_m, made.space_points[0].position_m)
        for mine, theirs in zip(back.angles, made.angles, strict=True):
            np.testing.assert_allclose(mine.value, theirs.value, atol=1e-7)
        np.testing.assert_array_equal(back.analog[0].value, made.analog[0].value)
        for mine, theirs in zip(back.forces, made.forces, strict=True):
            same(mine.force_n, theirs.force_n, 1e-4)
            same(mine.moment_nm, theirs.moment_nm, 1e-4)
        assert back.subject == made.subject
        np.testing.assert_allclose(back.time_s, made.time_s)
        theirs = ezc3d.c3d(str(path))
        labels = [*theirs["parameters"]["POINT"]["LABELS"]["value"]]
        file_axes = made.space_points[0].position_m[..., (0, 2, 1)] * [1e3, -1e3, 1e3]
        for column, name in enumerate(made.space_points[0].names):
            if name in labels:
                wanted = theirs["data"]["points"][:3, labels.index(name)].T
                wanted = np.where((wanted == 0).all(axis=1, keepdims=True), np.nan, wanted)
                np.testing.assert_allclose(file_axes[:, column], wanted, atol=1e-6)


OPENSIM = os.environ.get("COXA_OPENSIM_PYTHON")
WORKER = """
import json, sys, opensim
opensim.Logger.setLevelString("Off")
table = opensim.TimeSeriesTableVec3(sys.argv[1])
rows = [[[v[i] for i in range(3)] for v in (table.getRowAtIndex(r)[c] for c in range(table.getNumColumns()))]
        for r in range(table.getNumRows())]
storage = opensim.Storage(sys.argv[2])
labels = storage.getColumnLabels()
column = opensim.ArrayDouble()
storage.getDataColumn("LHipAngles.x", column)
print(json.dumps({
    "names": list(table.getColumnLabels()), "rows": rows, "times": list(table.getIndependentColumn()),
    "degrees": storage.isInDegrees(), "labels": [labels.get(i) for i in range(labels.getSize())],
    "angle": [column.get(i) for i in range(column.getSize())],
}))
"""


@pytest.mark.skipif(not OPENSIM, reason="COXA_OPENSIM_PYTHON names no interpreter that has OpenSim")
def test_opensim_reads_the_same(tmp_path: Path) -> None:
    made = lab_recording(20)
    for suffix in ("trc", "mot"):
        there_and_back(made, tmp_path / f"a.{suffix}")
    command = [str(OPENSIM), "-c", WORKER, str(tmp_path / "a.trc"), str(tmp_path / "a.mot")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    got = json.loads(done.stdout.strip().splitlines()[-1])
    assert tuple(got["names"]) == made.space_points[0].names
    same(np.array(got["rows"], float), made.space_points[0].position_m, 1e-9)
    same(np.array(got["times"]), made.time_s, 1e-9)
    assert got["degrees"]
    assert set(made.angles[0].names) < set(got["labels"])
    same(np.radians(got["angle"]), made.angles[0].value[:, 0], 1e-9)
