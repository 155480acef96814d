"""Damaged files of worn sensors: a clear refusal or a sane reading, no traceback, no hang."""

from __future__ import annotations

import re

import numpy as np
import pytest

from coxa.kinematics.rotations import rotation_from_vector
from tests.support.malformed import damaged, edited, outcomes, written
from tests.support.worn import (
    LOWER,
    moving,
    quaternion_csv,
    quaternion_sto,
    quaternions_z_up,
    raw_csv,
    raw_signals,
)

STO = "coxa.adapters.sources.imu:open_orientations_sto"
CSV = "coxa.adapters.sources.imu:open_imu_csv"


def rows_of(text, end=1):
    lines = text.splitlines(keepends=True)
    return "".join(lines[:end]), lines[end:]


def scaled_quaternions(text):
    return re.sub(r"-?0\.\d{8}", lambda found: f"{3 * float(found[0]):.8f}", text)


def shared_edits(end, separator):
    """Edits of any table whose rows begin after ``end`` lines."""

    def body(change):
        def edit(text):
            head, rows = rows_of(text, end)
            return head + "".join(change(rows))

        return edit

    return {
        "no_rows": body(lambda rows: []),
        "one_row": body(lambda rows: rows[:1]),
        "all_nan": body(lambda rows: [re.sub(r"-?\d+\.\d{5,}", "nan", row) for row in rows]),
        "infinite": body(lambda rows: [re.sub(r"-?\d+\.\d{5,}", "inf", row, count=1) for row in rows]),
        "time_back": body(lambda rows: rows[50:] + rows[:50]),
        "time_in_ms": body(
            lambda rows: [f"{1000 * float((cells := row.split(separator))[0]):.3f}{separator}"
                          + separator.join(cells[1:]) for row in rows]
        ),
        "words": body(lambda rows: [*rows[:20], rows[20].replace("0.", "zero"), *rows[21:]]),
        "short_row": body(lambda rows: [*rows[:20], rows[20][:30] + "\n", *rows[21:]]),
        "huge_numbers": body(lambda rows: [row.replace("0.", "1e300") for row in rows]),
        "twice_named": lambda text: text.replace("femur_left", "pelvis"),
        "renamed": lambda text: text.replace("pelvis", "x").replace("femur", "y").replace("tibia", "z"),
        "no_header": lambda text: rows_of(text, end)[0][:0] + "".join(rows_of(text, end)[1]),
    }  # fmt: skip


@pytest.fixture(scope="module")
def sound():
    done = moving(("squat",), 5.0, 50.0)
    mounting = rotation_from_vector(np.random.default_rng(0).normal(size=(len(LOWER), 3)))
    quaternion = quaternions_z_up(done, LOWER, mounting)
    signals = raw_signals(done, LOWER, mounting, np.random.default_rng(1))
    return {
        "sto": quaternion_sto(done.time_s, LOWER, quaternion),
        "quaternion": quaternion_csv(done.time_s, LOWER, quaternion),
        "raw": raw_csv(done.time_s, signals),
    }


EDITS = {
    "sto": {
        **shared_edits(6, "\t"),
        "scaled": scaled_quaternions,
        "angles": lambda text: text.replace("DataType=Quaternion", "DataType=double"),
        "no_end": lambda text: text.replace("endheader", ""),
        "five_parts": lambda text: text.replace(",", ",0.1,", 1),
    },
    "quaternion": {
        **shared_edits(1, ","),
        "scaled": scaled_quaternions,
        "no_w": lambda text: text.replace("_qw", "_quality"),
    },
    "raw": {
        **shared_edits(1, ","),
        "g_as_si": lambda text: text.replace("[g]", "[m/s2]"),
        "degrees_as_radians": lambda text: text.replace("[deg/s]", "[rad/s]"),
        "no_units": lambda text: text.replace("[deg/s]", "").replace("[g]", ""),
        "no_accelerometer": lambda text: text.replace("_acc_", "_foo_"),
        "magnets_away": lambda text: text.replace("_mag_", "_foo_"),
    },
}
OPENERS = {"sto": (STO, ".sto"), "quaternion": (CSV, ".csv"), "raw": (CSV, ".csv")}
#: What must not be read as if nothing were wrong.
REFUSED = {
    "empty", "one_byte", "zeroed", "noise_only", "no_rows", "all_nan", "time_back", "words", "short_row",
    "renamed", "no_header", "scaled", "angles", "no_end", "five_parts", "no_w", "g_as_si",
    "degrees_as_radians", "no_units", "no_accelerometer", "twice_named",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(EDITS))
def test_twenty_damaged_files(sound, tmp_path, kind):
    text = sound[kind]
    opener, suffix = OPENERS[kind]
    mutants = [*damaged(text.encode()), *edited(text.encode(), EDITS[kind])]
    assert len(mutants) >= 20
    found = outcomes(written(tmp_path, suffix, iter(mutants)), opener)
    bad = [(one.name, one.kind, one.insane, one.words) for one in found if not one.good]
    assert not bad
    read = [one.name for one in found if one.kind == "read" and one.name.removesuffix(suffix) in REFUSED]
    assert not read
    for one in found:
        if one.kind == "refused":
            assert one.name in one.words
            assert "Remedy: " in one.words


def test_sound_files_are_read(sound, tmp_path):
    for kind, text in sound.items():
        opener, suffix = OPENERS[kind]
        path = tmp_path / f"{kind}{suffix}"
        path.write_text(text)
        (one,) = outcomes([path], opener)
        assert one.kind == "read", one.words
        assert one.n_frames == 250
