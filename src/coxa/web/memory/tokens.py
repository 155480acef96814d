"""Tokens against forged requests, where nobody is signed in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from coxa.adapters.sinks.guard import writing

_SECRET_BYTES = 32


class VisitorTokens:
    """Tokens against forged requests for browsers in which nobody is signed in.

    A page brings along what only this server can make of the browser's cookie. Somebody else's page can
    neither read the token nor make one for a cookie that it planted.

    Args:
        secret: of all servers of one record.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def of_folder(cls, folder: Path) -> VisitorTokens:
        """With the secret that is kept in a data folder, made when first asked for.

        Raises:
            OutputError: it can be neither read nor made.
        """
        path = folder / "visitors.secret"
        with writing(path):
            if not path.exists():
                _made(path)
            return cls(path.read_bytes())

    def fresh(self) -> str:
        """A new cookie."""
        return secrets.token_urlsafe(24)

    def of(self, visitor: str) -> str:
        """The token of a cookie, 64 hexadecimal digits."""
        return hmac.new(self._secret, visitor.encode(), hashlib.sha256).hexdigest()


def _made(path: Path) -> None:
    """Whole or not there; of two servers that make it at once, the first one's stays."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    aside.touch(mode=0o600)
    aside.write_bytes(secrets.token_bytes(_SECRET_BYTES))
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
