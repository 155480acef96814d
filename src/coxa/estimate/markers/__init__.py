"""From a full set of markers straight to angles, whatever the marker set."""

from coxa.estimate.markers.body import Body
from coxa.estimate.markers.estimator import MarkerEstimator, Sufficiency, marker_body, suffices
from coxa.estimate.markers.recognise import MarkerMap, recognise

__all__ = [
    "Body",
    "MarkerEstimator",
    "MarkerMap",
    "Sufficiency",
    "marker_body",
    "recognise",
    "suffices",
]
