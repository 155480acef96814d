"""Keypoints of several calibrated cameras as one recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coxa.adapters.formats import open_recording
from coxa.adapters.sources.calibration import CalibratedCamera, Calibration, read_calibration
from coxa.adapters.sources.held import HeldRecording
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.estimate.cameras import join
from coxa.estimate.clocks import disagreement
from coxa.estimate.views import View
from coxa.model.errors import SourceError
from coxa.model.recording import Recording, Subject

#: All frames: what a file of keypoints holds is held already.
_ALL = 10**9


def calibration_of(sources: Sequence[Path], options: ReadOptions) -> Calibration:
    """The calibration that was named.

    Raises:
        SourceError: none was, or there are fewer than two sources.
    """
    if options.calibration is None:
        raise SourceError(
            f"{len(sources)} cameras, but no calibration says where they stood",
            "name it with --calibration: Pose2Sim's Calib.toml, OpenCV's YAML, Qualisys' or OpenCap's",
        )
    if len(sources) < 2:
        raise SourceError("one camera alone was named", "name the files of all cameras")
    return read_calibration(options.calibration)


def open_cameras(sources: Sequence[Path], options: ReadOptions) -> HeldRecording:
    """The keypoint files or folders of several cameras, joined.

    Clocks, left and right, and cameras that disagree are looked after (``coxa.estimate.cameras``); the notes
    of the header say what was done. Of several people in a camera the one is taken that may be the first's.

    Raises:
        SourceError: no calibration, one that is not of these cameras, or files that are not of pictures.
        NothingToMeasureError: the cameras do not agree.
    """
    calibration = calibration_of(sources, options)
    lenses = calibration.matched(sources)
    rules = loader.camera_rules()
    views: list[View] = []
    notes = list(calibration.notes)
    for source, lens in zip(sources, lenses, strict=True):
        people = _people(source, lens, options, first=not views)
        view, said = (
            min(people, key=lambda one: disagreement(views[0], one[0], rules)) if views else people[0]
        )
        views.append(view)
        notes += [f"{source.name}: {note}" for note in said if "field of view" not in note]
    correlation_s = max(loader.detectors()[v.points.detector].correlation_time_s for v in views)
    subject = Subject(height_m=options.height_m)
    joined = join(views, rules, correlation_s, subject, up_told=calibration.up_told)
    header = SourceHeader(
        path=sources[0],
        format=f"keypoints of {len(sources)} cameras, {calibration.format}",
        n_frames=joined.recording.n_frames,
        rate_hz=_rate_hz(joined.recording),
        units="px",
        axes="room: Y up" if calibration.up_told else "room: Y along the person",
        notes=(*notes, *joined.notes, *(one.words for one in joined.cameras)),
    )
    return HeldRecording(header, joined.recording)


def _people(
    source: Path, lens: CalibratedCamera, options: ReadOptions, *, first: bool
) -> list[tuple[View, tuple[str, ...]]]:
    """Everybody this camera saw; in the first one whom the options name, else the most prominent."""
    told = replace(options, picture_px=options.picture_px or lens.size_px, calibration=None)
    reader = open_recording(source, told if first else replace(told, person=None))
    headers = [(reader.header, reader.sample(_ALL))]
    if not first:
        for name in reader.header.people:
            other = open_recording(source, replace(told, person=name))
            headers.append((other.header, other.sample(_ALL)))
    return [(_view(source, lens, recording), header.notes) for header, recording in headers]


def _view(source: Path, lens: CalibratedCamera, recording: Recording) -> View:
    if not recording.image_points or recording.n_frames == 0:
        raise SourceError(
            f"{source}: these are not keypoints in a picture", "name the keypoint file or folder of a camera"
        )
    points = recording.image_points[0]
    size = points.camera.width_px, points.camera.height_px
    ideal = replace(points, position_px=lens.ideal(points.position_px, *size), camera=lens.pinhole(*size))
    return View(lens.name, recording.time_s, ideal)


def _rate_hz(recording: Recording) -> float | None:
    time_s = recording.time_s
    return float((len(time_s) - 1) / (time_s[-1] - time_s[0])) if len(time_s) > 1 else None
