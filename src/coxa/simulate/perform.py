"""A person performs a script: poses of the body at given times, and the truth about every coordinate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from coxa.estimate.body import Pose
from coxa.estimate.readout import Readout, segments
from coxa.kinematics.rotations import rotation_about
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion, Observability
from coxa.simulate.person import Person
from coxa.simulate.script import PELVIS, Course, Movement

Floats = NDArray[np.float64]

_TREMOR_FILTER_RATE_HZ = 100.0


@dataclass(frozen=True, slots=True)
class Tremor:
    """Involuntary oscillation of every joint (4-12 Hz: Deuschl 1998, Mov Disord 13 Suppl 3)."""

    rms_deg: float
    low_hz: float = 4.0
    high_hz: float = 12.0


@dataclass(frozen=True, slots=True)
class Performance:
    """A person moving.

    Attributes:
        person: who.
        time_s: (n_frames,).
        pose: (n_frames) of the body.
        name: what is done, for people to read.
    """

    person: Person
    time_s: Floats
    pose: Pose
    name: str = ""

    def segments(self) -> tuple[Floats, Floats]:
        """Places (n_frames, n_bodies, 3) [m] and rotations (n_frames, n_bodies, 3, 3) of all segments."""
        return segments(self.person.body, self.pose, self.person.lengths)

    def moved(self, rotation: Floats, translation_m: Floats) -> Self:
        """The same in another place of the room: turned (3, 3), then shifted (3,)."""
        pose = Pose(
            self.pose.position_m @ rotation.T + translation_m,
            np.asarray(rotation @ self.pose.rotation),
            self.pose.joints,
        )
        return replace(self, pose=pose)

    def window(self, frames: slice) -> Self:
        """Some of the frames."""
        return replace(self, time_s=self.time_s[frames], pose=self.pose.window(frames))

    def truth(self) -> Motion:
        """Every coordinate exactly, as the estimator's own readout defines it."""
        value = Readout(self.person.body).read(self.pose, self.person.lengths)
        return Motion(
            time_s=self.time_s,
            coordinates=ALL,
            value=value,
            sd=np.zeros_like(value),
            observability=np.full(value.shape, Observability.OBSERVED, np.uint8),
            source=f"simulated: {self.name}",
        )


def times(duration_s: float, rate_hz: float) -> Floats:
    """Regular times from 0, (n_frames,)."""
    return np.arange(round(duration_s * rate_hz)) / rate_hz


def irregular_times(
    duration_s: float, rate_hz: float, jitter: float, dropped: float, rng: np.random.Generator
) -> Floats:
    """Times of a camera that stumbles.

    Args:
        duration_s: in all.
        rate_hz: nominal.
        jitter: largest shift of a frame, as a share of the frame's time, under 0.5.
        dropped: share of the frames that are missing.
        rng: source of chance.
    """
    regular = times(duration_s, rate_hz)
    shifted = regular + rng.uniform(-jitter, jitter, len(regular)) / rate_hz
    return shifted[rng.uniform(size=len(shifted)) >= dropped]


def perform(
    script: Movement,
    person: Person,
    time_s: Floats,
    *,
    tremor: Tremor | None = None,
    rng: np.random.Generator | None = None,
) -> Performance:
    """The person does what the script says, at times (n_frames,) [s].

    Args:
        script: the movement.
        person: who.
        time_s: (n_frames,).
        tremor: needs ``rng``.
        rng: source of chance.
    """
    course = script.at(time_s)
    joints = _joints(course, person, len(time_s))
    if tremor is not None:
        if rng is None:
            raise ValueError("tremor is drawn by chance: give rng")
        shaking = _tremor(tremor, time_s, joints.shape[1], rng)
        joints[:, ~person.body.joint_is_slide] += shaking[:, ~person.body.joint_is_slide]
    pose = Pose(np.zeros((len(time_s), 3)), _pelvis(course, script.stance, len(time_s)), joints)
    held = _middle_of(person, pose, script.support)
    position = person.size * course.moved_m - held
    return Performance(person, time_s, Pose(position, pose.rotation, joints), script.name)


def _joints(course: Course, person: Person, n_frames: int) -> Floats:
    body = person.body
    unknown = set(course.angles_deg) - set(body.joints) - set(PELVIS)
    if unknown:
        raise KeyError(f"no coordinate {sorted(unknown)}; there are: {', '.join((*PELVIS, *body.joints))}")
    nothing = np.zeros(n_frames)
    columns = [course.angles_deg.get(name, nothing) for name in body.joints]
    unit = np.where(body.joint_is_slide, 1.0, np.pi / 180)
    return np.asarray(np.stack(columns, axis=1) * unit)


def _pelvis(course: Course, stance: Floats, n_frames: int) -> Floats:
    """(n_frames, 3, 3): rotation, then obliquity, then tilt (Baker 2001) in the axes of the stance."""
    nothing = np.zeros(n_frames)
    rotation, obliquity, tilt = (np.radians(course.angles_deg.get(name, nothing)) for name in PELVIS)
    return np.asarray(
        stance @ rotation_about(1, rotation) @ rotation_about(0, -obliquity) @ rotation_about(2, -tilt)
    )


def _middle_of(person: Person, pose: Pose, sites: tuple[str, ...]) -> Floats:
    """(n_frames, 3) middle of some sites of the body."""
    body = person.body
    place, rotation = segments(body, pose, person.lengths)
    factor = body.length_factor(person.lengths)
    points = []
    for site in sites:
        owner, local = body.sites[site]
        points.append(place[:, owner] + rotation[:, owner] @ (local * factor[body.length_of_site[site]]))
    return np.asarray(np.mean(points, axis=0))


def _tremor(tremor: Tremor, time_s: Floats, n_joints: int, rng: np.random.Generator) -> Floats:
    """(n_frames, n_joints) rad of band-limited noise, made at a fine regular rate and read at the times."""
    span = time_s[-1] - time_s[0] + 2.0
    fine = np.arange(round(span * _TREMOR_FILTER_RATE_HZ)) / _TREMOR_FILTER_RATE_HZ + time_s[0] - 1.0
    band = butter(
        2, [tremor.low_hz, tremor.high_hz], btype="bandpass", fs=_TREMOR_FILTER_RATE_HZ, output="sos"
    )
    noise = sosfiltfilt(band, rng.normal(size=(len(fine), n_joints)), axis=0)
    noise *= np.radians(tremor.rms_deg) / np.sqrt(np.mean(noise**2))
    return np.stack([np.interp(time_s, fine, noise[:, k]) for k in range(n_joints)], axis=1)
