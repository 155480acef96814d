"""Everything that is said over the live socket as text: JSON, told apart by ``type`` (docs/live.md)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Side = Literal["left", "right"]
Detector = Literal["blazepose_lite", "blazepose_full"]
_ID = r"^[a-z][a-z0-9_]{0,79}$"
_MOST_PX = 8192


class Told(BaseModel):
    """What comes from a browser: nothing but what is named here."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Planned(Told):
    """Which exercise of which session of a programme it is."""

    programme: str = Field(max_length=80)
    session: int = Field(ge=0, le=10_000)
    item: int = Field(ge=0, le=1_000)


class CoachSet(Told):
    """One exercise, coached; what is left out is as the exercise's dose says."""

    kind: Literal["coach"]
    exercise: str = Field(pattern=_ID)
    side: Side | None = None
    sets: int | None = Field(default=None, ge=1, le=100)
    repetitions: int | None = Field(default=None, ge=0, le=1_000)
    hold_s: float | None = Field(default=None, ge=0, le=3_600)
    planned: Planned | None = None


class TestSet(Told):
    """One side of one test of movement."""

    __test__ = False  # for pytest, no test of its own

    kind: Literal["test"]
    protocol: str = Field(pattern=_ID)
    side: Side | None = None


class CameraSet(Told):
    """Nothing but how somebody stands in the picture."""

    kind: Literal["camera"]


SetAsked = Annotated[CoachSet | TestSet | CameraSet, Field(discriminator="kind")]


class SetMade(BaseModel):
    """A set, ready for its socket."""

    id: str
    socket: str


class Hello(Told):
    """First of all on every connection: what pictures landmarks are of; ``moved``: it follows ``move``."""

    type: Literal["hello"]
    width_px: int = Field(ge=16, le=_MOST_PX)
    height_px: int = Field(ge=16, le=_MOST_PX)
    detector: Detector
    fov_deg: float | None = Field(default=None, gt=10, lt=170)
    moved: bool = False


class Pain(Told):
    """The pain button."""

    type: Literal["pain"]
    score: int | None = Field(default=None, ge=0, le=10)


class Pause(Told):
    """Nothing counts until ``go_on``."""

    type: Literal["pause"]


class GoOn(Told):
    """After a pause."""

    type: Literal["go_on"]


class SkipRest(Told):
    """The next set begins now."""

    type: Literal["skip_rest"]


class End(Told):
    """It is over; what was done is kept."""

    type: Literal["end"]


class Ping(Told):
    """Answered at once; ``t`` comes back."""

    type: Literal["ping"]
    t: float


FromPage = Annotated[Hello | Pain | Pause | GoOn | SkipRest | End | Ping, Field(discriminator="type")]
FROM_PAGE: TypeAdapter[FromPage] = TypeAdapter(FromPage)


class Camera(BaseModel):
    """Where the camera goes."""

    view: str
    distance_m: float
    height_m: float
    note: str


class ExerciseFacts(BaseModel):
    """What is about to be done; 0 repetitions, or 0 s: without end."""

    id: str
    title: str
    kind: str
    sides: list[str]
    sets: int
    repetitions: int
    hold_s: float
    rest_s: float
    camera: Camera


class ProtocolFacts(BaseModel):
    """The test, and the angles that every scene bears."""

    id: str
    title: str
    side: str
    warm_up: int
    trials: int
    angles: dict[str, str]  # name -> title
    camera: Camera


class SideTally(BaseModel):
    """One side at work: full repetitions of this set, or seconds held."""

    side: str
    number: int
    held_s: float


class Said(BaseModel):
    """One thing said."""

    time_s: float
    kind: str
    words: str
    rule: str
    side: str
    highlight: str
    number: int | None


class Placed(BaseModel):
    """How somebody stands in the picture: ``well``, or what is wrong, and what to do about it."""

    trouble: str
    words: str


class Scene(BaseModel):
    """What one frame brought; ``angles``: value and sd in deg, and 0 unseen, 1 weak, 2 observed."""

    type: Literal["scene"] = "scene"
    seq: int
    time_s: float
    status: str
    tallies: list[SideTally]
    set_number: int
    rest_s: float
    firing: list[tuple[str, str]]
    cues: list[Said]
    placement: Placed | None = None
    angles: dict[str, tuple[float | None, float | None, int]] | None = None


class Ready(BaseModel):
    """The answer to ``hello``; ``scene``: where the set stands, None before its first frame."""

    type: Literal["ready"] = "ready"
    kind: Literal["coach", "test", "camera"]
    resumed: bool
    paused: bool
    scene: Scene | None
    exercise: ExerciseFacts | None = None
    protocol: ProtocolFacts | None = None


class Problem(BaseModel):
    """Something was not as it should be; where nothing can go on, the socket closes after it."""

    type: Literal["problem"] = "problem"
    title: str
    detail: str


class Ended(BaseModel):
    """The set is over; ``entry``: of the record, None where nothing was kept; ``url``: where to see it."""

    type: Literal["ended"] = "ended"
    entry: str | None = None
    url: str | None = None


class Pong(BaseModel):
    """The answer to ``ping``."""

    type: Literal["pong"] = "pong"
    t: float


class Replaced(BaseModel):
    """Another connection took this set over; this one closes."""

    type: Literal["replaced"] = "replaced"


class Pace(BaseModel):
    """So many frames of landmarks a second, evenly, until told otherwise; None: all that there are."""

    type: Literal["pace"] = "pace"
    hz: float | None


class Move(BaseModel):
    """Connect again, at once: another server may have more time. Everything is kept."""

    type: Literal["move"] = "move"


ToPage = Annotated[
    Ready | Scene | Problem | Ended | Pong | Replaced | Pace | Move, Field(discriminator="type")
]


class LiveMessages(BaseModel):
    """Both directions, so that the API's document has every message."""

    from_page: FromPage
    to_page: ToPage
