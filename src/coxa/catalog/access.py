"""Passwords, sign-ins, limits: Coxa's own data, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from coxa.catalog.places import text_of
from coxa.catalog.text import parse
from coxa.specs.access import AccessSpec


@cache
def access() -> AccessSpec:
    """What keeps strangers out.

    Raises:
        SpecError: the file is not what it should be.
    """
    name = "access.yaml"
    return parse(text_of(files("coxa.catalog") / name), AccessSpec, name)
