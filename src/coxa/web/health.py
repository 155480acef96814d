"""Whether the server is well, for people, for machines, and in figures."""

from __future__ import annotations

import hmac
import ipaddress

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from coxa import __version__
from coxa.web.answers import page
from coxa.web.asked import Asked
from coxa.web.errors import NotHereError, wants_page
from coxa.web.metrics import MEDIA_TYPE
from coxa.web.services import Services

router = APIRouter(tags=["machine"])


class Health(BaseModel):
    """That the server answers, and its record too."""

    status: str
    version: str
    build: str


@router.get("/health", response_model=Health)
def health(request: Request, services: Asked) -> Response | Health:
    """Whether the server and its record answer; a page for people, JSON for machines."""
    services.records.person("")
    found = Health(status="ok", version=__version__, build=services.assets.build)
    if wants_page(request):
        return page(request, "accounts/health.html", {"health": found})
    return found


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, services: Asked) -> Response:
    """Figures for Prometheus: from this machine, or with the token."""
    if not _may_read(request, services):
        raise NotHereError
    return Response(services.metrics.text(), media_type=MEDIA_TYPE)


def _may_read(request: Request, services: Services) -> bool:
    settings = services.settings
    told = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if settings.metrics_token and hmac.compare_digest(told, settings.metrics_token.encode()):
        return True
    try:
        here = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    # What a proxy brings comes from anywhere.
    return here and not settings.behind_proxy
