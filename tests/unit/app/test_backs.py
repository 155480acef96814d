"""Readings of the back become a channel once there is a neutral stance, and only its first moment counts."""

from __future__ import annotations

import numpy as np
import pytest

from coxa.app.backs import Backs
from coxa.catalog.loader import outline_rules
from coxa.model.keypoints import BackReading, Keypoints


def seen(value: float, *, standing: bool = False, fault: str = "") -> Keypoints:
    back = BackReading.nothing(fault) if fault else BackReading(value, 0.05, 0.5 * value, 0.04, standing, "")
    return Keypoints(np.zeros((33, 2)), np.ones(33), np.zeros((33, 3)), 1.0, back=back)


def test_nothing_is_told_before_a_neutral_stance() -> None:
    channel = Backs(outline_rules()).channel([seen(0.3)] * 5, np.arange(5) / 30)
    assert np.isnan(channel.angle_rad).all()
    assert "no neutral stance" in channel.fault


def test_readings_follow_a_neutral_stance_over_chunks() -> None:
    backs, time_s = Backs(outline_rules()), np.arange(60) / 30
    first = backs.channel([seen(0.0, standing=True)] * 30, time_s[:30])
    second = backs.channel([seen(0.4)] * 29 + [None], time_s[30:])
    assert first.standing.sum() == pytest.approx(1.0)
    assert not second.standing.any()
    np.testing.assert_allclose(second.angle_rad[:-1], [[0.4, 0.2]] * 29)
    assert np.isnan(second.angle_rad[-1]).all()
    assert second.fault == ""


def test_later_standing_does_not_count_again() -> None:
    backs = Backs(outline_rules())
    stances = [backs.channel([seen(0.0, standing=True)] * 30, start + np.arange(30) / 30) for start in (0, 1)]
    assert sum(one.standing.sum() for one in stances) == pytest.approx(1.0)


def test_what_spoilt_most_frames_is_the_fault() -> None:
    frames = [seen(0.0, fault="an arm hides it")] * 3 + [None] * 2
    assert Backs(outline_rules()).channel(frames, np.arange(5) / 30).fault == "an arm hides it"
