"""What a person asks of a measurement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """Which part of a video to measure, and what is known beforehand.

    Attributes:
        start_s: measure from here on.
        end_s: measure up to here; None: to the end.
        height_m: the person's stature, None: not told.
        camera_fov_deg: field of view along the longer side of the picture, None: not told.
    """

    start_s: float = 0.0
    end_s: float | None = None
    height_m: float | None = None
    camera_fov_deg: float | None = None
