"""Coordinates in words: what people read instead of ``hip_internal_rotation_left``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coxa.model.coordinates import SIDES

_PELVIS_HELP = "printed tags or a phone on the sacrum, or lab markers on the pelvis (ASIS, PSIS)"
_SPINE_HELP = (
    "printed tags or a phone on the sacrum and another on the upper back; "
    "or a side view in tight clothing, where the outline of the back shows"
)
_TURN_HELP = "printed tags or a phone on the sacrum, or a second camera"


@dataclass(frozen=True, slots=True)
class Family:
    """The left and right (or the one) coordinate of one movement.

    Attributes:
        key: name without its side.
        title: heading.
        short: heading where room is scarce.
        meaning: what is measured, in one plain sentence.
        positive: the direction of larger values.
        negative: the direction of smaller values.
        help: what would make it observable.
        paired: whether there are a left and a right one.
    """

    key: str
    title: str
    short: str
    meaning: str
    positive: str
    negative: str
    help: str
    paired: bool = True

    @property
    def members(self) -> tuple[tuple[str, str], ...]:
        """Pairs of side (or ``""``) and coordinate."""
        if self.paired:
            return tuple((side, f"{self.key}_{side}") for side in SIDES)
        return (("", self.key),)


@dataclass(frozen=True, slots=True)
class Group:
    """Families read together."""

    title: str
    families: tuple[Family, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        "Hip",
        (
            Family(
                "thigh_trunk_angle",
                "Thigh against trunk",
                "Thigh to trunk",
                "What a goniometer along the trunk reads. Hip and lower back together make it up.",
                "thigh forward",
                "thigh back",
                "a side view with shoulder, hip and knee in sight",
            ),
            Family(
                "hip_flexion",
                "Hip flexion, the joint alone",
                "Hip flexion",
                "The thigh against the pelvis, without what the lower back adds.",
                "flexion",
                "extension",
                _PELVIS_HELP,
            ),
            Family(
                "hip_adduction",
                "Hip adduction",
                "Hip adduction",
                "The thigh against the pelvis, sideways.",
                "towards the middle",
                "outwards",
                "a front or back view with both hips and knees in sight",
            ),
            Family(
                "hip_internal_rotation",
                "Hip rotation, the joint",
                "Hip rotation",
                "The thigh turning in its socket against the pelvis, read from the shin with the knee bent.",
                "inwards",
                "outwards",
                "a knee bent by 30° or more, so that the shin shows the turn; " + _TURN_HELP,
            ),
            Family(
                "apparent_hip_internal_rotation",
                "Hip rotation, apparent",
                "Hip rotation (app.)",
                "The shin against the room, as an inclinometer reads it. A tilting pelvis adds to it.",
                "inwards",
                "outwards",
                "a front view of the shin with the knee bent by 30° or more",
            ),
        ),
    ),
    Group(
        "Knee and ankle",
        (
            Family(
                "knee_flexion",
                "Knee flexion",
                "Knee flexion",
                "The shin against the thigh; 0° is straight.",
                "bent",
                "overstretched",
                "a view from the side with hip, knee and ankle in sight",
            ),
            Family(
                "ankle_dorsiflexion",
                "Ankle dorsiflexion",
                "Ankle",
                "The foot against the shin.",
                "toes up",
                "toes down",
                "a side view with heel and toes in sight",
            ),
        ),
    ),
    Group(
        "Pelvis in the room",
        (
            Family(
                "pelvis_anterior_tilt",
                "Pelvic tilt",
                "Pelvic tilt",
                "The pelvis tipping forwards or backwards.",
                "forwards",
                "backwards",
                _PELVIS_HELP,
                paired=False,
            ),
            Family(
                "pelvis_right_up_obliquity",
                "Pelvic obliquity",
                "Pelvis, sideways",
                "One side of the pelvis higher than the other.",
                "right side up",
                "left side up",
                "a level front or back view",
                paired=False,
            ),
            Family(
                "pelvis_left_rotation",
                "Pelvic rotation",
                "Pelvis, turning",
                "The pelvis turning about the upright.",
                "to the left",
                "to the right",
                _TURN_HELP,
                paired=False,
            ),
        ),
    ),
    Group(
        "Trunk in the room",
        (
            Family(
                "trunk_forward_lean",
                "Trunk lean, forwards",
                "Trunk lean",
                "The line from hips to shoulders against the upright.",
                "forwards",
                "backwards",
                "a side view with shoulders and hips in sight",
                paired=False,
            ),
            Family(
                "trunk_right_lean",
                "Trunk lean, sideways",
                "Trunk, sideways",
                "The line from hips to shoulders against the upright, seen from the front.",
                "to the right",
                "to the left",
                "a level front or back view",
                paired=False,
            ),
            Family(
                "thorax_left_rotation",
                "Chest rotation",
                "Chest, turning",
                "The rib cage turning about the upright.",
                "to the left",
                "to the right",
                "printed tags or a phone on the chest or upper back, or a second camera",
                paired=False,
            ),
        ),
    ),
    Group(
        "Spine",
        (
            Family(
                "lumbar_flexion",
                "Lower back flexion",
                "Lower back",
                "The lower back rounding or hollowing: the share of a bend that is not the hip's.",
                "rounding",
                "hollowing",
                _SPINE_HELP,
                paired=False,
            ),
            Family(
                "trunk_flexion",
                "Spine flexion",
                "Spine flexion",
                "The rib cage against the pelvis, forwards.",
                "flexion",
                "extension",
                _SPINE_HELP,
                paired=False,
            ),
            Family(
                "trunk_right_bending",
                "Spine side bending",
                "Side bending",
                "The rib cage against the pelvis, sideways.",
                "to the right",
                "to the left",
                "a level front or back view",
                paired=False,
            ),
            Family(
                "trunk_left_rotation",
                "Spine rotation",
                "Spine rotation",
                "The rib cage turning against the pelvis.",
                "to the left",
                "to the right",
                "printed tags or a phone on both the sacrum and the upper back, or a second camera",
                paired=False,
            ),
        ),
    ),
)

FAMILIES: dict[str, Family] = {family.key: family for group in GROUPS for family in group.families}


def _plain(coordinate: str) -> Family:
    title = coordinate.replace("_", " ").capitalize()
    return Family(coordinate, title, title, "", "", "", "", paired=False)


def groups_of(coordinates: Iterable[str]) -> tuple[Group, ...]:
    """The groups that hold any of the coordinates; unknown ones come last, under their own names."""
    wanted = list(coordinates)
    known: set[str] = set()
    groups = []
    for group in GROUPS:
        families = []
        for family in group.families:
            names = {name for _, name in family.members}
            if names & set(wanted):
                families.append(family)
                known |= names
        if families:
            groups.append(Group(group.title, tuple(families)))
    others = tuple(_plain(name) for name in wanted if name not in known)
    return (*groups, Group("Other", others)) if others else tuple(groups)


def title_of(coordinate: str) -> str:
    """Of the movement, without its side."""
    return next(
        (one.title for one in FAMILIES.values() if any(name == coordinate for _, name in one.members)),
        _plain(coordinate).title,
    )


def in_plain_words(coordinates: Iterable[str]) -> tuple[str, ...]:
    """Each movement once, to stand within a sentence; the side only where but one of them is named."""
    wanted = set(coordinates)
    found = []
    for family in FAMILIES.values():
        sides = [side for side, name in family.members if name in wanted]
        if not sides:
            continue
        title, _, rest = family.title.partition(", ")
        words = f"{title} ({rest})" if rest else title
        one_sided = family.paired and len(sides) == 1
        found.append(f"{words[:1].lower()}{words[1:]}{', ' + sides[0] if one_sided else ''}")
    return tuple(found)
