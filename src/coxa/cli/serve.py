"""``coxa serve``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from coxa.cli.exits import exit_codes


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="To listen on.")] = 8000,
    data: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the record. [default: COXA_DATA, or the user's own]", show_default=False
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Of PostgreSQL. [default: COXA_DATABASE, or SQLite]", show_default=False
        ),
    ] = None,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="People sign in; needed to serve others.")
    ] = False,
    certificate: Annotated[Path | None, typer.Option(help="PEM file, for HTTPS.", show_default=False)] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file of its private key.", show_default=False)] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="Under which browsers reach this server.", show_default=False),
    ] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="HTTPS ends at a proxy that forwards to this server.")
    ] = False,
    proxy: Annotated[str, typer.Option(metavar="IP", help="Address of the proxy.")] = "127.0.0.1",
    worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Read uploads here, or leave them to coxa worker.")
    ] = True,
) -> None:
    """Serve the app: live coach, tests and records, in the browser.

    Without accounts on this machine only. COXA_METRICS_TOKEN: with it /metrics may be read from elsewhere.
    """
    with exit_codes():
        from coxa.web.server import serve as run
        from coxa.web.settings import ServeSettings

        run(
            ServeSettings(
                host=host,
                port=port,
                data=data,
                database=database,
                accounts=accounts,
                certificate=certificate,
                key=key,
                hosts=tuple(name or ()),
                behind_proxy=behind_proxy,
                proxy=proxy,
                worker=worker,
                metrics_token=os.environ.get("COXA_METRICS_TOKEN") or None,
            ),
            typer.echo,
        )
