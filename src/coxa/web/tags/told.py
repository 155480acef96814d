"""What pages that look for boards are told."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from coxa.bootstrap.live_tags import printed
from coxa.catalog import loader
from coxa.web.services import Services
from coxa.web.words import said


def tag_files(request: Request, services: Services) -> dict[str, Any]:
    """The worker that looks for boards, what is printed, and what boards are called."""
    titles = {board.name: said(request, board.title) for board in loader.tag_boards().boards}
    return {"script": services.assets.url("app/tagged.js"), "printed": printed(), "titles": titles}


def pose_files(services: Services) -> dict[str, str]:
    """The pose worker, and the folder of its networks."""
    return {"script": services.assets.url("app/pose.js"), "base": services.assets.url("pose/")}
