"""Twenty and more damaged files of each kind: refused in words or read soundly, no traceback, no hang."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coxa.adapters.sinks.c3d import write_c3d
from coxa.adapters.sinks.mot import write_mot
from coxa.adapters.sinks.trc import write_trc
from tests.support.lab_recording import lab_recording
from tests.support.malformed import Mutant, Outcome, damaged, edited, outcomes, written

LIMIT_S = 10.0
MEMORY_MB = 300


def patched(sound: bytes, at: int, new: bytes) -> bytes:
    return sound[:at] + new + sound[at + len(new) :]


def of_parameter(sound: bytes, name: bytes, new: bytes) -> bytes:
    """The data of the first parameter of this name overwritten (a number without dimensions, or one word)."""
    at = sound.index(name, 512)
    body = at + len(name) + 2
    n_dimensions = sound[body + 1]
    return patched(sound, body + 2 + n_dimensions, new)


def c3d_mutants(sound: bytes) -> Iterator[Mutant]:
    yield from damaged(sound, seed=1, noisy=20)
    yield Mutant("units_unknown", of_parameter(sound, b"UNITS", b"yd"))
    yield Mutant("units_wrong", of_parameter(sound, b"UNITS", b"m "))
    yield Mutant("rate_zero", patched(of_parameter(sound, b"RATE", bytes(4)), 20, bytes(4)))
    yield Mutant(
        "rate_nan", patched(of_parameter(sound, b"RATE", struct.pack("<f", float("nan"))), 20, bytes(4))
    )
    yield Mutant("zero_frames", sound[: (struct.unpack_from("<H", sound, 16)[0] - 1) * 512])
    yield Mutant("absurd_points", of_parameter(patched(sound, 2, b"\xff\xff"), b"USED", b"\xff\xff"))
    yield Mutant("absurd_analog", patched(patched(sound, 4, b"\xff\xff"), 18, b"\xff\xff"))
    yield Mutant("absurd_frames", of_parameter(sound, b"ACTUAL_END_FIELD", b"\xff\xff\xff\x7f"))
    yield Mutant("absurd_start", patched(sound, 16, b"\xff\xff"))
    yield Mutant("duplicate_names", sound.replace(b"RASI", b"LASI"))
    yield Mutant("no_names", sound.replace(b"LABELS", b"LIBELS"))
    data = (struct.unpack_from("<H", sound, 16)[0] - 1) * 512
    for name, value in (("nan", float("nan")), ("infinite", float("inf")), ("huge", 1e30)):
        yield Mutant(f"all_{name}", sound[:data] + struct.pack("<f", value) * ((len(sound) - data) // 4))
    some = bytearray(sound)
    for at in range(data, len(sound) - 4, 4000):
        struct.pack_into("<f", some, at, 1e20)
    yield Mutant("some_huge", bytes(some))


def line_of(text: str, number: int, change: Callable[[str], str]) -> str:
    lines = text.split("\n")
    lines[number] = change(lines[number])
    return "\n".join(lines)


TRC_EDITS: dict[str, Callable[[str], str]] = {
    "units_unknown": lambda text: text.replace("\tm\t", "\tyards\t"),
    "units_wrong": lambda text: text.replace("\tm\t", "\tmm\t"),
    "units_lost": lambda text: text.replace("\tm\t", "\t\t"),
    "nan_words": lambda text: line_of(text, 9, lambda line: line.replace("0.", "nan0.")),
    "all_nan": lambda text: line_of(text, 8, lambda line: "\t".join(["nan"] * len(line.split("\t")))),
    "infinite": lambda text: line_of(text, 8, lambda line: line.replace("\t0.", "\tinf\t", 1)),
    "huge": lambda text: line_of(text, 8, lambda line: line.replace("\t0.", "\t9e30", 3)),
    "duplicate_names": lambda text: text.replace("RASI", "LASI"),
    "zero_frames": lambda text: "\n".join(text.split("\n")[:6]),
    "no_names": lambda text: line_of(text, 3, lambda _: "Frame#\tTime"),
    "absurd_counts": lambda text: line_of(text, 2, lambda line: line.replace("\t60\t", "\t99999999999\t")),
    "rate_zero": lambda text: line_of(text, 2, lambda line: line.replace("100.0", "0")),
    "rate_word": lambda text: line_of(text, 2, lambda line: line.replace("100.0", "often")),
    "time_back": lambda text: line_of(text, 20, lambda line: "15\t0.001\t" + line.split("\t", 2)[2]),
    "time_twice": lambda text: line_of(text, 20, lambda _: text.split("\n")[19]),
    "extra_cells": lambda text: line_of(text, 12, lambda line: line + "\t1.0" * 9),
    "few_cells": lambda text: line_of(text, 12, lambda line: line[: len(line) // 2]),
    "windows": lambda text: text.replace("\n", "\r\n"),
    "blanks": lambda text: text.replace("\t", "  "),
    "comma_decimals": lambda text: text.replace("0.", "0,"),
}
MOT_EDITS: dict[str, Callable[[str], str]] = {
    "no_end": lambda text: text.replace("endheader", ""),
    "nan_words": lambda text: line_of(text, 15, lambda line: line.replace("0.", "nan0.")),
    "infinite": lambda text: line_of(text, 15, lambda line: "\t".join(["inf"] * len(line.split("\t")))),
    "huge": lambda text: line_of(text, 15, lambda line: line.replace("\t", "\t9e9", 2)),
    "duplicate_names": lambda text: text.replace("RHipAngles", "LHipAngles"),
    "unknown_names": lambda text: text.replace("HipAngles", "Stock"),
    "no_time": lambda text: text.replace("time\t", "zeit\t"),
    "zero_frames": lambda text: text.split("endheader")[0] + "endheader\n" + "time\tLHipAngles.x\n",
    "absurd_counts": lambda text: text.replace("nRows=60", "nRows=99999999999").replace(
        "nColumns=", "nColumns=9"
    ),
    "unit_word": lambda text: text.replace("inDegrees=yes", "inDegrees=perhaps"),
    "unit_lost": lambda text: text.replace("inDegrees=yes\n", ""),
    "vectors": lambda text: text.replace("version=1", "version=1\nDataType=Vec3"),
    "time_back": lambda text: line_of(text, 30, lambda line: "0.001\t" + line.split("\t", 1)[1]),
    "extra_cells": lambda text: line_of(text, 20, lambda line: line + "\t1.0" * 9),
    "few_cells": lambda text: line_of(text, 20, lambda line: line[: len(line) // 2]),
    "windows": lambda text: text.replace("\n", "\r\n"),
}


def read_all(folder: Path, suffix: str, mutants: Iterator[Mutant]) -> dict[str, Outcome]:
    paths = written(folder, suffix, mutants)
    assert len(paths) >= 20
    found = {Path(one.name).stem: one for one in outcomes(paths, limit_s=LIMIT_S, memory_mb=MEMORY_MB)}
    bad = [one for one in found.values() if not one.good]
    assert not bad, "\n".join(f"{one.name}: {one.kind} {one.words} {one.insane}" for one in bad)
    for one in found.values():
        if one.kind == "refused":
            assert one.name in one.words
            assert "Remedy:" in one.words
    return found


def test_c3d(tmp_path: Path) -> None:
    write_c3d(lab_recording(), tmp_path / "sound.c3d")
    found = read_all(tmp_path, ".c3d", c3d_mutants((tmp_path / "sound.c3d").read_bytes()))
    for name in (
        "empty",
        "noise_only",
        "units_unknown",
        "units_wrong",
        "zero_frames",
        "all_nan",
        "rate_zero",
    ):
        assert found[name].kind == "refused", name
    assert "unit" in found["units_unknown"].words
    assert "unit" in found["units_wrong"].words
    assert "LASI" in found["duplicate_names"].words
    assert "cut off" in found["cut_99"].words
    assert "cut off" in found["absurd_frames"].words
    assert "further away" in found["some_huge"].words
    assert "belong to nothing" in found["doubled"].words


def test_trc(tmp_path: Path) -> None:
    with pytest.warns(match="left out"):
        write_trc(lab_recording(), tmp_path / "sound.trc")
    sound = (tmp_path / "sound.trc").read_bytes()
    mutants = [*damaged(sound, seed=2, noisy=12), *edited(sound, TRC_EDITS)]
    found = read_all(tmp_path, ".trc", iter(mutants))
    for name in (
        "empty",
        "units_unknown",
        "units_wrong",
        "units_lost",
        "zero_frames",
        "time_back",
        "nan_words",
    ):
        assert found[name].kind == "refused", name
    assert found["windows"].n_frames == found["blanks"].n_frames == 60
    assert "LASI" in found["duplicate_names"].words
    assert "shorter" in found["few_cells"].words
    assert "99999999999" in found["absurd_counts"].words.replace("1e+11", "99999999999")


def test_mot(tmp_path: Path) -> None:
    with pytest.warns(match="left out"):
        write_mot(lab_recording(), tmp_path / "sound.mot")
    sound = (tmp_path / "sound.mot").read_bytes()
    mutants = [*damaged(sound, seed=3, noisy=12), *edited(sound, MOT_EDITS)]
    found = read_all(tmp_path, ".mot", iter(mutants))
    for name in ("empty", "no_end", "unknown_names", "no_time", "zero_frames", "vectors", "time_back"):
        assert found[name].kind == "refused", name
    assert found["windows"].n_frames == 60
    assert "99999999999" in found["absurd_counts"].words
