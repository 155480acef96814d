"""What a person can add to a source so that it tells more."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec, Standpoint


class Brings(Spec):
    """Rows of the observability table that an addition brings to sources that obey any of some others."""

    to: tuple[str, ...] = Field(min_length=1, description="rows of which the source must obey one")
    kinds: tuple[str, ...] = Field(min_length=1)


class Addition(Spec):
    """One thing to add; ``effort``: 1 is the least."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str = Field(description="what it is, to stand after 'with'")
    how: str = Field(description="what to do, in one line, wherever one works")
    prompt: str = Field(default="", description="the command or document for it; said where there is no app")
    page: Literal["upload", "tags", "phone"] = Field(description="of the app, where it is done")
    effort: int = Field(ge=1)
    view: Standpoint | None = Field(default=None, description="a film: where from")
    instead: bool = Field(default=False, description="measured by itself, not beside the source")
    brings: tuple[Brings, ...] = Field(min_length=1)

    @property
    def at_the_prompt(self) -> str:
        """How, for who works with commands and reads files."""
        return f"{self.how.removesuffix('.')} ({self.prompt})." if self.prompt else self.how


class Additions(Sourced):
    """All of them."""

    version: int
    additions: tuple[Addition, ...]
