"""What the shell is told: a plain sentence on stderr and a documented exit code."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from coxa.model.errors import EXIT_CODES, CoxaError

INTERRUPTED = 130

EPILOG = "Exit codes:\n\n\b\n" + "\n".join(f"{code:>4}  {words}" for code, words in EXIT_CODES.items())


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn refusals and interruptions into a message and an exit code; bugs keep their traceback."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        yield
    except CoxaError as error:
        typer.echo(f"coxa: {error}", err=True)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        typer.echo("coxa: interrupted; nothing was written", err=True)
        raise typer.Exit(INTERRUPTED) from None


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop once; a second signal does not disturb the clearing up."""
    for other in (signal.SIGINT, signal.SIGTERM):
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
