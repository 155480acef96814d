"""The API as OpenAPI, for the build of the scripts: ``python -m coxa.web.openapi FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fastapi import FastAPI


def document() -> dict[str, Any]:
    """What every server serves at ``/api/openapi.json``; no record and no scripts are needed for it."""
    from coxa import __version__
    from coxa.web.app import ROUTERS

    app = FastAPI(title="Coxa", version=__version__)
    for router in ROUTERS:
        app.include_router(router)
    return app.openapi()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document(), indent=1) + "\n", encoding="utf-8")
