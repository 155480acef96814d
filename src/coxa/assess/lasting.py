"""How far errors of one source go together from one moment of a repetition to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coxa.assess.reading import ERROR_CORRELATION
from coxa.model.motion import Motion

Correlations = Mapping[str, Mapping[str, float]]


def with_lasting_errors(motion: Motion, shown: Correlations) -> Motion:
    """The motion, its notes telling what has been shown of exactly the sources that it came from.

    Of another mixture of sources nothing has been shown: there, errors are taken as independent.

    Args:
        motion: of one recording.
        shown: kinds of source, joined by ``+`` -> coordinate without its side -> correlation, 0..1.
    """
    mine = set(motion.kinds)
    row = next((row for kinds, row in shown.items() if set(kinds.split("+")) == mine), {})
    found = {}
    for coordinate in motion.coordinates:
        name = coordinate.removesuffix("_left").removesuffix("_right")
        if name in row:
            found[coordinate] = row[name]
    return replace(motion, diagnostics={**motion.diagnostics, ERROR_CORRELATION: found})
