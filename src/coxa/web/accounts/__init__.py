"""Accounts: signing in and out, invitations, one's own account, all accounts."""

from fastapi import APIRouter

from coxa.web.accounts import admin, api, entering, inviting, own, passkeys
from coxa.web.accounts.inviting import invitation_link

router = APIRouter()
for _part in (api, entering, passkeys, own, inviting, admin):
    router.include_router(_part.router)

__all__ = ["invitation_link", "router"]
