"""What is to be done with each recording of a cohort, and the key under which it is done only once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from coxa.app.jobs import Role

#: Of what a task answers; a new one makes every key new.
SCHEMA_VERSION = 1
#: What a manifest may name beside a recording.
BESIDE = (Role.STATIC, Role.CALIBRATION, Role.HELPED)


@dataclass(frozen=True, slots=True)
class Person:
    """What a manifest tells of a person, as far as results depend on it.

    Attributes:
        height_m: stature; None: not told.
        age_y: in years.
        sex: ``female``, ``male`` or empty.
    """

    height_m: float | None = None
    age_y: float | None = None
    sex: str = ""


@dataclass(frozen=True, slots=True)
class Companion:
    """A file that a recording is measured with, or compared with.

    Attributes:
        role: what it is.
        url: where it is, as of the recording.
        sha256: of its content; empty: nobody has read it yet.
    """

    role: Role
    url: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a recording is measured.

    Attributes:
        start_s: from here on.
        end_s: up to here; None: to the end.
    """

    start_s: float = 0.0
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One recording as it was asked for.

    Attributes:
        recording: its name in the table; the place it was named by.
        url: where it is: a path, or an address that fsspec knows.
        protocol: id of the test.
        side: ``left``, ``right``; empty: all that the test has.
        person: who; empty: not told.
        group: which; empty: not told.
        session: which visit or repetition of the measurement; empty: not told.
        told: what results depend on.
        span: which part of the recording.
        companions: files beside it.
        more: further columns of the manifest, kept as they are.
    """

    recording: str
    url: str
    protocol: str
    side: str = ""
    person: str = ""
    group: str = ""
    session: str = ""
    told: Person = Person()
    span: Span = Span()
    companions: tuple[Companion, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a recording, by its hash; or why nobody knows.

    Attributes:
        sha256: empty: it cannot be read.
        reason: why.
        remedy: what somebody can do about it.
        companions: the files beside it, with their hashes.
    """

    sha256: str
    reason: str = ""
    remedy: str = ""
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Engine:
    """What results depend on beside the recording.

    Attributes:
        version: of Coxa.
        catalogue: SHA-256 of everything in the catalogue, with what others added.
        pose: pose network for films.
        protocols: folder of protocols of one's own; empty: none.
        motions: whether the motions are kept too.
    """

    version: str
    catalogue: str
    pose: str = "heavy"
    protocols: str = ""
    motions: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One recording to be assessed. Plain values: it travels between processes and machines.

    Attributes:
        key: names the result; whatever changes the result changes it.
        url: where the recording is.
        content: of it and of the files beside it, when it was planned.
        protocol: id of the test.
        side: ``left``, ``right`` or empty.
        told: of the person.
        span: which part of the recording.
        engine: versions and options.
    """

    key: str
    url: str
    content: Content
    protocol: str
    side: str
    told: Person
    span: Span
    engine: Engine


def task_of(listed: Listed, content: Content, engine: Engine) -> Task:
    """The task of a recording with this content.

    Names, groups and sessions are no part of the key: to correct them costs no new computation. The folder of
    protocols is none either: what is in it is part of the catalogue's hash.
    """
    depends = {
        "schema": SCHEMA_VERSION,
        "content": content.sha256,
        "companions": [(one.role, one.sha256) for one in content.companions],
        "span": asdict(listed.span),
        "protocol": listed.protocol,
        "side": listed.side,
        "person": asdict(listed.told),
        "engine": engine.version,
        "catalogue": engine.catalogue,
        "pose": engine.pose,
        "motions": engine.motions,
    }
    key = hashlib.sha256(json.dumps(depends, sort_keys=True).encode()).hexdigest()
    return Task(key, listed.url, content, listed.protocol, listed.side, listed.told, listed.span, engine)
