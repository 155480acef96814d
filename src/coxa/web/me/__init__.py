"""A person's own record: what is kept, put right, taken away, removed."""

from coxa.web.me.routes import router

__all__ = ["router"]
