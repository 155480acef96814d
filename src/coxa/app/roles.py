"""What accounts are for, and whose records they see."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    PERSON = "person"
    CLINICIAN = "clinician"
    ADMIN = "admin"


class Tie(StrEnum):
    """Of an account to a person of the record."""

    SELF = "self"
    CLINICIAN = "clinician"
