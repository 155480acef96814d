"""What became of one recording: the part of the table that is there once its task is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Of one recording."""

    DONE = "done"
    REFUSED = "refused"  # Coxa says what is wrong with it
    FAILED = "failed"  # an error that nobody foresaw: a bug
    CRASHED = "crashed"  # the process that read it died
    STALLED = "stalled"  # no sign of life: given up
    OUT_OF_MEMORY = "out of memory"
    UNREADABLE = "unreadable"  # there is no content to work on
    DUPLICATE = "duplicate"  # the same content is asked for twice: counted once


#: What happened to the process and not to Coxa; worth another try on another machine.
MISHAPS = frozenset({Status.FAILED, Status.CRASHED, Status.STALLED, Status.OUT_OF_MEMORY})


@dataclass(frozen=True, slots=True)
class Answer:
    """What working on a task came to. Only this may depend on the task alone: engines must agree on it.

    Attributes:
        status: how it went.
        reason: why there are no measures; empty where there are.
        remedy: what somebody can do about it.
        method: what it was measured with, kinds of source joined by ``+``.
        n_frames: frames that were measured.
        duration_s: from the first of them to the last.
        measures: rows of the table, plain values by column.
        untold: what could not be told: ``what``, ``reason``, ``remedy``, ``coordinate``.
        notes: notes on the quality of the recording, in words.
        motion: the motion as a Parquet file, where it is to be kept; no part holds it.
    """

    status: Status
    reason: str = ""
    remedy: str = ""
    method: str = ""
    n_frames: int = 0
    duration_s: float = 0.0
    measures: tuple[Mapping[str, Any], ...] = ()
    untold: tuple[Mapping[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    motion: bytes = b""


@dataclass(frozen=True, slots=True)
class Effort:
    """What it cost; differs from run to run and is kept apart.

    Attributes:
        seconds: of the work itself.
        waited_s: of the worker around it: starting processes, retries, writing.
        worker: whose.
        attempts: processes that tried.
        peak_mb: most memory of the worker and the process that read, by then.
        began: seconds since 1970.
    """

    seconds: float = 0.0
    waited_s: float = 0.0
    worker: str = ""
    attempts: int = 1
    peak_mb: float = 0.0
    began: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One finished task."""

    key: str
    answer: Answer
    effort: Effort = field(default_factory=Effort)
