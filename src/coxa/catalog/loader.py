"""Reads and validates the catalogue's files: bad data is refused with the file, the fault and the remedy."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from coxa.catalog.tables import parse_rows
from coxa.catalog.text import parse
from coxa.estimate.body import BodyModel
from coxa.specs.additions import Additions
from coxa.specs.angles import AngleConventions
from coxa.specs.assess import AssessRules
from coxa.specs.cameras import CameraRules
from coxa.specs.coach import CoachRules
from coxa.specs.cohort import CohortRules
from coxa.specs.estimator import BodyPriors, DetectorSpec, ObservabilitySpec, Shown
from coxa.specs.gait import GaitNorms
from coxa.specs.inertial import InertialRules
from coxa.specs.keypoints import KeypointFileRules, KeypointFormat
from coxa.specs.live import LiveRules
from coxa.specs.markers import MarkerAssumptions, MarkerSetSpec
from coxa.specs.measure import VideoRules
from coxa.specs.outline import OutlineSpec
from coxa.specs.pelvis_turn import PelvisTurnSpec
from coxa.specs.phone import PhoneRules
from coxa.specs.rehearsal import RehearsalRules
from coxa.specs.rendering import RenderingSpec
from coxa.specs.room import VerticalRules
from coxa.specs.tags import BoardSet, ChessPage, TagRules
from coxa.specs.taps import TapRules
from coxa.specs.tracking import TrackingRules
from coxa.specs.uploads import UploadRules
from coxa.specs.validation import ValidationSpec


def _read(name: str) -> str:
    return (files("coxa.catalog") / name).read_text(encoding="utf-8")


@cache
def body_priors() -> BodyPriors:
    """Priors of the body."""
    return parse(_read("priors.yaml"), BodyPriors, "priors.yaml")


@cache
def body_model() -> BodyModel:
    """The body model of the catalogue."""
    return BodyModel.from_mjcf(_read("body.xml"), body_priors())


@cache
def gait_norms() -> GaitNorms:
    """Walking: curves of reference people."""
    return parse(_read("gait.yaml"), GaitNorms, "gait.yaml")


@cache
def coach_rules() -> CoachRules:
    """Habits of the coach."""
    return parse(_read("coach.yaml"), CoachRules, "coach.yaml")


@cache
def live_rules() -> LiveRules:
    """Limits of live sets."""
    return parse(_read("live.yaml"), LiveRules, "live.yaml")


@cache
def rehearsal() -> RehearsalRules:
    """How exercises are tested with their own demonstrations."""
    return parse(_read("rehearsal.yaml"), RehearsalRules, "rehearsal.yaml")


@cache
def cohort_rules() -> CohortRules:
    """How recordings of a cohort are worked through."""
    return parse(_read("cohort.yaml"), CohortRules, "cohort.yaml")


@cache
def upload_rules() -> UploadRules:
    """What uploaded recordings may cost."""
    return parse(_read("uploads.yaml"), UploadRules, "uploads.yaml")


@cache
def assess_rules() -> AssessRules:
    """How repetitions are found and verdicts reached."""
    return parse(_read("assess.yaml"), AssessRules, "assess.yaml")


@cache
def observability() -> ObservabilitySpec:
    """What each kind of source has been shown to measure."""
    rules = parse(_read("observability.yaml"), ObservabilitySpec, "observability.yaml")
    name = "observability_by_view.csv"
    return rules.model_copy(update={"shown": parse_rows(_read(name), Shown, name)})


@cache
def additions() -> Additions:
    """What a person can add to a source."""
    return parse(_read("additions.yaml"), Additions, "additions.yaml")


@cache
def validation() -> ValidationSpec:
    """What Coxa is held against, and what is promised."""
    return parse(_read("validation.yaml"), ValidationSpec, "validation.yaml")


@cache
def camera_rules() -> CameraRules:
    """How several cameras are brought together."""
    return parse(_read("cameras.yaml"), CameraRules, "cameras.yaml")


@cache
def detectors() -> dict[str, DetectorSpec]:
    """All detectors by name."""
    folder = files("coxa.catalog") / "detectors"
    specs = [
        parse(entry.read_text(encoding="utf-8"), DetectorSpec, entry.name)
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    ]
    return {spec.name: spec for spec in specs}


@cache
def video_rules() -> VideoRules:
    """Limits and habits of measuring a video."""
    return parse(_read("video.yaml"), VideoRules, "video.yaml")


@cache
def keypoint_file_rules() -> KeypointFileRules:
    """What a file of keypoints may be."""
    return parse(_read("keypoint_files.yaml"), KeypointFileRules, "keypoint_files.yaml")


@cache
def keypoint_formats() -> dict[str, KeypointFormat]:
    """All sets of keypoints by name."""
    folder = files("coxa.catalog") / "keypoint_formats"
    specs = [
        parse(entry.read_text(encoding="utf-8"), KeypointFormat, entry.name)
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    ]
    return {spec.name: spec for spec in specs}


@cache
def vertical_rules() -> VerticalRules:
    """How the vertical is told from the points of a person."""
    return parse(_read("vertical.yaml"), VerticalRules, "vertical.yaml")


@cache
def tag_boards() -> BoardSet:
    """The boards that are printed at present."""
    return parse(_read("tags/boards_v1.yaml"), BoardSet, "tags/boards_v1.yaml")


@cache
def tag_rules() -> TagRules:
    """How tags are tracked and cameras calibrated."""
    return parse(_read("tags/tracking.yaml"), TagRules, "tags/tracking.yaml")


@cache
def chess_page() -> ChessPage:
    """The page that cameras are calibrated with."""
    return parse(_read("tags/chess_page.yaml"), ChessPage, "tags/chess_page.yaml")


@cache
def marker_sets() -> dict[str, MarkerSetSpec]:
    """All marker sets by name."""
    folder = files("coxa.catalog") / "marker_sets"
    entries = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda e: e.name
    )
    specs = [parse(entry.read_text(encoding="utf-8"), MarkerSetSpec, entry.name) for entry in entries]
    return {spec.name: spec for spec in specs}


@cache
def marker_assumptions() -> MarkerAssumptions:
    """What is taken as known about markers."""
    return parse(_read("marker_assumptions.yaml"), MarkerAssumptions, "marker_assumptions.yaml")


@cache
def angle_conventions() -> AngleConventions:
    """How other software names and signs joint angles."""
    return parse(_read("angle_conventions.yaml"), AngleConventions, "angle_conventions.yaml")


@cache
def inertial_rules() -> InertialRules:
    """What is known of worn inertial sensors."""
    return parse(_read("inertial.yaml"), InertialRules, "inertial.yaml")


@cache
def tracking_rules() -> TrackingRules:
    """How a body is followed live."""
    return parse(_read("tracking.yaml"), TrackingRules, "tracking.yaml")


@cache
def phone_rules() -> PhoneRules:
    """What is known of phones strapped to the body."""
    return parse(_read("phone.yaml"), PhoneRules, "phone.yaml")


@cache
def tap_rules() -> TapRules:
    """A phone as an inclinometer in the browser."""
    return parse(_read("taps.yaml"), TapRules, "taps.yaml")


@cache
def rendering() -> RenderingSpec:
    """What rendered test subjects are made of."""
    return parse(_read("rendering/subjects.yaml"), RenderingSpec, "rendering/subjects.yaml")


@cache
def outline_rules() -> OutlineSpec:
    """How the outline of the back is read."""
    return parse(_read("outline.yaml"), OutlineSpec, "outline.yaml")


@cache
def pelvis_turn_rules() -> PelvisTurnSpec:
    """How the knees tell the turn of the pelvis."""
    return parse(_read("pelvis_turn.yaml"), PelvisTurnSpec, "pelvis_turn.yaml")
