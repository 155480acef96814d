"""Who may do what with whose record: the one place where it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coxa.app.roles import Role, Tie

__all__ = ["Action", "Role", "Tie", "Viewer", "may", "may_add_person"]


class Action(StrEnum):
    """What is done with a person's record."""

    SEE = "see"
    TRAIN = "train"  # screen, test, coach, log: what the person does, or is helped with
    PRESCRIBE = "prescribe"  # change the plan on clinical grounds, write notes
    TAKE_AWAY = "take_away"  # export, share
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks.

    Attributes:
        account: id; None: the owner of this machine, where there are no accounts.
        name: as shown.
        role: of the account.
        ties: person id -> tie.
        locale: chosen by the account; None: as the browser says.
        csrf: token that every change must bring along.
        kiosk: id of the person in whose hands the browser is: nobody else is shown, nothing is taken away.
    """

    account: str | None
    name: str
    role: Role
    ties: Mapping[str, Tie] = field(default_factory=dict)
    locale: str | None = None
    csrf: str = ""
    kiosk: str | None = None

    @property
    def owner(self) -> bool:
        """Whether there are no accounts here: everything is theirs."""
        return self.account is None

    @property
    def sees_clients(self) -> bool:
        """Whether the clinician's pages are for them."""
        return self.kiosk is None and (self.owner or self.role is Role.CLINICIAN)


_IN_HANDS = frozenset({Action.SEE, Action.TRAIN})
_BY_TIE = {
    Tie.SELF: frozenset({Action.SEE, Action.TRAIN, Action.TAKE_AWAY, Action.ERASE}),
    Tie.CLINICIAN: frozenset({Action.SEE, Action.TRAIN, Action.PRESCRIBE, Action.TAKE_AWAY}),
}


def may(viewer: Viewer, action: Action, person: str) -> bool:
    """Whether somebody may do something with a person's record; whom no tie names, nothing.

    An administrator keeps accounts and sees nobody's record by it.
    """
    if viewer.kiosk is not None and (person != viewer.kiosk or action not in _IN_HANDS):
        return False
    if viewer.owner:
        return True
    tie = viewer.ties.get(person)
    if tie is None or (tie is Tie.CLINICIAN and viewer.role is not Role.CLINICIAN):
        return False
    return action in _BY_TIE[tie]


def may_add_person(viewer: Viewer) -> bool:
    """Whether they may add a client; a person of an account of their own comes by their invitation."""
    return viewer.sees_clients
