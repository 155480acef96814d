"""Who asks, for programs and for scripts of our pages."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request

from coxa.web.access import Role
from coxa.web.asked import Asking

router = APIRouter(prefix="/api", tags=["account"])


class Token(BaseModel):
    """What every change brings along, in the header ``X-CSRF-Token``."""

    csrf: str = Field(description="Good for this browser, until somebody signs in or out.")


class Who(Token):
    """Who asks."""

    account: str | None = Field(description="None: the owner of this machine.")
    name: str
    role: Role
    people: dict[str, str] = Field(description="Whose records, by id, and as what; an owner's are all.")


@router.get("/csrf")
def csrf(request: Request) -> Token:
    """The token of this browser; no page of another site can read it."""
    return Token(csrf=request.state.csrf)


@router.get("/viewer")
def viewer(asking: Asking) -> Who:
    """Who asks."""
    tied = {person: tie.value for person, tie in asking.ties.items()}
    return Who(csrf=asking.csrf, account=asking.account, name=asking.name, role=asking.role, people=tied)
