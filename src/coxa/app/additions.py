"""What a person could add to a source, and which coordinates each addition would raise from what to what.

Nothing is known here but what the observability table says: an addition brings rows of it, and only what
these rows tell better than the source's own is gained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from coxa.catalog import loader
from coxa.estimate.observability import ability_of
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import TO_SEE_IT, Motion, Observability
from coxa.specs.additions import Addition
from coxa.specs.estimator import STANDPOINTS, Standpoint

#: Row of one camera's film, measured here.
FILM = "pose_network"
#: As many are named where something was not observed.
N_NAMED = 2

Levels = Mapping[str, Observability]


@dataclass(frozen=True, slots=True)
class Source:
    """What a source is, as the observability table has it.

    Attributes:
        kinds: rows that it obeys; none: a source that the table does not know.
        view: where a film was taken from, if it is known.
    """

    kinds: tuple[str, ...]
    view: Standpoint | None = None

    @classmethod
    def of(cls, motion: Motion) -> Self:
        """What a motion came from."""
        view = next((one for one in STANDPOINTS if one == motion.seen_from), None)
        return cls(motion.kinds, view)


@dataclass(frozen=True, slots=True)
class Offer:
    """One addition and what it is worth.

    Attributes:
        addition: what to do.
        gained: coordinate -> (level now, level with it), only those that rise.
    """

    addition: Addition
    gained: Mapping[str, tuple[Observability, Observability]]

    def raised_to(self, level: Observability) -> tuple[str, ...]:
        """Coordinates that it raises to this level."""
        return tuple(name for name, (_, after) in self.gained.items() if after is level)


def film_from(view: Standpoint) -> Source:
    """A film measured here, with all that shows from a view if it is made as the additions say."""
    parts = [
        part
        for one in loader.additions().additions
        if one.view == view and not one.instead
        for part in one.brings
        if FILM in part.to
    ]
    return Source(tuple(dict.fromkeys([FILM, *(kind for part in parts for kind in part.kinds)])), view)


def level_of(coordinate: str, source: Source) -> Observability:
    """The best level that such a source has been shown to reach."""
    ability = ability_of(coordinate, source.kinds, loader.observability(), view=source.view)
    return Observability[ability.at_best.upper()]


def through_the_shank(coordinate: str, source: Source) -> bool:
    """Whether it is a hip rotation that such a source reads from the shank, with the knee bent."""
    ability = ability_of(coordinate, source.kinds, loader.observability(), view=source.view)
    return "hip_internal_rotation" in coordinate and ability.needs_bent_knee


def levels_of(source: Source) -> dict[str, Observability]:
    """Of every coordinate."""
    return {name: level_of(name, source) for name in ALL}


def offers(source: Source, now: Levels | None = None) -> tuple[Offer, ...]:
    """Every addition that gains something, the least effort first, then the largest gain.

    Args:
        source: what there is.
        now: levels that were reached; None: all that such a source can reach.
    """
    able = levels_of(source)
    reached = able if now is None else now
    found = []
    for addition in loader.additions().additions:
        brought = _brought(addition, source)
        gained = {name: (level, level_of(name, brought)) for name, level in reached.items()}
        gained = {
            name: (before, after)
            for name, (before, after) in gained.items()
            if after > max(before, able.get(name, before))
        }
        if gained:
            found.append(Offer(addition, gained))
    return tuple(sorted(found, key=_least_effort_most_gain))


def _brought(addition: Addition, source: Source) -> Source:
    """The rows that are new; seen from elsewhere, the same row is new."""
    elsewhere = addition.view is not None and addition.view != source.view
    kinds = [
        kind
        for part in addition.brings
        if set(part.to) & set(source.kinds)
        for kind in part.kinds
        if elsewhere or kind not in source.kinds
    ]
    return Source(tuple(dict.fromkeys(kinds)), addition.view or source.view)


def _least_effort_most_gain(offer: Offer) -> tuple[int, int, int]:
    """Effort, then movements told, then those hinted at; both sides of one count once."""
    told = {family_of(name) for name in offer.raised_to(Observability.OBSERVED)}
    return offer.addition.effort, -len(told), -len(offer.gained)


def family_of(coordinate: str) -> str:
    """The name without its side."""
    for side in SIDES:
        coordinate = coordinate.removesuffix(f"_{side}")
    return coordinate


def worthwhile(found: Sequence[Offer]) -> tuple[Offer, ...]:
    """Without those that tell nothing which an offer of less effort, or as little, does not tell already."""
    told: set[str] = set()
    chosen = []
    for one in found:
        more = set(one.raised_to(Observability.OBSERVED)) - told
        if more:
            chosen.append(one)
            told |= more
    return tuple(chosen)


def named_for(coordinate: str, found: Sequence[Offer], most: int = N_NAMED) -> tuple[Addition, ...]:
    """The additions that make a coordinate observed with the least effort, each of another kind."""
    order = [one.id for one in loader.additions().additions]
    telling = [one.addition for one in found if coordinate in one.raised_to(Observability.OBSERVED)]
    telling.sort(key=lambda one: (one.effort, one.instead, order.index(one.id)))
    chosen: list[Addition] = []
    for one in telling:
        if not any(_kinds(before) & _kinds(one) for before in chosen):
            chosen.append(one)
    return tuple(chosen[:most])


def _kinds(addition: Addition) -> set[str]:
    return {kind for part in addition.brings for kind in part.kinds}


def in_words(additions: Sequence[Addition]) -> str:
    """``a phone on the sacrum, or a second camera``; empty where there is none."""
    return ", or ".join(one.title for one in additions)


def without_remedy(reason: str) -> str:
    """A reason of the table without what would tell it: where additions are offered, they say so."""
    return reason.partition(TO_SEE_IT)[0]
