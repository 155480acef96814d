"""The safety screen: questions, and what the answers allow."""

from coxa.web.screen.routes import router

__all__ = ["router"]
