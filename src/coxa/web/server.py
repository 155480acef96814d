"""Runs the server until it is told to stop."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, nullcontext

import uvicorn

from coxa.adapters.store.database import data_folder
from coxa.adapters.store.records import SqlRecords
from coxa.estimate.blas import stay_on_one_thread
from coxa.model.errors import SourceError
from coxa.web.app import create_app
from coxa.web.jobs.workers import worker_beside
from coxa.web.settings import ServeSettings
from coxa.web.watched import log_to_stderr

#: Landmarks of a frame are half a kilobyte; compressing them costs more than it saves.
_MOST_SOCKET_BYTES = 1 << 16


def configured(settings: ServeSettings) -> uvicorn.Config:
    """The server as uvicorn takes it.

    Raises:
        CoxaError: the record cannot be opened, the app's scripts are not built, or the certificate is none.
    """
    database = settings.database or os.environ.get("COXA_DATABASE")
    records = SqlRecords.open(data_folder(settings.data), database)
    config = uvicorn.Config(
        create_app(settings, records),
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.key,
        proxy_headers=settings.behind_proxy,
        forwarded_allow_ips=settings.proxy if settings.behind_proxy else None,
        server_header=False,
        access_log=False,
        log_config=None,
        ws="websockets-sansio",
        ws_max_size=_MOST_SOCKET_BYTES,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=5,
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise SourceError(
            f"{settings.certificate}, {settings.key}: no certificate with its key ({error})",
            "name PEM files that belong together",
        ) from error
    return config


def listening(settings: ServeSettings) -> socket.socket:
    """The address, taken.

    Raises:
        SourceError: somebody else has it, or it is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise SourceError(
            f"cannot listen on {settings.host}, port {settings.port} ({error.strerror})",
            "choose another --port (0: any that is free) or --host",
        ) from error


def serve(settings: ServeSettings, say: Callable[[str], None] = print) -> None:
    """Serve until interrupted, with a worker for uploaded recordings beside it unless told otherwise.

    Args:
        settings: as told.
        say: gets the address once it answers, and what is missing.

    Raises:
        CoxaError: it cannot be served.
    """
    with closing(listening(settings)) as taken:
        config = configured(settings)
        log_to_stderr()
        stay_on_one_thread()
        beside = worker_beside(data_folder(settings.data), settings.database)
        with beside if settings.worker else nullcontext():
            _Announced(config, settings, taken.getsockname()[1], say).run([taken])


class _Announced(uvicorn.Server):
    """Says where it is as soon as it answers."""

    def __init__(
        self, config: uvicorn.Config, settings: ServeSettings, port: int, say: Callable[[str], None]
    ) -> None:
        super().__init__(config)
        self._settings, self._port, self._say = settings, port, say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As usual, and says so."""
        await super().startup(sockets)
        if self.should_exit:
            return
        self._say(f"Coxa is at {self._address()} (Ctrl-C ends it)")
        accounts = self.config.app.state.services.accounts  # type: ignore[union-attr]
        if self._settings.accounts and not accounts.everybody():
            self._say("Nobody can sign in yet: coxa account add LOGIN --role admin")

    def _address(self) -> str:
        settings = self._settings
        if settings.behind_proxy:
            return f"https://{settings.hosts[0] if settings.hosts else 'the proxy'}"
        anywhere = settings.host in ("0.0.0.0", "::")  # noqa: S104 - it is only written
        name = settings.hosts[0] if anywhere and settings.hosts else settings.host
        place = f"[{name}]" if ":" in name else name
        return f"{'https' if settings.secure else 'http'}://{place}:{self._port}"
