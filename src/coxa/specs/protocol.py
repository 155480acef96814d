"""A test of movement as data: what is done, what is read, what counts as cheating, what it is held against.

``SIDE`` in the name of a coordinate stands for the side under test, ``OTHER`` for the other one. A coordinate
that names a side of the room (``pelvis_right_up_obliquity``) is ``mirrored``: its sign is meant for the right
leg, and turned for the left.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec

View = Literal["front", "oblique", "side", "rear", "overhead", "any"]
Position = Literal[
    "standing", "seated", "half_kneeling", "quadruped", "supine", "prone", "side_lying", "walking"
]


class CameraPlace(Spec):
    """Where the camera goes."""

    view: View
    distance_m: float = Field(gt=0)
    height_m: float = Field(ge=0)
    note: str = ""


class Phase(Spec):
    """One step of the movement, as the person is told."""

    id: str
    instruction: str


class LedgerPart(Spec):
    """One part of an apparent motion: ``sign`` makes all parts add up in the direction of the motion.

    ``pelvis`` and ``trunk`` are read in the room, ``joint`` and ``spine`` between neighbours. A part that is
    ``within`` others (the spine, where pelvis and trunk are told apart) is shown beside them, not added.
    """

    part: Literal["joint", "pelvis", "trunk", "spine"]
    coordinate: str
    sign: Literal[-1, 1] = 1
    mirrored: bool = False
    within: bool = False


class NormUse(Spec):
    """Rows of a norm table that a quantity is held against; the person's age and sex choose among them."""

    motion: str
    position: str
    active: bool


class Quantity(Spec):
    """What is read, and by what signal repetitions are found.

    ``sign`` makes the motion that is tested positive. ``result``: the angle at the end range, as a goniometer
    reads it, or the motion from the start. ``min_motion_deg``: less is no repetition;
    ``full_motion_deg``: less is a partial one (0: every repetition is full). ``ends_at``: a compensation;
    the reading ends where that begins to exceed its limit. ``target_deg``: reached or not. ``begins``: at the
    ``start``, where the signal is lowest; in the ``middle``, where it was when the recording began, and it
    goes beyond that to the other side as well; or at ``either`` end (sitting or standing).
    """

    id: str
    title: str
    coordinate: str
    sign: Literal[-1, 1] = 1
    mirrored: bool = False
    reading: Literal["joint", "apparent"]
    result: Literal["peak", "motion"] = "peak"
    begins: Literal["start", "middle", "either"] = "start"
    min_motion_deg: float = Field(gt=0)
    full_motion_deg: float = Field(default=0.0, ge=0)
    ends_at: str = ""
    target_deg: float | None = None
    ledger: tuple[LedgerPart, ...] = ()
    norms: tuple[NormUse, ...] = ()
    needs: str = Field(default="", description="what would make it observable, for people")


class CompensationRule(Sourced):
    """How much another segment may move while the tested one does.

    ``direction`` is that of cheating; it is counted ``since`` the start of the repetition, or since the
    coordinate was furthest the other way (a pelvis that tilts forward first and tucks then). ``window``: the
    part of the repetition that counts. ``invalidates``: beyond the limit the repetition does not count.
    """

    id: str
    title: str
    coordinate: str
    mirrored: bool = False
    direction: Literal["increase", "decrease", "either"]
    since: Literal["start", "furthest"] = "start"
    limit_deg: float = Field(gt=0)
    window: Literal["whole", "outward", "first_half", "end_range"] = "outward"
    invalidates: bool = False
    words: str = Field(description="said when it happens: what moved instead")
    cue: str = Field(default="", description="how to do it better")
    needs: str = Field(default="", description="what would make it observable, for people")


class Trials(Spec):
    """How often it is done."""

    warm_up: int = Field(ge=0)
    count: int = Field(ge=1)


class ProtocolSpec(Sourced):
    """One test.

    ``kind``: ``repetitions`` are counted; a ``hold`` is timed; ``gait`` has cycles; a ``battery`` is made of
    other protocols. ``normed`` False: a screen that nothing published stands behind, and the report says so.
    """

    version: int = Field(ge=1)
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    kind: Literal["repetitions", "hold", "gait", "battery"]
    purpose: str
    normed: bool
    position: Position
    equipment: tuple[str, ...] = ()
    setup: tuple[str, ...]
    camera: CameraPlace
    instructions: tuple[str, ...]
    phases: tuple[Phase, ...] = ()
    sides: Literal["each", "none"]
    quantities: tuple[Quantity, ...] = ()
    compensations: tuple[CompensationRule, ...] = ()
    trials: Trials
    dissociation: tuple[str, str] | None = Field(
        default=None, description="coordinates (proximal, distal) for rhythm, vector coding, relative phase"
    )
    parts: tuple[str, ...] = Field(default=(), description="protocols of a battery, in order")
    cautions: tuple[str, ...] = ()
