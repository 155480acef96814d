"""What browsers load, under an address that changes with the content: scripts, styles, pose networks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from coxa.model.errors import AssetError

FOLDER = Path(__file__).parent / "static"
_REMEDY = "run make setup in the source tree, or install the wheel"
#: One year, the most that caches are told.
IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Assets:
    """The folder of built files.

    Attributes:
        folder: of them.
        build: stands for the content of all of them; part of every address.
    """

    folder: Path
    build: str

    @classmethod
    def found(cls, folder: Path = FOLDER) -> Assets:
        """Those that were built.

        Raises:
            AssetError: they were not.
        """
        entry = folder / "app" / "base.js"
        if not entry.is_file():
            raise AssetError(f"{entry}: the app's scripts are not built", _REMEDY)
        told = hashlib.sha256()
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            told.update(f"{path.relative_to(folder)} {path.stat().st_size}\n".encode())
            if path.suffix in (".js", ".css", ".json", ".webmanifest"):
                told.update(path.read_bytes())
        return cls(folder, told.hexdigest()[:12])

    def url(self, name: str) -> str:
        """Address of a file, such as ``app/coach.js``."""
        return f"/static/{self.build}/{name}"
