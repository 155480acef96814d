"""Documents for print: tagged PDF set by typst from a source, its data, its pictures and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import Any

from coxa.report.assessment.canvas import clean

_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # the same input gives the same bytes

#: Ways to set it, tried in turn: with our letters alone, every reader served; with the machine's own letters
#: for names in other scripts; and at last without the promise that every letter can be read aloud.
_WAYS: tuple[dict[str, Any], ...] = (
    {"ignore_system_fonts": True, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False, "pdf_standards": ["ua-1"]},
    {"ignore_system_fonts": False},
)


def typeset(source: bytes, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """The document as PDF.

    Args:
        source: in typst's language; reads ``data.json``.
        data: plain values; texts are set as they are, none is taken for markup.
        pictures: content by the name that ``data`` has.
    """
    import typst

    told = json.dumps(_cleaned(dict(data)), ensure_ascii=False).encode()
    held = {"main.typ": source, "data.json": told, **pictures}
    with as_file(files("coxa.report.assessment") / "fonts") as fonts:
        for way in _WAYS[:-1]:
            try:
                return _compiled(held, str(fonts), way)
            except typst.TypstError:
                continue
        return _compiled(held, str(fonts), _WAYS[-1])


def _compiled(held: dict[str, bytes], fonts: str, way: dict[str, Any]) -> bytes:
    import typst

    made: bytes = typst.compile(held, format="pdf", font_paths=[fonts], timestamp=_DATE, **way)
    return made


def _cleaned(value: Any) -> Any:
    """Without the characters that no document may hold."""
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    return clean(value) if isinstance(value, str) else value
