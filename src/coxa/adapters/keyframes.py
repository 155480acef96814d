"""Pictures of the moments that matter, cut to the person, with the skeleton drawn on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import cv2
import numpy as np

from coxa.app.ports import VideoFrame, VideoReader
from coxa.assess.gait import OFF, STRIKE, events
from coxa.catalog import loader
from coxa.model.assessment import Assessment, Repetition, Verdict
from coxa.model.channels import ImagePoints
from coxa.model.coordinates import SIDES
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.assessment.case import KeyFrame
from coxa.report.lettering import Picture
from coxa.report.skeleton import draw_skeleton
from coxa.specs.protocol import ProtocolSpec

_HEIGHT_PX, _QUALITY = 400, 82
_MARGIN, _NARROWEST, _WIDEST = 0.12, 0.75, 1.3  # of the person's box; width by height of a picture
_LEAST_VISIBILITY = 0.3
_EARLY_S = 1e-4
_MIN_BOX_PX = 40.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Moment:
    """When, and what it shows."""

    side: str
    words: str
    time_s: float


def key_frames(
    found: Assessment, protocol: ProtocolSpec, motion: Motion, recording: Recording, film: VideoReader
) -> tuple[KeyFrame, ...]:
    """Up to three pictures a side.

    Args:
        found: what was assessed; tells the moments.
        protocol: names what went beyond its limit.
        motion: for the steps of somebody walking.
        recording: where the person was; its first camera is the film's.
        film: read at those moments only.
    """
    if not recording.image_points or not recording.n_frames:
        return ()
    moments = list(_of_walking(motion) if protocol.kind == "gait" else _of_repetitions(found, protocol))
    taken: list[KeyFrame] = []
    for side in dict.fromkeys(one.side for one in moments):
        own = sorted((one for one in moments if one.side == side), key=lambda one: one.time_s)
        taken += _pictures(own, recording, film, moving=protocol.kind == "gait")
    return tuple(taken)


def _of_repetitions(found: Assessment, protocol: ProtocolSpec) -> Iterator[Moment]:
    """Start, end range, and where the first compensation went beyond its limit, of one repetition a side."""
    titles = {rule.id: rule.title for rule in protocol.compensations}
    for side in dict.fromkeys(one.side for one in found.results):
        shown = [
            one
            for result in found.results
            if result.side == side
            for one in result.repetitions
            if one.motion.known and not one.cut and not one.partial
        ]
        if not shown:
            continue
        one = max(shown, key=lambda each: (_first_beyond(each) is not None, each.motion.value))
        yield Moment(side, "start", one.start_s)
        yield Moment(side, "end range", one.peak_s)
        beyond = _first_beyond(one)
        if beyond is not None:
            rule, time_s = beyond
            yield Moment(side, f"{titles.get(rule, rule).lower()} passes its limit", time_s)


def _first_beyond(one: Repetition) -> tuple[str, float] | None:
    """Which rule was broken first, and when."""
    beyond = [
        (held.exceeded_s, held.rule)
        for held in one.compensations
        if held.verdict is Verdict.COMPENSATED
        and held.exceeded_s is not None
        and np.isfinite(held.exceeded_s)
    ]
    return (min(beyond)[1], min(beyond)[0]) if beyond else None


def _of_walking(motion: Motion) -> Iterator[Moment]:
    """Foot strike, the middle of the stance and foot off of a stride in the middle of the recording."""
    happened = events(motion, loader.gait_norms())
    for side in SIDES:
        strikes = [one.time_s for one in happened if one.side == side and one.label == STRIKE]
        offs = [one.time_s for one in happened if one.side == side and one.label == OFF]
        stances = [(on, min(after)) for on in strikes if (after := [off for off in offs if off > on])]
        if stances:
            on, off = stances[len(stances) // 2]
            yield Moment(side, "foot strike", on)
            yield Moment(side, "middle of the stance", (on + off) / 2)
            yield Moment(side, "foot off", off)


def _pictures(
    moments: Sequence[Moment], recording: Recording, film: VideoReader, moving: bool
) -> Iterator[KeyFrame]:
    """All of one size; of somebody who stays, of the same place."""
    points = recording.image_points[0]
    seen = [(one, _nearest(recording, one.time_s)) for one in moments if np.isfinite(one.time_s)]
    boxed = [(one, at, box) for one, at in seen if (box := _person(points, at)) is not None]
    if not boxed:
        return
    whole = _united([box for _, _, box in boxed])
    size = _size([box for _, _, box in boxed] if moving else [whole])
    for one, at, box in boxed:
        frame = _frame_at(film, float(recording.time_s[at]))
        if frame is not None:
            yield _picture(one, frame, points, at, _around(box if moving else whole, size))


def _nearest(recording: Recording, time_s: float) -> int:
    return int(np.abs(recording.time_s - time_s).argmin())


def _person(points: ImagePoints, at: int) -> Box | None:
    """Left, top, right and bottom of what is seen, px; None: too little."""
    good = np.isfinite(points.position_px[at]).all(axis=1) & (points.visibility[at] >= _LEAST_VISIBILITY)
    if good.sum() < 2:
        return None
    places = points.position_px[at][good]
    (left, top), (right, bottom) = places.min(axis=0), places.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _united(boxes: Sequence[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _size(boxes: Sequence[Box]) -> tuple[float, float]:
    """Width and height that hold any of the boxes with a margin, neither too narrow nor too wide."""
    wide = max(_MIN_BOX_PX, *(right - left for left, _, right, _ in boxes)) * (1 + 2 * _MARGIN)
    tall = max(_MIN_BOX_PX, *(bottom - top for _, top, _, bottom in boxes)) * (1 + 2 * _MARGIN)
    return max(wide, _NARROWEST * tall), max(tall, wide / _WIDEST)


def _around(box: Box, size: tuple[float, float]) -> Box:
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    return x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2


def _frame_at(film: VideoReader, time_s: float) -> VideoFrame | None:
    with closing(film.frames(max(0.0, time_s - _EARLY_S))) as frames:  # type: ignore[type-var]
        return next(frames, None)


def _picture(one: Moment, frame: VideoFrame, points: ImagePoints, at: int, box: Box) -> KeyFrame:
    """Drawn upon in the size it will have, then cut."""
    scale = _HEIGHT_PX / (box[3] - box[1])
    height, width = frame.rgb.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    drawn: Picture = np.array(cv2.resize(frame.rgb, size, interpolation=how), np.uint8)
    draw_skeleton(drawn, points, at, scale)
    left, top, right, bottom = (round(edge * scale) for edge in box)
    cut = drawn[max(top, 0) : min(bottom, size[1]), max(left, 0) : min(right, size[0])]
    _, jpeg = cv2.imencode(".jpg", np.ascontiguousarray(cut[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return KeyFrame(one.side, one.words, one.time_s, jpeg.tobytes(), (cut.shape[1], cut.shape[0]))
