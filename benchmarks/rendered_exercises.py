"""What the coach counts of rendered people: ``python benchmarks/rendered_exercises.py [--split tuning]``.

The pose network saw every clip (``adapters/rendering/seen.py``): a moment of neutral posture and one
repetition. Here a person gets into position (the second half of the clip: rising from the depth), stays for
two seconds (the pictures of the neutral moment, again and again), and does the repetition three times. All
that a film gives goes through the estimator and the coach frame by frame, as it does live; with ``--fit
smoother``, each frame with those that follow it, as ``coxa measure`` has it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from coxa.adapters.rendering.clips import Clip, bench
from coxa.adapters.rendering.seen import Seen, kept_at
from coxa.app.coach import Session
from coxa.app.ports import MotionEstimator
from coxa.app.routes import live_fit_for, smoother_for
from coxa.app.stream import Headings
from coxa.catalog import loader
from coxa.catalog.exercises import exercise
from coxa.coach.engine import Coach
from coxa.model.coaching import SessionSummary
from coxa.model.recording import Recording
from coxa.specs.rendering import Split

FITS: dict[str, Callable[[Recording], MotionEstimator]] = {"live": live_fit_for, "smoother": smoother_for}
REPETITIONS, STILL_S, NEUTRAL_S = 3, 2.0, 0.4
#: Movement -> the exercise it is, and the faults that it truly has.
DONE_AS = {
    "squat": ("squat", frozenset[str]()),
    "hinge_lumbar_0": ("hip_hinge_dowel", frozenset[str]()),
    "hinge_lumbar_20": ("hip_hinge_dowel", frozenset({"back_bends"})),
    "hinge_lumbar_40": ("hip_hinge_dowel", frozenset({"back_bends"})),
    "hinge_rounded": ("hip_hinge_dowel", frozenset({"back_bends"})),
    "waiters_bow": ("hip_hinge_dowel", frozenset[str]()),
    "squat_tuck": ("squat", frozenset({"back_rounds"})),
    "bridge": ("bridge_posterior_tilt", frozenset[str]()),
    "bridge_arched": ("bridge_posterior_tilt", frozenset({"back_arches"})),
}


@dataclass(frozen=True)
class Found:
    """What became of one clip."""

    clip: Clip
    summary: SessionSummary
    true_faults: frozenset[str]

    @property
    def full(self) -> int:
        """Repetitions counted."""
        return sum(one.full for one in self.summary.repetitions)

    @property
    def exact(self) -> bool:
        """All of them, and nothing else."""
        return self.full == REPETITIONS == len(self.summary.repetitions)

    @property
    def told(self) -> bool:
        """Whether a true fault was flagged."""
        return any(one.rule in self.true_faults for one in self.summary.faults)

    @property
    def unseen(self) -> bool:
        """Whether the coach said that it cannot see the back."""
        return any(rule.startswith("back_") for rule in self.summary.blind)

    @property
    def wrong(self) -> list[str]:
        """Faults found where there are none."""
        return sorted({one.rule for one in self.summary.faults} - self.true_faults)


def played(seen: Seen) -> Recording:
    """Into position, still for a while, and the repetitions."""
    rate_hz = seen.clip.rate_hz
    n = len(seen.time_s)
    neutral = np.flatnonzero(seen.time_s < NEUTRAL_S)
    still = np.resize(neutral, round(STILL_S * rate_hz))
    order = np.concatenate([np.arange(n // 2, n), still, *[np.arange(n)] * REPETITIONS, still])
    rows = {
        name: getattr(seen, name)[order] for name in ("position_px", "visibility", "world_m", "mask", "roi")
    }
    return replace(seen, time_s=np.arange(len(order)) / rate_hz, **rows).recording()


def coached(recording: Recording, exercise_id: str, fit_name: str = "live") -> SessionSummary:
    """As it is live, or with what follows each frame."""
    coach = Coach(exercise(exercise_id), loader.coach_rules(), sets=1, repetitions=0)
    session, headings = Session(coach), Headings()
    fit = FITS[fit_name](recording.window(slice(0, 0)))
    for motion in (fit.push(recording), fit.finish()):
        if motion is not None:
            session.push(headings.run_on(motion))
    return coach.summary(session.state)


def found(
    split: str, movements: tuple[str, ...] = tuple(DONE_AS), bodies: int | None = None, fit: str = "live"
) -> Iterator[Found]:
    """Every clip of these movements that was drawn before; ``bodies``: only so many of each."""
    met: dict[tuple[str, str], int] = {}
    for clip in bench(split):
        if clip.movement not in movements or not kept_at(clip).exists():
            continue
        key = (clip.movement, clip.camera)
        met[key] = met.get(key, 0) + 1
        if bodies is not None and met[key] > bodies:
            continue
        name, faults = DONE_AS[clip.movement]
        yield Found(clip, coached(played(Seen.of(clip)), name, fit), faults)


def main() -> None:
    """A line a clip, then how many of each movement and camera were exact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default=Split.REPORTING, choices=[*Split])
    parser.add_argument("--movements", nargs="*", default=list(DONE_AS))
    parser.add_argument("--fit", default="live", choices=FITS)
    told = parser.parse_args()
    table: dict[tuple[str, str], list[Found]] = {}
    for one in found(told.split, tuple(told.movements), fit=told.fit):
        table.setdefault((one.clip.movement, one.clip.camera), []).append(one)
        faults = sorted({spell.rule for spell in one.summary.faults})
        partial = len(one.summary.repetitions) - one.full
        print(
            f"{one.clip.name:44} {one.full} of {REPETITIONS}, {partial} partial, said: {' '.join(faults)}",
            flush=True,
        )
    print(
        f"\n{'movement':18}{'as':24}{'camera':10}{'exact':>8}{'no wrong fault':>16}{'true fault found':>18}"
        f"{'back not seen':>16}"
    )
    for (movement, camera), all_of in table.items():
        name, true = DONE_AS[movement]
        exact = sum(one.exact for one in all_of)
        clean = sum(not one.wrong for one in all_of)
        hits = f"{sum(one.told for one in all_of)} of {len(all_of)}" if true else ""
        print(
            f"{movement:18}{name:24}{camera:10}{exact:3} of {len(all_of)}{clean:11} of {len(all_of)}"
            f"{hits:>18}{sum(one.unseen for one in all_of):11} of {len(all_of)}"
        )


if __name__ == "__main__":
    main()
