"""Whether the stated uncertainty is honest on real movements (issue 2, Show 3).

Replays UI-PRMD reduced to what a pose network sees and prints, per view, how often the 95% interval holds
the truth. Priors and offsets were fitted on s01-s03; s04-s05 are only reported.

Usage: python benchmarks/uiprmd_replay.py [--fitted] [--views side,front] [--repetitions N] [--incorrect]
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.model.motion import Motion  # noqa: E402
from tests.support.coverage import coverage, table  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402
from tests.support.replay import FITTED_ON, MOVEMENTS, REPORTED_ON, VIEWS, replays  # noqa: E402

Pair = tuple[Motion, Motion]


def pairs_of(
    folder: Path, view: str, people: tuple[str, ...], label: str, repetitions: int, movement: str
) -> list[Pair]:
    """Estimated and true motions of one movement."""
    found = replays(folder, view, people, (movement,), label=label, repetitions=repetitions)
    return [(one.estimated, one.true) for one in found]


def main() -> None:
    """Replay, tabulate, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fitted", action="store_true", help="on s01-s03, that the priors were fitted to")
    parser.add_argument("--views", default=",".join(VIEWS))
    parser.add_argument("--repetitions", type=int, default=4, help="of each movement and person, at most")
    parser.add_argument("--incorrect", action="store_true", help="the incorrectly done repetitions")
    options = parser.parse_args()
    folder = required_folder() / "uiprmd"
    people = FITTED_ON if options.fitted else REPORTED_ON
    label = "incorrect" if options.incorrect else "correct"
    everything: list[Pair] = []
    with ProcessPoolExecutor(2) as pool:
        for view in options.views.split(","):
            work = partial(pairs_of, folder, view, people, label, options.repetitions)
            pairs = [pair for some in pool.map(work, MOVEMENTS) for pair in some]
            print(f"\n{view}: {', '.join(people)}, {label}, {len(pairs)} repetitions")
            print(table(coverage(pairs)))
            everything += pairs
    print(f"\nall views together, {len(everything)} repetitions")
    print(table(coverage(everything)))


if __name__ == "__main__":
    main()
