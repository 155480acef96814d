"""Simulated people who wear phones while they are filmed: keypoints as a network errs, phones in files."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.catalog import loader
from coxa.estimate.body import Pose
from coxa.model.recording import Recording
from coxa.simulate.library import SCRIPTS
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import Performance, perform, times
from coxa.simulate.person import Person
from tests.support.phones import Wear, angles_csv, shown, wear_file

DETECTOR = "blazepose_heavy"
STANDING_S = 2.0
PERIOD_S = 3.8


@dataclass(frozen=True)
class Filmed:
    """What the camera saw, what the phones recorded, what is true; ``offset_s``: from the phones' clock."""

    film: Recording
    phone: Recording
    truth: Performance
    offset_s: float


def one_after_the_other(person: Person, scripts: Sequence[str], time_s: np.ndarray) -> Performance:
    """Standing, then each script once."""
    since = np.maximum(time_s - STANDING_S, 0.0)
    parts = [
        perform(SCRIPTS[name](), person, np.clip(since - k * PERIOD_S, 0.0, PERIOD_S))
        for k, name in enumerate(scripts)
    ]
    which = np.minimum((since / PERIOD_S).astype(int), len(scripts) - 1), np.arange(len(time_s))
    poses = [(part.pose.position_m, part.pose.rotation, part.pose.joints) for part in parts]
    chosen = [np.stack(arrays)[which] for arrays in zip(*poses, strict=True)]
    return Performance(person, time_s, Pose(*chosen), "+".join(scripts))


def filmed(
    seed: int, scripts: Sequence[str], azimuth_deg: float, segments: Sequence[str], rate_hz: float = 25.0
) -> Filmed:
    """A person drawn by chance, filmed from there, the phones started a little before or after the film."""
    rng = np.random.default_rng(seed)
    detector = loader.detectors()[DETECTOR]
    person = Person.drawn(loader.body_model(), loader.body_priors(), rng).with_offsets(detector, rng)
    duration_s = STANDING_S + PERIOD_S * len(scripts) + 0.5
    truth = one_after_the_other(person, scripts, times(duration_s, rate_hz))
    view = CameraView(camera_around(middle_of(truth), azimuth_deg), detector)
    film = observe(truth, [view], rng, told_height_m=person.stature_m)
    begins_s = float(rng.uniform(0.0, 0.4))
    count = round((duration_s - 0.8) * 60)
    phone_s = begins_s + (np.arange(count) + rng.uniform(-0.3, 0.3, count)) / 60 + 0.01
    worn = one_after_the_other(person, scripts, phone_s)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "phones"
        folder.mkdir()
        for segment in segments:
            text = angles_csv(phone_s + 100.0, shown(worn, segment, Wear(), rng))
            (folder / f"{segment}.csv").write_text(text, encoding="utf-8")
        mapping = wear_file(Path(name), segments, "standing")
        reader = open_recording(folder, ReadOptions(mapping=mapping))
        phone = Recording.concatenate(list(reader.parts(500)))
    return Filmed(film, phone, truth, float(phone_s[0]))
