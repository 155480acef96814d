"""Recordings that come in: the page, and the pieces of their files."""

from coxa.web.upload.routes import router

__all__ = ["router"]
