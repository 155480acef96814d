"""Codes of measurements in other programs."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Spec


class Code(Spec):
    """A code and its name.

    Attributes:
        code: of the system.
        display: its name there.
    """

    code: str = Field(pattern=r"[0-9]+(-[0-9])?")
    display: str


class InterchangeSpec(Spec):
    """What goes under which code.

    Attributes:
        version: of the table.
        source: of the codes.
        trust: its mark.
        local_system: of what has no code.
        panel: of a whole test of a hip.
        pain: of a pain score.
        session: of exercise that was done.
        quantities: LOINC, by quantity of a test.
        sides: what the body site is called, by side.
    """

    version: int
    source: str
    trust: str
    local_system: str
    panel: Code
    pain: Code
    session: Code
    quantities: dict[str, Code]
    sides: dict[str, str]
