"""Passwords, sign-ins, limits: what keeps strangers out, as data."""

from __future__ import annotations

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec


class PasswordSpec(Sourced):
    """Which passwords are taken.

    Attributes:
        shortest: characters.
        longest: characters; hashing more costs for nothing.
        different: characters that differ.
        common: words and rows of keys that everybody tries; a password is not made of these alone.
    """

    shortest: int = Field(ge=8)
    longest: int = Field(ge=64)
    different: int = Field(ge=1)
    common: tuple[str, ...]


class HashingSpec(Sourced):
    """What argon2id costs: passes, memory, lanes; and how many run at once, which bounds the memory."""

    time_cost: int = Field(ge=1)
    memory_kib: int = Field(ge=8)
    parallelism: int = Field(ge=1)
    at_once: int = Field(ge=1)


class Lasting(Spec):
    """How long a sign-in lasts: without use, and at most."""

    idle_s: float = Field(gt=0)
    longest_s: float = Field(gt=0)


class SignedInSpec(Sourced):
    """Sign-ins, by role.

    Attributes:
        person: who sees their own record.
        clinician: who sees others'.
        admin: who keeps accounts.
        noted_every_s: how often use is written down.
        fresh_s: how old a sign-in may be that adds a way to sign in.
        looked_again_s: how often a socket asks whether who opened it is still signed in.
    """

    person: Lasting
    clinician: Lasting
    admin: Lasting
    noted_every_s: float = Field(gt=0)
    fresh_s: float = Field(gt=0)
    looked_again_s: float = Field(gt=0)


class InvitationSpec(Sourced):
    """How long an invitation, and the question put to a passkey, are good."""

    valid_s: float = Field(gt=0)
    challenge_s: float = Field(gt=0)


class TriesSpec(Sourced):
    """Failures to sign in: the first ones cost nothing, then pauses double.

    Attributes:
        free: failures of one login without a pause.
        free_of_address: failures from one address, which a whole clinic may share.
        first_pause_s: after them.
        longest_pause_s: where doubling ends.
        forgotten_s: without a try.
        remembered: logins and addresses; the oldest are forgotten first.
    """

    free: int = Field(ge=1)
    free_of_address: int = Field(ge=1)
    first_pause_s: float = Field(gt=0)
    longest_pause_s: float = Field(gt=0)
    forgotten_s: float = Field(gt=0)
    remembered: int = Field(ge=1)


class Rate(Spec):
    """Requests: how many in the long run, and how many at once."""

    per_s: float = Field(gt=0)
    burst: int = Field(ge=1)


class RequestsSpec(Sourced):
    """How much one account, or one address without account, may ask."""

    account: Rate
    address: Rate
    remembered: int = Field(ge=1)


class PhonesSpec(Sourced):
    """Phones that tell how they lie: codes that a screen shows.

    Attributes:
        unused_s: after which a code that nobody opened is void.
        idle_s: after which one that was opened is.
        most: of a server.
        most_a_person: the oldest gives way.
    """

    unused_s: float = Field(gt=0)
    idle_s: float = Field(gt=0)
    most: int = Field(ge=1)
    most_a_person: int = Field(ge=1)


class AuditSpec(Sourced):
    """After how long the same account's look at the same person is a new one."""

    seen_again_s: float = Field(gt=0)


class AccessSpec(Spec):
    """All of it."""

    version: int = Field(ge=1)
    passwords: PasswordSpec
    hashing: HashingSpec
    signed_in: SignedInSpec
    invitations: InvitationSpec
    tries: TriesSpec
    requests: RequestsSpec
    phones: PhonesSpec
    audit: AuditSpec
