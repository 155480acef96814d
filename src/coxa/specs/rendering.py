"""Rendered test subjects as data: bodies, cameras, lights, rooms, and which of them may be tuned on."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec


class Split(StrEnum):
    """What a body or a camera may be used for."""

    TUNING = "tuning"
    REPORTING = "reporting"  # never looked at while something is fitted or a threshold is chosen


class Fit(StrEnum):
    """How clothes sit."""

    TIGHT = "tight"  # on the skin
    MEDIUM = "medium"  # a little off it, with folds
    LOOSE = "loose"  # spans the hollow of the back


class BodySpec(Spec):
    """A person's shape and colours.

    Attributes:
        stature_m: height.
        male: 0 to 1.
        age_years: 12 to 90.
        muscle: 0 to 1.
        weight: 0.5 average, 1 as heavy as MakeHuman's heaviest, beyond it the same line goes on.
        african: share of MakeHuman's shape target of that name.
        asian: likewise; the rest is ``caucasian``.
        skin: linear RGB.
        hair: linear RGB.
        shirt: linear RGB.
        trousers: linear RGB.
        targets: further shape targets and their shares.
        long_trousers: to the ankle; else to above the knee.
    """

    stature_m: float = Field(gt=1.2, lt=2.2)
    male: float = Field(ge=0, le=1)
    age_years: float = Field(ge=12, le=90)
    muscle: float = Field(ge=0, le=1)
    weight: float = Field(ge=0, le=2.5)
    african: float = Field(default=0, ge=0, le=1)
    asian: float = Field(default=0, ge=0, le=1)
    skin: tuple[float, float, float]
    hair: tuple[float, float, float]
    shirt: tuple[float, float, float]
    trousers: tuple[float, float, float]
    targets: dict[str, float] = Field(default_factory=dict)
    long_trousers: bool = False

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    @property
    def origin(self) -> dict[str, float]:
        """Shares of the shape targets, summing to 1."""
        return {
            "african": self.african,
            "asian": self.asian,
            "caucasian": 1.0 - self.african - self.asian,
        }


class CameraSpec(Spec):
    """Where a camera stands about a person who, upright, faces azimuth 0.

    Attributes:
        azimuth_deg: 0 in front, 90 at the person's right, 180 behind.
        elevation_deg: above the level of its target.
        distance_m: from the target.
        fov_deg: horizontal field of view.
    """

    azimuth_deg: float
    elevation_deg: float
    distance_m: float = Field(gt=0.5)
    fov_deg: float = Field(gt=10, lt=120)


class LightSpec(Spec):
    """One direction with a shadow, and what comes from everywhere. Linear RGB.

    Attributes:
        direction: (3,) towards the light, room axes.
        key: of that light.
        above: ambient on what faces up.
        below: ambient on what faces down.
        softness_m: of a shadow's edge.
    """

    direction: tuple[float, float, float]
    key: tuple[float, float, float]
    above: tuple[float, float, float]
    below: tuple[float, float, float]
    softness_m: float = Field(gt=0)


class RoomSpec(Spec):
    """A room: pattern and colour of floor and walls, and how many things stand about.

    Attributes:
        floor: pattern of the floor.
        wall: pattern of the walls.
        floor_colour: linear RGB.
        wall_colour: linear RGB.
        things: number of pieces of furniture and pictures along the walls.
    """

    floor: str = Field(pattern="^(planks|tiles|carpet)$")
    wall: str = Field(pattern="^(plaster|stripes|bricks)$")
    floor_colour: tuple[float, float, float]
    wall_colour: tuple[float, float, float]
    things: int = Field(ge=0, le=40)


class RenderingSpec(Sourced):
    """Everything clips are made of.

    Attributes:
        version: of these data.
        bodies: split -> name -> body.
        cameras: split -> name -> camera.
        lights: by name.
        rooms: by name.
    """

    version: int
    bodies: dict[Split, dict[str, BodySpec]]
    cameras: dict[Split, dict[str, CameraSpec]]
    lights: dict[str, LightSpec]
    rooms: dict[str, RoomSpec]
