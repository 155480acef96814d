"""OpenSense's walking recording, measured by Coxa and held against OpenSim's own inverse kinematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from coxa.adapters.reference.opensim import truth_of
from coxa.adapters.sources.imu import open_orientations_sto
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
from coxa.estimate.smoother import Schedule
from coxa.kinematics.rotations import rotation_about
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import BodyPriors

HEADINGS = ("pelvis_left_rotation", "thorax_left_rotation")
#: As the tutorial's imuPlacer_Setup.xml has it.
BASE = "base: torso_imu\nbase_axis: z\n"


@dataclass(frozen=True)
class Row:
    """One coordinate of one side, degrees."""

    coordinate: str
    n: int
    bias: float
    rmse: float
    offset_removed: float
    sd: float
    covered: float
    covered_offset_removed: float


def recording_of(folder: Path, *, placement: bool = True, mapping: Path | None = None) -> Recording:
    """The walk as our reader has it."""
    home = folder / "opensim" / "opensense_walking"
    calibration = home / "placement_orientations.sto" if placement else None
    options = ReadOptions(calibration=calibration, mapping=mapping)
    reader = open_orientations_sto(home / "walking_orientations.sto", options)
    return next(iter(reader.parts(reader.header.n_frames or 1)))


def assumed(recording: Recording) -> tuple[Recording, BodyPriors]:
    """What OpenSim assumes here: a rigid trunk, sensors that sit exactly as placed, north known."""
    (channel,) = recording.orientations
    errors = channel.errors
    assert errors is not None
    exact = replace(
        errors,
        lasting_sd_rad=np.full_like(errors.lasting_sd_rad, np.radians(0.5)),
        misalignment_sd_rad=np.full_like(errors.misalignment_sd_rad, np.radians(0.1)),
        heading_sd_rad=np.full_like(errors.heading_sd_rad, np.radians(0.1)),
        heading_rate_sd_rad_s=np.full_like(errors.heading_sd_rad, 1e-6),
        heading_walk_rad2_s=np.zeros_like(errors.heading_sd_rad),
    )
    priors = loader.body_priors()
    rigid = {
        name: prior.model_copy(update={"sd": 0.3}) if name.startswith(("lumbar", "thoracic")) else prior
        for name, prior in priors.joints.items()
    }
    stiff = priors.model_copy(update={"joints": rigid, "unsettled_wider": 1.0})
    return replace(recording, orientations=(replace(channel, errors=exact),)), stiff


def motion_of(recording: Recording, priors: BodyPriors | None = None) -> Motion:
    """The smoothed motion, in parts as they come from a file."""
    body = loader.body_model()
    estimator = Estimator(body, priors or loader.body_priors(), loader.detectors(), recording)
    whole = MotionEstimator(estimator, loader.observability(), kinds_of(recording, estimator), Schedule())
    parts = [whole.push(recording.window(slice(k, k + 100))) for k in range(0, recording.n_frames, 100)]
    parts.append(whole.finish())
    return Motion.concatenate([part for part in parts if part is not None])


def rows(motion: Motion, folder: Path) -> Iterator[Row]:
    """Every coordinate that OpenSim tells of, in the frames both have."""
    home = folder / "opensim" / "opensense_walking"
    truth = truth_of(home / "walking_motion_opensim46.sto", 1.0)
    at = np.searchsorted(motion.time_s, truth.time_s - 1e-4)
    assert np.abs(motion.time_s[at] - truth.time_s).max() < 1e-3
    for k, name in enumerate(truth.coordinates):
        if not np.isfinite(truth.value[:, k]).any():
            continue
        column = motion.coordinates.index(name)
        error = np.degrees(np.unwrap(motion.value[at, column] - truth.value[:, k]))
        error -= 360 * np.round(error.mean() / 360)
        sd = np.degrees(motion.sd[at, column])
        yield Row(
            name,
            len(error),
            float(error.mean()),
            float(np.sqrt(np.mean(error**2))),
            float(error.std()),
            float(sd.mean()),
            float(np.mean(np.abs(error) <= 1.96 * sd)),
            float(np.mean(np.abs(error - error.mean()) <= 1.96 * sd)),
        )


def turned(recording: Recording, angle_rad: float) -> Recording:
    """The same walk in a room whose axes were turned about the vertical."""
    (channel,) = recording.orientations
    there = replace(channel, rotation=rotation_about(1, angle_rad) @ channel.rotation)
    return replace(recording, orientations=(there,))
