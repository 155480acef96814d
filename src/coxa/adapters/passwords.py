"""Passwords as argon2id hashes."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from coxa.specs.access import HashingSpec


class Argon2Passwords:
    """The :class:`coxa.app.accounts.Passwords` of argon2id.

    Args:
        spec: what a hash costs.
    """

    def __init__(self, spec: HashingSpec) -> None:
        self._hasher = PasswordHasher(spec.time_cost, spec.memory_kib, spec.parallelism)
        self._nobody: str | None = None
        # Each takes its memory: a crowd at the door waits instead of taking all of it.
        self._places = threading.BoundedSemaphore(spec.at_once)

    def hashed(self, password: str) -> str:
        """What is kept, with its own salt."""
        with self._places:
            return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is this one; takes as long where nothing is kept."""
        with self._places:
            try:
                return self._hasher.verify(kept or self._nobodys(), password) and kept is not None
            except (Argon2Error, InvalidHashError):
                return False

    def _nobodys(self) -> str:
        """A hash of the same cost that no password is known of."""
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_hex())
        return self._nobody

    def outdated(self, kept: str) -> bool:
        """Whether it was made at another cost."""
        return self._hasher.check_needs_rehash(kept)
