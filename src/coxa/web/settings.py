"""How a server is told to be."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from coxa.model.errors import SourceError

#: A body of a request that is no upload.
MOST_BODY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """What `coxa serve` was told.

    Attributes:
        host: address to listen on.
        port: to listen on; 0: any that is free.
        data: folder of the record; None: the user's own.
        database: URL of PostgreSQL; None: SQLite in the folder.
        accounts: people sign in. Without, everybody who reaches the server is its owner: only on one's own
            machine.
        certificate: PEM file; None: no HTTPS here.
        key: PEM file of its private key.
        hosts: names under which browsers reach the server, besides its own machine's.
        behind_proxy: HTTPS ends at a proxy, whose forwarded headers count.
        proxy: address of the proxy.
        metrics_token: with which figures may be read from elsewhere; None: from this machine only.
        upload_mb: the largest recording that is taken.
        worker: a worker for uploaded recordings runs beside the server; else `coxa worker` does elsewhere.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path | None = None
    database: str | None = None
    accounts: bool = False
    certificate: Path | None = None
    key: Path | None = None
    hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    proxy: str = "127.0.0.1"
    metrics_token: str | None = None
    upload_mb: int = 2_000
    worker: bool = True

    def __post_init__(self) -> None:
        """Refuse what would leave the record open.

        Raises:
            SourceError: it would be reachable without accounts or HTTPS, or half of a certificate is named.
        """
        if not self.accounts and not self.only_this_machine:
            raise SourceError(
                f"--host {self.host} lets others reach the record, and there are no accounts",
                "add --accounts, or listen on 127.0.0.1",
            )
        if not self.accounts and (self.hosts or self.behind_proxy):
            raise SourceError(
                "names for others, or a proxy, were told, and there are no accounts", "add --accounts"
            )
        if (self.certificate is None) != (self.key is None):
            raise SourceError("a certificate goes with its key", "name both --certificate and --key")
        if not self.secure and not self.only_this_machine:
            raise SourceError(
                f"--host {self.host} without HTTPS lets others read passwords on their way",
                "add --certificate and --key, or --behind-proxy with a proxy that speaks HTTPS",
            )
        try:
            ipaddress.ip_address(self.proxy)
        except ValueError as error:
            raise SourceError(f"--proxy {self.proxy!r:.60} is no address", "such as 127.0.0.1") from error

    @property
    def only_this_machine(self) -> bool:
        """Whether nobody else can reach the address."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def secure(self) -> bool:
        """Whether browsers speak HTTPS to it."""
        return self.certificate is not None or self.behind_proxy

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """What a request may be addressed to; anything else is somebody else's name pointing here."""
        own = () if self.host in ("0.0.0.0", "::") else (self.host,)  # noqa: S104 - it is refused above
        return tuple(dict.fromkeys(("localhost", "127.0.0.1", "[::1]", *own, *self.hosts)))
