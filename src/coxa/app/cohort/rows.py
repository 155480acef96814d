"""An assessment as rows of the table of measures: figures with their uncertainty, one a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from coxa.app.cohort.parts import Answer, Status
from coxa.model.assessment import Assessment, Estimate, LedgerEntry, SideResult
from coxa.model.motion import Motion

_UNITS = {"rad": "deg", "s": "s", "points": "points", "1": "1"}


def method_of(motion: Motion) -> str:
    """What a motion was measured with: what figures of reliability are true of."""
    return "+".join(motion.kinds) or ("markers" if "marker_set" in motion.diagnostics else "angles")


def answer_of(found: Sequence[Assessment], motion: Motion) -> Answer:
    """What working on one recording came to."""
    time_s = motion.time_s
    film = motion.diagnostics.get("film", {})
    return Answer(
        Status.DONE,
        method=method_of(motion),
        n_frames=len(time_s),
        duration_s=float(time_s[-1] - time_s[0]) if len(time_s) else 0.0,
        measures=tuple(row for one in found for row in rows(one)),
        untold=tuple(asdict(silence) for one in found for silence in one.silences),
        notes=tuple(str(note) for note in film.get("notes", ())),
    )


def rows(one: Assessment) -> Iterator[dict[str, Any]]:
    """Results, shares of the ledger, comparisons of the sides, and further measures."""
    for result in one.results:
        yield _row("result", result.quantity, result.result, result.mdc) | _of_side(result)
        yield from _shares(result)
    for each in one.comparisons:
        yield _row(each.of, each.quantity, each.difference, each.mdc)
    for name, figure in one.measures.items():
        side = next((word for word in ("left", "right") if word in name.split(".")), "")
        yield _row("measure", name, figure) | {"side": side}


def _row(kind: str, quantity: str, figure: Estimate, mdc: float = float("nan")) -> dict[str, Any]:
    return {
        "kind": kind,
        "quantity": quantity,
        "side": "",
        "part": "",
        "coordinate": "",
        "unit": _UNITS[figure.unit],
        "value": _number(figure.value, figure.unit),
        "sd": _number(figure.sd, figure.unit),
        "minimal_detectable": _number(mdc, figure.unit),
        "observability": "",
        "verdict": "",
        "n_repetitions": None,
        "n_counted": None,
        "norm": "",
        "percentile": None,
    }


def _of_side(result: SideResult) -> dict[str, Any]:
    norm = result.norm
    return {
        "side": result.side,
        "coordinate": result.coordinate,
        "observability": result.level.label,
        "verdict": result.verdict.value,
        "n_repetitions": len(result.repetitions),
        "n_counted": sum(one.counts for one in result.repetitions),
        "norm": "" if norm is None else norm.norm,
        "percentile": None if norm is None else _number(norm.percentile.value, "points"),
    }


def _shares(result: SideResult) -> Iterator[dict[str, Any]]:
    """Who did the moving: means over the repetitions that count.

    Errors of one recording may go together, so that no mean lessens them: the mean error stands beside the
    spread of the repetitions.
    """
    parts: dict[str, list[LedgerEntry]] = {}
    for repetition in result.repetitions:
        for entry in repetition.ledger if repetition.counts else ():
            if entry.share.known:
                parts.setdefault(entry.part, []).append(entry)
    for part, entries in parts.items():
        values = np.array([entry.share.value for entry in entries])
        own = float(np.mean([entry.share.sd for entry in entries]))
        spread = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
        share = Estimate(float(values.mean()), float(np.hypot(own, spread)), "1")
        yield _row("share", result.quantity, share) | {
            "side": result.side,
            "part": part,
            "coordinate": entries[0].coordinate,
            "observability": min(entry.level for entry in entries).label,
            "n_counted": len(entries),
        }


def _number(value: float, unit: str) -> float | None:
    """In degrees where it is an angle; None where there is none, as JSON has it."""
    figure = float(np.degrees(value)) if unit == "rad" else float(value)
    return figure if np.isfinite(figure) else None
