"""Accounts: signing in and out, invitations, one's own account, all accounts."""

from fastapi import APIRouter

from coxa.web.accounts import api

router = APIRouter()
for _part in (api,):
    router.include_router(_part.router)

__all__ = ["router"]
