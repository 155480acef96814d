"""Pages as answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import HTMLResponse
from starlette.requests import HTTPConnection, Request

from coxa.web.languages import chosen
from coxa.web.services import services_of


def locale_of(request: HTTPConnection) -> str:
    """The reader's language."""
    viewer = getattr(request.state, "viewer", None)
    wanted = request.cookies.get("language") or (viewer.locale if viewer else None)
    return chosen(wanted, request.headers.get("accept-language", ""))


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """A rendered template; it knows ``request``, ``viewer``, ``csrf_token``, ``locale`` besides."""
    services = services_of(request)
    viewer = getattr(request.state, "viewer", None)
    csrf = getattr(request.state, "csrf", "")
    told = {"request": request, "viewer": viewer, "csrf_token": csrf, "person": None, **(values or {})}
    text = services.pages.render(template, locale_of(request), told)
    return HTMLResponse(text, status, dict(headers or {}))
