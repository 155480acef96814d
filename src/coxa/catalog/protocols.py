"""Protocols and norms: Coxa's own, and those that others add in a folder or a package.

A package adds its folder through the entry point group ``coxa.protocols``, a person through
``--protocols DIR`` or the environment variable ``COXA_PROTOCOLS``. A folder holds ``*.yaml`` (one protocol
each) and ``norms/*.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coxa.catalog.places import entries, places, text_of
from coxa.catalog.tables import parse_rows
from coxa.catalog.text import line_of, parse
from coxa.model import coordinates
from coxa.model.errors import SpecError
from coxa.specs.norms import NormRow
from coxa.specs.protocol import ProtocolSpec

GROUP = "coxa.protocols"
VARIABLE = "COXA_PROTOCOLS"


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that can be assessed.

    Attributes:
        protocols: by id.
        norms: of reference people.
    """

    protocols: dict[str, ProtocolSpec]
    norms: tuple[NormRow, ...]

    @property
    def titles(self) -> dict[str, str]:
        """For people, by id."""
        return {name: one.title for name, one in self.protocols.items()}

    def protocol(self, name: str) -> ProtocolSpec:
        """By id.

        Raises:
            SpecError: there is none; the error lists them.
        """
        if name not in self.protocols:
            known = ", ".join(sorted(self.protocols))
            raise SpecError(f"there is no protocol {name!r}", f"choose one of: {known}")
        return self.protocols[name]


def library(folder: Path | None = None) -> Library:
    """Coxa's own protocols and norms, those of installed packages, and those of a folder.

    Raises:
        SpecError: a file is not what it should be, named by line and field; or an id is used twice.
    """
    protocols: dict[str, ProtocolSpec] = {}
    norms: dict[str, NormRow] = {}
    others = list(places(GROUP, VARIABLE, folder, "protocols"))
    own_protocols, own_norms = _own()
    read = [*own_protocols, *(one for place in others for one in _protocols_in(place))]
    for one in read:
        if one.spec.id in protocols:
            raise one.fault(("id",), f"there is another protocol {one.spec.id!r}", "choose another id")
        protocols[one.spec.id] = one.spec
    for row in [*own_norms, *(row for place in others for row in _norms_in(place))]:
        norms[row.id] = row
    for one in read[len(own_protocols) :]:
        _require_parts(one, protocols)
        _require_norms(one, norms.values())
    return Library(protocols, tuple(norms.values()))


@dataclass(frozen=True, slots=True)
class _Read:
    """A protocol and the file it is from."""

    spec: ProtocolSpec
    name: str
    text: str

    def fault(self, place: Sequence[int | str], words: str, remedy: str) -> SpecError:
        """What is wrong at a place of the file, by line and field."""
        field = ".".join(str(step) for step in place)
        return SpecError(f"{self.name}: line {line_of(self.text, place)}: {field}: {words}", remedy)


@cache
def _own() -> tuple[tuple[_Read, ...], tuple[NormRow, ...]]:
    catalog = files("coxa.catalog")
    return tuple(_protocols_in(catalog / "protocols")), tuple(_norms_in(catalog))


def _protocols_in(place: Traversable) -> Iterator[_Read]:
    for entry in entries(place, ".yaml"):
        text = text_of(entry)
        one = _Read(parse(text, ProtocolSpec, entry.name), entry.name, text)
        _require_coordinates(one)
        _require_ids(one)
        yield one


def _norms_in(place: Traversable) -> Iterator[NormRow]:
    for entry in entries(place / "norms", ".csv"):
        yield from parse_rows(text_of(entry), NormRow, entry.name)


def _require_coordinates(one: _Read) -> None:
    """Every coordinate must be one that Coxa has."""
    for place, coordinate in _coordinates(one.spec):
        for side in coordinates.SIDES:
            plain = coordinate.replace("SIDE", side).replace("OTHER", side)
            if plain not in coordinates.ALL:
                known = _known_coordinates()
                likely = get_close_matches(coordinate, known, 1)
                meant = f"perhaps {likely[0]}; " if likely else ""
                raise one.fault(
                    place,
                    f"there is no coordinate {coordinate!r}",
                    f"{meant}choose one of: {', '.join(sorted(known))}",
                )


def _known_coordinates() -> set[str]:
    """As protocols write them."""
    both = {name.removesuffix("_left") for name in coordinates.ALL if name.endswith("_left")}
    alone = {name for name in coordinates.ALL if not name.endswith(("_left", "_right"))}
    return {f"{name}_SIDE" for name in both} | alone


def _require_ids(one: _Read) -> None:
    """Every id once, and what is referred to exists."""
    rules = [rule.id for rule in one.spec.compensations]
    for what, ids in (("compensations", rules), ("quantities", [each.id for each in one.spec.quantities])):
        for index, name in enumerate(ids):
            if name in ids[:index]:
                raise one.fault((what, index, "id"), f"the id {name!r} is used twice", "choose another id")
    for index, quantity in enumerate(one.spec.quantities):
        if quantity.ends_at and quantity.ends_at not in rules:
            raise one.fault(
                ("quantities", index, "ends_at"),
                f"there is no compensation {quantity.ends_at!r}",
                f"choose one of: {', '.join(rules) or 'none is there'}",
            )


def _coordinates(spec: ProtocolSpec) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Where in the file, and which."""
    for index, quantity in enumerate(spec.quantities):
        yield ("quantities", index, "coordinate"), quantity.coordinate
        for number, part in enumerate(quantity.ledger):
            yield ("quantities", index, "ledger", number, "coordinate"), part.coordinate
    for index, rule in enumerate(spec.compensations):
        yield ("compensations", index, "coordinate"), rule.coordinate
    for index, coordinate in enumerate(spec.dissociation or ()):
        yield ("dissociation", index), coordinate


def _require_parts(one: _Read, protocols: Mapping[str, ProtocolSpec]) -> None:
    for index, part in enumerate(one.spec.parts):
        if part not in protocols:
            known = ", ".join(sorted(protocols))
            raise one.fault(("parts", index), f"there is no protocol {part!r}", f"choose one of: {known}")


def _require_norms(one: _Read, rows: Iterable[NormRow]) -> None:
    """Norms that a quantity is held against are in some table."""
    known = {(row.motion, row.position, row.active) for row in rows}
    for index, quantity in enumerate(one.spec.quantities):
        for number, use in enumerate(quantity.norms):
            if (use.motion, use.position, use.active) not in known:
                kind = "active" if use.active else "passive"
                raise one.fault(
                    ("quantities", index, "norms", number),
                    f"no table has a row of {use.motion!r}, {use.position!r}, {kind}",
                    "add it to a table in norms/*.csv beside the protocol, or leave the norm out",
                )
