"""What is in a source, what can be measured from it and what cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from coxa.app.additions import FILM, Offer, Source, offers
from coxa.app.ports import MotionEstimator, RecordingReader, SourceHeader, VideoInfo
from coxa.app.recorded import FRAMES_AT_ONCE, RecordingLog
from coxa.app.routes import N_SAMPLE
from coxa.catalog import loader
from coxa.estimate.observability import ability_of
from coxa.model import coordinates
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording, Subject

#: Enough movement to see what the source can tell, quick enough to wait for.
_TRIAL_S = 4.0


@dataclass(frozen=True, slots=True)
class Measurable:
    """One coordinate: how well this source tells it, and why not better."""

    coordinate: str
    level: Observability
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a source holds.

    Attributes:
        header: what it says of itself.
        figures: frames, rate, duration and the like, by name.
        points: channel -> names of its points, segments or coordinates.
        gaps: point or segment -> share of the frames without it, where there are any.
        events: label (and side) -> how many.
        subject: what it says of the person.
        measurable: one entry a coordinate; empty: nothing in it is known to the body.
        refusal: why nothing is measurable; else empty.
        offers: what could be added, and what it would tell.
    """

    header: SourceHeader
    figures: Mapping[str, object]
    points: Mapping[str, tuple[str, ...]]
    gaps: Mapping[str, float] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)
    subject: Subject = field(default_factory=Subject)
    measurable: tuple[Measurable, ...] = ()
    refusal: str = ""
    offers: tuple[Offer, ...] = ()


def contents_of(reader: RecordingReader, new_estimator: Callable[[Recording], MotionEstimator]) -> Contents:
    """Look through all of it once, and measure its beginning.

    Raises:
        SourceError: what the reader refuses.
    """
    log = RecordingLog(reader.header)
    events: dict[str, int] = {}
    first: Recording | None = None
    for part in reader.parts(FRAMES_AT_ONCE):
        if part.n_frames == 0:
            continue
        first = first or part
        log.add(part)
        for event in part.events:
            label = f"{event.label}, {event.side}" if event.side else event.label
            events[label] = events.get(label, 0) + 1
    sample = reader.sample(N_SAMPLE)
    motion, refusal = _trial(sample, first, new_estimator)
    measurable = () if motion is None else _levels(motion)
    source = Source(()) if motion is None else Source.of(motion)
    gaps = {name: lost / log.n_frames for name, lost in log.gaps().items() if lost and log.n_frames}
    return Contents(
        header=reader.header,
        figures={key: value for key, value in log.figures().items() if key not in ("notes", "format")},
        points=_points(sample),
        gaps=gaps,
        events=events,
        subject=sample.subject,
        measurable=measurable,
        refusal=refusal,
        offers=offers(source, {one.coordinate: one.level for one in measurable}),
    )


def contents_of_video(info: VideoInfo) -> Contents:
    """What a video says of itself, and what a pose network has been shown to tell from one."""
    header = SourceHeader(
        info.path, f"video ({info.codec})", n_frames=info.n_frames, rate_hz=info.frame_rate_hz
    )
    figures = {
        "width_px": info.width_px,
        "height_px": info.height_px,
        "frame_rate_hz": info.frame_rate_hz,
        "duration_s": info.duration_s,
        "n_frames": info.n_frames,
        "rotation_deg": info.rotation_deg,
    }
    spec = loader.observability()
    measurable = []
    for name in coordinates.ALL:
        ability = ability_of(name, (FILM,), spec)
        level = Observability[ability.at_best.upper()]
        measurable.append(Measurable(name, level, ability.reason))
    return Contents(header, figures, {}, measurable=tuple(measurable), offers=offers(Source((FILM,))))


def _trial(
    sample: Recording, first: Recording | None, new_estimator: Callable[[Recording], MotionEstimator]
) -> tuple[Motion | None, str]:
    """The beginning, measured; or why nothing is."""
    if first is None:
        return None, "there is no frame"
    trial = first.window(slice(0, int(np.searchsorted(first.time_s, first.time_s[0] + _TRIAL_S)) or 1))
    try:
        estimator = new_estimator(sample)
        motions = [motion for motion in (estimator.push(trial), estimator.finish()) if motion is not None]
    except NothingToMeasureError as error:
        return None, error.fault
    return Motion.concatenate(motions), ""


def _levels(motion: Motion) -> tuple[Measurable, ...]:
    """The best level that a coordinate reached in the trial."""
    return tuple(
        Measurable(name, Observability(int(motion.observability[:, k].max())), motion.reasons.get(name, ""))
        for k, name in enumerate(motion.coordinates)
    )


def _points(recording: Recording) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for points in recording.space_points:
        found[f"points in the room ({points.kind})"] = points.names
    for k, image in enumerate(recording.image_points, start=1):
        found[f"keypoints of camera {k} ({image.detector})"] = image.names
    for segments in recording.orientations:
        found["orientations of segments"] = segments.segments
    for angles in recording.angles:
        found[f"joint angles ({angles.convention})"] = angles.names
    for channels in recording.analog:
        found["analog channels"] = channels.names
    if recording.forces:
        found["force plates"] = tuple(str(k) for k in range(1, len(recording.forces) + 1))
    return found
