"""What is kept of people: themselves, and dated entries that are never changed, only replaced by newer ones.

What can keep it is the :class:`Records` port; ``adapters/store`` has the databases.
"""

from __future__ import annotations

import json
import threading
import time
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from coxa.model.errors import SourceError

_LONGEST_NAME = 200
_DAYS_A_YEAR = 365.25
#: Turn the direction of what follows, also beyond the name; no script needs them in one.
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MOST_BYTES = 64_000_000
_lock = threading.Lock()
_last_id = [0]


class Kind(StrEnum):
    """Of an entry; the value is also the name of its table."""

    CONSENT = "consents"
    SCREEN = "screens"
    RECORDING = "recordings"
    MOTION = "motions"
    ASSESSMENT = "assessments"
    PROGRAMME = "programmes"
    SESSION = "sessions"
    RETEST = "retests"
    PAIN = "pain"
    NOTE = "notes"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the record is about.

    Attributes:
        id: a random UUID.
        name: as written by the person, in any script.
        born: birthday.
        sex: chooses among norms: ``female``, ``male``; None: not told.
        height_m: stature.
        recorded_at: UTC, ISO 8601 with microseconds.
    """

    id: str
    name: str
    born: date | None = None
    sex: str | None = None
    height_m: float | None = None
    recorded_at: str = ""

    def age_y(self, on: date) -> float | None:
        """In years on a day; None: the birthday is not told."""
        return None if self.born is None else (on - self.born).days / _DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file beside the database.

    Attributes:
        sha256: of its content, and its name.
        size_bytes: of it.
    """

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of one person on one day.

    Attributes:
        person: id.
        kind: of it.
        on: the day it is about.
        document: plain JSON values.
        label: what a list shows: the protocol, the exercise, the name of a file.
        provenance: what made it: versions of software, catalogue and models.
        replaces: id of the entry that this one corrects.
        file: that belongs to it.
        id: made from the time, so that ids sort as entries came.
        recorded_at: UTC, ISO 8601 with microseconds.
    """

    person: str
    kind: Kind
    on: date
    document: Mapping[str, Any]
    label: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    replaces: str | None = None
    file: StoredFile | None = None
    id: str = ""
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """A row of the audit trail; it bears no word of what was kept.

    Attributes:
        at: UTC.
        action: ``added``, ``changed``, ``exported``, ``imported``, ``erased``; of accounts ``signed_in``,
            ``seen``, ``changed``, ``prescribed``, ``taken_away``, ``erased``.
        person: id.
        kind: table; ``accounts``: an account did it.
        entry: id; the account's.
        sha256: of the document.
    """

    at: str
    action: str
    person: str
    kind: str = ""
    entry: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was removed of a person, and that nothing is left.

    Attributes:
        subject_sha256: of the person's id: proves whose it was to who knows the id, tells nobody else.
        at: UTC.
        rows: how many of each table.
        files: removed; those that other people's entries share are kept and not listed.
        left: rows or files of the person that are still there: 0.
        traces: places of the database's files in which the id is still found: 0; None: not looked at.
    """

    subject_sha256: str
    at: str
    rows: Mapping[str, int]
    files: tuple[StoredFile, ...]
    left: int
    traces: int | None


class Records(Protocol):
    """A record of people."""

    def add_person(self, person: Person) -> Person:
        """Keep a new person; returned with id and time."""
        ...

    def change_person(self, person: Person) -> None:
        """Replace what the person told of themselves."""
        ...

    def people(self) -> list[Person]:
        """Everybody, by name."""
        ...

    def person(self, key: str) -> Person | None:
        """The one of this id; None: nobody."""
        ...

    def add(self, entries: Sequence[Entry], files: Mapping[int, Path] | None = None) -> list[Entry]:
        """Keep entries, all or none; ``files`` by place in ``entries``. When this returns, they are kept."""
        ...

    def entries(
        self, person: str, kind: Kind, since: date | None = None, replaced: bool = False
    ) -> list[Entry]:
        """Of one person, oldest first; those that were replaced only if asked for."""
        ...

    def entry(self, person: str, kind: Kind, key: str) -> Entry | None:
        """One entry of a person, also one that was replaced; None: there is none of this id."""
        ...

    def path_of(self, file: StoredFile) -> Path:
        """Where the content is."""
        ...

    def audit(self, person: str) -> list[Happened]:
        """What happened, oldest first."""
        ...

    def note_action(self, action: str, person: str) -> None:
        """A row of the audit trail."""
        ...

    def erase(self, person: str) -> Erasure:
        """Remove everything of a person."""
        ...


def find_person(people: Iterable[Person], who: str) -> Person:
    """The one person with this name, or whose id begins so.

    Raises:
        SourceError: nobody, or several.
    """
    wanted = name_key(who)
    known = list(people)
    named = [one for one in known if name_key(one.name) == wanted]
    found = named or [one for one in known if len(who) >= 4 and one.id.startswith(who.lower())]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(one.id[:8] for one in found[:5])
        raise SourceError(f"{len(found)} people are called {who!r:.60}", f"name one by id: {ids}")
    raise SourceError(f"nobody in the record is called {who!r:.60}", "see `coxa person list`")


def clean_name(name: str) -> str:
    """A name as it is kept: normal form C, single spaces.

    Raises:
        SourceError: it is empty, too long, or has characters that are none of a name.
    """
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if not text or len(text) > _LONGEST_NAME:
        raise SourceError(f"the name {name!r:.60} is empty or too long", "give 1 to 200 characters")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Cn", "Co") or letter in _TURNS for letter in text):
        raise SourceError(f"the name {name!r:.60} has control characters", "leave them out")
    if not any(unicodedata.category(letter)[0] in "LNPS" for letter in text):
        raise SourceError(f"the name {name!r:.60} has nothing to be seen", "give one that can be read")
    return text


def name_key(name: str) -> str:
    """By which names are found: letter case and composition do not matter."""
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())


def canonical(document: Any, name: str = "the document") -> str:
    """JSON that is the same for the same content.

    Raises:
        SourceError: it has numbers that are not finite, text that is none, or is too large.
    """
    try:
        text = json.dumps(
            document, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise SourceError(f"{name} cannot be kept as JSON ({error})"[:300], "correct its values") from error
    if size > _MOST_BYTES:
        raise SourceError(f"{name} is too large for the record", "keep it as a file of the entry")
    return text


def now() -> str:
    """UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_id() -> str:
    """A UUID of version 7: microseconds, then chance; those of one process sort as they were made."""
    with _lock:
        _last_id[0] = made = max(time.time_ns() // 1000, _last_id[0] + 1)
    milliseconds, micro = divmod(made, 1000)
    high = (milliseconds & (1 << 48) - 1) << 16 | 7 << 12 | micro << 2
    low = 0b10 << 62 | uuid.uuid4().int & (1 << 62) - 1
    return str(uuid.UUID(int=high << 64 | low))
