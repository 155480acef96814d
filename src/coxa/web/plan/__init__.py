"""This week, why, and today's session."""

from coxa.web.plan.routes import router

__all__ = ["router"]
