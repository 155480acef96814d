"""A coded board as it is worn: its corners, where it sits on a segment, how unsure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WornBoard:
    """One board on one segment.

    A corner ``c`` of the board is at ``position_m + rotation @ c`` of its segment, as far as is known
    beforehand. Board axes: X away from the body, Y along the ridge, Z to the left of who looks at it.

    Attributes:
        name: of the board.
        segment: of the body model.
        tags: ids, (n_tags,).
        corners_m: (n_tags, 4, 3) in board axes, clockwise from the upper left as seen.
        normal: (n_tags, 3) of each tag's face, out of the paper.
        rotation: (3, 3) board axes to segment axes.
        position_m: (3,) of the board in the segment, for a person of the model's stature.
        rotation_sd_rad: (3,) about the segment's axes, constant over a recording.
        position_sd_m: (3,) likewise.
        wobble_sd: (6,) of turns [rad] and shifts [m] in segment axes that come and go.
        wobble_s: how long they last.
    """

    name: str
    segment: str
    tags: tuple[int, ...]
    corners_m: Floats
    normal: Floats
    rotation: Floats
    position_m: Floats
    rotation_sd_rad: Floats
    position_sd_m: Floats
    wobble_sd: Floats
    wobble_s: float

    @property
    def n_corners(self) -> int:
        """Number of corners."""
        return 4 * len(self.tags)


class SeenTag(NamedTuple):
    """One tag in one picture: corners (4, 2) px, clockwise from its upper left; sd of each coordinate, px."""

    corners_px: Floats
    sd_px: float


def in_columns(boards: Sequence[WornBoard], seen: Sequence[Mapping[int, SeenTag]]) -> tuple[Floats, Floats]:
    """Corners of all boards, tag by tag, of each picture; NaN where a tag was not seen.

    Args:
        boards: whose corners.
        seen: in each picture, by id of the tag.

    Returns:
        (n_frames, n_corners, 2) positions and (n_frames, n_corners) standard deviations, px.
    """
    tags = [tag for board in boards for tag in board.tags]
    position = np.full((len(seen), 4 * len(tags), 2), np.nan)
    sd = np.full(position.shape[:2], np.nan)
    for t, found in enumerate(seen):
        for k, tag in enumerate(tags):
            if tag in found:
                position[t, 4 * k : 4 * k + 4] = found[tag].corners_px
                sd[t, 4 * k : 4 * k + 4] = found[tag].sd_px
    return position, sd
