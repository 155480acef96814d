"""Which road leads from a recording to its motion: chosen by what it holds, not by where it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from coxa.app.ports import LiveEstimator, MotionEstimator
from coxa.catalog import loader
from coxa.catalog.markers import marker_estimator
from coxa.estimate import fixed_lag, live
from coxa.estimate.estimator import Estimator
from coxa.estimate.fixed_lag import kinds_of
from coxa.estimate.given_angles import GivenAnglesEstimator
from coxa.estimate.inclinometer import InclinometerEstimator, phone_kinds
from coxa.estimate.markers import MarkerEstimator, suffices
from coxa.estimate.smoother import Schedule
from coxa.model.coordinates import SIDES
from coxa.model.errors import NothingToMeasureError
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec
from coxa.specs.markers import MarkerSetSpec

_MARKERS = "markers"
_N_WARM = 4
_Fit = TypeVar("_Fit")
#: Frames that a road is chosen and calibrated by.
N_SAMPLE = 2000


def estimator_for(
    sample: Recording,
    *,
    static: Recording | None = None,
    mapping: MarkerSetSpec | None = None,
    name: str = "",
) -> MotionEstimator:
    """What infers the motion of recordings like this one.

    Full sets of markers go straight to anatomical frames, angles of other software are translated, all
    else is fitted by the body model.

    Args:
        sample: frames spread over the recording.
        static: a static trial of the same person and markers.
        mapping: the marker set, where it is none of the catalogue's.
        name: of the source, for the error.

    Raises:
        NothingToMeasureError: nothing in it is known to the body.
    """
    return _chosen(smoother_for, sample, static, mapping, name)


def live_estimator_for(
    sample: Recording,
    *,
    static: Recording | None = None,
    mapping: MarkerSetSpec | None = None,
    name: str = "",
) -> LiveEstimator:
    """What infers the motion of such recordings frame by frame, each answer at once.

    The roads are those of :func:`estimator_for`; what is fitted goes through a filter instead.
    Of keypoints and sensors a recording without frames suffices: it tells the channels.

    Args:
        sample: as for :func:`estimator_for`.
        static: as for :func:`estimator_for`.
        mapping: as for :func:`estimator_for`.
        name: as for :func:`estimator_for`.

    Raises:
        NothingToMeasureError: nothing in it is known to the body.
    """
    return _chosen(live_fit_for, sample, static, mapping, name)


def _chosen(
    fit: Callable[[Recording], _Fit],
    sample: Recording,
    static: Recording | None,
    mapping: MarkerSetSpec | None,
    name: str,
) -> _Fit | MarkerEstimator | InclinometerEstimator | GivenAnglesEstimator:
    if has_markers(sample):
        return _markers(sample, static, mapping, name)
    if _read_directly(sample):
        return _inclinometer(sample)
    if _fitted(sample):
        return fit(sample.window(slice(0, 0)))
    if sample.angles:
        return _given(sample)
    raise NothingToMeasureError(
        f"{name}: nothing in it is known to the body",
        "name a file of markers, keypoints, orientations of segments or joint angles",
    )


def has_markers(recording: Recording) -> bool:
    """Whether it holds physical markers."""
    return any(points.kind == _MARKERS for points in recording.space_points)


def smoother_for(
    layout: Recording, observability: ObservabilitySpec | None = None
) -> fixed_lag.MotionEstimator:
    """The body-model smoother for these channels, with the catalogue's priors and, unless told, its table."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), layout)
    table = observability or loader.observability()
    return fixed_lag.MotionEstimator(estimator, table, kinds_of(layout, estimator), Schedule())


def live_fit_for(layout: Recording) -> live.LiveEstimator:
    """The body-model filter for these channels, with the catalogue's priors and table."""
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), layout)
    return live.LiveEstimator(
        estimator, loader.observability(), kinds_of(layout, estimator), loader.tracking_rules()
    )


def warm_up(layout: Recording) -> None:
    """Load and compile what a live estimate of such keypoints takes: the first frame is then no slower.

    Args:
        layout: any part of such a recording; its frames do not matter.
    """
    estimate = live_fit_for(layout.window(slice(0, 0)))
    channels = layout.image_points
    rng = np.random.default_rng(0)
    for k in range(_N_WARM):
        points = []
        for one in channels:
            size_px = np.array([one.camera.width_px, one.camera.height_px])
            names = len(one.names)
            points.append(
                replace(
                    one,
                    position_px=size_px * rng.uniform(0.3, 0.7, (1, names, 2)),
                    visibility=np.ones((1, names)),
                    depth_m=np.zeros((1, names)),
                )
            )
        estimate.push(Recording(np.array([k / 15.0]), image_points=tuple(points), subject=layout.subject))


def kinds_in(sample: Recording) -> tuple[str, ...]:
    """Rows of the observability table that a recording will obey; none for markers and for given angles."""
    if has_markers(sample):
        return ()
    if _read_directly(sample):
        channel = sample.orientations[0]
        return phone_kinds(channel.segments, channel.posture)
    if not _fitted(sample):
        return ()
    layout = sample.window(slice(0, 0))
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), layout)
    return kinds_of(layout, estimator)


def _fitted(sample: Recording) -> bool:
    return bool(sample.image_points or sample.orientations or sample.space_points)


def _read_directly(sample: Recording) -> bool:
    """Whether there are but phones, too few for the body model or in a pose that only they know of."""
    if sample.image_points or sample.space_points or sample.boards or len(sample.orientations) != 1:
        return False
    channel = sample.orientations[0]
    if not channel.posture:
        return False
    joined = {"thorax", "lumbar", *(f"femur_{side}" for side in SIDES)} & set(channel.segments)
    return not (channel.posture == "standing" and "pelvis" in channel.segments and joined)


def _inclinometer(sample: Recording) -> InclinometerEstimator:
    return InclinometerEstimator(
        sample,
        loader.body_model(),
        loader.body_priors(),
        loader.observability(),
        float(np.radians(loader.phone_rules().level_max_deg)),
    )


def _markers(
    sample: Recording, static: Recording | None, mapping: MarkerSetSpec | None, name: str
) -> MarkerEstimator:
    """Straight to anatomical frames.

    Raises:
        NothingToMeasureError: no set knows the markers, or they do not suffice.
    """
    names = next(points.names for points in sample.space_points if points.kind == _MARKERS)
    found = suffices(names, loader.marker_sets(), mapping)
    if not found.enough:
        raise NothingToMeasureError(
            f"{name}: its markers ({found.set_name}) do not suffice; missing: {found.missing}",
            "record these too, or name the markers it has with --mapping",
        )
    return marker_estimator(sample, static, mapping)


def _given(sample: Recording) -> GivenAnglesEstimator:
    convention = sample.angles[0].convention
    return GivenAnglesEstimator(loader.angle_conventions(), convention, loader.observability())
