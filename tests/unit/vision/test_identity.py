"""Looks, bystanders and the settings of telling people apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coxa.adapters.vision.appearance import Limb, Memory, Torso, distance, look
from coxa.adapters.vision.crowd import Crowd, Place
from coxa.adapters.vision.detector import Candidate
from coxa.adapters.vision.roi import Roi
from coxa.adapters.vision.settings import FILE, TrackingSettings, default_settings
from coxa.model.errors import SpecError

GREEN, RED = (60, 140, 70), (160, 60, 50)


def clothes(colour: tuple[int, int, int], light: float = 1.0, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, 6, (300, 200, 3))
    return np.clip(np.array(colour) * light + noise, 0, 255).astype(np.uint8)


def limbs(x: float = 100.0) -> list[Limb]:
    points = [np.array([x, y]) for y in (150.0, 50.0, 250.0)]
    torso = Limb(points[0], points[1], 0.18)
    return [torso, Limb(points[0], points[2], 0.1), Limb(points[0], points[2], 0.1)]


def seen(colour: tuple[int, int, int], **how: float) -> np.ndarray:
    found = look(clothes(colour, **how), limbs())  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_look_is_a_distribution_and_near_itself() -> None:
    assert seen(GREEN).sum() == pytest.approx(1)
    assert distance(seen(GREEN), seen(GREEN)) == pytest.approx(0, abs=1e-6)


def test_other_clothes_are_further_away_than_other_light() -> None:
    settings = default_settings()
    same, other = distance(seen(GREEN), seen(GREEN, light=0.9, seed=1)), distance(seen(GREEN), seen(RED))
    assert same < settings.match < other


def test_nobody_in_the_picture_has_no_look() -> None:
    assert look(clothes(GREEN), limbs(x=-500)) is None


def test_a_memory_keeps_what_is_new_and_its_first_view() -> None:
    memory = Memory(new_view=0.2, capacity=2)
    assert memory.distance(seen(GREEN)) == 1
    for colour in (GREEN, RED, (50, 60, 170), (20, 20, 20)):
        memory.remember(seen(colour))
    assert memory.distance(seen(GREEN)) < 0.1
    assert memory.distance(None) == 1


def candidate(x: float) -> Candidate:
    hips, shoulders = np.array([x, 220.0]), np.array([x, 120.0])
    return Candidate(0.9, np.zeros(4), Roi(x, 200, 400, 0), Torso(hips, shoulders))


def test_somebody_apart_is_a_bystander_who_may_come_near_and_hide() -> None:
    crowd, settings = Crowd(default_settings()), default_settings()
    place = Place(np.array([200.0, 170.0]), 400.0)
    crowd.look_round([candidate(205)], place, 0.0, lambda _: seen(RED))
    assert crowd.size == 0  # the followed person
    crowd.look_round([candidate(205), candidate(500)], place, 1.0, lambda _: seen(RED))
    assert crowd.size == 1
    assert crowd.likeness(seen(RED)) < 0.1 < crowd.likeness(seen(GREEN))
    crowd.look_round([candidate(300)], place, 1.5, lambda _: seen(GREEN))
    assert crowd.size == 1 and crowd.nearest(place, 1.5) == pytest.approx(0.25)
    assert crowd.likeness(seen(RED)) < 0.1  # nothing is learnt while touching
    assert crowd.nearest(place, 1.4 + settings.hidden_s) == pytest.approx(0.25)
    assert crowd.nearest(place, 1.6 + settings.hidden_s) == np.inf


def test_settings_with_a_missing_or_unknown_entry_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "tracking.yaml"
    path.write_text(FILE.read_text().replace("match:", "mach:", 1))
    with pytest.raises(SpecError, match="mach"):
        TrackingSettings.load(path)
