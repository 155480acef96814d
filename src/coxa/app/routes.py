"""Which road leads from a recording to its motion: chosen by what it holds, not by where it came from."""

from __future__ import annotations

from pathlib import Path

from coxa.app.ports import MotionEstimator
from coxa.catalog import loader
from coxa.estimate import fixed_lag
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import kinds_of
from coxa.estimate.smoother import Schedule
from coxa.model.errors import NothingToMeasureError
from coxa.model.recording import Recording

#: Frames that a road is chosen and calibrated by.
N_SAMPLE = 2000


def estimator_for(
    sample: Recording,
    *,
    static: Recording | None = None,
    mapping: Path | None = None,
    name: str = "",
) -> MotionEstimator:
    """What infers the motion of recordings like this one.

    Full sets of markers go straight to anatomical frames, angles of other software are translated, all
    else is fitted by the body model.

    Args:
        sample: frames spread over the recording.
        static: a static trial of the same person and markers.
        mapping: file that names the markers of a set that is not known.
        name: of the source, for the error.

    Raises:
        NothingToMeasureError: nothing in it is known to the body.
    """
    if any(points.kind == "markers" for points in sample.space_points):
        return _markers(sample, static, mapping, name)
    if _fitted(sample):
        return smoother_for(sample.window(slice(0, 0)))
    if sample.angles:
        return _given(sample, name)
    raise NothingToMeasureError(
        f"{name}: nothing in it is known to the body",
        "name a file of markers, keypoints, orientations of segments or joint angles",
    )


def smoother_for(layout: Recording) -> fixed_lag.MotionEstimator:
    """The body-model smoother for these channels, with the catalogue's priors."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), layout)
    return fixed_lag.MotionEstimator(
        estimator, loader.observability(), kinds_of(layout, estimator), Schedule()
    )


def _fitted(sample: Recording) -> bool:
    return bool(sample.image_points or sample.orientations or sample.space_points)


def _markers(sample: Recording, static: Recording | None, mapping: Path | None, name: str) -> MotionEstimator:
    raise NothingToMeasureError(f"{name}: markers cannot be measured yet", "name another source")


def _given(sample: Recording, name: str) -> MotionEstimator:
    raise NothingToMeasureError(f"{name}: joint angles cannot be measured yet", "name another source")
