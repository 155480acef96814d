"""A phone on the body: paired by a code, its orientation shown on the main screen."""

from coxa.web.phone.routes import router

__all__ = ["router"]
