"""What a source can tell of a protocol: before it is run, and what would tell the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from coxa.app.additions import (
    FILM,
    Source,
    film_from,
    in_words,
    level_of,
    named_for,
    offers,
    through_the_shank,
    without_remedy,
)
from coxa.assess.reading import resolved
from coxa.assess.silences import sides_of
from coxa.model.assessment import Assessment, Silence
from coxa.model.motion import Motion, Observability
from coxa.specs.protocol import ProtocolSpec, View


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a protocol asks for, as such a source tells it.

    Attributes:
        what: for people.
        measured: it is what is measured; else it is held against cheating.
        level: the best that such a source has been shown to reach.
        remedy: what would make it observed; empty where it is, or nothing known would.
    """

    what: str
    measured: bool
    level: Observability
    remedy: str


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a source tells of a protocol.

    Attributes:
        source: where it comes from, for people; empty: no source in particular.
        view: where a film is to be taken from; empty: it is no film, or from anywhere.
        asked: everything that is asked for, in the protocol's order.
    """

    source: str
    view: str
    asked: tuple[Asked, ...]

    @property
    def untold(self) -> tuple[Asked, ...]:
        """What such a source cannot tell well enough for a verdict."""
        return tuple(one for one in self.asked if one.level is not Observability.OBSERVED)


def film_as_asked(view: View) -> Source:
    """A film from where a protocol asks for it, with all that shows from there."""
    return Source((FILM,)) if view == "any" else film_from(view)


def foretell(protocol: ProtocolSpec, source: Source, name: str = "") -> Foretold:
    """What a source tells of a protocol, as far as the table of what sources have been shown to tell goes.

    Args:
        protocol: the test.
        source: the recording.
        name: of the recording, for people.
    """
    view = source.view or ""
    return Foretold(name, view, tuple(_asked(protocol, source)) if source.kinds else ())


def _asked(protocol: ProtocolSpec, source: Source) -> Iterator[Asked]:
    """Walking, the knee is too straight for a shank to tell the hip's rotation."""
    side = sides_of(protocol)[-1]
    read = [(one.title, True, one.coordinate, one.needs) for one in protocol.quantities]
    read += [(one.title, False, one.coordinate, one.needs) for one in protocol.compensations]
    for what, measured, coordinate, needs in read:
        name = resolved(coordinate, side)
        if protocol.kind == "gait" and through_the_shank(name, source):
            yield Asked(what, measured, Observability.NOT_OBSERVABLE, needs)
            continue
        level = level_of(name, source)
        remedy = "" if level is Observability.OBSERVED else _remedy(name, source) or needs
        yield Asked(what, measured, level, remedy)


def _remedy(coordinate: str, source: Source) -> str:
    """The additions that would make it observed, in words."""
    return in_words(named_for(coordinate, offers(source, {coordinate: Observability.WEAK})))


def with_remedies(found: Assessment, motion: Motion) -> Assessment:
    """What was not told, with what would tell it of all that can be added to this very source.

    Where nothing known would, the protocol's own words stay; either way it is said once.
    """
    source = Source.of(motion)
    return replace(found, silences=tuple(_with_remedy(one, source) for one in found.silences))


def _with_remedy(silence: Silence, source: Source) -> Silence:
    remedy = _remedy(silence.coordinate, source) or silence.remedy
    return replace(silence, remedy=remedy, reason=without_remedy(silence.reason)) if remedy else silence
