"""What is lost where fewer frames are looked at: ``python benchmarks/live_rates.py``.

Simulated people do each exercise that one camera counts, well and with each fault of its file; landmarks of
30 pictures a second with a pose network's noise are thinned out evenly, as pages do that a server slows
down, and go through estimate and coach as they do live. Real people (UI-PRMD: markers, joined to series) go
through the coach alone; their repetitions are known. Told is, by frames a second: series whose repetitions
are counted exactly, faults that are told (of those told at 30 Hz), series done well of which another fault is
told, and how much later a repetition is told of than at 30 Hz.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from coxa.adapters.reference.uiprmd import load_uiprmd
from coxa.app.coach import Session
from coxa.app.countable import uncounted
from coxa.app.routes import live_estimator_for
from coxa.app.stream import Headings
from coxa.catalog import loader
from coxa.catalog.exercises import exercises
from coxa.catalog.markers import marker_motion
from coxa.coach.engine import Coach
from coxa.model.coaching import CueKind
from coxa.model.errors import CoxaError
from coxa.model.recording import Recording
from coxa.specs.exercise import ExerciseSpec
from tests.support.live import demonstrated, with_fault
from tests.support.reference import required_folder
from tests.support.uiprmd_coach import FITTED_TO, HELD_OUT, VARIANTS, series, side_of, spec_of

FULL_HZ, REPETITIONS = 30.0, 3
MARKERS_HZ = 100.0
SIDE = "right"


@dataclass
class Row:
    """What was found at one rate."""

    series: int = 0
    exact: int = 0
    faulty: int = 0
    told: int = 0
    well: int = 0
    wrongly: int = 0
    wrong: list[str] = field(default_factory=list)
    late_s: list[float] = field(default_factory=list)


def thinned(recording: Recording, hz: float) -> Iterator[Recording]:
    """Frame by frame, those that a page sends at most so often (frontend/src/live/spacing.ts)."""
    due_s = 0.0
    for k, time_s in enumerate(recording.time_s):
        if time_s < due_s - 1e-9:
            continue
        due_s = max(due_s + 1.0 / hz, time_s + 0.5 / hz)
        yield recording.window(slice(k, k + 1))


def coached(spec: ExerciseSpec, recording: Recording, hz: float) -> Session:
    """As it is live."""
    sides = (SIDE,) if spec.sides == "each" else ()
    session = Session(Coach(spec, loader.coach_rules(), sets=1, repetitions=0, sides=sides))
    estimator, headings = live_estimator_for(recording.window(slice(0, 0))), Headings()
    for frame in thinned(recording, hz):
        session.push(headings.run_on(estimator.push(frame)), frame)
    return session


def counts(session: Session) -> list[float]:
    """When each repetition was told of."""
    return [cue.time_s for cue in session.cues if cue.kind is CueKind.COUNT]


def faults(session: Session) -> set[str]:
    """Rules that were told of."""
    return {cue.rule for cue in session.cues if cue.kind is CueKind.FAULT}


def simulated(rates: list[float], names: list[str]) -> dict[float, Row]:
    """Every exercise that is counted, well and with each fault."""
    rows = {hz: Row() for hz in rates}
    for name, spec in exercises().items():
        if spec.signal is None or uncounted(spec) or (names and name not in names):
            continue
        good = demonstrated(name, side=SIDE, repetitions=REPETITIONS, rate_hz=FULL_HZ)
        base = coached(spec, good, FULL_HZ)
        if len(counts(base)) < REPETITIONS:
            print(f"{name}: {len(counts(base))} of {REPETITIONS} counted at {FULL_HZ:g} Hz, left out")
            continue
        bad = list(_faulty(spec))
        for hz, row in rows.items():
            found = coached(spec, good, hz)
            told = counts(found)
            row.series, row.well = row.series + 1, row.well + 1
            row.exact += len(told) == len(counts(base))
            row.wrongly += bool(faults(found) - faults(base))
            if len(told) == len(counts(base)):
                row.late_s += list(np.subtract(told, counts(base)))
            else:
                row.wrong.append(f"{name} {len(told)} for {len(counts(base))}")
            for rule, recording in bad:
                row.faulty += 1
                seen = rule in faults(coached(spec, recording, hz))
                row.told += seen
                if not seen:
                    row.wrong.append(f"{name}/{rule} not told")
    return rows


def _faulty(spec: ExerciseSpec) -> Iterator[tuple[str, Recording]]:
    """Those faults that are told of at full rate."""
    for rule in spec.form:
        try:
            recording = with_fault(spec.id, rule.id, SIDE, FULL_HZ)
        except (CoxaError, ValueError):
            continue  # nobody can be made to do it
        if rule.id in faults(coached(spec, recording, FULL_HZ)):
            yield rule.id, recording


def real(rates: list[float]) -> dict[float, Row]:
    """UI-PRMD, through the coach alone."""
    rows = {}
    for hz in rates:
        rows[hz] = row = Row()
        every = max(round(MARKERS_HZ / hz), 1)
        for movement in VARIANTS:
            for person in (*FITTED_TO, *HELD_OUT):
                side = ""
                for label in ("correct", "incorrect"):
                    path = required_folder() / "uiprmd" / f"{movement}_{person}_{label}.npz"
                    done = [marker_motion(_sparse(one.recording, every)) for one in load_uiprmd(path)]
                    side = side or side_of(movement, done)
                    spec = spec_of(movement)
                    coach = Coach(
                        spec, loader.coach_rules(), sets=1, repetitions=0,
                        sides=() if spec.sides == "none" else (side,),
                    )  # fmt: skip
                    state = coach.begin()
                    for frame in series(done):
                        state, _ = coach.step(state, frame)
                    found = len(coach.summary(state).repetitions)
                    row.series += 1
                    row.exact += found == len(done)
                    if found != len(done):
                        row.wrong.append(f"{movement} {person} {label} {found} for {len(done)}")
    return rows


def _sparse(recording: Recording, every: int) -> Recording:
    points = tuple(replace(one, position_m=one.position_m[::every]) for one in recording.space_points)
    return replace(recording, time_s=recording.time_s[::every], space_points=points)


def show(title: str, rows: dict[float, Row]) -> None:
    """A line a rate."""
    print(title)
    for hz, row in rows.items():
        said = f"{hz:5g} Hz: {row.exact} of {row.series} series counted exactly"
        if row.faulty:
            late_ms = 1e3 * np.array(row.late_s)
            said += (
                f"; {row.told} of {row.faulty} faults told, {row.wrongly} of {row.well} told of one wrongly;"
                f" counts later by {np.median(late_ms):.0f} ms, 95% {np.percentile(late_ms, 95):.0f} ms"
            )
        print(said)
        for one in row.wrong:
            print(f"          {one}")


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", default="15,10,7.5,6,5,4")
    parser.add_argument("--exercises", default="", help="only these, by id, separated by commas")
    arguments = parser.parse_args()
    rates = [float(one) for one in arguments.rates.split(",")]
    show("Real people, the coach alone", real(rates))
    names = [one for one in arguments.exercises.split(",") if one]
    show("Simulated people, estimate and coach", simulated(rates, names))


if __name__ == "__main__":
    main()
