"""The marker road with the catalogue's marker sets and assumptions."""

from __future__ import annotations

from coxa.catalog import loader
from coxa.estimate import markers
from coxa.estimate.markers import Body, MarkerEstimator
from coxa.model.channels import SpacePoints
from coxa.model.motion import Motion
from coxa.model.recording import Recording, Subject
from coxa.specs.markers import MarkerAssumptions, MarkerSetSpec


def marker_estimator(
    sample: Recording,
    static: Recording | None = None,
    mapping: MarkerSetSpec | None = None,
    assumptions: MarkerAssumptions | None = None,
) -> MarkerEstimator:
    """Settled on a sample; ``assumptions`` are the catalogue's if None."""
    known = assumptions or loader.marker_assumptions()
    return MarkerEstimator(sample, loader.marker_sets(), known, static, mapping)


def marker_motion(
    recording: Recording,
    assumptions: MarkerAssumptions | None = None,
    static: Recording | None = None,
    mapping: MarkerSetSpec | None = None,
) -> Motion:
    """Every angle a whole recording's markers can tell, with its standard deviation."""
    return marker_estimator(recording, static, mapping, assumptions).push(recording)


def marker_body(
    points: SpacePoints, assumptions: MarkerAssumptions | None = None, subject: Subject | None = None
) -> Body:
    """Segment frames and joint centres of every frame."""
    known = assumptions or loader.marker_assumptions()
    return markers.marker_body(points, loader.marker_sets(), known, subject or Subject())
