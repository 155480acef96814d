"""Letters and the style of equations, out of the npm packages that set-up installed: pages fetch nothing."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

KATEX_STYLE = "katex/katex.css"
_PACKAGES = Path(__file__).parents[3] / "node_modules"
_KATEX = _PACKAGES / "katex" / "dist"
_FIGTREE = _PACKAGES / "@fontsource-variable" / "figtree" / "files"
#: Browsers of the last ten years read WOFF2; the older kinds of the same letters are left out.
_OLDER = re.compile(r",url\(fonts/[^)]+\.(?:woff|ttf)\) format\(\"[a-z]+\"\)")


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put them beside the pages."""
    if error is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    style = static / KATEX_STYLE
    style.parent.mkdir(parents=True, exist_ok=True)
    style.write_text(_OLDER.sub("", (_KATEX / "katex.min.css").read_text(encoding="utf-8")), encoding="utf-8")
    _copy(_KATEX / "fonts", "*.woff2", style.parent / "fonts")
    _copy(_FIGTREE, "*-normal.woff2", static / "letters")


def _copy(source: Path, pattern: str, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in source.glob(pattern):
        shutil.copy(path, target)
