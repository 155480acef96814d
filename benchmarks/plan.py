"""Plans of random people: does every law hold, is every plan the same twice, and how long does one take?

    python benchmarks/plan.py [people]      1,000 without a number

Times are told as seen on the clock and as spent by the processor; they differ where others use the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

sys.path.insert(0, str(Path(__file__).parents[1]))

from coxa.model.plan import Programme
from coxa.plan.programme import made
from coxa.plan.schedule import mend, solve
from tests.support.plan_laws import broken_laws
from tests.support.plans import PLANNING, random_request


def timed(seed: int) -> tuple[Programme, float, float]:
    """A plan made with nothing kept from earlier ones, ms on the clock, ms of the processor."""
    request = random_request(seed)
    solve.cache_clear()
    mend.cache_clear()
    clock, spent = perf_counter(), process_time()
    plan = made(request, PLANNING)
    return plan, 1e3 * (perf_counter() - clock), 1e3 * (process_time() - spent)


def main(people: int) -> None:
    broken, unlike, empty, relaxed, n_sessions, n_exercises = 0, 0, 0, 0, 0, 0
    clocks, spents = [], []
    for seed in range(people):
        plan, clock, spent = timed(seed)
        clocks.append(clock)
        spents.append(spent)
        faults = broken_laws(plan, random_request(seed), PLANNING)
        broken += bool(faults)
        if faults:
            print(seed, faults[:3])
        if seed % 10 == 0:
            unlike += timed(seed)[0] != plan
        sessions = [one for week in plan.weeks for one in week.sessions]
        empty += not sessions
        relaxed += any(week.relaxations for week in plan.weeks)
        n_sessions += len(sessions)
        n_exercises += sum(len(one.exercises) for one in sessions)
    print(f"{people} people, {n_sessions} sessions, {n_exercises} exercises")
    print(f"broken laws: {broken}; not the same twice: {unlike} of {len(range(0, people, 10))} tried")
    print(f"plans that name a relaxation: {relaxed}; without any session: {empty}")
    for name, times in (("on the clock", clocks), ("processor", spents)):
        tenths = quantiles(times, n=20)
        print(
            f"{name}: median {median(times):.0f} ms, 95 % below {tenths[-1]:.0f} ms, most {max(times):.0f} ms"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
