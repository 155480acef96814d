"""What browsers load, under an address that changes with the content: scripts, styles, pose networks."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

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


class ForeverFiles(StaticFiles):
    """Files that never change under their address; packed ones where the build made them and browsers ask."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """One file, with leave to be kept."""
        asked = Headers(scope=scope)
        path, headers = str(full_path), {"Cache-Control": IMMUTABLE}
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        packed = f"{path}.gz"
        if os.path.exists(packed):  # noqa: PTH110 - as Starlette has its paths
            headers["Vary"] = "Accept-Encoding"
            if "gzip" in asked.get("accept-encoding", ""):
                headers["Content-Encoding"] = "gzip"
                path, stat_result = packed, os.stat(packed)  # noqa: PTH116
        answer = FileResponse(path, status_code, headers, kind, stat_result=stat_result)
        if self.is_not_modified(answer.headers, asked):
            return NotModifiedResponse(answer.headers)
        return answer
