"""The page on filming says of each test what the catalogue says."""

from __future__ import annotations

import re
from pathlib import Path

from coxa.catalog.protocols import library

PAGE = Path(__file__).parents[3] / "docs" / "filming.md"


def test_each_test_stands_there_with_its_camera() -> None:
    text = PAGE.read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \| ([\w-]+) \| (\w+) \| ([\d.]+) m \| ([\d.]+) m \|$", text, re.MULTILINE)
    known = library().protocols.values()
    asked = {
        (
            one.id,
            one.position.replace("_", "-"),
            one.camera.view,
            f"{one.camera.distance_m:g}",
            f"{one.camera.height_m:g}",
        )
        for one in known
        if one.kind != "battery"
    }
    assert set(told) == asked
    assert all(f"`{one.id}`" in text for one in known)
