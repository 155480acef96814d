"""What keeps strangers out of one server, while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coxa.adapters.passwords import Argon2Passwords
from coxa.adapters.store.accounts import SqlAccounts
from coxa.specs.access import AccessSpec
from coxa.web.memory.challenges import Challenges
from coxa.web.memory.limits import Requests, Seldom, Tries
from coxa.web.memory.sockets import OpenSockets
from coxa.web.memory.tokens import VisitorTokens


@dataclass(frozen=True, slots=True)
class Security:
    """Of one server.

    Attributes:
        spec: limits, as data.
        accounts: who may sign in.
        passwords: how they are kept.
        by_login: failures to sign in.
        by_address: those from one address, which a whole clinic may share.
        of_accounts: requests of each account.
        of_addresses: requests of each address without account.
        looks: when an account looked at a person last.
        used: when the use of a sign-in was noted last.
        challenges: questions put to passkeys.
        visitors: tokens of browsers in which nobody is signed in.
        sockets: conversations of who is signed in.
    """

    spec: AccessSpec
    accounts: SqlAccounts
    passwords: Argon2Passwords
    by_login: Tries
    by_address: Tries
    of_accounts: Requests
    of_addresses: Requests
    looks: Seldom
    used: Seldom
    challenges: Challenges
    visitors: VisitorTokens
    sockets: OpenSockets

    @classmethod
    def made(cls, spec: AccessSpec, accounts: SqlAccounts, folder: Path) -> Security:
        """With nothing remembered yet; what all servers of one record must know is in its folder.

        Raises:
            OutputError: it cannot be read or written there.
        """
        most = spec.requests.remembered
        return cls(
            spec=spec,
            accounts=accounts,
            passwords=Argon2Passwords(spec.hashing),
            by_login=Tries(spec.tries, spec.tries.free),
            by_address=Tries(spec.tries, spec.tries.free_of_address),
            of_accounts=Requests(spec.requests.account, most),
            of_addresses=Requests(spec.requests.address, most),
            looks=Seldom(spec.audit.seen_again_s, most),
            used=Seldom(spec.signed_in.noted_every_s, most),
            challenges=Challenges(spec.invitations.challenge_s, most),
            visitors=VisitorTokens.of_folder(folder),
            sockets=OpenSockets(spec.signed_in.looked_again_s),
        )
