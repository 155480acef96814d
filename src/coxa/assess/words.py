"""Numbers in sentences."""

from __future__ import annotations


def many(n: int, one: str) -> str:
    """``1 repetition``, ``3 repetitions``."""
    return f"{n} {one}{'' if n == 1 else 's'}"
