"""Which pages a browser may keep for when there is no connection; it keeps none that does not say so.

The service worker keeps pages of one person at a time, and only of the one who reads them: with accounts
one's own, without accounts those of the machine's owner. It forgets them when a page says so, when the server
does not give one any more, at signing out, and whenever something of the person was changed.
"""

from __future__ import annotations

from datetime import date

from coxa.app.record import Person
from coxa.web.access import Tie, Viewer

HEADER = "x-coxa-keep"
_NEVER = "never"
_ALWAYS = "any"


def keep(viewer: Viewer, person: Person, until: date | None = None) -> dict[str, str]:
    """The header of a page that may be kept: of whom, and the last day on which it may be shown.

    A browser that was put into somebody's hands goes into the next one's: it keeps nothing.
    """
    if viewer.kiosk is not None:
        return forget(person)
    if not (viewer.owner or viewer.ties.get(person.id) is Tie.SELF):
        return {}
    return {HEADER: f"{person.id} {until.isoformat() if until else _ALWAYS}"}


def forget(person: Person) -> dict[str, str]:
    """The header of a page that has everything kept of a person forgotten."""
    return {HEADER: f"{person.id} {_NEVER}"}
