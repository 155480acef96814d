"""Where people may go: doors that are open to everybody, rooms that are one person's. All else is closed."""

from __future__ import annotations

import re

#: Without a sign-in, where there are accounts. What is not here is closed: also what is added tomorrow.
OPEN = tuple(
    re.compile(pattern)
    for pattern in (
        r"/sign-in",
        r"/api/sign-in(/passkey(/options)?)?",
        r"/api/csrf",
        r"/invitation/[^/]+",
        r"/language",
        r"/health",
        r"/metrics",  # asks for its own token
        r"/manifest\.webmanifest",
        r"/service-worker\.js",
        r"/offline",
        r"/phone/[^/]+(/.*)?",  # a code that the main screen shows, good once
        r"/api/phone/[^/]+(/.*)?",
    )
)
#: Besides the rooms of the person in whose hands a screen is.
OPEN_IN_KIOSK = re.compile(
    r"/|/kiosk(/leave)?|/language|/health|/manifest\.webmanifest|/service-worker\.js|/offline|/sign-out"
    r"|/api/(csrf|viewer)|/phone/[^/]+(/.*)?"
)
_STATIC = "/static/"
_PERSONS = re.compile(r"/(?:p|api/people|clients|api/clients)/([0-9a-f-]{36})(?:/.*)?")
_UPLOADS = re.compile(r"/(?:p|api/people)/[0-9a-f-]{36}/uploads?(?:/.*)?")


def is_static(path: str) -> bool:
    """Whether it is a file that everybody may load, the same for all."""
    return path.startswith(_STATIC)


def is_open(path: str) -> bool:
    """Whether everybody may go there."""
    return any(one.fullmatch(path) for one in OPEN)


def is_open_in_kiosk(path: str) -> bool:
    """Whether somebody may go there who holds a screen of somebody else's."""
    return OPEN_IN_KIOSK.fullmatch(path) is not None


def person_in(path: str) -> str | None:
    """Id of the person whose room it is; None: nobody's."""
    found = _PERSONS.fullmatch(path)
    return None if found is None else found[1]


def takes_uploads(path: str) -> bool:
    """Whether recordings are sent there, which may be large."""
    return _UPLOADS.fullmatch(path) is not None
