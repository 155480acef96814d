"""How long an assessment takes once the angles are there, and a report for print.

The trial: markers of UI-PRMD's standing leg raise (``uiprmd/m06_s01_correct.npz``), its repetitions one after
the other until a minute is full, 100 Hz. Timed apart: the assessment of the fitted motion; the PDF; the page
and the JSON. The best and the median of some rounds are told, after one that nobody counts; the first PDF of
a process, which loads the typesetter, is told apart, since who runs ``coxa assess`` waits for that one.

Usage: python benchmarks/assessment.py [--seconds 60] [--rounds 5] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from tests.support.reference import required_folder  # noqa: E402

RATE_HZ = 100
ASSESSMENT_S, PDF_S = 1.0, 2.0  # wanted: less than these


def motion_of(seconds: float):  # type: ignore[no-untyped-def]
    """So many seconds of fitted markers."""
    from coxa.adapters.reference.uiprmd import load_uiprmd
    from coxa.catalog.markers import marker_motion
    from coxa.model.motion import Motion

    path = required_folder() / "uiprmd" / "m06_s01_correct.npz"
    once = Motion.concatenate([marker_motion(one.recording) for one in load_uiprmd(path)])
    wanted = round(seconds * RATE_HZ)
    whole = Motion.concatenate([once] * -(-wanted // len(once.time_s)))
    return replace(
        whole,
        time_s=np.arange(wanted) / RATE_HZ,
        value=whole.value[:wanted],
        sd=whole.sd[:wanted],
        observability=whole.observability[:wanted],
    )


def rounds_of(work: Callable[[], object], rounds: int) -> list[float]:
    """Wall-clock seconds of each round; the first is the process's first."""
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def measured(seconds: float, rounds: int) -> dict[str, dict[str, float]]:
    """What takes how long."""
    from coxa.app.assess import Performed, run
    from coxa.assess.norms import Person
    from coxa.catalog.protocols import library
    from coxa.report.assessment import document
    from coxa.report.assessment.case import Case
    from coxa.report.assessment.page import page
    from coxa.report.assessment.print import pdf
    from coxa.report.assessment.sheet import sheet

    known, motion = library(), motion_of(seconds)
    name = "standing_leg_raise"
    found = run([Performed(motion)], name, known, Person())
    n = sum(len(result.repetitions) for result in found[0].results)
    print(f"{len(motion.time_s) / RATE_HZ:.0f} s of motion, {n} repetitions", file=sys.stderr)
    case = Case(found[0], known.protocol(name), motion)
    work: dict[str, Callable[[], object]] = {
        "assessment": lambda: run([Performed(motion)], name, known, Person()),
        "pdf": lambda: pdf(sheet([case])),
        "page and json": lambda: (page(sheet([case])), json.dumps(document(found))),
    }
    taken = {what: rounds_of(one, rounds) for what, one in work.items()}
    return {
        what: {"first_s": all_s[0], "median_s": statistics.median(all_s[1:]), "best_s": min(all_s[1:])}
        for what, all_s in taken.items()
    }


def main() -> None:
    """Print a line each, or one JSON."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--json", action="store_true")
    told = asked.parse_args()
    found = measured(told.seconds, told.rounds)
    if told.json:
        print(json.dumps(found, indent=2))
        return
    for what, taken in found.items():
        words = ", ".join(f"{name.removesuffix('_s')} {seconds:.2f} s" for name, seconds in taken.items())
        wanted = {"assessment": ASSESSMENT_S, "pdf": PDF_S}.get(what)
        verdict = "" if wanted is None else f" (wanted: under {wanted:g} s)"
        print(f"{what:<14} {words}{verdict}")


if __name__ == "__main__":
    main()
