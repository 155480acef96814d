"""Which exercises one camera counts where their files want it: ``python benchmarks/filmed_exercises.py``.

A simulated person does two repetitions of each demonstration; a camera sees its keypoints with a pose
network's noise, 10 times a second; the estimator and the coach take them frame by frame, as they do live;
with ``--fit smoother``, each frame with those that follow it. ``--azimuth DEG`` puts the camera elsewhere
(0: in front, 90: on the right).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np

from coxa.app.coach import Session
from coxa.app.countable import uncounted
from coxa.app.ports import MotionEstimator
from coxa.app.routes import live_fit_for, smoother_for
from coxa.app.session_review import Review, review
from coxa.app.stream import Headings
from coxa.catalog import loader
from coxa.catalog.exercises import exercises
from coxa.coach.engine import Coach
from coxa.model.recording import Recording
from coxa.simulate.demonstrate import Pace, demonstration
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.perform import perform
from coxa.simulate.person import Person
from coxa.specs.exercise import ExerciseSpec

FITS: dict[str, Callable[[Recording], MotionEstimator]] = {"live": live_fit_for, "smoother": smoother_for}
AZIMUTH_DEG = {"front": 0.0, "oblique": 45.0, "side": 90.0, "rear": 180.0, "any": 90.0}
RATE_HZ, REPETITIONS, DETECTOR = 10.0, 2, "blazepose_heavy"


def filmed(spec: ExerciseSpec, azimuth_deg: float) -> Recording:
    """Keypoints of one camera."""
    rng = np.random.default_rng(3)
    detector = loader.detectors()[DETECTOR]
    person = Person.of(loader.body_model(), loader.body_priors(), 1.7).with_offsets(detector, rng)
    script = demonstration(spec, "right", Pace(repetitions=REPETITIONS))
    done = perform(script, person, np.arange(0.0, script.duration_s, 1 / RATE_HZ))
    camera = camera_around(middle_of(done), azimuth_deg, distance_m=spec.camera.distance_m)
    return observe(done, [CameraView(camera, detector)], rng, told_height_m=person.stature_m)


def coached(spec: ExerciseSpec, recording: Recording, fit_name: str = "live") -> Review:
    """As it is coached live, or with what follows each frame."""
    sides = ("right",) if spec.sides == "each" else ()
    coach = Coach(spec, loader.coach_rules(), sets=1, repetitions=0, sides=sides)
    session, headings = Session(coach), Headings()
    fit = FITS[fit_name](recording.window(slice(0, 0)))
    for motion in (fit.push(recording), fit.finish()):
        if motion is not None:
            session.push(headings.run_on(motion))
    return review(session)


def rows(names: list[str], azimuth_deg: float | None, fit: str = "live") -> Iterator[tuple[str, bool]]:
    """A line an exercise, and whether it was counted exactly, without a fault."""
    for name, spec in exercises().items():
        if spec.signal is None or (names and name not in names):
            continue
        if uncounted(spec) and azimuth_deg is None:
            yield f"{name:35} the table says that one camera cannot count it", False
            continue
        at_deg = AZIMUTH_DEG[spec.camera.view] if azimuth_deg is None else azimuth_deg
        found = coached(spec, filmed(spec, at_deg), fit)
        full = sum(side.good + side.faulty for side in found.sides)
        expected = REPETITIONS * len(found.sides)
        seen = min(found.counted_by.values())
        faults = sorted({one.rule for one in found.summary.faults})
        exact = full == expected == len(found.summary.repetitions) and not faults
        said = f"{full} of {expected}, signal observed in {100 * seen:.0f} % {' '.join(faults)}"
        yield f"{name:35} {at_deg:4.0f} deg: {said}", exact


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--azimuth", type=float)
    parser.add_argument("--fit", default="live", choices=FITS)
    told = parser.parse_args()
    good = total = 0
    for line, exact in rows(told.names, told.azimuth, told.fit):
        good, total = good + exact, total + 1
        print(f"{'exact' if exact else '     '}  {line}", flush=True)
    print(f"{good} of {total} counted exactly")


if __name__ == "__main__":
    main()
