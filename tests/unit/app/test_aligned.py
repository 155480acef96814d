"""A film and a phone: the clocks are told apart by the movement or not at all; then both are one fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coxa.adapters.sinks.memory import Collector
from coxa.adapters.sources.held import HeldRecording
from coxa.app.aligned import AlignedMeasurement, join
from coxa.app.ports import SourceHeader
from coxa.app.routes import smoother_for
from coxa.kinematics.rotations import rotation_about
from coxa.kinematics.speed_offset import angular_speed, shift_between
from coxa.model.errors import NothingToMeasureError
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording
from tests.support.filmed_phones import filmed

RATE = 100.0


def speeds(angle, time_s, rng, noise_deg=0.0):
    noisy = angle + np.radians(noise_deg) * rng.normal(size=len(angle))
    return angular_speed(rotation_about(0, noisy), time_s, RATE, 0.1)


def burst(time_s, seed=0):
    """Turning to and fro, never twice alike."""
    rng = np.random.default_rng(seed)
    at = np.arange(0.0, 40.0, 1.3)
    return np.interp(time_s, at + 0.2 * rng.normal(size=len(at)), np.radians(40) * rng.normal(size=len(at)))


@pytest.mark.parametrize("offset_s", [-4.37, -0.013, 0.0, 0.5, 7.281])
def test_the_offset_is_found_within_a_fraction_of_a_frame(offset_s):
    rng = np.random.default_rng(1)
    film_s = np.arange(0.0, 15.0, 1 / 25)
    phone_s = np.sort(np.arange(0.0, 18.0, 1 / 60) + rng.uniform(-0.004, 0.004, 1080))
    film = speeds(burst(film_s + 10), film_s, rng, 0.5)
    phone = speeds(burst(phone_s + 10 + offset_s), phone_s, rng, 0.2)
    found = shift_between(film, phone, rate_hz=RATE, max_offset_s=60.0, min_overlap_s=3.0)
    assert found is not None
    assert abs(found.offset_s - offset_s) < 0.012
    assert found.sd_s < 0.03
    assert found.evidence > 4.5


def test_an_even_movement_is_ambiguous():
    rng = np.random.default_rng(1)
    film_s, phone_s = np.arange(0.0, 12.0, 1 / 25), np.arange(0.0, 30.0, 1 / 60)
    swing = [np.radians(30) * np.sin(2 * np.pi * t / 2.0) for t in (film_s + 6.0, phone_s)]
    found = shift_between(
        speeds(swing[0], film_s, rng, 0.3), speeds(swing[1], phone_s, rng, 0.3),
        rate_hz=RATE, max_offset_s=60.0, min_overlap_s=3.0,
    )  # fmt: skip
    assert found is not None
    assert found.evidence < 4.5


def test_too_short_a_stretch_tells_nothing():
    rng = np.random.default_rng(1)
    short = np.arange(0.0, 2.0, 1 / 25)
    one = speeds(burst(short), short, rng)
    assert shift_between(one, one, rate_hz=RATE, max_offset_s=60.0, min_overlap_s=3.0) is None


@pytest.fixture(scope="module")
def case():
    return filmed(11, ("hinge", "squat"), 90.0, ("pelvis",))


@pytest.fixture(scope="module")
def joined(case):
    return join(case.film, case.phone)


def measure(recording):
    estimator = smoother_for(recording.window(slice(0, 0)))
    parts = [estimator.push(recording), estimator.finish()]
    return Motion.concatenate([part for part in parts if part is not None])


def test_a_phone_on_the_sacrum_makes_the_pelvis_observed(case, joined):
    assert abs(joined.shift.offset_s - case.offset_s) < 3 * joined.shift.sd_s
    motion, truth = measure(joined.recording), case.truth.truth()
    for name in ("pelvis_anterior_tilt", "hip_flexion_right", "hip_flexion_left"):
        k = motion.index(name)
        error = np.degrees(motion.value[:, k] - truth.value[:, k])
        assert np.sqrt(np.mean(error**2)) < 8.0, name
        assert np.mean(np.abs(error) <= 1.96 * np.degrees(motion.sd[:, k])) >= 0.9, name
        assert (motion.observability[:, k] == Observability.OBSERVED).mean() > 0.8, name
    k = motion.index("lumbar_flexion")
    assert motion.observability[:, k].max() <= Observability.WEAK
    assert motion.reasons["lumbar_flexion"]


def test_a_phone_of_another_film_is_refused(case):
    other = filmed(12, ("trunk_rotation",), 90.0, ("pelvis",))
    shuffled = other.phone.orientations[0].rotation[::-1]
    phone = replace(other.phone, orientations=(replace(other.phone.orientations[0], rotation=shuffled),))
    with pytest.raises(NothingToMeasureError) as refused:
        join(case.film, phone, "phone.csv")
    assert "phone.csv" in refused.value.fault
    assert refused.value.remedy


def test_a_phone_that_lies_still_is_refused(case):
    channel = case.phone.orientations[0]
    still = replace(channel, rotation=np.broadcast_to(np.eye(3), channel.rotation.shape).copy())
    with pytest.raises(NothingToMeasureError, match="move together"):
        join(case.film, replace(case.phone, orientations=(still,)), "phone.csv")


def test_the_measurement_says_how_the_clocks_were_told_apart(case, tmp_path):
    header = SourceHeader(tmp_path / "phone.csv", "phone on the body", notes=("a note",))
    sink = Collector()

    def watch(kept):
        motion = measure(case.film)
        kept.write(case.film, replace(motion, diagnostics={"film": {"notes": ["of the film"]}}))
        kept.commit()

    AlignedMeasurement(watch, HeldRecording(header, case.phone), [sink]).run()
    motion = sink.motion
    assert isinstance(sink.seen, Recording)
    assert len(motion.time_s) == case.film.n_frames
    notes = " ".join(motion.diagnostics["film"]["notes"])
    assert "of the film" in notes
    assert "a note" in notes
    assert "s from the film's" in notes
