"""The server, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from coxa import __version__
from coxa.adapters.store.accounts import SqlAccounts
from coxa.adapters.store.records import SqlRecords
from coxa.catalog.access import access
from coxa.web import errors
from coxa.web.accounts import router as accounts_pages
from coxa.web.api import router as api
from coxa.web.clinic import router as clinic
from coxa.web.coach import router as coach
from coxa.web.guided import router as guided
from coxa.web.health import router as health
from coxa.web.home import router as home
from coxa.web.jobs import router as jobs
from coxa.web.live import router as live
from coxa.web.me import router as me
from coxa.web.memory.security import Security
from coxa.web.metrics import Metrics
from coxa.web.phone import router as phone
from coxa.web.phone.pairing import Pairings
from coxa.web.plan import router as plan
from coxa.web.progress import router as progress
from coxa.web.pwa import router as pwa
from coxa.web.rendering import Pages
from coxa.web.results import router as results
from coxa.web.screen import router as screen
from coxa.web.security.bodies import BodyLimit
from coxa.web.security.headers import SecurityHeaders
from coxa.web.security.sign_in import SignIn
from coxa.web.services import Services
from coxa.web.settings import ServeSettings
from coxa.web.static import Assets, ForeverFiles
from coxa.web.tags import router as tags
from coxa.web.upload import router as upload
from coxa.web.watched import Watched

#: Every page and every part of the API; a test holds that each is here.
ROUTERS: tuple[APIRouter, ...] = (
    health,
    home,
    clinic,
    screen,
    accounts_pages,
    live,
    coach,
    me,
    phone,
    plan,
    progress,
    pwa,
    results,
    guided,
    api,
    jobs,
    upload,
    tags,
)


def create_app(settings: ServeSettings, records: SqlRecords, assets: Assets | None = None) -> FastAPI:
    """The ASGI application of one server.

    Args:
        settings: as told.
        records: opened; closed when the server stops.
        assets: what browsers load; None: what was built.

    Raises:
        AssetError: the scripts are not built.
    """
    built = assets or Assets.found()
    pages = Pages(asset=built.url, coxa_version=__version__, settings=settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        records.close()

    app = FastAPI(
        title="Coxa",
        version=__version__,
        description="Whether the hip or the spine is doing the moving.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    accounts = SqlAccounts(records.engine)
    security, metrics = Security.made(access(), accounts, records.folder), Metrics()
    app.state.services = Services(settings, records, built, pages, accounts, security, metrics)
    app.state.pairings = Pairings(access().phones)
    errors.add_handlers(app)
    for router in ROUTERS:
        app.include_router(router)
    app.mount(f"/static/{built.build}", ForeverFiles(directory=built.folder), "static")
    # The last one added sees a request first.
    app.add_middleware(SignIn, security=security, accounts=settings.accounts, secure=settings.secure)
    app.add_middleware(BodyLimit, upload_mb=settings.upload_mb)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts), www_redirect=False)
    app.add_middleware(Watched, metrics=metrics)
    app.add_middleware(SecurityHeaders, secure=settings.secure)
    return app
