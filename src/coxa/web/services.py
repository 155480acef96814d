"""What every request may use: made once a server, closed with it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, WebSocket

from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.web.memory.security import Security
from coxa.web.metrics import Metrics
from coxa.web.rendering import Pages
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets


@dataclass(frozen=True, slots=True)
class Services:
    """The server's own things.

    Attributes:
        settings: as told.
        records: the record of people.
        assets: what browsers load.
        pages: templates and words.
        accounts: who may sign in, and whose records they see.
        security: limits and tokens.
        metrics: what the server did.
    """

    settings: ServeSettings
    records: SqlRecords
    assets: Assets
    pages: Pages
    accounts: SqlAccounts
    security: Security
    metrics: Metrics


def services_of(connection: Request | WebSocket) -> Services:
    """Those of the server that was asked."""
    found: Services = connection.app.state.services
    return found
