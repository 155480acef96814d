"""Guided tests: the camera tried out, a test chosen, done and assessed."""

from coxa.web.guided.routes import router

__all__ = ["router"]
