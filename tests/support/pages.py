"""Every page of the app, found in its routes; with a practice to fill them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Kind, Person
from coxa.web.app import ROUTERS
from coxa.web.openapi import document

_BLANK = re.compile(r"\{(\w+)(?::\w+)?\}")
#: What is no page: files, fragments of pages, answers to machines, a test's end that needs its takes.
NO_PAGE = re.compile(
    r"^/(api|metrics|static|phone/)|\.(svg|pdf|png|json|ics|zip|mp4|js|webmanifest|xlsx|csv)$"
    r"|/(film|state|stream|over-time|result)$|/films/|\.\{ending\}$"
)


def page_paths() -> list[str]:
    """Templates of the addresses of pages, such as ``/p/{person_id}/plan``."""
    found = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in route.methods
    }
    told = {path for path, of in document()["paths"].items() if "get" in of}
    return sorted(path for path in found | told if not NO_PAGE.search(path))


def filled(path: str, blanks: dict[str, str]) -> str | None:
    """An address; None: nothing is known for one of its blanks."""
    if any(name not in blanks for name in _BLANK.findall(path)):
        return None
    return _BLANK.sub(lambda found: blanks[found[1]], path)


def blanks_of(records: SqlRecords, person: Person) -> dict[str, str]:
    """What fills the blanks of addresses for one person of the practice."""
    tests = records.entries(person.id, Kind.ASSESSMENT)
    told = {
        "person_id": person.id,
        "protocol": "seated_hip_rotation",
        "protocol_id": "seated_hip_rotation",
        "exercise": "squat",
        "exercise_id": "squat",
    }
    return told | ({"entry": tests[-1].id, "entry_id": tests[-1].id} if tests else {})


def addresses(records: SqlRecords, person: Person) -> Iterator[tuple[str, str | None]]:
    """Template and address of every page."""
    blanks = blanks_of(records, person)
    for path in page_paths():
        yield path, filled(path, blanks)
