"""What the site has beyond its hand-written pages: pages made of catalogue and code, equations, checks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx asks every extension for this."""
    from coxa_docs import equations, letters, look, python

    app.add_lexer("csv", TextLexer)  # Pygments has none
    app.connect("builder-inited", _write_reference)
    app.connect("autodoc-process-docstring", python.shorten_types, priority=900)  # behind napoleon
    app.connect("autodoc-process-signature", python.hide_fields)
    equations.setup(app)
    app.connect("build-finished", letters.copy)
    app.connect("build-finished", look.report)  # the last: it sees what the others wrote
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write_reference(app: Sphinx) -> None:
    from coxa_docs.reference import write_all

    write_all(Path(app.srcdir) / "reference")
