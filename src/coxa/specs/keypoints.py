"""Files of keypoints: what their points are called, which landmarks those are, and what is still sane."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from coxa.specs.estimator import Sourced, Spec


class KeypointFormat(Sourced):
    """One set of keypoints, as a family of networks or a sensor writes it.

    Attributes:
        version: of this entry.
        name: of the format.
        title: for people to read.
        detector: whose noise they have, unless told otherwise; an entry of the catalogue's detectors.
        points: the file's own names, in its order.
        n_points: how many a file has, where more follow that are not named here (faces, hands).
        landmarks: the file's name -> our landmark; points of no use are not in it.
    """

    version: int
    name: str
    title: str
    detector: str
    points: tuple[str, ...]
    n_points: int | None = None
    landmarks: dict[str, str]

    @property
    def count(self) -> int:
        """Number of points in a file."""
        return self.n_points or len(self.points)

    @property
    def columns(self) -> tuple[int, ...]:
        """(n_landmarks,) where our landmarks are among the file's points."""
        return tuple(self.points.index(name) for name in self.landmarks)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if len(set(self.points)) < len(self.points):
            raise ValueError("a point is named twice")
        if len(set(self.landmarks.values())) < len(self.landmarks):
            raise ValueError("two points are the same landmark")
        if unknown := set(self.landmarks) - set(self.points):
            raise ValueError(f"not among the points: {sorted(unknown)}")
        return self


class PointMapping(Spec):
    """A person's own file that says which point is which landmark."""

    landmarks: dict[str, str] = Field(min_length=1, description="the file's name -> our landmark")


class KeypointFileRules(Sourced):
    """What a file of keypoints may be, before it is refused or remarked upon.

    Attributes:
        version: of these figures.
        max_json_mb: larger JSON files are refused.
        max_frame_json_mb: the same for the file of a single frame.
        max_json_containers: lists and objects in one JSON file.
        hdf5_patience_s: for a small HDF5 file to be read through; beyond it it is damaged.
        hdf5_patience_s_per_mb: on top.
        hdf5_max_array_gb: larger arrays are refused.
        max_frames: frames of a recording, those missing in the numbering counted.
        max_missing_ratio: missing frames of the numbering over those present; beyond it the numbers are not
            trusted.
        normalised_limit: coordinates that stay below it are shares of the picture, not pixels.
        outside_share: share of points outside the picture from which on its size is not believed.
        hidden_visibility: of a point that COCO calls labelled but not visible.
        same_person_reach: how far somebody may move between frames, in sizes of the person.
        lost_frames: after so many frames out of sight a person is somebody new.
        min_person_share: people seen in a smaller share of the frames are passing errors.
        thigh_m: plausible distances from hip to knee, to tell units.
        max_place_m: points further from the origin are errors, and left out.
        rate_hz: lowest and highest; beyond them the unit of time is taken to be wrong.
        mirrored_share: share of frames with the toes behind the ankles from which on it is remarked.
    """

    version: int
    max_json_mb: float = Field(gt=0)
    max_frame_json_mb: float = Field(gt=0)
    max_json_containers: int = Field(gt=0)
    hdf5_patience_s: float = Field(gt=0)
    hdf5_patience_s_per_mb: float = Field(gt=0)
    hdf5_max_array_gb: float = Field(gt=0)
    max_frames: int = Field(gt=0)
    max_missing_ratio: float = Field(gt=0)
    normalised_limit: float = Field(gt=1)
    outside_share: float = Field(gt=0, lt=1)
    hidden_visibility: float = Field(ge=0, le=1)
    same_person_reach: float = Field(gt=0)
    lost_frames: int = Field(ge=1)
    min_person_share: float = Field(ge=0, lt=1)
    thigh_m: tuple[float, float]
    max_place_m: float = Field(gt=0)
    rate_hz: tuple[float, float]
    mirrored_share: float = Field(gt=0, le=1)
