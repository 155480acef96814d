"""Where people arrive: first run, people of the record, today."""

from coxa.web.home.routes import router

__all__ = ["router"]
