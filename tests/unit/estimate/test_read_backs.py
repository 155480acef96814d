from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np

from coxa.estimate.read_backs import ReadBacks
from coxa.model.recording import Recording

TIME = np.arange(60) / 29.0  # no frame is a fifth of a second from another


def film(read: slice) -> Recording:
    """Two seconds, the outline read in some of the frames."""
    angle = np.full((60, 2), np.nan)
    angle[read] = 0.1
    channel = SimpleNamespace(angle_rad=angle)
    return cast(Recording, SimpleNamespace(n_frames=60, time_s=TIME, backs=(channel,)))


def test_only_frames_near_a_reading_count() -> None:
    backs = ReadBacks()
    backs.add(film(slice(20, 22)))
    near = np.abs(TIME - 0.5 * (TIME[20] + TIME[21])) <= 0.2 + 0.5 / 29.0
    np.testing.assert_array_equal(backs.about(TIME), near)


def test_frames_come_in_parts_and_lose_nothing() -> None:
    whole, parts = ReadBacks(), ReadBacks()
    for one in (whole, parts):
        one.add(film(slice(25, 40)))
    asked = [parts.about(TIME[k : k + 7]) for k in range(0, 60, 7)]
    np.testing.assert_array_equal(np.concatenate(asked), whole.about(TIME))


def test_an_outline_never_read_tells_of_no_frame() -> None:
    backs = ReadBacks()
    backs.add(film(slice(0, 0)))
    assert not backs.about(TIME).any()
