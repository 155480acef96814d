"""Sensors worn by simulated people: askew, with headings that drift, as orientations or as raw signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from coxa.adapters.sources.imu_calibration import worn
from coxa.catalog import loader
from coxa.estimate.body import Pose
from coxa.kinematics.rotations import (
    quaternion_from_rotation,
    rotation_about,
    rotation_from_vector,
    transpose,
    vector_from_rotation,
)
from coxa.model.channels import OrientationErrors, SegmentOrientations
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.perform import Performance, perform, times
from coxa.simulate.person import Person

LOWER = ("pelvis", "femur_left", "femur_right", "tibia_left", "tibia_right")
ALL_WORN = (*LOWER, "thorax", "foot_left", "foot_right")
CHANGE_S = 0.15
PERIOD_S = 3.8  # of the scripts that begin and end standing
Z_UP = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])  # room to a world with Z up
GRAVITY = 9.81


def moving(
    scripts: Sequence[str] = ("squat", "lunge", "hinge", "trunk_rotation"),
    duration_s: float = 30.0,
    rate_hz: float = 30.0,
    seed: int = 0,
    standing_s: float = 2.0,
) -> Performance:
    """A person drawn from the priors stands, then repeats these movements, one after the other."""
    person = Person.drawn(loader.body_model(), loader.body_priors(), np.random.default_rng(seed))
    time_s = times(duration_s, rate_hz)
    turn = np.maximum(time_s - standing_s, 0.0) / PERIOD_S
    parts = [perform(SCRIPTS[name](), person, PERIOD_S * (turn % 1.0)) for name in scripts]
    which = turn.astype(int) % len(parts)

    def chosen(values: Sequence[np.ndarray]) -> np.ndarray:
        """One after the other, the changes smooth: not every script begins as the one before ends."""
        joined = np.stack(values)[which, np.arange(len(time_s))]
        return gaussian_filter1d(joined, CHANGE_S * rate_hz, axis=0, mode="nearest")

    pose = Pose(
        chosen([part.pose.position_m for part in parts]),
        rotation_from_vector(chosen([vector_from_rotation(part.pose.rotation) for part in parts])),
        chosen([part.pose.joints for part in parts]),
    )
    return Performance(person, time_s, pose, "+".join(scripts))


@dataclass(frozen=True)
class Drift:
    """Headings of the sensors, (n_sensors,): at first [deg], and how fast they drift [deg/min]."""

    offset_deg: np.ndarray
    rate_deg_min: np.ndarray

    @classmethod
    def drawn(cls, n: int, offset_sd_deg: float, rate_sd_deg_min: float, rng: np.random.Generator) -> Drift:
        """By chance."""
        return cls(offset_sd_deg * rng.normal(size=n), rate_sd_deg_min * rng.normal(size=n))

    def at(self, time_s: np.ndarray) -> np.ndarray:
        """(n_frames, n_sensors) rad."""
        return np.radians(self.offset_deg + np.multiply.outer(time_s - time_s[0], self.rate_deg_min / 60))


def errors_of(
    segments: Sequence[str], fusion: str = "no_magnetometer", misaligned_deg: float | None = None
) -> OrientationErrors:
    """What the catalogue says of such sensors; misalignments as people stand, or all alike."""
    rules = loader.inertial_rules()
    kind = rules.fusions[fusion]
    n = len(segments)
    standing = np.radians([worn(name).standing_sd_deg for name in segments])
    return OrientationErrors(
        lasting_sd_rad=np.radians([worn(name).lasting_deg for name in segments]),
        correlation_s=rules.correlation_time_s,
        misalignment_sd_rad=standing
        if misaligned_deg is None
        else np.full((n, 3), np.radians(misaligned_deg)),
        calibrated_s=0.0,
        heading_sd_rad=np.full(n, np.radians(kind.heading_sd_deg)),
        heading_rate_sd_rad_s=np.full(n, np.radians(kind.heading_rate_sd_deg_min) / 60),
        heading_walk_rad2_s=np.full(n, kind.heading_walk_deg2_s * np.radians(1) ** 2),
    )


def worn_orientations(
    done: Performance,
    segments: Sequence[str],
    errors: OrientationErrors,
    drift: Drift,
    rng: np.random.Generator,
    noise_deg: float = 1.0,
) -> Recording:
    """Orientations as sensors with these errors show them: misalignments are drawn, lasting errors too."""
    _, rotation = done.segments()
    owners = [done.person.body.bodies.index(name) for name in segments]
    n_frames, n = len(done.time_s), len(segments)
    heading = rotation_about(1, drift.at(done.time_s))
    askew = rotation_from_vector(errors.misalignment_sd_rad * rng.normal(size=(n, 3)))
    keep = np.exp(-np.append(1.0, np.diff(done.time_s)) / errors.correlation_s)
    lasting = rng.normal(size=(n_frames, n, 3))
    for t in range(1, n_frames):
        lasting[t] = keep[t] * lasting[t - 1] + np.sqrt(1 - keep[t] ** 2) * lasting[t]
    noise = errors.lasting_sd_rad * lasting + np.radians(noise_deg) * rng.normal(size=(n_frames, n, 3))
    seen = heading @ rotation[:, owners] @ askew @ rotation_from_vector(noise)
    sd = np.full(n, np.radians(noise_deg))
    return Recording(done.time_s, orientations=(SegmentOrientations(tuple(segments), seen, sd, errors),))


def raw_signals(
    done: Performance,
    segments: Sequence[str],
    mounting: np.ndarray,
    rng: np.random.Generator,
    *,
    bias_deg_s: float = 0.5,
    magnetometer: bool = True,
) -> dict[str, np.ndarray]:
    """What sensors at the segments' origins measure, SI, (n_frames, 3) by ``SEGMENT_gyr`` and so on.

    Args:
        done: a performance, finely sampled.
        segments: that bear a sensor.
        mounting: (n_sensors, 3, 3), sensor axes to segment axes.
        rng: source of chance.
        bias_deg_s: of each gyroscope's axes, standard deviation.
        magnetometer: whether there are magnetometers.
    """
    place, rotation = done.segments()
    time_s = done.time_s
    out: dict[str, np.ndarray] = {}
    for k, segment in enumerate(segments):
        b = done.person.body.bodies.index(segment)
        sensor = rotation[:, b] @ mounting[k]
        turned = vector_from_rotation(transpose(sensor[:-1]) @ sensor[1:]) / np.diff(time_s)[:, None]
        rate = np.concatenate([turned, turned[-1:]])
        acceleration = np.gradient(np.gradient(place[:, b], time_s, axis=0), time_s, axis=0)
        force = acceleration + np.array([0.0, GRAVITY, 0.0])
        bias = np.radians(bias_deg_s) * rng.normal(size=3)
        out[f"{segment}_gyr"] = rate + bias + np.radians(0.1) * rng.normal(size=rate.shape)
        out[f"{segment}_acc"] = _in(sensor, force) + 0.02 * rng.normal(size=rate.shape)
        if magnetometer:
            north = np.broadcast_to([20.0, -40.0, 0.0], force.shape)
            out[f"{segment}_mag"] = _in(sensor, north) + 0.3 * rng.normal(size=rate.shape)
    return out


def _in(rotation: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return np.einsum("tji,tj->ti", rotation, vector)


def raw_csv(
    time_s: np.ndarray, signals: dict[str, np.ndarray], gyroscope: str = "deg/s", accelerometer: str = "g"
) -> str:
    """A CSV of raw signals in these units, which its header tells."""
    columns, names = [time_s], ["time_s"]
    for name, values in signals.items():
        unit, scale = "", 1.0
        if name.endswith("_gyr"):
            unit, scale = f" [{gyroscope}]", 180 / np.pi if gyroscope == "deg/s" else 1.0
        elif name.endswith("_acc"):
            unit, scale = f" [{accelerometer}]", 1 / GRAVITY if accelerometer == "g" else 1.0
        names += [f"{name}_{axis}{unit}" for axis in "xyz"]
        columns += list(scale * values.T)
    rows = [",".join(f"{value:.6g}" for value in row) for row in np.stack(columns, axis=1)]
    return "\n".join([",".join(names), *rows]) + "\n"


def quaternions_z_up(done: Performance, segments: Sequence[str], mounting: np.ndarray) -> np.ndarray:
    """(n_frames, n_sensors, 4), w first, in a world with Z up: exact."""
    _, rotation = done.segments()
    owners = [done.person.body.bodies.index(name) for name in segments]
    return quaternion_from_rotation(Z_UP @ rotation[:, owners] @ mounting)


def quaternion_sto(time_s: np.ndarray, segments: Sequence[str], quaternion: np.ndarray) -> str:
    """An OpenSense file."""
    head = ["DataRate=50.0", "DataType=Quaternion", "version=3", "OpenSimVersion=4.1", "endheader"]
    head.append("\t".join(["time", *(f"{name}_imu" for name in segments)]))
    rows = [
        "\t".join([f"{t:.4f}", *(",".join(f"{part:.8f}" for part in four) for four in row)])
        for t, row in zip(time_s, quaternion, strict=True)
    ]
    return "\n".join([*head, *rows]) + "\n"


def quaternion_csv(time_s: np.ndarray, segments: Sequence[str], quaternion: np.ndarray) -> str:
    """The same as CSV."""
    names = ["time_s", *(f"{name}_q{part}" for name in segments for part in "wxyz")]
    rows = [
        ",".join([f"{t:.4f}", *(f"{part:.8f}" for part in row.ravel())])
        for t, row in zip(time_s, quaternion, strict=True)
    ]
    return "\n".join([",".join(names), *rows]) + "\n"
