"""What is kept of me, and what I may do with it."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Happened, Kind, Person, clean_name, name_key
from coxa.app.record_documents import birthday, stature_m
from coxa.bootstrap import recording
from coxa.model.errors import SourceError
from coxa.web.access import Action, may
from coxa.web.answers import page
from coxa.web.asked import Asked, Asking, Erased, Seen, TakenAway, TheRecord, Trained
from coxa.web.me.sharing import router as sharing
from coxa.web.pwa.keeping import forget
from coxa.web.security.cookies import drop_cookie, login_cookie

router = APIRouter(include_in_schema=False)
router.include_router(sharing)

Ending = Literal["zip", "json", "ics", "csv", "xlsx"]
#: Endings that need a library of their own.
_NEEDS = {"json": "fhir", "xlsx": "openpyxl"}
_TYPES = {
    "zip": "application/zip",
    "json": "application/fhir+json",
    "ics": "text/calendar",
    "csv": "application/zip",  # a file a table
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 1 << 18
_SHOWN = 25


def endings() -> tuple[str, ...]:
    """What can be written here."""
    return tuple(one for one in _TYPES if one not in _NEEDS or find_spec(_NEEDS[one]) is not None)


@router.get("/p/{person_id}/me")
def me(request: Request, person: Seen, viewer: Asking, records: TheRecord, services: Asked) -> Response:
    """What is kept, by kind, and what happened to it."""
    lines = [(*what, len(list(rows))) for what, rows in groupby(reversed(records.audit(person.id)), _minute)]
    values = {
        "person": person,
        "counts": {kind.value: len(records.entries(person.id, kind)) for kind in Kind},
        "happened": lines[:_SHOWN],
        "earlier": len(lines) > _SHOWN,
        "endings": endings(),
        "may_erase": may(viewer, Action.ERASE, person.id),
        "may_take_away": may(viewer, Action.TAKE_AWAY, person.id),
        "today": date.today(),
        "clinicians": None if viewer.owner else services.accounts.clinicians_of(person.id),
    }
    return page(request, "me/me.html", values)


def _minute(one: Happened) -> tuple[str, str, str]:
    """Lines of the trail that are told as one."""
    return one.at[:16].replace("T", " "), one.action, one.kind


@router.post("/p/{person_id}/me")
def correct(
    person: Trained,
    records: TheRecord,
    name: Annotated[str, Form()],
    born: Annotated[str, Form()] = "",
    sex: Annotated[Literal["", "female", "male"], Form()] = "",
    height_cm: Annotated[str, Form()] = "",
) -> Response:
    """Name, birthday, sex, height put right."""
    changed = replace(
        person,
        name=clean_name(name),
        born=birthday(born) if born.strip() else None,
        sex=sex or None,
        height_m=stature_m(height_cm, per_m=100.0) if height_cm.strip() else None,
    )
    if changed != person:
        records.change_person(changed)
    return RedirectResponse(f"/p/{person.id}/me", 303)


@router.get("/p/{person_id}/me/coxa.{ending}")
def export(person: TakenAway, records: TheRecord, ending: Ending) -> Response:
    """What is kept, as a file."""
    if ending not in endings():
        raise SourceError(f"{ending} cannot be written here", "install the extra of the package")
    told = {"content-disposition": f'attachment; filename="{_download_name(person, ending)}"'}
    return StreamingResponse(_exported(records, person, ending), media_type=_TYPES[ending], headers=told)


def _download_name(person: Person, ending: str) -> str:
    """Without the name: files lie about."""
    return f"coxa-{person.id[:8]}-tables.zip" if ending == "csv" else f"coxa-{person.id[:8]}.{ending}"


def _exported(records: SqlRecords, person: Person, ending: str) -> Iterator[bytes]:
    """Written before the answer begins, so that a refusal is one; removed when it was sent."""
    folder = TemporaryDirectory()
    out = Path(folder.name) / f"coxa.{ending}"
    written = recording.export(records, person, out)
    if written != [out]:
        out = Path(folder.name) / "tables.zip"
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for one in written:
                packed.write(one, one.name)

    def sent() -> Iterator[bytes]:
        with folder, out.open("rb") as content:
            while part := content.read(_CHUNK):
                yield part

    return sent()


@router.get("/p/{person_id}/me/delete")
def ask_erase(request: Request, person: Erased) -> Response:
    """What goes, what it cannot reach, and whether it is really meant."""
    return page(request, "me/delete.html", {"person": person})


@router.post("/p/{person_id}/me/delete")
def erase(
    request: Request,
    person: Erased,
    records: TheRecord,
    viewer: Asking,
    services: Asked,
    typed: Annotated[str, Form(max_length=400)],
) -> Response:
    """Remove everything, also the account that was there for it; the answer is the proof."""
    if name_key(typed) != name_key(person.name):
        values = {"person": person, "fault": True}
        return page(request, "me/delete.html", values, status=422)
    erased = records.erase(person.id)
    services.security.sockets.look_again()
    proof = json.dumps(recording.told_of(erased), ensure_ascii=False, indent=2)
    values = {
        "erased": erased,
        "proof": base64.b64encode(proof.encode()).decode(),
        "data": {"forget": person.id},
    }
    answer = page(request, "me/erased.html", values, headers=forget(person))
    if viewer.account is not None and services.accounts.by_id(viewer.account) is None:
        secure = services.settings.secure
        drop_cookie(answer, login_cookie(secure), secure)
    return answer
