"""Pictures of the film as figures, for where a page or a print wants them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from coxa.report.assessment.case import Case, KeyFrame
from coxa.report.assessment.words import seconds


def rows_of(case: Case) -> Iterator[tuple[str, tuple[KeyFrame, ...]]]:
    """The pictures of each side, in order."""
    for side in dict.fromkeys(one.side for one in case.key_frames):
        yield side, tuple(one for one in case.key_frames if one.side == side)


def alt_of(one: KeyFrame) -> str:
    """What a picture shows."""
    side = f"{one.side} side, " if one.side else ""
    return f"Picture of the person with the skeleton drawn on: {side}{one.moment}, at {seconds(one.time_s)}"


def as_svg(one: KeyFrame) -> str:
    """The picture within a drawing."""
    width, height = one.size_px
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}"><image width="{width}" height="{height}" href="{data_address(one)}"/></svg>'
    )


def data_address(one: KeyFrame) -> str:
    """The picture itself as an address."""
    return f"data:image/jpeg;base64,{b64encode(one.jpeg).decode('ascii')}"
