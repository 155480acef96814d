"""How somebody is getting on, in the browser."""

from coxa.web.progress.routes import router

__all__ = ["router"]
