"""What each kind of source asks for: its measurement, put together from use case and adapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from coxa.model.errors import SourceError

if TYPE_CHECKING:
    from coxa.app.boards import Boards
    from coxa.app.one_camera import CameraTold
    from coxa.app.ports import Lens, MotionEstimator, MotionSink, RecordingReader, VideoReader
    from coxa.app.request import MeasureOptions, ReadOptions
    from coxa.app.stream import Progress
    from coxa.model.camera import Camera
    from coxa.model.channels import BackOutline, BoardCorners, PelvisTurn
    from coxa.model.recording import Recording, Subject

Listener: TypeAlias = "Callable[[Progress], None]"


#: Runs a measurement into some sinks and, if named, a folder.
Run: TypeAlias = "Callable[[list[MotionSink], Path | None], None]"


def measurement(sources: list[Path], options: MeasureOptions, listener: Listener) -> Run:
    """What the sources ask for; they are opened, and refused, here."""
    from coxa.adapters import formats

    if not sources:
        raise SourceError("no source was named", "name a video, or a file of markers, keypoints or sensors")
    if options.phone is not None:
        return _with_phone(sources, options, listener)
    if len(sources) > 1:
        return _of_cameras(sources, options, listener)
    if formats.is_recording(sources[0]):
        return _of_recording(sources[0], options, listener)
    return _of_video(sources[0], options, listener)


def _with_phone(sources: list[Path], options: MeasureOptions, listener: Listener) -> Run:
    """Whatever was filmed, and the phone that was worn meanwhile, in one fit."""
    from coxa.adapters import formats
    from coxa.adapters.sources.video import PyAvVideo
    from coxa.app.aligned import AlignedMeasurement

    filmed = replace(options, phone=None, reading=replace(options.reading, mapping=None))
    watch = measurement(sources, filmed, listener)
    # A calibration is that of the cameras.
    reading = replace(options.reading, rate_hz=None, person=None, calibration=None)
    phone = formats.open_recording(options.phone or Path(), reading)

    def run(sinks: list[MotionSink], folder: Path | None) -> None:
        if folder is not None:
            drawn = options.overlay and not formats.is_recording(sources[0])
            film = PyAvVideo(sources[0]) if drawn else None
            span, lens = (options.start_s, options.end_s), None
            if film is not None and len(sources) == 1:
                size = film.info.width_px, film.info.height_px
                lens = _camera_of(sources[0], size, filmed.reading).lens
            sinks = sinks + file_sinks(folder, keypoints=True, film=film, span=span, lens=lens)
        AlignedMeasurement(lambda sink: watch([sink], None), phone, sinks, _fit(options)).run()

    return run


def _of_video(source: Path, options: MeasureOptions, listener: Listener) -> Run:
    from coxa.adapters.silence import native_stderr_silenced
    from coxa.adapters.sources.video import PyAvVideo
    from coxa.adapters.vision import assets
    from coxa.adapters.vision.outline import BackReader
    from coxa.adapters.vision.tracker import BlazePoseTracker
    from coxa.app.backs import Backs
    from coxa.app.measure import VideoMeasurement
    from coxa.app.request import Request
    from coxa.app.turns import Turns
    from coxa.catalog.loader import outline_rules, pelvis_turn_rules, video_rules

    reading = options.reading
    reader, network = PyAvVideo(source), assets.chosen(options.pose)
    size = reader.info.width_px, reader.info.height_px
    camera = _camera_of(source, size, reading)
    with native_stderr_silenced():  # LiteRT announces its delegate
        lens = camera.lens
        back = BackReader(outline_rules(), None if lens is None else lambda points: lens.ideal(points, *size))
        tracker = BlazePoseTracker(network.size, person=_counted(reading.person), back=back)
    request = Request(options.start_s, options.end_s, reading.height_m, camera)

    def run(sinks: list[MotionSink], folder: Path | None) -> None:
        if folder is not None:
            film = PyAvVideo(source) if options.overlay else None
            span = request.start_s, request.end_s
            sinks = sinks + file_sinks(folder, keypoints=True, film=film, span=span, lens=camera.lens)
        backs = Backs(outline_rules())
        boards = _boards(reader, tracker.names, options, camera)
        worn = () if boards is None else (boards.empty(),)
        turns = Turns(pelvis_turn_rules(), tracker.names)
        estimator = partial(
            new_estimator,
            backs=(backs.empty(),),
            boards=worn,
            turns=(turns.empty(),),
            fit=_fit(options),
        )
        measurement = VideoMeasurement(
            reader, tracker, estimator, sinks, video_rules(), listener, backs, boards, turns, network.notes
        )
        measurement.run(request)

    return run


def _fit(options: MeasureOptions) -> Callable[[Recording], MotionEstimator]:
    """What fits the body: with all that follows, or as a live camera has it, with what came before."""
    from coxa.app.routes import live_fit_for, smoother_for

    return live_fit_for if options.streamed else smoother_for


def _camera_of(source: Path, size: tuple[int, int], reading: ReadOptions) -> CameraTold:
    """What is known of the camera of one film."""
    if reading.calibration is None:
        return reading.camera
    from coxa.adapters.sources.calibration import read_lens

    return reading.camera.calibrated(read_lens(reading.calibration, source), *size)


def _boards(
    reader: VideoReader, names: tuple[str, ...], options: MeasureOptions, told: CameraTold
) -> Boards | None:
    """What looks for printed boards in a film, if they are asked for."""
    if not options.tags:
        return None
    from coxa.adapters.tags.channel import BoardWatcher
    from coxa.app.boards import Boards
    from coxa.app.one_camera import single_camera
    from coxa.catalog.loader import tag_rules, video_rules

    info = reader.info
    camera = single_camera(info.width_px, info.height_px, told, video_rules())
    return Boards(BoardWatcher(camera, told.lens), names, tag_rules().neutral, options.neutral_s)


def _of_recording(source: Path, options: MeasureOptions, listener: Listener) -> Run:
    from coxa.adapters import formats

    reader = formats.open_recording(source, options.reading)
    if options.reading.calibration is not None and reader.sample(1).image_points:
        raise SourceError(
            f"{source}: keypoints of one camera are not measured with a calibration",
            "measure its film, name the keypoints of all its cameras, or tell --camera-fov-deg",
        )
    return _of_reader(source, reader, options, listener)


def _of_reader(source: Path, reader: RecordingReader, options: MeasureOptions, listener: Listener) -> Run:
    from coxa.adapters import formats
    from coxa.app.recorded import RecordingMeasurement
    from coxa.app.routes import N_SAMPLE

    reading = options.reading
    sample = reader.sample(N_SAMPLE)
    static = None
    if options.static is not None:
        static = formats.open_recording(options.static, replace(reading, person=None)).sample(N_SAMPLE)
    estimator = estimator_of(source, sample, reading.mapping, static, live=options.streamed)

    def run(sinks: list[MotionSink], folder: Path | None) -> None:
        if folder is not None:
            sinks = sinks + file_sinks(folder, keypoints=bool(sample.image_points))
        RecordingMeasurement(reader, estimator, sinks, listener).run(options.start_s, options.end_s)

    return run


_AS_THE_SETS = "write it as the files in coxa/catalog/marker_sets are written (docs/markers.md)"


def estimator_of(
    source: Path,
    sample: Recording,
    mapping: Path | None,
    static: Recording | None = None,
    *,
    live: bool = False,
) -> MotionEstimator:
    """What infers the motion of such recordings; of markers, ``mapping`` is the set.

    ``live``: at once, without what follows.
    """
    from coxa.adapters.own_file import read_own
    from coxa.app.routes import estimator_for, has_markers, live_estimator_for
    from coxa.specs.markers import MarkerSetSpec

    told = None
    if mapping is not None and has_markers(sample):
        told = read_own(mapping, MarkerSetSpec, _AS_THE_SETS)
    made: Callable[..., MotionEstimator] = live_estimator_for if live else estimator_for
    return made(sample, static=static, mapping=told, name=str(source))


def _of_cameras(sources: list[Path], options: MeasureOptions, listener: Listener) -> Run:
    """Films, or files of keypoints, one a camera."""
    from coxa.adapters import formats

    kinds = {formats.is_recording(source) for source in sources}
    if kinds == {True}:
        from coxa.adapters.sources.cameras import open_cameras

        return _of_reader(sources[0], open_cameras(sources, options.reading), options, listener)
    if kinds == {True, False}:
        raise SourceError("films and files of keypoints were named together", "name one kind of them")
    return _of_films(sources, options, listener)


def _of_films(sources: list[Path], options: MeasureOptions, listener: Listener) -> Run:
    from coxa.adapters.silence import native_stderr_silenced
    from coxa.adapters.sources.cameras import calibration_of
    from coxa.adapters.sources.video import PyAvVideo
    from coxa.adapters.vision import assets
    from coxa.adapters.vision.tracker import BlazePoseTracker
    from coxa.app.cameras import CamerasMeasurement, CameraSource
    from coxa.app.request import Request
    from coxa.catalog.loader import video_rules

    reading = options.reading
    calibration = calibration_of(sources, reading)
    person, network = _counted(reading.person), assets.chosen(options.pose)
    with native_stderr_silenced():
        cameras = [
            CameraSource(PyAvVideo(source), BlazePoseTracker(network.size, person=person), lens)
            for source, lens in zip(sources, calibration.matched(sources), strict=True)
        ]
    request = Request(options.start_s, options.end_s, reading.height_m)

    def run(sinks: list[MotionSink], folder: Path | None) -> None:
        if folder is not None:
            sinks = sinks + file_sinks(folder, keypoints=True)
        CamerasMeasurement(
            cameras,
            _fit(options),
            sinks,
            video_rules(),
            calibration.up_told,
            (*calibration.notes, *network.notes),
            listener,
        ).run(request)

    return run


def _counted(person: str | None) -> int | None:
    if person is None:
        return None
    if not person.isdecimal() or int(person) < 1:
        raise SourceError(
            f"in a video there is no person {person!r}",
            "count from 1, from the left, in the first picture with people: --person 2",
        )
    return int(person)


def file_sinks(
    folder: Path,
    *,
    keypoints: bool,
    film: VideoReader | None = None,
    span: tuple[float, float | None] = (0.0, None),
    lens: Lens | None = None,
) -> list[MotionSink]:
    """Everything a measurement writes; with ``film``, the overlay video of this span too.

    ``lens``: of the film, where its distortion was taken off the keypoints.
    """
    from coxa.adapters.sinks.as_seen import AsSeen
    from coxa.adapters.sinks.document import DocumentSink
    from coxa.adapters.sinks.mot import MotSink
    from coxa.adapters.sinks.overlay import OverlaySink
    from coxa.adapters.sinks.parquet import KeypointsParquetSink, MotionParquetSink

    sinks: list[MotionSink] = [
        MotionParquetSink(folder / "motion.parquet"),
        MotSink(folder / "motion.mot"),
        DocumentSink(folder / "report.html", folder / "summary.json"),
    ]
    if keypoints:
        sinks.append(KeypointsParquetSink(folder / "keypoints.parquet"))
    if film is not None:
        overlay = OverlaySink(folder / "overlay.mp4", film, *span)
        sinks.append(overlay if lens is None else AsSeen(overlay, lens))
    return sinks


def new_estimator(
    camera: Camera,
    names: tuple[str, ...],
    detector: str,
    subject: Subject,
    backs: tuple[BackOutline, ...] = (),
    boards: tuple[BoardCorners, ...] = (),
    turns: tuple[PelvisTurn, ...] = (),
    fit: Callable[[Recording], MotionEstimator] | None = None,
) -> MotionEstimator:
    """The body model for one camera's keypoints, with the catalogue's priors.

    ``backs``, ``boards``, ``turns``: empty channels of the outline of the back, of printed boards and of the
    pelvis's turn, where its pictures are looked at for them. ``fit``: makes the estimate; None: the smoother.
    """
    import numpy as np

    from coxa.app.routes import smoother_for
    from coxa.model.channels import ImagePoints
    from coxa.model.recording import Recording

    none = np.zeros((0, len(names)))
    points = ImagePoints(names, np.zeros((0, len(names), 2)), none, none, camera, detector)
    return (fit or smoother_for)(
        Recording(
            np.zeros(0), image_points=(points,), backs=backs, boards=boards, turns=turns, subject=subject
        )
    )
