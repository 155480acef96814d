"""Runs the server until it is told to stop."""

from __future__ import annotations

import os

import uvicorn

from coxa.adapters.store.database import data_folder
from coxa.adapters.store.records import SqlRecords
from coxa.web.app import create_app
from coxa.web.jobs.workers import worker_beside
from coxa.web.settings import ServeSettings

#: Landmarks of a frame are half a kilobyte; compressing them costs more than it saves.
_MOST_SOCKET_BYTES = 1 << 20


def configured(settings: ServeSettings) -> uvicorn.Config:
    """The server as uvicorn takes it.

    Raises:
        CoxaError: the record cannot be opened, or the app's scripts are not built.
    """
    database = settings.database or os.environ.get("COXA_DATABASE")
    records = SqlRecords.open(data_folder(settings.data), database)
    return uvicorn.Config(
        create_app(settings, records),
        host=settings.host,
        port=settings.port,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips="127.0.0.1" if settings.behind_proxy else None,
        server_header=False,
        access_log=False,
        log_config=None,
        ws="websockets-sansio",
        ws_max_size=_MOST_SOCKET_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )


def serve(settings: ServeSettings) -> None:
    """Serve until interrupted, with a worker for uploaded recordings beside it."""
    config = configured(settings)
    with worker_beside(data_folder(settings.data), settings.database):
        uvicorn.Server(config).run()
