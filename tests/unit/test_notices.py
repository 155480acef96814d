"""Whoever has work in what is handed on is named, with a licence that lets it be handed on."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import notices  # noqa: E402
import sbom  # noqa: E402

pytestmark = pytest.mark.skipif(not notices.CARRIED.is_file(), reason="the app's scripts are not built here")

#: Licences that would bind what is built on them.
_COPYLEFT = re.compile(r"(?<![\w-])(A|L)?GPL|GNU (Affero|Lesser|General)", re.IGNORECASE)


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    return dict(json.loads(notices.BILL.read_text(encoding="utf-8")))


def all_of(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in components:
        yield one
        yield from all_of(one.get("components", []))


def test_every_package_in_the_built_scripts_has_its_notice(bill: dict[str, Any]) -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    text = notices.NOTICES.read_text(encoding="utf-8")
    told = {one["name"]: one["version"] for one in bill["components"]}
    for name in json.loads(notices.CARRIED.read_text(encoding="utf-8")):
        version = packages[f"node_modules/{name}"]["version"]
        assert told[name] == version
        assert f"\n{name} {version}\nLicence: " in text


def test_nothing_carried_is_copyleft_and_the_wheels_licence_names_all(bill: dict[str, Any]) -> None:
    ids = [one for part in all_of(bill["components"]) for one in notices.licence_ids(part)]
    assert len(ids) > 20
    assert not [one for one in ids if _COPYLEFT.search(one)]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    direct = {one for part in bill["components"] for one in notices.licence_ids(part)}
    assert set(project["license"].split(" AND ")) == direct


def test_no_package_that_runs_beside_it_is_copyleft() -> None:
    names = sbom.needed()
    assert {"numpy", "av", "starlette"} <= names and "pytest" not in names
    for name in names:
        told = metadata(name)
        said = [told.get("License-Expression") or "", (told.get("License") or "").partition("\n")[0]]
        said += [one for one in told.get_all("Classifier") or () if one.startswith("License ::")]
        assert not _COPYLEFT.search(" ".join(said)), name


@pytest.mark.parametrize(
    ("name", "files"), [("js-aruco2", ["src/posit2.js"]), ("esbuild", ["lib/main.js"]), ("unheard-of", [])]
)
def test_what_must_not_be_carried_stops_the_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, files: list[str]
) -> None:
    carried = tmp_path / "carried.json"
    carried.write_text(json.dumps({name: files}))
    monkeypatch.setattr(notices, "CARRIED", carried)
    known = {"js-aruco2": {"name": "js-aruco2", "licenses": notices.licence("MIT")}}
    monkeypatch.setattr(notices, "npm_components", lambda: known)
    told = {"also": {}, "inside": {}, "left_out": {"js-aruco2": {"files": ["src/posit2.js"]}}}
    with pytest.raises(SystemExit, match=name):
        list(notices.packages(told))


def test_what_is_copyleft_would_be_seen() -> None:
    words = ("LGPL-3.0-only", "AGPL-3.0", "GPL", "GNU General Public License v3 (GPLv3)")
    assert all(_COPYLEFT.search(one) for one in words)
    assert not _COPYLEFT.search("MPL-2.0 AND MIT")
