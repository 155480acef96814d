"""A film and phones on the body, joined: one clock, one heading, one fit.

The body model is fitted to the film alone first; the angular speed that it gives the segment is looked for
in the phone's. Then the phone's orientations are one more observation of the same body, and both are fitted
once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.app.ports import MotionEstimator, MotionSink, RecordingReader
from coxa.app.routes import smoother_for
from coxa.app.stream import Part, Stream, deliver, fitted
from coxa.catalog import loader
from coxa.estimate.readout import segments
from coxa.kinematics.phone import resampled
from coxa.kinematics.rotations import rotation_about, transpose
from coxa.kinematics.sensor_calibration import angular_velocity
from coxa.kinematics.speed_offset import Shift, angular_speed, shift_between
from coxa.model.channels import SegmentOrientations
from coxa.model.errors import NothingToMeasureError, SourceError
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]

_MOVE = "begin and end with a quick movement of that segment that does not repeat, while both are recording"
_PART = 500


class Joined(NamedTuple):
    """The film with the phone's orientations at its frames, and how the clocks were told apart."""

    recording: Recording
    shift: Shift


def join(film: Recording, phone: Recording, name: str = "the phone") -> Joined:
    """Bring a phone's recording (its own clock and heading) into a film's.

    Args:
        film: what the cameras saw.
        phone: orientations of phones that share a clock.
        name: of the phone's file, for the error.

    Raises:
        NothingToMeasureError: the movement does not tell how far the clocks are apart.
    """
    turned = segments_seen(film)
    return put_in(film, turned, phone, shift_of(film.time_s, turned, phone, name))


def put_in(film: Recording, turned: dict[str, Floats], phone: Recording, shift: Shift) -> Joined:
    """Bring a phone's recording into a film's where it is known how far their clocks are apart.

    Args:
        film: what the cameras saw.
        turned: segment -> (n_frames, 3, 3), as the film alone has them: for the phone's heading.
        phone: orientations of phones that share a clock.
        shift: from their clock to the film's.
    """
    (channel,) = phone.orientations
    at_s = film.time_s - shift.offset_s
    gap_s = loader.phone_rules().max_gap_s
    rotation = np.stack(
        [resampled(phone.time_s, channel.rotation[:, k], at_s, gap_s) for k in range(len(channel.segments))],
        axis=1,
    )
    for k, segment in enumerate(channel.segments):
        rotation[:, k] = rotation_about(1, _heading(turned[segment], rotation[:, k])) @ rotation[:, k]
    there = replace(channel, rotation=rotation, errors=_in_film(channel, phone.time_s, shift))
    return Joined(replace(film, orientations=(*film.orientations, there)), shift)


def shift_of(time_s: Floats, turned: dict[str, Floats], phone: Recording, name: str) -> Shift:
    """What to add to the phone's clock: by the segment that tells it best.

    Args:
        time_s: (n_frames,) of the film.
        turned: segment -> (n_frames, 3, 3), as the film alone has them.
        phone: the phones.
        name: of their file, for the error.

    Raises:
        NothingToMeasureError: no segment tells it.
    """
    rules = loader.phone_rules()
    (channel,) = phone.orientations
    found: list[Shift] = []
    fastest = 0.0
    for k, segment in enumerate(channel.segments):
        speeds = [
            angular_speed(rotation, clock, rules.align_rate_hz, rules.align_smooth_s)
            for rotation, clock in ((turned[segment], time_s), (channel.rotation[:, k], phone.time_s))
        ]
        slowest = min(float(np.nanpercentile(np.append(speed, 0.0), 90)) for _, speed in speeds)
        fastest = max(fastest, slowest)
        if slowest < np.radians(rules.align_min_speed_deg_s):
            continue
        shift = shift_between(
            speeds[0],
            speeds[1],
            rate_hz=rules.align_rate_hz,
            max_offset_s=rules.align_max_offset_s,
            min_overlap_s=rules.align_min_overlap_s,
        )
        if shift is not None:
            found.append(shift._replace(sd_s=rules.align_sd_factor * shift.sd_s))
    if not found:
        raise NothingToMeasureError(
            f"{name}: film and phone never show the segment move together ({np.degrees(fastest):.0f} deg/s)",
            _MOVE,
        )
    best = max(found, key=lambda one: one.evidence)
    _require_told(best, name)
    return best


def _require_told(shift: Shift, name: str) -> None:
    rules = loader.phone_rules()
    if shift.correlation < rules.align_min_correlation:
        fault = (
            f"the movement in the film is not the phone's (their speeds correlate by {shift.correlation:.2f})"
        )
        raise NothingToMeasureError(f"{name}: {fault}", "give the phone's recording of this very film")
    if shift.evidence < rules.align_min_evidence:
        fault = "the movement repeats so evenly that the clocks could be a repetition apart"
        raise NothingToMeasureError(f"{name}: {fault}", _MOVE)
    if shift.sd_s > rules.align_max_sd_s:
        fault = f"the movement tells the clocks apart only to {shift.sd_s:.2f} s"
        raise NothingToMeasureError(f"{name}: {fault}", _MOVE)


def segments_seen(film: Recording) -> dict[str, Floats]:
    """Segment -> (n_frames, 3, 3) in the room, as the film alone has them."""
    bare = replace(film, orientations=())
    smoother = smoother_for(bare.window(slice(0, 0))).smoother
    parts = [smoother.push(bare.window(slice(k, k + 40))) for k in range(0, bare.n_frames, 40)]
    parts.append(smoother.finish())
    body = smoother.estimator.body
    turned = [segments(body, p.path.pose, p.path.shared[: body.n_lengths])[1] for p in parts if p is not None]
    rotation = np.concatenate(turned)
    return {name: rotation[:, k] for k, name in enumerate(body.bodies)}


def _heading(seen: Floats, shown: Floats) -> float:
    """The turn about the vertical [rad] that takes what the phone shows to what the film has, all in all."""
    both = np.isfinite(shown[:, 0, 0]) & np.isfinite(seen[:, 0, 0])
    apart = np.sum(seen[both] @ transpose(shown[both]), axis=0)
    return float(np.arctan2(apart[0, 2] - apart[2, 0], apart[0, 0] + apart[2, 2]))


def _in_film(channel: SegmentOrientations, time_s: Floats, shift: Shift) -> Any:
    """The errors on the film's clock: headings are as good as the film's, a wrong time is a wrong angle."""
    errors = channel.errors
    if errors is None:
        return None
    heading = np.radians(loader.phone_rules().align_heading_sd_deg)
    with np.errstate(invalid="ignore"):
        late = shift.sd_s * np.sqrt(np.nanmean(angular_velocity(channel.rotation, time_s) ** 2, axis=0))
    return replace(
        errors,
        lasting_sd_rad=np.hypot(errors.lasting_sd_rad, late),
        calibrated_s=errors.calibrated_s + shift.offset_s,
        heading_sd_rad=np.full_like(errors.heading_sd_rad, heading),
    )


class Watched:
    """A sink that keeps what was seen, and the figures about it: the film without the phone."""

    def __init__(self) -> None:
        self._parts: list[Recording] = []
        self.figures: dict[str, Any] = {}

    def write(self, recording: Recording, motion: Motion) -> None:
        """Keep some frames; the angles are of no use."""
        self._parts.append(recording)
        self.figures = dict(motion.diagnostics.get("film", {}))

    def commit(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Forget them."""
        self._parts.clear()

    @property
    def recording(self) -> Recording:
        """All frames."""
        return Recording.concatenate(self._parts)


@dataclass(frozen=True, slots=True)
class AlignedMeasurement:
    """The use case: something that was filmed, and phones. Memory holds the keypoints, not the pictures.

    Attributes:
        watch: measures the film alone into a sink; may refuse.
        phone: the phones' recording.
        sinks: take the results; all are committed, or all aborted.
        new_estimator: infers the motion of such recordings.
    """

    watch: Callable[[MotionSink], None]
    phone: RecordingReader
    sinks: Sequence[MotionSink]
    new_estimator: Callable[[Recording], MotionEstimator] = smoother_for

    def run(self) -> None:
        """Measure; the result is complete in every sink, or in none.

        Raises:
            CoxaError: what the film, the phone or a sink refuse; the clocks cannot be told apart.
        """
        figures: dict[str, Any] = {}
        deliver(self._parts(figures), self.sinks, lambda: figures)

    def _parts(self, figures: dict[str, Any]) -> Stream[Part]:
        header = self.phone.header
        phone = Recording.concatenate(list(self.phone.parts(_PART)))
        _require_orientations(phone, header.path.name)
        film = Watched()
        self.watch(film)
        joined = join(film.recording, phone, header.path.name)
        figures.update(film.figures)
        notes = [*film.figures.get("notes", []), *header.notes, _said(header.path.name, joined.shift)]
        figures["notes"] = notes
        estimator = self.new_estimator(joined.recording.window(slice(0, 0)))
        yield from fitted(_in_parts(joined.recording), estimator)


def _require_orientations(phone: Recording, name: str) -> None:
    if len(phone.orientations) != 1 or not phone.orientations[0].posture:
        raise SourceError(
            f"{name}: it holds no orientations of a phone",
            "name a phone's recording, or a folder of several phones'",
        )


def _said(name: str, shift: Shift) -> str:
    return (
        f"{name}: its clock is {shift.offset_s:+.3f} s from the film's, known to {shift.sd_s:.3f} s "
        f"(speeds correlate by {shift.correlation:.2f})"
    )


def _in_parts(recording: Recording) -> Stream[Recording]:
    for first in range(0, recording.n_frames, _PART):
        yield recording.window(slice(first, first + _PART))
