"""How far a figure of the catalogue may be trusted, and where it comes from."""

from __future__ import annotations

from typing import get_args

from coxa.specs.estimator import Sourced, Trust
from coxa_docs.markdown import plain

MEANING: dict[Trust, str] = {
    "S": "we read the figure at its source",
    "S2": "we read it where somebody else quotes the source",
    "M-H": "recalled, not read again: very likely right",
    "M-M": "recalled, not read again: probably right",
    "M-L": "recalled, not read again: may be wrong",
    "FITTED": "fitted to data; the source says to which",
    "DESIGN": "our own choice; nothing published stands behind it",
}
if set(MEANING) != set(get_args(Trust)):
    raise AssertionError("every mark of trust has a meaning, and no other")


def mark(trust: Trust, up: str = "../") -> str:
    """A mark that leads to what it means; ``up`` leads from the page to ``reference/``."""
    return f"[{trust}]({up}evidence/index.md#marks-of-trust)"


def source_of(one: Sourced, up: str = "../") -> str:
    """Source and mark in a cell."""
    return f"{plain(one.source)} {mark(one.trust, up)}"
