"""The machine and the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.app.doctor import Finding


def truest_network() -> str:
    """Which pose network films are measured with, where nobody asks for another: ``heavy`` or ``full``."""
    from coxa.adapters.vision import assets

    return assets.chosen(None).size


def diagnose() -> list[Finding]:
    """Examine the machine and the installation."""
    from coxa.adapters.installation import examine

    return list(examine())


def licences() -> str:
    """Licences of all that Coxa carries of others, and its own.

    Raises:
        AssetError: they are missing.
    """
    from coxa.adapters.installation import notices

    return notices()
