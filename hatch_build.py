"""What is handed on is whole: what set-up makes is in it, and the bill of what it carries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BILL = "src/coxa/notices/coxa-bundled.cdx.json"
#: One file of each of the things that no repository holds.
MADE = (
    BILL,
    "src/coxa/notices/THIRD_PARTY_NOTICES.txt",
    "src/coxa/web/static/app/base.js",
    "src/coxa/adapters/vision/assets/pose_landmark_full.tflite",
)


class WholeBuild(BuildHookInterface):  # type: ignore[type-arg]
    """Refuses a wheel or source distribution without networks, scripts and licences."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it packs; an editable installation needs none of this."""
        if version == "editable":
            return
        missing = [name for name in MADE if not (Path(self.root) / name).is_file()]
        if missing:
            raise FileNotFoundError(f"{', '.join(missing)}: not built yet; run `make setup` first")
        if self.target_name == "wheel":
            build_data["sbom_files"].append(BILL)
