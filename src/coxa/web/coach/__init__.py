"""One exercise with the coach: the page, the exercise's card, its demonstration."""

from coxa.web.coach.routes import router

__all__ = ["router"]
