"""Whether the stated uncertainty is honest on real movements, also on the ill-done ones.

Replays UI-PRMD reduced to what a pose network sees and prints, per view, how often the 95% interval holds
the truth, whatever is claimed. Priors and offsets were fitted on s01-s03; s04-s05 are only reported. The
statistics of what is claimed: ``coxa validate --only uiprmd_keypoints``.

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

from coxa.adapters.reference.uiprmd_keypoints import VIEWS, UiprmdKeypoints  # noqa: E402
from coxa.app.agreement import coverage  # noqa: E402
from coxa.catalog import loader  # noqa: E402
from coxa.model.motion import Motion  # noqa: E402
from coxa.report.coverage import lines  # noqa: E402
from tests.support.reference import required_folder  # noqa: E402

Pair = tuple[Motion, Motion]


def pairs_of(source: UiprmdKeypoints, part: str) -> list[Pair]:
    """Estimated and true motions of one file and view."""
    return [(trial.measure(), trial.truth) for trial in source.trials(part)]


def show(title: str, pairs: list[Pair]) -> None:
    """The table of some repetitions."""
    print(f"\n{title}, {len(pairs)} repetitions")
    print("\n".join(lines(coverage(pairs, loader.observability()).values())))


def main() -> None:
    """Replay, tabulate, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--fitted", action="store_true", help="on s01-s03, that the priors were fitted to")
    parser.add_argument("--views", default=",".join(VIEWS))
    parser.add_argument("--repetitions", type=int, default=4, help="of each movement and person, at most")
    parser.add_argument("--incorrect", action="store_true", help="the incorrectly done repetitions")
    options = parser.parse_args()
    fitted_on = loader.validation().sources["uiprmd_keypoints"].developed_on
    label = "incorrect" if options.incorrect else "correct"
    everything: list[Pair] = []
    with ProcessPoolExecutor(2) as pool:
        for view in options.views.split(","):
            source = UiprmdKeypoints(
                required_folder(), views=(view,), label=label, repetitions=options.repetitions
            )
            parts = [part for part in source.parts() if (part.split("_")[1] in fitted_on) == options.fitted]
            pairs = [pair for some in pool.map(partial(pairs_of, source), parts) for pair in some]
            show(f"{view}, {label}", pairs)
            everything += pairs
    show("all views together", everything)


if __name__ == "__main__":
    main()
