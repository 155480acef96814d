"""Writes what a laboratory has shown of its method, as YAML that people can read and keep versions of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from coxa.adapters.own_file import read_own
from coxa.adapters.sinks.guard import whole_file
from coxa.app.cohort.reliability import Repeated
from coxa.app.statistics import Interval
from coxa.model.errors import NothingToMeasureError, OutputError
from coxa.specs.reliability import ReliabilityFile, ReliabilityRow

HOW = "let coxa reliability write it"
_DIGITS = 4


def read_reliability(path: Path) -> ReliabilityFile:
    """A file of this kind.

    Raises:
        SourceError: it cannot be read, or does not say what it should.
    """
    return read_own(path, ReliabilityFile, HOW)


def write_reliability(
    found: Sequence[Repeated], path: Path, laboratory: str, source: str, overwrite: bool = False
) -> ReliabilityFile:
    """Write it; in place of an older one it has the next version.

    Raises:
        NothingToMeasureError: nothing was repeated.
        OutputError: there is a file already, or it cannot be written.
        SourceError: the older one is no such file.
    """
    rows = tuple(_row(one) for one in found if one.unit == "deg" and one.sem.value > 0)
    if not rows:
        raise NothingToMeasureError(
            "nothing was recorded twice of the same two people or more",
            "name people and sessions in the manifest; two sessions of ten people or more tell something",
        )
    version = 1
    if path.exists():
        if not overwrite:
            raise OutputError(f"{path} exists", "replace it with --overwrite: it gets the next version")
        version = read_reliability(path).version + 1
    content = ReliabilityFile(version=version, laboratory=laboratory, source=source, rows=rows)
    text = yaml.safe_dump(content.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=110)
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return content


def _row(one: Repeated) -> ReliabilityRow:
    icc, sem = _ends(one.icc), _ends(one.sem)
    return ReliabilityRow(
        protocol=one.protocol,
        quantity=one.quantity,
        method=one.method,
        people=one.n_people,
        recordings=one.n_recordings,
        icc=icc[0],
        icc_low=icc[1],
        icc_high=icc[2],
        sem_deg=round(one.sem.value, _DIGITS),
        sem_low_deg=sem[1],
        sem_high_deg=sem[2],
        minimal_detectable_deg=round(one.mdc, _DIGITS),
        shift_deg=_ends(one.shift)[0],
    )


def _ends(interval: Interval) -> list[float | None]:
    return [round(float(one), _DIGITS) if one == one else None for one in interval]  # noqa: PLR0124 - NaN
