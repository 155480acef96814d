"""The record for programs: people, what is kept of them, how they are getting on, what can be measured."""

from coxa.web.api.routes import router

__all__ = ["router"]
