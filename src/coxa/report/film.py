"""How good the film was: what the producer of a motion says, and what the keypoints show.

A producer puts figures under ``Motion.diagnostics["film"]``, keys as in :data:`FACTS`; all are
optional. ``notes`` there is a list of sentences for people. Other keys are shown as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.document import plain
from coxa.report.wording import duration, number, percent


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the film: heading, unit (or ``count``, ``share``, ``text``), what it tells."""

    title: str
    unit: str
    meaning: str


FACTS: dict[str, Fact] = {
    "resolution": Fact("Resolution", "text", "Picture size in pixels; more shows joints more finely."),
    "frame_rate_hz": Fact("Frame rate", "Hz", "Pictures a second; fast movements need more."),
    "duration_s": Fact("Length measured", "time", ""),
    "person_s": Fact("Person in view", "time", "For so long the person was found."),
    "n_frames": Fact("Frames measured", "number", ""),
    "frames_without_person": Fact("Frames without the person", "count", ""),
    "frames_ambiguous": Fact("Frames in doubt", "count", "It was unclear who is who; they were left out."),
    "frames_swapped": Fact("Left and right corrected", "count", "The network had exchanged the sides."),
    "bystanders": Fact("Other people in view", "number", "Fewer are better."),
    "visibility": Fact("Visibility of joints", "share", "How sure the network typically was to see them."),
    "blur": Fact("Blur", "px", "Smear of the edges; light and a still camera help."),
    "camera_tilt_deg": Fact("Camera tilt", "deg", "How far the camera looked up or down."),
    "camera_roll_deg": Fact(
        "Camera roll", "deg", "How far the camera stood askew, as far as an upright person tells."
    ),
    "camera_view": Fact("View", "text", "From where the person was seen."),
    "camera_fov_deg": Fact("Field of view", "deg", "Of the camera, along the longer side of the picture."),
    "rotation_deg": Fact("Turned upright by", "deg", ""),
    "codec": Fact("Encoding", "text", ""),
    "cameras": Fact("Cameras", "text", "Their clocks against the first one's, and how well they agree."),
    "cameras_used": Fact("Cameras used", "number", ""),
    "format": Fact("Format", "text", ""),
    "units": Fact("Lengths in the file", "text", "Turned into metres."),
    "axes": Fact("Axes", "text", "How the file's axes were turned upright."),
    "n_points": Fact("Points or segments", "number", ""),
    "points_with_gaps": Fact("Of these with gaps", "number", "Missing in some frames."),
}
#: Said by the notes where they matter.
_UNSAID = ("boards", "cameras_detail", "notes", "claimed_duration_s", "truncated", "camera_fov_told")


class FilmTally:
    """What the keypoints themselves say of the film; constant memory."""

    def __init__(self) -> None:
        self._n_frames = 0
        self._n_without = 0
        self._visibility_sum = 0.0
        self._visibility_count = 0
        self._first_s = self._last_s = float("nan")
        self._size: tuple[int, int] | None = None

    def add(self, recording: Recording) -> None:
        """Count some frames."""
        if recording.n_frames == 0:
            return
        if self._n_frames == 0:
            self._first_s = float(recording.time_s[0])
        self._last_s = float(recording.time_s[-1])
        self._n_frames += recording.n_frames
        if not recording.image_points:
            return
        seen = np.zeros(recording.n_frames, bool)
        for points in recording.image_points:
            found = np.isfinite(points.position_px[..., 0]) & np.isfinite(points.position_px[..., 1])
            seen |= np.asarray(found.any(axis=1))
            visibility = points.visibility[found]
            self._visibility_sum += float(np.nansum(visibility))
            self._visibility_count += int(np.isfinite(visibility).sum())
            self._size = (points.camera.width_px, points.camera.height_px)
        self._n_without += int((~seen).sum())

    def facts(self, motion: Motion | None) -> dict[str, Any]:
        """Figures by key of :data:`FACTS`; what the producer says goes before what is seen here."""
        facts: dict[str, Any] = {"n_frames": self._n_frames}
        if self._n_frames > 1 and self._last_s > self._first_s:
            facts["frame_rate_hz"] = (self._n_frames - 1) / (self._last_s - self._first_s)
            facts["duration_s"] = (self._last_s - self._first_s) * self._n_frames / (self._n_frames - 1)
        if self._size is not None:
            facts["width_px"], facts["height_px"] = self._size
            facts["frames_without_person"] = self._n_without
        if self._visibility_count:
            facts["visibility"] = self._visibility_sum / self._visibility_count
        if motion is not None:
            facts.update(motion.diagnostics.get("film", {}))
        return facts


def film_rows(film: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Heading, figure and meaning of everything known of the film, for people."""
    facts = plain(film)
    if "width_px" in facts and "height_px" in facts:
        facts["resolution"] = f"{facts.pop('width_px')} \u00d7 {facts.pop('height_px')}"
    for key in _UNSAID:
        facts.pop(key, None)
    n_frames = int(facts.get("n_frames") or 0)
    ordered = [key for key in FACTS if key in facts] + [key for key in facts if key not in FACTS]
    rows = []
    for key in ordered:
        fact = FACTS.get(key) or Fact(key.replace("_", " ").capitalize(), "text", "")
        if facts[key] is not None:
            rows.append((fact.title, _figure(facts[key], fact.unit, n_frames), fact.meaning))
    return rows


def _figure(value: Any, unit: str, n_frames: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, (int, float)):
        return str(value)
    if unit == "count":
        return f"{value} ({percent(value / n_frames)})" if n_frames and value else number(float(value))
    written = {"share": percent, "time": duration}
    if unit in written:
        return written[unit](float(value))
    decimals = 0 if isinstance(value, int) or abs(value) >= 100 else 1
    suffix = {"deg": "°", "Hz": "\u202fHz", "px": "\u202fpx"}.get(unit, "")
    return number(float(value), decimals) + suffix
