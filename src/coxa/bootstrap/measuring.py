"""From sources to motions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from coxa.bootstrap.runs import Listener, measurement

if TYPE_CHECKING:
    from coxa.app.ports import MotionSink
    from coxa.app.request import MeasureOptions
    from coxa.model.motion import Motion
    from coxa.report.summary import MotionTally

Sources: TypeAlias = "Sequence[str | Path]"


def measure(
    source: str | Path | Sources,
    *,
    out: str | Path | None = None,
    height_m: float | None = None,
    pose: str | None = None,
    camera_fov_deg: float | None = None,
    camera_pitch_deg: float | None = None,
    camera_roll_deg: float | None = None,
    from_s: float = 0.0,
    to_s: float | None = None,
    person: str | int | None = None,
    rate_hz: float | None = None,
    picture_px: tuple[int, int] | None = None,
    calibration: str | Path | None = None,
    mapping: str | Path | None = None,
    static: str | Path | None = None,
    tags: bool = False,
    neutral_s: tuple[float, float] | None = None,
    phone: str | Path | None = None,
    detector: str | None = None,
    overlay: bool = True,
    overwrite: bool = False,
    on_progress: Listener | None = None,
) -> Motion:
    """Measure the hip and spine angles of one person.

    Args:
        source: a video; a file or folder of markers, keypoints, orientations or joint angles; or several
            videos or folders of keypoints, one a camera, with ``calibration``.
        out: folder for the results; None: nothing is written.
        height_m: the person's height; a guess from proportions without it.
        pose: pose network for videos, ``lite``, ``full`` or ``heavy``: the larger, the truer and slower.
            None: heavy, or full where heavy (``coxa[heavy]``) is not installed.
        camera_fov_deg: field of view along the longer side of the picture; assumed without it.
        camera_pitch_deg: how far the camera looks down; taken as about level without it.
        camera_roll_deg: how far it is turned clockwise, seen from behind it; taken as about upright.
        from_s: start here, counted from the first frame.
        to_s: stop here; None: at the end.
        person: whom to follow: in a picture counted from 1, from the left, in the first frame with people;
            in a file by the name it has there. None: the only one, or the largest and most central.
        rate_hz: frames per second, for formats that do not say.
        picture_px: width and height of the picture, for formats that do not say.
        calibration: file of the lens of one camera, or of the places of several, or of the standing pose of
            inertial sensors.
        mapping: file that names markers, keypoints or sensors of a set that is not known.
        static: a static trial of the same person and markers.
        tags: look for printed boards in the video.
        neutral_s: from when to when the person stands straight, for boards; found without it.
        phone: recording of a phone (or a folder of several) worn while it was filmed; ``mapping`` tells how.
        detector: whose keypoints they are, for formats that do not say.
        overlay: write ``overlay.mp4`` too, where there is a folder for results and the source is a video.
        overwrite: replace an older result.
        on_progress: called as frames are done, from a thread of its own.

    Raises:
        SourceError: the source cannot be read.
        NothingToMeasureError: no person, too briefly, too small, upside down.
        AssetError: a pose network is missing or altered.
        OutputError: the results cannot be written.
    """
    from coxa.adapters.sinks.memory import Collector
    from coxa.app.one_camera import CameraTold
    from coxa.app.request import MeasureOptions, ReadOptions

    def path(given: str | Path | None) -> Path | None:
        return None if given is None else Path(given)

    options = MeasureOptions(
        start_s=from_s,
        end_s=to_s,
        reading=ReadOptions(
            person=None if person is None else str(person),
            rate_hz=rate_hz,
            picture_px=picture_px,
            camera=CameraTold(camera_fov_deg, camera_pitch_deg, camera_roll_deg),
            height_m=height_m,
            calibration=path(calibration),
            mapping=path(mapping),
            detector=detector,
        ),
        pose=pose,
        overlay=overlay,
        static=path(static),
        tags=tags,
        neutral_s=neutral_s,
        phone=path(phone),
    )
    sources = [source] if isinstance(source, (str, Path)) else source
    collector = Collector()
    measure_to(sources, path(out), options, overwrite, on_progress, collector)
    return collector.motion


def measure_into(
    sources: Sources,
    out: Path,
    options: MeasureOptions,
    overwrite: bool = False,
    on_progress: Listener | None = None,
) -> MotionTally:
    """As :func:`measure`, into a folder; memory does not grow with the recording."""
    from coxa.adapters.sinks.memory import TallySink

    sink = TallySink()
    measure_to(sources, out, options, overwrite, on_progress, sink)
    return sink.tally


def measure_to(
    sources: Sources,
    out: Path | None,
    options: MeasureOptions,
    overwrite: bool,
    on_progress: Listener | None,
    sink: MotionSink,
) -> None:
    """Into ``sink``, and a folder if there is one."""
    from coxa.adapters.sinks.directory import ResultDirectory

    run = measurement([Path(source) for source in sources], options, on_progress or (lambda _: None))
    if out is None:
        run([sink], None)
        return
    with ResultDirectory(out, overwrite) as results:
        run([sink], results.path)
        results.commit()
