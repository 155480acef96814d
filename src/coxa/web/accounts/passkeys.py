"""Passkeys: keys that devices keep, for signing in without a password."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from coxa.app.accounts import Account, Passkey
from coxa.app.record import clean_name, now
from coxa.model.errors import SourceError
from coxa.web.accounts.api import Token
from coxa.web.accounts.entering import as_token
from coxa.web.accounts.own import own_account, require_fresh
from coxa.web.asked import Asked, Asking
from coxa.web.errors import NotHereError, TooManyError
from coxa.web.security.origin import host_of, own_origin, passkeys_possible
from coxa.web.security.sign_in import address_of
from coxa.web.services import Services

router = APIRouter()
_ADDING, _ENTERING = "adding", "entering"
_AGAIN = "try again, or sign in with a password"


class Options(BaseModel):
    """What ``navigator.credentials`` is asked, as WebAuthn writes it."""

    options: dict[str, Any] = Field(alias="publicKey", serialization_alias="publicKey")


class Answered(BaseModel):
    """What the device answered, as ``PublicKeyCredential.toJSON()`` writes it."""

    credential: dict[str, Any]


class Added(Answered):
    """A new passkey."""

    label: str = Field(max_length=200, description="By which its owner knows the device.")


@router.post("/api/account/passkeys/options", tags=["account"])
def options_to_add(request: Request, services: Asked, viewer: Asking) -> Options:
    """What a device is asked that shall keep a new key."""
    account = own_account(services, viewer)
    require_fresh(request, services)
    _require_possible(request)
    known = services.accounts.passkeys_of(account.id)
    made = generate_registration_options(
        rp_id=host_of(request),
        rp_name="Coxa",
        user_name=account.login,
        user_id=account.id.encode(),
        user_display_name=account.name,
        challenge=services.security.challenges.put(request.state.visitor, _ADDING),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in known
        ],
    )
    return Options(publicKey=json.loads(options_to_json(made)))


@router.post("/api/account/passkeys", tags=["account"], status_code=201)
def add(request: Request, services: Asked, viewer: Asking, added: Added) -> None:
    """Keep the public half of a new key."""
    account = own_account(services, viewer)
    require_fresh(request, services)
    label = clean_name(added.label)
    challenge = services.security.challenges.take(request.state.visitor, _ADDING)
    try:
        found = verify_registration_response(
            credential=added.credential,
            expected_challenge=challenge or b"",
            expected_rp_id=host_of(request),
            expected_origin=own_origin(request),
            require_user_verification=True,
        )
    except Exception as error:
        raise SourceError("this passkey was not kept", _AGAIN) from error
    if challenge is None:
        raise SourceError("this passkey came too late", _AGAIN)
    services.accounts.add_passkey(
        Passkey(
            bytes_to_base64url(found.credential_id),
            account.id,
            bytes_to_base64url(found.credential_public_key),
            found.sign_count,
            label,
            now(),
        )
    )


@router.post("/account/passkeys/remove", include_in_schema=False)
def remove(services: Asked, viewer: Asking, credential_id: Annotated[str, Form(max_length=400)]) -> Response:
    """Forget one of one's own.

    Raises:
        SourceError: nothing would be left to sign in with.
    """
    account = own_account(services, viewer)
    others = [one for one in services.accounts.passkeys_of(account.id) if one.credential_id != credential_id]
    if not others and services.accounts.password_hash(account.id) is None:
        raise SourceError("this is the only way you can sign in", "set a password first")
    if not services.accounts.remove_passkey(account.id, credential_id):
        raise NotHereError
    return RedirectResponse("/account", 303)


@router.post("/api/sign-in/passkey/options", tags=["account"])
def options_to_enter(request: Request, services: Asked) -> Options:
    """What a device is asked that signs somebody in; it knows itself whom."""
    _require_possible(request)
    made = generate_authentication_options(
        rp_id=host_of(request),
        challenge=services.security.challenges.put(request.state.visitor, _ENTERING),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Options(publicKey=json.loads(options_to_json(made)))


@router.post("/api/sign-in/passkey", tags=["account"], response_model=Token)
def enter(request: Request, services: Asked, answered: Answered) -> Response:
    """With a passkey; answered with 401 where it is none of ours."""
    tries, address = services.security.by_address, address_of(request)
    wait_s = tries.wait_s(address)
    if wait_s > 0.0:
        raise TooManyError(wait_s)
    account = _whose(request, services, answered.credential)
    if account is None:
        tries.failed(address)
        services.metrics.refused_sign_ins.inc()
    return as_token(request, services, account)


def _whose(request: Request, services: Services, credential: dict[str, Any]) -> Account | None:
    """Who answered; None: nobody who may sign in, or not the open question, which is void now."""
    challenge = services.security.challenges.take(request.state.visitor, _ENTERING)
    told = credential.get("id")
    known = services.accounts.passkey(told) if isinstance(told, str) else None
    if challenge is None or known is None:
        return None
    try:
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=host_of(request),
            expected_origin=own_origin(request),
            credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - whatever a hostile answer breaks in the library is a refusal
        return None
    account = services.accounts.by_id(known.account)
    if account is None or account.disabled_at is not None:
        return None
    services.accounts.used_passkey(known.credential_id, found.new_sign_count)
    return account


def _require_possible(request: Request) -> None:
    if not passkeys_possible(request):
        raise SourceError("passkeys need a name, and this is an address", "open http://localhost or a name")
