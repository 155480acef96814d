"""The only place where use cases meet their adapters.

Imports are inside the functions: a broken part must not stop the doctor.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coxa.app.doctor import Finding
    from coxa.app.measure import Progress
    from coxa.app.ports import MotionEstimator, MotionSink, VideoReader
    from coxa.app.request import Request
    from coxa.model.camera import Camera
    from coxa.model.motion import Motion
    from coxa.model.recording import Subject
    from coxa.specs.measure import VideoRules

DEFAULT_POSE = "heavy"


def measure(
    source: str | Path,
    *,
    out: str | Path | None = None,
    height_m: float | None = None,
    pose: str = DEFAULT_POSE,
    camera_fov_deg: float | None = None,
    from_s: float = 0.0,
    to_s: float | None = None,
    person: int | None = None,
    overlay: bool = True,
    overwrite: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
) -> Motion:
    """Measure the hip and spine angles of one person in a video.

    Args:
        source: the video: mp4, mov, webm or avi.
        out: folder for the results; None: nothing is written.
        height_m: the person's height; a guess from proportions without it.
        pose: pose network, ``lite``, ``full`` or ``heavy``: the larger, the truer and slower.
        camera_fov_deg: field of view along the longer side of the picture; assumed without it.
        from_s: start here.
        to_s: stop here; None: at the end.
        person: whom to follow, counted from 1, left to right in the first picture with people; None: the
            largest and most central.
        overlay: write ``overlay.mp4`` too, where there is a folder for results.
        overwrite: replace an older result.
        on_progress: called after every frame, from a thread of its own.

    Raises:
        SourceError: the video cannot be read.
        NothingToMeasureError: no person, too briefly, too small, upside down.
        AssetError: a pose network is missing or altered.
        OutputError: the results cannot be written.
    """
    from coxa.adapters.silence import native_stderr_silenced
    from coxa.adapters.sinks.directory import ResultDirectory
    from coxa.adapters.sources.video import PyAvVideo
    from coxa.adapters.vision.tracker import BlazePoseTracker
    from coxa.app.measure import VideoMeasurement
    from coxa.app.request import Request

    reader = PyAvVideo(source)
    with native_stderr_silenced():  # LiteRT announces its delegate
        tracker = BlazePoseTracker(pose, person=person)
    request = Request(from_s, to_s, height_m, camera_fov_deg)
    listener = on_progress or (lambda _: None)
    if out is None:
        return VideoMeasurement(reader, tracker, new_estimator, (), video_rules(), listener).run(request)
    with ResultDirectory(Path(out), overwrite) as results:
        sinks = file_sinks(results.path, PyAvVideo(source) if overlay else None, request)
        motion = VideoMeasurement(reader, tracker, new_estimator, sinks, video_rules(), listener).run(request)
        results.commit()
    return motion


def file_sinks(folder: Path, film: VideoReader | None, request: Request) -> list[MotionSink]:
    """Everything a measurement writes; with ``film``, the overlay video too."""
    from coxa.adapters.sinks.document import DocumentSink
    from coxa.adapters.sinks.mot import MotSink
    from coxa.adapters.sinks.overlay import OverlaySink
    from coxa.adapters.sinks.parquet import KeypointsParquetSink, MotionParquetSink

    sinks: list[MotionSink] = [
        MotionParquetSink(folder / "motion.parquet"),
        KeypointsParquetSink(folder / "keypoints.parquet"),
        MotSink(folder / "motion.mot"),
        DocumentSink(folder / "report.html", folder / "summary.json"),
    ]
    if film is not None:
        sinks.append(OverlaySink(folder / "overlay.mp4", film, request.start_s, request.end_s))
    return sinks


def new_estimator(camera: Camera, names: tuple[str, ...], detector: str, subject: Subject) -> MotionEstimator:
    """The body-model smoother for one camera's keypoints, with the catalogue's priors."""
    import numpy as np

    from coxa.catalog import loader
    from coxa.estimate.estimator import Estimator
    from coxa.estimate.fixed_lag import MotionEstimator, kinds_of
    from coxa.estimate.smoother import Schedule
    from coxa.model.channels import ImagePoints
    from coxa.model.recording import Recording

    none = np.zeros((0, len(names)))
    points = ImagePoints(names, np.zeros((0, len(names), 2)), none, none, camera, detector)
    layout = Recording(np.zeros(0), image_points=(points,), subject=subject)
    estimator = Estimator(loader.body_model(), loader.body_priors(), loader.detectors(), layout)
    return MotionEstimator(estimator, loader.observability(), kinds_of(layout, estimator), Schedule())


def diagnose() -> list[Finding]:
    """Examine the machine and the installation."""
    from coxa.adapters.installation import examine

    return list(examine())


def video_rules() -> VideoRules:
    """Limits and habits of measuring a video."""
    from importlib.resources import files

    from coxa.catalog.loader import parse
    from coxa.specs.measure import VideoRules

    name = "video.yaml"
    return parse((files("coxa.catalog") / name).read_text(encoding="utf-8"), VideoRules, name)
