"""C3D as it comes: byte orders, integers, units, axes, people, long files; ezc3d is the reference."""

from __future__ import annotations

import struct
import tracemalloc
from dataclasses import replace
from pathlib import Path

import ezc3d
import numpy as np
import pytest

from coxa.adapters.sinks.c3d import c3d_stream, write_c3d
from coxa.adapters.sinks.c3d_encode import Groups, Integers, Reals, header, parameter_section
from coxa.adapters.sources.c3d import open_c3d
from coxa.adapters.sources.c3d_parameters import DEC, MIPS, decode_floats
from coxa.app.request import ReadOptions
from coxa.model.channels import SpacePoints
from coxa.model.errors import SourceError
from coxa.model.recording import Recording
from tests.support.lab_recording import lab_recording

UPRIGHT = {
    "+X": (1, 2, 0),
    "+Y": (0, 1, 2),
    "+Z": (2, 0, 1),
}  # file's X, Y, Z from the room's, cyclic: no mirror


def read(path: Path, **options: object) -> Recording:
    return Recording.concatenate(list(open_c3d(path, ReadOptions(**options)).parts(7)))  # type: ignore[arg-type]


def by_ezc3d(
    path: Path,
    position: np.ndarray,
    names: list[str],
    *,
    units: str = "mm",
    screen: str | None = None,
    rate_hz: float = 100.0,
) -> None:
    """A file as other software writes it; ``position`` (n_frames, n_points, 3) in its own unit and axes."""
    made = ezc3d.c3d()
    made["parameters"]["POINT"]["RATE"]["value"] = [rate_hz]
    made["parameters"]["POINT"]["LABELS"]["value"] = names
    made["parameters"]["POINT"]["UNITS"]["value"] = [units]
    if screen:
        made.add_parameter("POINT", "X_SCREEN", ["+X"])
        made.add_parameter("POINT", "Y_SCREEN", [screen])
    lost = np.isnan(position).any(axis=2)
    points = np.ones((4, len(names), len(position)))
    points[:3] = np.moveaxis(position, (0, 1, 2), (2, 1, 0))
    made["data"]["points"] = points
    made["data"]["meta_points"]["residuals"] = np.where(lost.T, -1.0, 0.0)[None]
    made.write(str(path))


def person() -> SpacePoints:
    return lab_recording(20).space_points[0]


@pytest.mark.parametrize("up", UPRIGHT)
@pytest.mark.parametrize(("units", "scale"), [("mm", 1e3), ("cm", 1e2), ("m", 1.0), ("in", 1 / 0.0254)])
def test_units_and_axes_are_turned_into_the_rooms(tmp_path: Path, up: str, units: str, scale: float) -> None:
    points = person()
    stored = scale * points.position_m[..., UPRIGHT[up]]
    by_ezc3d(tmp_path / "a.c3d", stored, list(points.names), units=units)
    reader = open_c3d(tmp_path / "a.c3d", ReadOptions())
    got = read(tmp_path / "a.c3d").space_points[0].position_m
    assert reader.header.units == units
    assert up in reader.header.axes or (up == "+Y" and "Y is up" in reader.header.axes)
    assert np.array_equal(np.isnan(got), np.isnan(points.position_m))
    np.testing.assert_allclose(got[..., 1], points.position_m[..., 1], atol=1e-6)
    for wanted, found in (
        (points.position_m, got),
    ):  # turned about the vertical at most: distances and hands stay
        here, there = (at[0, [0, 1, 4]] - at[0, 3] for at in (wanted, found))
        np.testing.assert_allclose(np.linalg.det(here), np.linalg.det(there), atol=1e-6)


def test_a_wrong_claim_about_the_vertical_is_overruled_and_said(tmp_path: Path) -> None:
    points = person()
    by_ezc3d(tmp_path / "a.c3d", 1e3 * points.position_m[..., (2, 0, 1)], list(points.names), screen="+Y")
    said = open_c3d(tmp_path / "a.c3d", ReadOptions()).header
    assert "+Z is up" in said.axes
    assert "stands along +Z" in said.notes[0]


def test_somebody_lying_is_believed_to_lie(tmp_path: Path) -> None:
    points = person()
    lying = points.position_m[..., (1, 2, 0)] + [2.0, 0.0, 0.8]  # head along X, the couch at 0.8 m
    by_ezc3d(tmp_path / "a.c3d", 1e3 * lying, list(points.names), screen="+Z")
    said = open_c3d(tmp_path / "a.c3d", ReadOptions()).header
    assert "+Z is up" in said.axes
    assert "lying" in said.notes[0]


def test_people_are_told_apart_by_their_prefixes(tmp_path: Path) -> None:
    points = person()
    both = np.concatenate([points.position_m, points.position_m + np.array([0, 0, 2.0])], axis=1)
    names = [f"{who}:{name}" for who in ("Ann", "Bea") for name in points.names]
    by_ezc3d(tmp_path / "a.c3d", 1e3 * both, names, screen="+Y")
    with pytest.raises(SourceError, match="Ann, Bea"):
        open_c3d(tmp_path / "a.c3d", ReadOptions())
    with pytest.raises(SourceError, match="Cleo"):
        open_c3d(tmp_path / "a.c3d", ReadOptions(person="Cleo"))
    bea = read(tmp_path / "a.c3d", person="Bea").space_points[0]
    assert bea.names == points.names
    np.testing.assert_allclose(
        bea.position_m - points.position_m, [0, 0, 2.0] + 0 * bea.position_m, atol=1e-6
    )


def test_results_of_models_and_nameless_points_are_no_markers(tmp_path: Path) -> None:
    made = lab_recording(20)
    write_c3d(made, tmp_path / "a.c3d")
    raw = (tmp_path / "a.c3d").read_bytes().replace(b"LTHI", b"*101").replace(b"ANGLES", b"POWERS")
    (tmp_path / "a.c3d").write_bytes(raw)
    reader = open_c3d(tmp_path / "a.c3d", ReadOptions())
    recording = read(tmp_path / "a.c3d")
    assert "LTHI" not in recording.space_points[0].names
    assert "LHipAngles" not in recording.space_points[0].names
    assert recording.angles == ()
    assert any("no name" in note for note in reader.header.notes)
    assert any("results of a model" in note for note in reader.header.notes)


def test_more_frames_than_16_bits_count(tmp_path: Path) -> None:
    part, points = lab_recording(1000), lab_recording(1000).space_points[0]
    few = SpacePoints(points.names[:3], points.position_m[:, :3], points.sd_m[:3], "markers")
    part = replace(part, space_points=(few,), analog=(), forces=(), angles=())
    n_frames = 70_000
    with c3d_stream(part, n_frames, tmp_path / "long.c3d") as stream:
        for _ in range(n_frames // part.n_frames):
            stream.write(part)
    reader = open_c3d(tmp_path / "long.c3d", ReadOptions())
    assert reader.header.n_frames == n_frames
    *_, last = reader.parts(1000)
    assert last.time_s[-1] == pytest.approx((n_frames - 1) / 100.0)
    np.testing.assert_allclose(last.space_points[0].position_m, part.space_points[0].position_m, atol=1e-6)
    raw = bytearray((tmp_path / "long.c3d").read_bytes())  # other software knows only the counters that wrap
    for name in (b"ACTUAL_START_FIELD", b"ACTUAL_END_FIELD", b"LONG_FRAMES"):
        at = raw.index(name)
        raw[at : at + 6] = b"UNUSED"
    (tmp_path / "long.c3d").write_bytes(raw)
    assert open_c3d(tmp_path / "long.c3d", ReadOptions()).header.n_frames == n_frames


def test_a_sample_is_spread_over_the_whole(tmp_path: Path) -> None:
    write_c3d(lab_recording(60), tmp_path / "a.c3d")
    sample = open_c3d(tmp_path / "a.c3d", ReadOptions()).sample(10)
    whole = read(tmp_path / "a.c3d")
    assert sample.n_frames == 10
    np.testing.assert_array_equal(sample.time_s, whole.time_s[::6])
    np.testing.assert_array_equal(sample.space_points[0].position_m, whole.space_points[0].position_m[::6])
    assert len(sample.analog[0].time_s) == 100


def test_parts_join_to_the_whole(tmp_path: Path) -> None:
    write_c3d(lab_recording(60), tmp_path / "a.c3d")
    reader = open_c3d(tmp_path / "a.c3d", ReadOptions())
    (whole,) = reader.parts(1000)
    joined = Recording.concatenate(list(reader.parts(7)))
    assert joined.events == whole.events
    assert len(joined.events) == 3
    for one, other in ((joined.analog[0].value, whole.analog[0].value), (joined.time_s, whole.time_s)):
        np.testing.assert_array_equal(one, other)


def test_memory_holds_one_part_at_a_time(tmp_path: Path) -> None:
    part = replace(lab_recording(1000), analog=(), forces=(), angles=())
    with c3d_stream(part, 20_000, tmp_path / "long.c3d") as stream:
        for _ in range(20):
            stream.write(part)
    reader = open_c3d(tmp_path / "long.c3d", ReadOptions())
    tracemalloc.start()
    n_frames = sum(one.n_frames for one in reader.parts(200))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert n_frames == 20_000
    assert peak < 2e6 < (tmp_path / "long.c3d").stat().st_size / 3


def integers_of(floats: bytes, scale: float) -> bytes:
    """The same file with 16-bit integers instead of floats."""
    start = (struct.unpack_from("<H", floats, 16)[0] - 1) * 512
    n_points = struct.unpack_from("<H", floats, 2)[0]
    n_analog = struct.unpack_from("<H", floats, 4)[0]
    head = bytearray(floats[:start])
    struct.pack_into("<f", head, 12, scale)
    at = floats.index(b"SCALE", 512) + 5 + 2 + 2
    struct.pack_into("<f", head, at, scale)
    stored = np.frombuffer(floats[start:], "<f4")
    width = 4 * n_points + n_analog
    table = stored[: len(stored) // width * width].reshape(-1, width).copy()
    points = table[:, : 4 * n_points].reshape(len(table), n_points, 4)
    points[..., :3] /= scale
    return bytes(head) + np.round(table).astype("<i2").tobytes()


def test_integers_with_a_scale(tmp_path: Path) -> None:
    made = replace(lab_recording(20), analog=(), forces=(), angles=())
    write_c3d(made, tmp_path / "floats.c3d")
    (tmp_path / "a.c3d").write_bytes(integers_of((tmp_path / "floats.c3d").read_bytes(), 0.1))
    got, wanted = read(tmp_path / "a.c3d").space_points[0], made.space_points[0]
    np.testing.assert_allclose(got.position_m, wanted.position_m, atol=0.06e-3)
    theirs = ezc3d.c3d(str(tmp_path / "a.c3d"))["data"]["points"][:3]
    np.testing.assert_allclose(got.position_m, np.moveaxis(theirs, (0, 1, 2), (2, 1, 0)) / 1e3, atol=1e-6)


def test_floats_of_all_three_processors() -> None:
    values = np.array([1.0, -2.5, 0.0, 1234.5, 3e-5], np.float32)
    assert decode_floats(values.astype(">f4").tobytes(), MIPS).tolist() == values.tolist()
    vax = (4.0 * values).view(np.uint32)
    swapped = ((vax >> 16) | (vax << 16)).astype("<u4").tobytes()
    assert decode_floats(swapped, DEC).tolist() == values.tolist()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"a\.c3d"):
        open_c3d(tmp_path / "a.c3d", ReadOptions())


def test_a_told_height_counts_before_the_files(tmp_path: Path) -> None:
    write_c3d(lab_recording(20), tmp_path / "a.c3d")
    assert read(tmp_path / "a.c3d", height_m=1.9).subject.height_m == 1.9


def test_names_that_overflow_into_a_second_parameter(tmp_path: Path) -> None:
    names = tuple(f"M{number}" for number in range(600))
    rng = np.random.default_rng(0)
    points = SpacePoints(names, rng.uniform(0.2, 1.8, (5, 600, 3)), np.full(600, 0.001), "markers")
    write_c3d(Recording(time_s=np.arange(5) / 50, space_points=(points,)), tmp_path / "a.c3d")
    assert read(tmp_path / "a.c3d").space_points[0].names == names
    theirs = ezc3d.c3d(str(tmp_path / "a.c3d"))["parameters"]["POINT"]
    assert [*theirs["LABELS"]["value"], *theirs["LABELS2"]["value"]] == list(names[:510])


@pytest.mark.parametrize("kind", [1, 3, 4])
def test_force_plates_of_other_types(tmp_path: Path, kind: int) -> None:
    """Against ezc3d's own reading, but for the moments of type 1 (it takes F x r for r x F)."""
    rng = np.random.default_rng(kind)
    n_channels = 8 if kind == 3 else 6
    load = rng.normal(0, 30.0, (50, n_channels)) - (100.0 if kind == 3 else 0.0)
    load[:, 2] -= 500.0 if kind != 3 else 0.0
    points = np.tile([100, 0, 0, 0, 0, 100, 0, 0, 90, 80, 1400, 0], (10, 1))
    frames = np.concatenate([points, load.reshape(10, -1)], axis=1).astype("<f4").tobytes()
    corners = [400.0, 0, 0, 0, 0, 0, 0, 600, 0, 400, 600, 0]
    matrix = np.eye(6) + 0.02 * rng.normal(size=(6, 6))
    groups: Groups = {
        "POINT": {
            "USED": Integers([3], ()),
            "FRAMES": Integers([10], ()),
            "SCALE": Reals([-1.0]),
            "RATE": Reals([100.0]),
            "UNITS": ["mm"],
            "LABELS": ["LASI", "LANK", "C7"],
            "DATA_START": Integers([10], ()),
        },
        "ANALOG": {
            "USED": Integers([n_channels], ()),
            "RATE": Reals([500.0]),
            "GEN_SCALE": Reals([1.0]),
            "LABELS": [f"F{i}" for i in range(n_channels)],
            "UNITS": ["N"] * 3 + ["Nmm"] * (n_channels - 3),
            "SCALE": Reals(np.ones(n_channels), (n_channels,)),
            "OFFSET": Integers([0] * n_channels, (n_channels,)),
        },
        "FORCE_PLATFORM": {
            "USED": Integers([1], ()),
            "TYPE": Integers([kind], (1,)),
            "ZERO": Integers([1, 0], (2,)),
            "CORNERS": Reals(corners, (3, 4, 1)),
            "ORIGIN": Reals([120.0, 200.0, -40.0] if kind == 3 else [1.0, 2.0, -40.0], (3, 1)),
            "CHANNEL": Integers(range(1, n_channels + 1), (n_channels, 1)),
            "CAL_MATRIX": Reals(matrix.ravel(order="F"), (6, 6, 1)),
        },
    }
    top = header(
        n_points=3,
        n_analog=5 * n_channels,
        first_frame=1,
        last_frame=10,
        data_block=10,
        samples_per_frame=5,
        rate_hz=100.0,
    )
    (tmp_path / "a.c3d").write_bytes(top + parameter_section(groups, 8) + frames)
    theirs = ezc3d.c3d(str(tmp_path / "a.c3d"), extract_forceplat_data=True)["data"]["platform"][0]
    (plate,) = read(tmp_path / "a.c3d").forces
    sign = np.sign(theirs["force"][2].sum())
    moment = theirs["moment"]
    if (
        kind == 1
    ):  # X, Y of the pressure, then the free moment; the plate's Y and Z are the file's turned round
        pressure = np.column_stack([load[:, 3:5], np.zeros(50)])
        about_middle = np.cross(pressure, load[:, :3]) + np.outer(load[:, 5], [0, 0, 1.0])
        moment = (about_middle * [1, -1, -1]).T
    for mine, wanted in ((plate.force_n, theirs["force"]), (1e3 * plate.moment_nm, moment)):
        np.testing.assert_allclose(mine[:, (0, 2, 1)] * [1, -1, 1], sign * wanted.T, rtol=1e-4, atol=1e-2)
    assert plate.force_n[:, 1].mean() > 300.0
