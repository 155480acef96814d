"""Who asks, for whom: what routes declare and FastAPI fills in.

A route that bears a person's id in its path takes ``person: Seen`` (or ``Trained``, ...); whoever may not is
told that there is nothing, as if there was nobody of this id.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Person
from coxa.web.access import Action, Viewer, may
from coxa.web.errors import NotHereError, NotSignedInError
from coxa.web.security.csrf import SAFE
from coxa.web.services import Services

PersonId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", description="Of a person of the record.")]


def _services(connection: HTTPConnection) -> Services:
    found: Services = connection.app.state.services
    return found


Asked = Annotated[Services, Depends(_services)]


def _records(services: Asked) -> SqlRecords:
    return services.records


TheRecord = Annotated[SqlRecords, Depends(_records)]


def _viewer(connection: HTTPConnection) -> Viewer:
    """Put there by the middleware of sign-in."""
    viewer: Viewer | None = connection.state.viewer
    if viewer is None:
        raise NotSignedInError
    return viewer


Asking = Annotated[Viewer, Depends(_viewer)]


def person_for(records: SqlRecords, viewer: Viewer, person_id: str, action: Action) -> Person:
    """A person, where the viewer may.

    Raises:
        NotHereError: nobody of this id, or not for this viewer.
    """
    if may(viewer, action, person_id):
        found = records.person(person_id)
        if found is not None:
            return found
    raise NotHereError


def note(services: Services, viewer: Viewer, person: Person, action: Action, looked: bool) -> None:
    """Into the person's audit trail: which account looked, changed, took away; of looks one now and then.

    Before it is done, so that nothing is done unnoted, and nothing noted of somebody who was erased.
    """
    if viewer.account is None:
        return
    if looked and action is not Action.TAKE_AWAY:
        if services.security.looks.due((viewer.account, person.id)):
            services.accounts.note("seen", viewer.account, person.id)
        return
    services.accounts.note(_NOTED[action], viewer.account, person.id)


_NOTED = {
    Action.SEE: "seen",
    Action.TRAIN: "changed",
    Action.PRESCRIBE: "prescribed",
    Action.TAKE_AWAY: "taken_away",
    Action.ERASE: "erased",
}


def _for(action: Action) -> object:
    def person(connection: HTTPConnection, person_id: PersonId, viewer: Asking, services: Asked) -> Person:
        found = person_for(services.records, viewer, person_id, action)
        note(services, viewer, found, action, looked=connection.scope.get("method", "GET") in SAFE)
        return found

    return Depends(person)


Seen = Annotated[Person, _for(Action.SEE)]
Trained = Annotated[Person, _for(Action.TRAIN)]
Prescribed = Annotated[Person, _for(Action.PRESCRIBE)]
TakenAway = Annotated[Person, _for(Action.TAKE_AWAY)]
Erased = Annotated[Person, _for(Action.ERASE)]
