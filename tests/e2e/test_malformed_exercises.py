"""Damaged exercise files: refused with file, line and field named, or sound; never a traceback."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
import yaml

from coxa.catalog.exercises import check
from coxa.model.errors import SpecError
from coxa.specs.exercise import ExerciseSpec

OWN = sorted((Path(__file__).resolve().parents[2] / "src/coxa/catalog/exercises").glob("*.yaml"))
WORDS = ("sure", "-1", "1e999", ".nan", "", "[]", "{}", "null", "true", "SIDE", "hip", "[1, 2, 3, 4, 5]", "'")
EACH = 12


def cut(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text))]


def line_lost(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return "".join(lines)


def line_twice(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    k = chance.randrange(len(lines))
    return "".join([*lines[: k + 1], lines[k], *lines[k + 1 :]])


def other_value(text: str, chance: random.Random) -> str:
    values = list(re.finditer(r"(?<=: )[^\n,{}\[\]]+", text))
    one = chance.choice(values)
    return text[: one.start()] + chance.choice(WORDS) + text[one.end() :]


def other_key(text: str, chance: random.Random) -> str:
    keys = list(re.finditer(r"[a-z_]+(?=:)", text))
    one = chance.choice(keys)
    return text[: one.start()] + "unheard_of" + text[one.end() :]


def bytes_flipped(text: str, chance: random.Random) -> str:
    raw = bytearray(text.encode())
    for _ in range(5):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return raw.decode("latin-1")


@pytest.mark.parametrize("damage", [cut, line_lost, line_twice, other_value, other_key, bytes_flipped])
def test_damage_is_refused_by_name_or_harmless(damage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(7)  # noqa: S311
    refused = 0
    for path in chance.sample(OWN, EACH):
        place = tmp_path / path.name
        place.write_text(damage(path.read_text(encoding="utf-8"), chance), encoding="utf-8")
        try:
            specs = check(place)
        except SpecError as error:
            refused += 1
            assert path.name in str(error)
            assert error.remedy
            assert re.search(r"line \d+", str(error)) or "no valid YAML" in str(error)
        else:
            assert all(isinstance(spec, ExerciseSpec) for spec in specs)
    assert refused > 0


@pytest.mark.parametrize("path", OWN[::4], ids=lambda path: path.stem)
def test_every_unheard_of_key_is_named(path: Path, tmp_path: Path) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, value in content.items():
        if not isinstance(value, dict):
            continue
        place = tmp_path / path.name
        place.write_text(yaml.safe_dump(content | {key: value | {"unheard_of": 1}}), encoding="utf-8")
        with pytest.raises(SpecError, match=rf"line \d+: {key}.unheard_of"):
            check(place)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\x00id")
    with pytest.raises(SpecError, match=r"bad.yaml"):
        check(tmp_path)
