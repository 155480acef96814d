"""``coxa worker``."""

from __future__ import annotations

from typing import Annotated

import typer

from coxa.cli.exits import exit_codes
from coxa.cli.person import Data, Database


def worker(
    data: Data = None,
    database: Database = None,
    parent: Annotated[
        int | None, typer.Option(hidden=True, help="End when this process does.", show_default=False)
    ] = None,
) -> None:
    """Read uploaded recordings in the background; coxa serve starts one of these."""
    with exit_codes():
        import signal
        from threading import Event

        from coxa.bootstrap.jobs import work

        stop = Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda *_: stop.set())
        work(data, database, stop, parent)
