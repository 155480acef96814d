"""Printed boards: their shape on paper, where they are worn, how they are found in pictures, how they err."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec

Axis = Literal["+x", "-x", "+z", "-z"]
Triple = tuple[float, float, float]


class Shape(Sourced):
    """A triangular prism folded from one strip of paper: glue tab, base, left face, right face.

    The base lies on the body; the ridge, where the two faces meet, runs up the body.
    """

    face_mm: float = Field(gt=0, description="from the base to the ridge, along a face")
    slope_deg: float = Field(ge=20, lt=70, description="of a face against the base")
    tag_mm: float = Field(gt=0, description="side of the black square")
    glue_mm: float = Field(gt=0)
    slit_mm: float = Field(gt=0, description="length of the slits for the strap")
    slit_inset_mm: float = Field(gt=0, description="of a slit from the edge of the base")

    @model_validator(mode="after")
    def _tag_fits(self) -> Self:
        if self.tag_mm >= self.face_mm:
            raise ValueError("the tag needs a white margin on its face")
        return self


class Placement(Sourced):
    """Where a board sits on its segment, of a person of the model's stature, and how unsure that is.

    Segment axes are ISB (X forward, Y up, Z right); ``outward`` is where the ridge points.
    """

    outward: Axis
    leans_up_deg: float = Field(default=0.0, description="how far ``outward`` is tipped upwards, standing")
    position_m: Triple
    position_sd_m: Triple
    rotation_sd_deg: Triple = Field(description="about the segment's X, Y, Z; constant over a recording")
    wobble_sd_deg: float = Field(ge=0, description="about each axis, of skin and strap while moving")
    wobble_sd_m: float = Field(ge=0)
    wobble_s: float = Field(ge=0, description="how long a wobble lasts")


class Picture(Spec):
    """Where a board is drawn on the figure that shows how to wear it; shares of the stature.

    ``x`` is to the right of the page from the body's middle, ``y`` from the ground; ``half_width`` is that of
    what the strap goes round.
    """

    seen_from: Literal["behind", "the front"]
    x: float
    y: float = Field(gt=0, lt=1)
    half_width: float = Field(gt=0)


class BoardSpec(Spec):
    """One board. ``ids`` are stacked along the ridge from the top, on the left and right face as seen."""

    name: str
    segment: str
    title: str
    wear: str
    picture: Picture
    ridge_mm: float = Field(gt=0)
    left_ids: tuple[int, ...]
    right_ids: tuple[int, ...]
    placement: Placement

    @model_validator(mode="after")
    def _as_many_on_both(self) -> Self:
        if not self.left_ids or len(self.left_ids) != len(self.right_ids):
            raise ValueError(f"board {self.name}: both faces bear as many tags, at least one")
        return self


class BoardSet(Spec):
    """A version of all boards: printed paper outlives the program, so a version never changes."""

    version: int
    dictionary: str
    shape: Shape
    boards: tuple[BoardSpec, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [i for board in self.boards for i in (*board.left_ids, *board.right_ids)]
        if len(set(ids)) < len(ids):
            raise ValueError("two tags have the same id")
        for board in self.boards:
            if board.ridge_mm < len(board.left_ids) * self.shape.tag_mm:
                raise ValueError(f"board {board.name}: its tags do not fit on the ridge")
        return self

    def board(self, name: str) -> BoardSpec:
        """The board of a name.

        Raises:
            KeyError: no such board.
        """
        for board in self.boards:
            if board.name == name:
                return board
        raise KeyError(name)


class ChessPage(Sourced):
    """The page that cameras are calibrated with: a chess board with coded white squares (ChArUco)."""

    version: int
    dictionary: str
    columns: int = Field(gt=3)
    rows: int = Field(gt=3)
    square_mm: float = Field(gt=0)
    tag_mm: float = Field(gt=0)


class Tracking(Sourced):
    """How tags are looked for and how their corners err."""

    margin: float = Field(gt=0, description="searched around a board's last place, in its sizes")
    least_margin_px: int = Field(gt=0)
    search_every: int = Field(
        gt=0, description="frames between searches of the whole picture for what is missing"
    )
    refresh_every: int = Field(
        gt=0, description="frames between them where nothing is missing or ever was seen"
    )
    forget_after: int = Field(gt=0, description="frames without a tag after which its place is forgotten")
    least_side_px: float = Field(gt=0)
    threshold_windows: tuple[int, ...]
    threshold_constant: float = Field(gt=0, description="grey levels below its surroundings: black")
    texels: int = Field(gt=0, description="a module is read with so many samples along its side")
    error_correction: float = Field(ge=0, le=1)
    noise_px: float = Field(gt=0, description="of a corner of a sharp tag")
    noise_of_spread: float = Field(ge=0, description="added per px that edge points spread about their lines")
    noise_of_side: float = Field(ge=0, description="of corners, in sides of the tag: paper is not flat")
    gate: float = Field(gt=0, description="standard deviations a tag may lie off the rest of its board")


class NeutralRules(Sourced):
    """When the keypoints show somebody who stands upright and still; angles of the network's own 3D guess."""

    max_lean_deg: float = Field(gt=0, description="of trunk, thighs and shanks from the camera's vertical")
    max_speed: float = Field(gt=0, description="of hips and shoulders in the picture, trunk lengths a second")
    still_s: float = Field(gt=0, description="over which speed is told")
    within_s: float = Field(gt=0, description="standing later than this after it began does not count")
    seconds: float = Field(gt=0, description="the first so many are one look at the neutral stance")
    shoulders_to_ankles: float = Field(gt=0, lt=1, description="of stature: what a picture's size is told by")
    usual_stature_m: float = Field(gt=0, description="of people whose height nobody told")


class CalibrationRules(Sourced):
    """When pictures of the chess page make a calibration."""

    least_corners: int = Field(gt=5)
    least_pictures: int = Field(gt=2)
    most_pictures: int = Field(gt=2)
    least_tilt_deg: float = Field(gt=0, description="spread of the page's tilt over the pictures")
    least_cover: float = Field(gt=0, lt=1, description="share of the picture the corners covered")
    worst_error_px: float = Field(gt=0)
    worst_focal_sd: float = Field(gt=0, description="as a share of the focal length")


class TagRules(Spec):
    """The sets of rules about tags."""

    version: int
    tracking: Tracking
    neutral: NeutralRules
    calibration: CalibrationRules
