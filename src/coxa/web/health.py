"""Whether the server is well."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from coxa import __version__
from coxa.web.asked import Asked

router = APIRouter(tags=["machine"])


class Health(BaseModel):
    """That the server answers, and its record too."""

    status: str
    version: str
    build: str


@router.get("/health")
def health(services: Asked) -> Health:
    """Whether the server and its record answer."""
    services.records.person("")
    return Health(status="ok", version=__version__, build=services.assets.build)
