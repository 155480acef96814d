"""From a full set of markers straight to angles: anatomical frames, no model fit.

Each frame stands alone once the person's constants are settled. A missing marker makes the coordinates that
need it *not observable* on that frame; nothing is bridged in time. Angles are as they are within -180..180
deg, not unwrapped. The part of an angle's standard deviation that stays the same over a recording (placement,
hip centre, widths) is reported apart in the diagnostics: it drops out of ranges and changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.estimate.blas import one_thread
from coxa.estimate.markers.body import Body, build, points_needed
from coxa.estimate.markers.calibrate import calibrate
from coxa.estimate.markers.carry import completed
from coxa.estimate.markers.points import Points, by_landmark, camera_sds, marker_points
from coxa.estimate.markers.reasons import Tally, levels
from coxa.estimate.markers.recognise import MarkerMap, recognise
from coxa.estimate.markers.spread import Spread, moves, spread_of
from coxa.model import coordinates
from coxa.model.channels import SpacePoints
from coxa.model.motion import CONSTANT_SD_DEG, Motion
from coxa.model.recording import Recording, Subject
from coxa.specs.markers import MarkerAssumptions, MarkerSetSpec

Floats = NDArray[np.float64]
Sets = Mapping[str, MarkerSetSpec]

_CHUNK = 128  # frames whose moved copies are held in memory at once; these fit the processor's cache
_REMEMBERED = 16  # frames of a part whose constant deviations enter the diagnostics


class MarkerEstimator:
    """From recordings of one person's markers to motions.

    Args:
        sample: some of the recording, from which the sizes and shapes are taken.
        marker_sets: by name.
        assumptions: what is taken as known about markers.
        static: a static trial of the same person.
        mapping: the marker set, where it is none of ``marker_sets``.

    Raises:
        NothingToMeasureError: no markers, or names that no set knows.
    """

    def __init__(
        self,
        sample: Recording,
        marker_sets: Sets,
        assumptions: MarkerAssumptions,
        static: Recording | None = None,
        mapping: MarkerSetSpec | None = None,
    ) -> None:
        self.known = assumptions
        points = marker_points(sample)
        where = recognise(points.names, marker_sets, mapping, sample.source)
        still = _static_points(static, marker_sets, mapping)
        subject = sample.subject if static is None else _either(sample.subject, static.subject)
        with one_thread():
            self.person = calibrate(where, by_landmark(points, where), still, subject, assumptions)
        self._moves = moves(self.person, camera_sds(points, where), assumptions)
        self._tally = Tally(self.person, assumptions)
        self._constant_sd: list[Floats] = []
        self._bridged: dict[str, int] = {}

    def push(self, recording: Recording) -> Motion:
        """The motion of some frames; the notes in it are about all frames so far."""
        person, known = self.person, self.known
        points = marker_points(recording)
        with one_thread():
            markers = by_landmark(points, _same_names(person.where, points))
            whole, bridged = self._complete(markers)
            spread = self._spread(points_needed(whole, person, known), bridged, recording.n_frames)
        level = levels(spread.value, spread.sd, known)
        self._tally.add(markers, whole, level)
        self._remember(spread, bridged)
        return Motion(
            time_s=recording.time_s,
            coordinates=coordinates.ALL,
            value=spread.value,
            sd=spread.sd,
            observability=level,
            reasons=self._tally.reasons(),
            source=recording.source,
            diagnostics=self._diagnostics(),
        )

    def finish(self) -> Motion | None:
        """Nothing is ever held back."""
        return None

    def _complete(self, markers: Points) -> tuple[dict[str, Floats], dict[str, NDArray[np.bool_]]]:
        person = self.person
        return completed(markers, person.clusters, person.hips, self.known.judgement.least_spread_m)

    def _spread(self, at: Points, bridged: Mapping[str, NDArray[np.bool_]], n_frames: int) -> Spread:
        def part(start: int) -> Spread:
            frames = slice(start, start + _CHUNK)
            some = {name: place[frames] if len(place) == n_frames else place for name, place in at.items()}
            put_back = {name: where[frames] for name, where in bridged.items() if where[frames].any()}
            return spread_of(some, put_back, self._moves, self.person, self.known)

        parts = [part(start) for start in range(0, n_frames, _CHUNK)]
        return Spread(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _remember(self, spread: Spread, bridged: Mapping[str, NDArray[np.bool_]]) -> None:
        step = max(1, len(spread.constant_sd) // _REMEMBERED)
        told = np.where(np.isfinite(spread.value), spread.constant_sd, np.nan)
        self._constant_sd.append(told[::step])
        for name, frames in bridged.items():
            if name in self.person.where.landmarks or "/" in name:
                spoken = self.person.where.spoken(name)
                self._bridged[spoken] = self._bridged.get(spoken, 0) + int(frames.sum())

    def _diagnostics(self) -> dict[str, Any]:
        person = self.person
        return {
            "method": "anatomical frames from markers",
            "marker_set": person.where.set_name,
            "decisions": dict(person.notes),
            "frames_with_a_marker_put_back": {name: n for name, n in self._bridged.items() if n},
            "assumptions": self.known.model_dump(),
            CONSTANT_SD_DEG: _medians_deg(np.concatenate(self._constant_sd)),
        }


class Sufficiency(NamedTuple):
    """Whether markers suffice for angles without a model fit.

    Attributes:
        enough: they do, for the pelvis and at least one hip.
        set_name: the marker set; empty where none knows the names.
        missing: what lacks, for people to read; empty where nothing does.
    """

    enough: bool
    set_name: str
    missing: str


def suffices(names: Sequence[str], marker_sets: Sets, mapping: MarkerSetSpec | None = None) -> Sufficiency:
    """Whether a recording's markers suffice for this road, from their names alone.

    Raises:
        NothingToMeasureError: no marker set knows the names (see :func:`recognise`).
    """
    where = recognise(names, marker_sets, mapping)
    has = where.landmarks
    lacks = [where.spoken(f"{side}_asis") for side in coordinates.SIDES if f"{side}_asis" not in has]
    if "sacrum" not in has and not {"left_psis", "right_psis"} <= set(has):
        lacks.append("both PSIS or a sacral marker")
    legs = [side for side in coordinates.SIDES if _knee_can_be_found(where, side)]
    if not legs:
        lacks.append("of a knee a lateral marker with a medial one or a wand, or three markers a segment")
    return Sufficiency(not lacks, where.set_name, "; ".join(lacks))


def _knee_can_be_found(where: MarkerMap, side: str) -> bool:
    has = {name.removeprefix(f"{side}_") for name in where.landmarks if name.startswith(side)}
    lateral = "lateral_epicondyle" in has
    thigh = len(where.clusters.get(f"{side}_thigh", ())) + lateral + ("thigh_wand" in has)
    shank = (
        len(where.clusters.get(f"{side}_shank", ())) + ("shank_wand" in has) + ("lateral_malleolus" in has)
    )
    return (lateral and bool(has & {"medial_epicondyle", "thigh_wand"})) or (thigh >= 3 and shank >= 3)


def marker_body(
    points: SpacePoints, marker_sets: Sets, assumptions: MarkerAssumptions, subject: Subject
) -> Body:
    """Segment frames and joint centres of every frame, from markers alone.

    Args:
        points: markers in the room; missing ones NaN or exactly 0 0 0.
        marker_sets: by name.
        assumptions: what is taken as known about markers.
        subject: what was told of the person.
    """
    where = recognise(points.names, marker_sets)
    at = by_landmark(points, where)
    person = calibrate(where, at, None, subject, assumptions)
    whole, _ = completed(at, person.clusters, person.hips, assumptions.judgement.least_spread_m)
    return build(points_needed(whole, person, assumptions), person)


def _static_points(
    static: Recording | None, marker_sets: Sets, mapping: MarkerSetSpec | None
) -> dict[str, Floats] | None:
    if static is None:
        return None
    points = marker_points(static)
    return by_landmark(points, recognise(points.names, marker_sets, mapping, static.source))


def _either(first: Subject, second: Subject) -> Subject:
    """What either tells of the person; the first goes before."""
    told = {name: getattr(first, name) or getattr(second, name) for name in Subject.__slots__}
    return Subject(**told)


def _same_names(where: MarkerMap, points: SpacePoints) -> MarkerMap:
    if points.names != where.names:
        raise ValueError("the parts of one recording must have the same points")
    return where


def _medians_deg(sd: Floats) -> dict[str, float]:
    """Coordinate -> median over the frames that have it, deg."""
    finite = {name: column[np.isfinite(column)] for name, column in zip(coordinates.ALL, sd.T, strict=True)}
    return {name: float(np.degrees(np.median(column))) for name, column in finite.items() if len(column)}
