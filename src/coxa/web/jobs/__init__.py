"""What runs in the background, and what it leaves: jobs, reports, films."""

from coxa.web.jobs.routes import router

__all__ = ["router"]
