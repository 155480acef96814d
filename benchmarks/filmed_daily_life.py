"""Whether daily life before one camera counts as an exercise: ``python benchmarks/filmed_daily_life.py``.

A simulated person walks about, stands, sits, ties shoes, reaches, and moves as the estimator's prior does
(``tests/support/daily_life.py``), each piece seen from another side by a camera with a pose network's noise.
The films go through the estimator, and all exercises coach them frame by frame, as live; with ``--fit
smoother``, each frame with those that follow it. ``--from-deg A B``: seen from between these angles only
(0: in front, 90: on the right).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coxa.app.coach import frames_of
from coxa.app.ports import MotionEstimator
from coxa.app.routes import live_fit_for, smoother_for
from coxa.catalog import loader
from coxa.model.coaching import CoachFrame
from coxa.model.recording import Recording
from coxa.simulate.observe import CameraView, camera_around, middle_of, observe
from coxa.simulate.person import Person
from tests.support.coached import SPECS, coach_of
from tests.support.daily_life import pieces_of_life

RATE_HZ, DISTANCE_M, DETECTOR = 10.0, 4.0, "blazepose_heavy"
FITS: dict[str, Callable[[Recording], MotionEstimator]] = {"live": live_fit_for, "smoother": smoother_for}
#: Between two films, longer than a set waits for somebody who is not seen.
CUT_S = 3.0


def lived(
    seed: int, minutes: float, between_deg: tuple[float, float], fit_name: str = "live"
) -> Iterator[list[CoachFrame]]:
    """Frames of every piece, each a film of its own; time runs on."""
    rng = np.random.default_rng(seed)
    detector = loader.detectors()[DETECTOR]
    person = Person.of(loader.body_model(), loader.body_priors(), float(rng.uniform(1.55, 1.9)))
    person = person.with_offsets(detector, rng)
    begin_s = 0.0
    for done in pieces_of_life(rng, person, RATE_HZ, minutes):
        camera = camera_around(middle_of(done), float(rng.uniform(*between_deg)), distance_m=DISTANCE_M)
        film = observe(done, [CameraView(camera, detector)], rng, told_height_m=person.stature_m)
        fit = FITS[fit_name](film.window(slice(0, 0)))
        motions = [motion for motion in (fit.push(film), fit.finish()) if motion is not None]
        frames = [frame for motion in motions for frame in frames_of(motion)]
        yield [CoachFrame(begin_s + one.time_s, one.value, one.sd, one.level) for one in frames]
        begin_s += frames[-1].time_s + CUT_S


def main() -> None:
    """How many repetitions every exercise counted; there should be none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from-deg", type=float, nargs=2, default=(0.0, 360.0))
    parser.add_argument("--fit", default="live", choices=FITS)
    told = parser.parse_args()
    specs = {name: spec for name, spec in SPECS.items() if spec.signal is not None}
    coaches = {name: coach_of(spec, "right") for name, spec in specs.items()}
    states = {name: coach.begin() for name, coach in coaches.items()}
    frames = 0
    for piece in lived(told.seed, told.minutes, tuple(told.from_deg), told.fit):
        frames += len(piece)
        for name, coach in coaches.items():
            for frame in piece:
                states[name], _ = coach.step(states[name], frame)
    counted = {name: sum(one.full for one in state.repetitions) for name, state in states.items()}
    for name, number in counted.items():
        if number:
            print(f"{name:36} {number} counted")
    minutes = frames / RATE_HZ / 60
    print(f"{sum(counted.values())} repetitions of {len(counted)} exercises in {minutes:.0f} minutes")


if __name__ == "__main__":
    main()
