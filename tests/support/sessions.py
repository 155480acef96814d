"""Demonstrations as motions and as recordings, for tests of coached sessions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from coxa.adapters.sinks.parquet import MotionParquetSink
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.model.coordinates import ALL
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.simulate.demonstrate import Pace, demonstration
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.simulate.rehearse import Seen, seen, truth
from coxa.specs.rehearsal import RoughFilm
from tests.support.simulated import film

__all__ = ["filmed_hinge", "shown", "written"]


@cache
def shown(name: str, side: str = "right", rule: str = "", beyond_deg: float = 15.0) -> Motion:
    """A demonstration, or one with a fault, as markers tell it at 15 Hz."""
    spec = exercise(name)
    told = next((one for one in spec.form if one.id == rule), None)
    true = truth(spec, side, 1.0, 1.7, told, beyond_deg)
    found: Seen = seen(true, RoughFilm(title="", rate_hz=15.0), "all", np.random.default_rng(1))
    return Motion(found.time_s, ALL, found.value, found.sd, found.level, source=f"{name}.parquet")


def written(motion: Motion, folder: Path) -> Path:
    """As ``motion.parquet`` of a folder of results."""
    folder.mkdir(parents=True, exist_ok=True)
    sink = MotionParquetSink(folder / "motion.parquet")
    sink.write(Recording(motion.time_s), motion)
    sink.commit()
    return folder / "motion.parquet"


def filmed_hinge() -> Recording:
    """A hinge to a wall, two repetitions, as one camera's noisy keypoints."""
    body, priors = loader.body_model(), loader.body_priors()
    rng = np.random.default_rng(3)
    detector = next(one for _, one in loader.detectors().items() if one.kind == "pose_network")
    person = Person.of(body, priors, 1.7).with_offsets(detector, rng)
    script = demonstration(exercise("hip_hinge_wall"), "right", Pace(repetitions=2))
    time_s = np.arange(0.0, script.duration_s, 1 / 10.0)
    return film(perform(script, person, time_s), 90.0, noise=1.0, seed=4, detector=detector)
