"""Refusals as pages and as JSON problems (RFC 9457), without a word of what went on inside."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from coxa.model.errors import CoxaError, OutputError
from coxa.web.marks import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_log = logging.getLogger("coxa.web")
_HTML = "text/html"
PROBLEM = "application/problem+json"


class NotSignedInError(Exception):
    """Nobody is signed in, and somebody must be."""


class NotHereError(Exception):
    """There is nothing, or nothing for this viewer: both look the same."""


class ForbiddenError(Exception):
    """A change that did not come from our own page, or is not for this role."""


class TooManyError(Exception):
    """Too many tries, or too much of something else.

    Args:
        wait_s: until the next one is taken.
        title: what there is too much of; marked as words.
        detail: what to do.
    """

    def __init__(
        self, wait_s: float, title: str = N_("Too many tries"), detail: str = N_("Wait a little.")
    ) -> None:
        super().__init__(wait_s)
        self.wait_s, self.title, self.detail = wait_s, title, detail


def wants_page(request: Request) -> bool:
    """Whether a person reads the answer: a browser asked, and not for the API."""
    accepted = request.headers.get("accept", "")
    return not request.url.path.startswith("/api/") and (_HTML in accepted or "hx-request" in request.headers)


def problem(
    request: Request, status: int, title: str, detail: str = "", headers: dict[str, str] | None = None
) -> Response:
    """One refusal, for whoever asked."""
    if wants_page(request):
        from coxa.web.answers import page
        from coxa.web.words import said

        values = {"status": status, "title": said(request, title), "detail": said(request, detail)}
        return page(request, "problem.html", values, status=status, headers=headers)
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(told, status, headers, PROBLEM)


def add_handlers(app: FastAPI) -> None:
    """Answer every refusal."""
    for kind in _handlers():
        app.add_exception_handler(kind, answer)


async def answer(request: Request, error: Exception) -> Response:
    """The answer to a refusal, or to what broke."""
    handlers = _handlers()
    kind = next(one for one in type(error).__mro__ if one in handlers)
    return await handlers[kind](request, error)


def _handlers() -> dict[type[Exception], Callable[..., Awaitable[Response]]]:
    return {
        NotSignedInError: _not_signed_in,
        NotHereError: _not_here,
        ForbiddenError: _forbidden,
        TooManyError: _too_many,
        CoxaError: _refused,
        RequestValidationError: _invalid,
        HTTPException: _plain,
        Exception: _broken,
    }


async def _not_signed_in(request: Request, _: Exception) -> Response:
    if wants_page(request) and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    return problem(request, 401, N_("Sign in first"))


async def _not_here(request: Request, _: Exception) -> Response:
    return problem(
        request, 404, N_("There is nothing here"), N_("It may have been removed, or was never yours.")
    )


async def _forbidden(request: Request, _: Exception) -> Response:
    return problem(request, 403, N_("This was not allowed"), N_("Load the page again and try once more."))


async def _too_many(request: Request, error: TooManyError) -> Response:
    after = {"Retry-After": str(max(round(error.wait_s), 1))}
    return problem(request, 429, error.title, error.detail, after)


async def _refused(request: Request, error: CoxaError) -> Response:
    status = 503 if isinstance(error, OutputError) else 422
    return problem(request, status, error.fault, error.remedy)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    where = {".".join(str(part) for part in one["loc"]): str(one["msg"]) for one in error.errors()}
    told = "; ".join(f"{place}: {fault}" for place, fault in where.items())
    return problem(request, 422, N_("Something is not as it should be"), told)


async def _plain(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404 and wants_page(request):
        return await _not_here(request, error)
    return problem(request, error.status_code, str(error.detail), headers=dict(error.headers or {}))


async def _broken(request: Request, error: Exception) -> Response:
    route = getattr(request.scope.get("route"), "path", "")
    _log.error("broken", exc_info=error, extra={"told": {"route": route}})
    return problem(request, 500, N_("Something broke here"), N_("It was noted. Your record is as it was."))
