"""What makes the app installable: manifest, service worker, the page for when there is no connection."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from coxa.model.errors import AssetError
from coxa.web.answers import locale_of, page
from coxa.web.asked import Asked

router = APIRouter(include_in_schema=False)

_MANIFEST = "application/manifest+json"
#: Loaded by every page: enough to read what was kept.
_SHELL = (
    "app/base.css",
    "app/base.js",
    "app/offline.js",
    "fonts/figtree-latin-wght-normal.woff2",
    "icons/coxa.svg",
)
_PART = re.compile(r"[\"']\./parts/([\w.-]+\.js)[\"']")
_COLOURS = {"theme_color": "#0b6b66", "background_color": "#fbfaf8"}


@router.get("/manifest.webmanifest")
def manifest(request: Request, services: Asked) -> Response:
    """Name, icons and where it begins."""
    asset = services.assets.url
    icons = [
        ("coxa.svg", "any", "any"),
        ("coxa-192.png", "192x192", "any"),
        ("coxa-512.png", "512x512", "any"),
    ]
    icons.append(("coxa-maskable-512.png", "512x512", "maskable"))
    told: dict[str, Any] = {
        "id": "/",
        "name": "Coxa",
        "short_name": "Coxa",
        "description": "Whether the hip or the spine is doing the moving.",
        "lang": locale_of(request),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "icons": [
            {"src": asset(f"icons/{name}"), "sizes": sizes, "purpose": purpose, "type": _type(name)}
            for name, sizes, purpose in icons
        ],
        **_COLOURS,
    }
    return JSONResponse(told, media_type=_MANIFEST)


def _type(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"


@router.get("/service-worker.js")
def service_worker(services: Asked) -> Response:
    """The worker of this build; it must stand at the root to see every page.

    Raises:
        AssetError: it is not built.
    """
    path = services.assets.folder / "app" / "service-worker.js"
    if not path.is_file():
        raise AssetError("the service worker is not built", "run make setup in the source tree")
    names = (*_SHELL, *_parts(services.assets.folder))
    told = {
        "build": services.assets.build,
        "shell": ["/offline", *(services.assets.url(name) for name in names)],
    }
    content = f"self.coxa = {json.dumps(told)};\n{path.read_text(encoding='utf-8')}"
    return Response(content, media_type="text/javascript", headers={"cache-control": "no-cache"})


def _parts(folder: Path) -> list[str]:
    """Pieces that scripts of the shell share with others, as the build named them."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in _SHELL if name.endswith(".js")]
    return sorted({f"app/parts/{name}" for text in texts for name in _PART.findall(text)})


@router.get("/offline")
def offline(request: Request) -> Response:
    """What is shown where the server cannot be reached and nothing was kept; it tells of nobody."""
    request.state.viewer, request.state.csrf = None, ""
    return page(request, "pwa/offline.html", headers={"cache-control": "no-cache"})
