"""Equations set while the site is built, by KaTeX under Node: pages need neither a script nor a network."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from coxa_docs.letters import KATEX_STYLE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_HERE = Path(__file__).parent
_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> None:
    """Equations are ours to write, and their letters come along."""
    app.add_html_math_renderer("katex", (_inline, None), (_block, None))
    app.config.html_math_renderer = "katex"
    app.add_css_file(KATEX_STYLE)


@cache
def _node() -> subprocess.Popen[str]:
    """One process for all equations of a build; it ends with its standard input."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("equations are set by Node, and there is none")
    return subprocess.Popen(  # noqa: S603 - our own script
        [node, str(_HERE / "katex.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_HERE
    )


@cache
def set_equation(tex: str, block: bool) -> tuple[str, str]:
    """HTML and an empty fault, or nothing and what is wrong with it."""
    process = _node()
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101
    process.stdin.write(json.dumps({"tex": tex, "block": block}) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(
        process.stdout.readline() or '{"fault": "Node ended; is katex installed?"}'
    )
    return answer.get("html", ""), answer.get("fault", "")


def _inline(self: HTML5Translator, node: nodes.math) -> None:
    self.body.append(_written(node, block=False))
    raise nodes.SkipNode


def _block(self: HTML5Translator, node: nodes.math_block) -> None:
    self.body.append(self.starttag(node, "div", CLASS="equation"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({escape(str(node["number"]))})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(f"{_written(node, block=True)}</div>\n")
    raise nodes.SkipNode


def _written(node: nodes.math | nodes.math_block, block: bool) -> str:
    html, fault = set_equation(node.astext(), block)
    if fault:
        _log.warning("equation: %s", fault, location=node)
    return html or f"<code>{escape(node.astext())}</code>"
