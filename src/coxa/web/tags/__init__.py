"""Printed boards: their pages to print, how they are worn, whether the camera reads them."""

from coxa.web.tags.routes import router

__all__ = ["router"]
