"""What browsers are told to refuse: everything that is not ours."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: WebAssembly is compiled; styles are files (charts set theirs through the object model, which is allowed).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    # With no-referrer a form of our own page says "Origin: null", and no change is taken from nowhere.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(self), microphone=(), geolocation=(), accelerometer=(self), gyroscope=(self), "
        "magnetometer=(self), screen-wake-lock=(self), publickey-credentials-get=(self), "
        "publickey-credentials-create=(self)",
    ),
)
_HTTPS_ONLY = ("strict-transport-security", "max-age=31536000")


class SecurityHeaders:
    """Adds them to every answer; what has no say about caching is not kept.

    Args:
        app: what answers.
        secure: browsers speak HTTPS.
    """

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        told = (*_ALWAYS, _HTTPS_ONLY) if secure else _ALWAYS
        self._headers = [(name.encode(), value.encode()) for name, value in told]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                named = {name.lower() for name, _ in headers}
                headers += [one for one in self._headers if one[0] not in named]
                if b"cache-control" not in named:
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self._app(scope, receive, with_headers)
