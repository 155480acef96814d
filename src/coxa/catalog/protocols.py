"""Protocols and norms: Coxa's own, and those that others add in a folder or a package.

A package adds its folder through the entry point group ``coxa.protocols``, a person through
``--protocols DIR`` or the environment variable ``COXA_PROTOCOLS``. A folder holds ``*.yaml`` (one protocol
each) and ``norms/*.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from coxa.catalog.places import entries, places, text_of
from coxa.catalog.tables import parse_rows
from coxa.catalog.text import parse
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
    for protocol, name in [*own_protocols, *(one for place in others for one in _protocols_in(place))]:
        if protocol.id in protocols:
            raise SpecError(f"{name}: id: there is another protocol {protocol.id!r}", "choose another id")
        protocols[protocol.id] = protocol
    for row in [*own_norms, *(row for place in others for row in _norms_in(place))]:
        norms[row.id] = row
    _require_parts(protocols)
    return Library(protocols, tuple(norms.values()))


@cache
def _own() -> tuple[tuple[tuple[ProtocolSpec, str], ...], tuple[NormRow, ...]]:
    catalog = files("coxa.catalog")
    return tuple(_protocols_in(catalog / "protocols")), tuple(_norms_in(catalog))


def _protocols_in(place: Traversable) -> Iterator[tuple[ProtocolSpec, str]]:
    for entry in entries(place, ".yaml"):
        spec = parse(text_of(entry), ProtocolSpec, entry.name)
        _require_coordinates(spec, entry.name)
        _require_ids(spec, entry.name)
        yield spec, entry.name


def _norms_in(place: Traversable) -> Iterator[NormRow]:
    for entry in entries(place / "norms", ".csv"):
        yield from parse_rows(text_of(entry), NormRow, entry.name)


def _require_coordinates(spec: ProtocolSpec, name: str) -> None:
    """Every coordinate must be one that Coxa has."""
    for what, coordinate in _coordinates(spec):
        for side in coordinates.SIDES:
            plain = coordinate.replace("SIDE", side).replace("OTHER", side)
            if plain not in coordinates.ALL:
                known = sorted(
                    {one.replace("_left", "_SIDE") for one in coordinates.ALL if one[-6:] != "_right"}
                )
                raise SpecError(
                    f"{name}: {what}: there is no coordinate {coordinate!r}",
                    f"choose one of: {', '.join(known)}",
                )


def _require_ids(spec: ProtocolSpec, name: str) -> None:
    """Every id once, and what is referred to exists."""
    rules = [rule.id for rule in spec.compensations]
    for what, ids in (("compensations", rules), ("quantities", [one.id for one in spec.quantities])):
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise SpecError(f"{name}: {what}: the id {twice[0]!r} is used twice", "choose another id")
    for quantity in spec.quantities:
        if quantity.ends_at and quantity.ends_at not in rules:
            raise SpecError(
                f"{name}: quantity {quantity.id}: ends_at: there is no compensation {quantity.ends_at!r}",
                f"choose one of: {', '.join(rules) or 'none is there'}",
            )


def _coordinates(spec: ProtocolSpec) -> Iterator[tuple[str, str]]:
    for quantity in spec.quantities:
        yield f"quantity {quantity.id}", quantity.coordinate
        for part in quantity.ledger:
            yield f"ledger of {quantity.id}", part.coordinate
    for rule in spec.compensations:
        yield f"compensation {rule.id}", rule.coordinate
    for coordinate in spec.dissociation or ():
        yield "dissociation", coordinate


def _require_parts(protocols: dict[str, ProtocolSpec]) -> None:
    for spec in protocols.values():
        for part in spec.parts:
            if part not in protocols:
                raise SpecError(f"{spec.id}: parts: there is no protocol {part!r}", "name one that exists")
