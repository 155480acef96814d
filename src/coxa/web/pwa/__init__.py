"""The app as something that is installed, and what of it is readable without a connection."""

from coxa.web.pwa.routes import router

__all__ = ["router"]
