"""What the examination of an installation finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coxa.model.errors import AssetError


class Health(StrEnum):
    """How bad a finding is."""

    GOOD = "ok"
    POOR = "warning"
    BAD = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        subject: what was looked at.
        health: how it is.
        found: what was found.
        remedy: what to do about it; empty when well.
    """

    subject: str
    health: Health
    found: str
    remedy: str = ""

    @property
    def exit_code(self) -> int:
        """What the command line returns for it."""
        return AssetError.exit_code if self.health is Health.BAD else 0
