"""Knees tell the turn of the pelvis against the first still moment in a posture, and only then."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from coxa.app.turns import NO_START, Turns
from coxa.catalog.loader import pelvis_turn_rules
from coxa.kinematics.pelvis_turn import POINTS
from coxa.model.channels import PelvisTurn
from coxa.model.keypoints import Keypoints

RATE = 30.0
HEADING = 45.0
PX = 160.0
DOWN = np.array([0.0, 1.0, 0.0])


def seen(
    pelvis: float = 0.0,
    chest: float = 0.0,
    *,
    heading: float = HEADING,
    thigh: float = 85.0,
    hidden: bool = False,
    step: float = 0.0,
) -> Keypoints:
    """Somebody sitting (or standing: thigh 3), turned to their left by so many deg, seen orthographically."""
    rules = pelvis_turn_rules()
    forward, right = _axes(heading)
    sideways = 0.5 / (2.0 * rules.postures["seated"].knees)  # a hip from the middle, m; the trunk is 0.5 m
    world = np.zeros((4, 2, 3))
    for k, sign in enumerate((-1.0, 1.0)):
        hip = sign * sideways * _axes(heading + pelvis)[1]
        bent = np.radians(thigh)
        knee = hip + 0.4 * (np.sin(bent) * forward + np.cos(bent) * DOWN)
        foot = knee + 0.4 * DOWN + sign * step * right
        world[:, k] = sign * 0.18 * _axes(heading + chest)[1] - 0.5 * DOWN, hip, knee, foot
    points = world.reshape(8, 3)
    picture = PX * points[:, :2] + 300.0
    flat = points * [1.0, 1.0, rules.view.flatness]
    visibility = np.where(np.isin(POINTS, ["left_knee"]), 0.2 if hidden else 0.9, 0.9)
    return Keypoints(picture, visibility, flat, 1.0)


def _axes(heading_deg: float) -> tuple[np.ndarray, np.ndarray]:
    sine, cosine = np.sin(np.radians(heading_deg)), np.cos(np.radians(heading_deg))
    return np.array([sine, 0.0, -cosine]), np.array([-cosine, 0.0, -sine])


def told(frames: Iterable[Keypoints | None], turns: Turns | None = None, first: int = 0) -> PelvisTurn:
    people = list(frames)
    reader = turns or Turns(pelvis_turn_rules(), POINTS)
    return reader.channel(people, (first + np.arange(len(people))) / RATE)


def turns_deg(channel: PelvisTurn) -> np.ndarray:
    return np.degrees(channel.angle_rad) - HEADING


STILL = [seen()] * 12


@pytest.mark.parametrize("pelvis", [-20.0, -8.0, 0.0, 12.0, 25.0])
def test_a_turning_pelvis_is_told_whatever_the_chest_does(pelvis: float) -> None:
    channel = told([*STILL, *[seen(pelvis, 45.0)] * 5])
    np.testing.assert_allclose(turns_deg(channel)[-5:], pelvis, atol=1e-6)
    assert np.all(np.degrees(channel.sd_rad[-5:]) < 12.0)


def test_from_the_other_side_too() -> None:
    channel = told([*[seen(heading=-HEADING)] * 12, seen(15.0, 45.0, heading=-HEADING)])
    assert np.degrees(channel.angle_rad[-1]) == pytest.approx(-HEADING + 15.0)


def test_nothing_is_told_before_the_start_has_lasted() -> None:
    channel = told(STILL[:5])
    assert np.isnan(channel.angle_rad).all()
    assert channel.fault == NO_START


def test_frames_may_come_in_any_parts() -> None:
    frames = [*STILL, *[seen(float(k), 2.0 * k) for k in range(20)]]
    whole, reader = told(frames), Turns(pelvis_turn_rules(), POINTS)
    parts = [told(frames[k : k + 7], reader, k) for k in range(0, len(frames), 7)]
    joined = PelvisTurn.concatenate(parts)
    np.testing.assert_array_equal(joined.angle_rad, whole.angle_rad)
    np.testing.assert_array_equal(joined.sd_rad, whole.sd_rad)


@pytest.mark.parametrize(
    ("start", "fault"),
    [
        (seen(heading=0.0), "at an angle"),
        (seen(heading=170.0), "at an angle"),
        (seen(heading=85.0), "at an angle"),
        (seen(hidden=True), "a knee is hidden"),
        (seen(0.0, 30.0), "shoulders were turned"),
    ],
)
def test_a_start_that_cannot_be_read_is_not_replaced_by_a_later_still_moment(
    start: Keypoints, fault: str
) -> None:
    # A hold at the end of a turn would look like a start.
    channel = told([*[start] * 12, *[seen(k, k) for k in range(10)], *[seen(10.0, 10.0)] * 30])
    assert np.isnan(channel.angle_rad).all()
    assert fault in channel.fault


def test_holding_still_at_the_end_of_a_turn_is_no_start() -> None:
    turning = [seen(chest=angle, heading=20.0 + 0.5 * angle) for angle in np.linspace(0.0, 50.0, 15)]
    held = [seen(heading=45.0)] * 60
    channel = told([*turning, *held])
    assert np.isnan(channel.angle_rad).all()
    assert channel.fault == "the person had turned before holding still"


def test_a_hidden_knee_or_another_posture_tells_nothing_meanwhile() -> None:
    channel = told([*STILL, seen(10.0, hidden=True), seen(10.0, thigh=3.0), None, seen(10.0)])
    assert np.isnan(channel.angle_rad[-4:-1]).all()
    assert turns_deg(channel)[-1] == pytest.approx(10.0)


def test_who_stood_up_for_long_starts_anew() -> None:
    away = [seen(thigh=52.0)] * 75
    channel = told([*STILL, *away, *[seen(20.0, 20.0)] * 15])
    # The new start is square, only turned: it is its own zero, at a heading of its own.
    assert np.isnan(channel.angle_rad[12 : 12 + 75]).all()
    assert np.degrees(channel.angle_rad[-1]) == pytest.approx(HEADING + 20.0)


def test_a_step_of_somebody_standing_ends_the_readings() -> None:
    still = [seen(thigh=3.0)] * 12
    assert np.isfinite(told([*still, seen(thigh=3.0)]).angle_rad[-1])
    channel = told([*still, *[seen(thigh=3.0, step=0.1)] * 20])
    assert np.isnan(channel.angle_rad[-20:]).all()
    assert channel.fault == "a foot moved since the start"


def test_knees_apart_further_than_a_pelvis_turns_are_not_believed() -> None:
    assert np.isnan(told([*STILL, seen(80.0)]).angle_rad[-1])


def test_keypoints_without_knees_tell_nothing() -> None:
    reader = Turns(pelvis_turn_rules(), ("nose",))
    assert np.isnan(told(STILL, reader).angle_rad).all()
    assert len(reader.empty().angle_rad) == 0
