"""Tokens against forged requests, where nobody is signed in."""

from __future__ import annotations

import hashlib
import hmac
import secrets


class VisitorTokens:
    """Tokens against forged requests for browsers in which nobody is signed in.

    A page brings along what only this server can make of the browser's cookie. Somebody else's page can
    neither read the token nor make one for a cookie that it planted.
    """

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def fresh(self) -> str:
        """A new cookie."""
        return secrets.token_urlsafe(24)

    def of(self, visitor: str) -> str:
        """The token of a cookie, 64 hexadecimal digits."""
        return hmac.new(self._secret, visitor.encode(), hashlib.sha256).hexdigest()
