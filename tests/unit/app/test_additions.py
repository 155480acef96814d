"""What a person could add to a source: only what the table says, and only what rises."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from coxa.app.additions import (
    Offer,
    Source,
    film_from,
    in_words,
    level_of,
    levels_of,
    named_for,
    offers,
    without_remedy,
    worthwhile,
)
from coxa.catalog import loader
from coxa.model.coordinates import ALL
from coxa.model.motion import KINDS, SEEN_FROM, Motion, Observability

FILM = Source(("pose_network",))
SOURCES = [
    FILM,
    Source(("pose_network", "back_outline")),
    Source(("boards", "board_sacrum", "pose_network")),
    Source(("pose_network", "pelvis_phone_in_film")),
    Source(("pose_network_several",)),
    Source(("picture_network",)),
    Source(("depth_camera",)),
    Source(("phones", "tibia_right_phone")),
    Source(("phones", "pelvis_phone", "tibia_left_phone", "pelvis+tibia_left_phones")),
    Source(("sensors", "femur_left+tibia_left_sensors")),
]


def ids(source: Source) -> list[str]:
    return [one.addition.id for one in offers(source)]


def told_by(found: tuple[Offer, ...]) -> set[str]:
    return {name for one in found for name in one.raised_to(Observability.OBSERVED)}


def test_every_row_that_an_addition_names_is_in_the_table() -> None:
    rows = set(loader.observability().kinds)
    parts = [part for one in loader.additions().additions for part in one.brings]
    assert {kind for part in parts for kind in (*part.to, *part.kinds)} <= rows


def test_every_addition_is_named_once_and_the_least_effort_is_first() -> None:
    names = [one.id for one in loader.additions().additions]
    assert len(set(names)) == len(names)
    assert min(one.effort for one in loader.additions().additions) == 1


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: "+".join(one.kinds))
def test_levels_only_rise_and_nothing_is_offered_that_gains_nothing(source: Source) -> None:
    found = offers(source)
    assert found
    for one in found:
        assert one.gained
        assert all(after > before for before, after in one.gained.values())
    efforts = [one.addition.effort for one in found]
    assert efforts == sorted(efforts)


def test_what_an_addition_promises_is_what_the_table_says_of_the_source_with_it() -> None:
    (side,) = [one for one in offers(FILM) if one.addition.id == "film_side"]
    with_it = Source((*FILM.kinds, "back_outline"), "side")
    assert set(side.gained) >= {"lumbar_flexion", "hip_flexion_left", "pelvis_anterior_tilt"}
    for name, (before, after) in side.gained.items():
        assert (before, after) == (level_of(name, FILM), level_of(name, with_it))


@pytest.mark.parametrize(
    ("source", "there"),
    [
        (Source(("pose_network", "pelvis_phone_in_film")), "phone_sacrum"),
        (Source(("pose_network", "thorax_phone_in_film")), "phone_sternum"),
        (Source(("boards", "board_sacrum", "pose_network")), "board_sacrum"),
        (Source(("boards", "board_sternum", "pose_network")), "board_sternum"),
        (Source(("phones", "pelvis_phone")), "phone_sacrum"),
    ],
    ids=lambda one: one if isinstance(one, str) else "+".join(one.kinds),
)
def test_an_addition_that_is_there_is_not_offered_again(source: Source, there: str) -> None:
    assert there not in ids(source)
    reached = dict.fromkeys(levels_of(source), Observability.NOT_OBSERVABLE)  # nothing was read well
    assert there not in [one.addition.id for one in offers(source, reached)]


def test_a_film_from_where_it_was_filmed_is_not_offered_again() -> None:
    nothing = dict.fromkeys(ALL, Observability.NOT_OBSERVABLE)
    for one in loader.additions().additions:
        if one.view is not None and not one.instead:
            there = film_from(one.view)
            assert one.id not in [offer.addition.id for offer in offers(there, nothing)]


def test_a_motion_says_what_it_came_from() -> None:
    told = {KINDS: ["pose_network"], SEEN_FROM: "side"}
    none = np.zeros((0, 1))
    motion = Motion(np.zeros(0), ("a",), none, none, none.astype(np.uint8), diagnostics=told)
    assert Source.of(motion) == Source(("pose_network",), "side")
    assert Source.of(replace(motion, diagnostics={})) == Source(())


def test_an_outline_that_was_not_read_is_offered_and_one_that_was_read_is_not() -> None:
    assert "film_side" in ids(FILM)
    assert "film_side" not in ids(Source(("pose_network", "back_outline")))


def test_what_the_source_can_tell_but_did_not_is_no_matter_of_additions() -> None:
    reached = levels_of(FILM) | {"knee_flexion_left": Observability.NOT_OBSERVABLE}
    assert all("knee_flexion_left" not in one.gained for one in offers(FILM, reached))


def test_a_second_phone_tells_the_joint_only_of_the_leg_that_bears_the_first() -> None:
    source = Source(("phones", "tibia_right_phone"))
    (sacrum,) = [one for one in offers(source) if one.addition.id == "phone_sacrum"]
    assert "hip_internal_rotation_right" in sacrum.gained
    assert "hip_internal_rotation_left" not in sacrum.gained


def test_one_or_two_are_named_and_the_least_effort_goes_first() -> None:
    found = offers(FILM)
    for name, level in levels_of(FILM).items():
        named = named_for(name, found)
        assert len(named) <= 2
        assert [one.effort for one in named] == sorted(one.effort for one in named)
        if level is Observability.OBSERVED:
            assert named == ()
    assert [one.id for one in named_for("lumbar_flexion", found)] == ["film_side", "boards_sacrum_t12"]
    assert in_words(named_for("lumbar_flexion", found)) == (
        "a film from the side in which the outline of the back shows, "
        "or printed boards on the sacrum and the lowest ribs"
    )


def test_the_short_list_tells_all_that_the_long_one_does() -> None:
    for source in SOURCES:
        long, short = offers(source), worthwhile(offers(source))
        assert told_by(long) == told_by(short)
        assert len(short) <= len(long)


def test_markers_and_given_angles_are_offered_nothing() -> None:
    assert offers(Source(()), dict.fromkeys(levels_of(FILM), Observability.NOT_OBSERVABLE)) == ()


def test_a_reason_without_its_remedy() -> None:
    assert without_remedy("no keypoint is there; to see it: film it") == "no keypoint is there"
    assert without_remedy("too few frames") == "too few frames"


def test_how_is_said_without_commands_and_with_them_at_the_prompt() -> None:
    for one in loader.additions().additions:
        assert not re.search(r"`|--|docs/", one.how), one.id
        assert one.at_the_prompt.startswith(one.how.removesuffix("."))
        assert one.prompt in one.at_the_prompt
