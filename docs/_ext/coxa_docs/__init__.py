"""What the site has beyond its hand-written pages: pages made of the catalogue and the code, equations, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Sphinx asks every extension for this."""
    app.add_lexer("csv", TextLexer)  # Pygments has none
    return {"parallel_read_safe": True, "parallel_write_safe": True}
