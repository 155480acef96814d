"""The live socket: landmarks in, scenes out; pictures never leave the browser."""

from coxa.web.live.routes import router

__all__ = ["router"]
