"""Assessments for print: tagged PDF, first the person's page, then the clinician's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from coxa import __version__
from coxa.report import palette
from coxa.report.assessment.canvas import Figure, Table
from coxa.report.assessment.figures.pictures import alt_of, as_svg, rows_of
from coxa.report.assessment.sheet import NO_DIAGNOSIS, Chapter, Sheet
from coxa.report.assessment.typeset import typeset
from coxa.report.assessment.words import seconds

_UPRIGHT = 0.8  # width by height of pictures of which six fit beside each other


def pdf(sheet: Sheet) -> bytes:
    """The whole document; nothing is read from any network."""
    held = _Files()
    return typeset(_source(), _data(sheet, held), held.by_name)


@cache
def _source() -> bytes:
    return (files("coxa.report.assessment") / "print.typ").read_bytes()


class _Files:
    """What the document refers to by name."""

    def __init__(self) -> None:
        self.by_name: dict[str, bytes] = {}

    def add(self, name: str, content: bytes) -> str:
        self.by_name[name] = content
        return name

    def figure(self, one: Figure) -> dict[str, Any]:
        name = self.add(f"figure-{len(self.by_name)}.svg", one.svg.encode())
        return {"title": one.title, "caption": one.caption, "alt": one.alt, "file": name}


def _data(sheet: Sheet, held: _Files) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "brand": "Coxa assessment" + (f" · {', '.join(sheet.sources)}" if sheet.sources else ""),
        "footer": f"{sheet.title} · Coxa {__version__} · a measurement, not a diagnosis",
        "colours": {
            "left": palette.LEFT_ON_WHITE,
            "right": palette.RIGHT_ON_WHITE,
            "single": palette.SINGLE_ON_WHITE,
        },
        "points": [asdict(one) for one in sheet.key_points],
        "more": sheet.more,
        "body": None if sheet.body is None else held.figure(sheet.body),
        "pictures-first": sheet.pictures_first,
        "summary": None if sheet.summary is None else _table(sheet.summary),
        "steps": list(sheet.steps),
        "chapters": [_chapter(one, sheet, held) for one in sheet.chapters],
        "method": list(sheet.method),
        "provenance": "; ".join(f"{name}: {value}" for name, value in sheet.provenance) + ".",
        "no_diagnosis": NO_DIAGNOSIS,
    }


def _chapter(one: Chapter, sheet: Sheet, held: _Files) -> dict[str, Any]:
    tables = [
        *one.tables,
        *one.details,
        *(figure.table for figure in one.figures if figure.table is not None),
    ]
    return {
        "title": one.title,
        "intro": one.purpose + (f" Recording: {one.source}." if one.source else ""),
        "said": [asdict(said) for said in one.said],
        "pictures": _pictures(one, held),
        "upright": all(frame.size_px[0] <= _UPRIGHT * frame.size_px[1] for frame in one.case.key_frames),
        "figures": [held.figure(figure) for figure in one.figures],
        "tables": [_table(table) for table in tables],
        "mdc": sheet.mdc if one.tables else "",
        "silences": [asdict(silence) for silence in one.silences],
        "cautions": " ".join(one.cautions),
        "stands_on": f"The test stands on: {one.stands_on}.",
    }


def _pictures(one: Chapter, held: _Files) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{side.capitalize()} side, from the film" if side else "From the film",
            "pictures": [
                {
                    "file": held.add(f"picture-{len(held.by_name)}.svg", as_svg(each).encode()),
                    "alt": alt_of(each),
                    "caption": f"{each.moment.capitalize()}, {seconds(each.time_s)}",
                }
                for each in pictures
            ],
        }
        for side, pictures in rows_of(one.case)
    ]


def _table(one: Table) -> dict[str, Any]:
    rows: Sequence[Sequence[str]] = one.rows
    return {"title": one.title, "head": list(one.head), "rows": [list(row) for row in rows]}
