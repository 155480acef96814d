"""What a test found: figures, words, and what could not be told."""

from coxa.web.results.routes import router

__all__ = ["router"]
