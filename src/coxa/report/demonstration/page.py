"""An index of figures: a page that shows all of them, with what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from coxa.report.demonstration.colours import INK, QUIET_INK
from coxa.specs.exercise import ExerciseSpec

_STYLE = (
    f"body{{font:16px/1.5 system-ui,sans-serif;margin:1.5rem;color:{INK}}}"
    "main{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1.2rem}"
    "figure{margin:0;border:1px solid #d9dfe5;border-radius:.5rem;overflow:hidden;break-inside:avoid}"
    "img{width:100%;height:auto;display:block}"
    f"figcaption{{padding:.4rem .8rem .8rem;color:{QUIET_INK}}}"
)


def index_page(specs: Mapping[str, ExerciseSpec], names: Mapping[str, str]) -> str:
    """A page.

    Args:
        specs: exercises by id.
        names: file of each by id.
    """
    figures = "\n".join(
        f'<figure id="{escape(key)}"><img src="{escape(names[key])}" alt="{escape(spec.title)}, animated" '
        f'width="480" height="420"><figcaption><b>{escape(spec.id)}</b>: '
        f"{escape(' '.join(spec.purpose.split()))}</figcaption></figure>"
        for key, spec in specs.items()
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Exercises</title><style>{_STYLE}</style></head>\n<body><h1>Exercises</h1><main>\n{figures}\n"
        "</main></body></html>\n"
    )
