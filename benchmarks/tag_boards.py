"""Printed boards on moving bodies: are they found, how well, do they flip, what does it cost.

Pictures are made up: boards under perspective with lens and motion blur, noise, uneven light, before clutter.
People, cameras and films are drawn from seeds that nothing was tuned on (those below 1000 were for tuning).

A long run can be made in parts: clips are kept in a folder, and those found there are not made again.

Usage: python benchmarks/tag_boards.py [--frames 10000] [--tuning] [--estimator N] [--lone N] [--keep DIR]
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from coxa.simulate.library import SCRIPTS  # noqa: E402
from tests.support.tag_coverage import coverage_of_boards, table_of_lone_faces  # noqa: E402
from tests.support.tag_films import PLACES, Case, Outcome, longest_run, one_thread, run  # noqa: E402

#: Movements in which the boards of each place stay where that camera can see them.
MOVEMENTS = {
    "behind": ("squat", "standing_hip_rotation", "trunk_rotation", "side_lunge", "walking", "lunge"),
    "front": ("squat", "standing_hip_rotation", "seated_hip_rotation", "side_lunge", "walking", "lunge"),
    "right": ("squat", "hinge", "walking", "lunge", "standing_hip_rotation"),
}
HEAD = (
    f"{'board':<12} {'frames':>7} {'read':>6} {'median':>7} {'95%':>6} {'99%':>6} "
    f"{'>20 deg':>8} {'alone >20':>9} {'longest':>8}"
)
TRUNK = ("sacrum", "t12", "upper_back", "sternum")
FLIPPED_DEG, LATCHED_FRAMES = 20.0, 9
REPORTED_FROM = 1000


def cases(n_frames: int, first_seed: int) -> Iterator[Case]:
    """Clips of 120 frames, places and movements in turn."""
    places = list(PLACES)
    for k in range(-(-n_frames // 120)):
        place = places[k % len(places)]
        known = [name for name in MOVEMENTS[place] if name in SCRIPTS]
        yield Case(first_seed + k, place, known[(k // len(places)) % len(known)])


def kept(folder: Path | None, case: Case) -> Outcome:
    """What came of a clip, from the folder if it was made before."""
    if folder is None:
        return run(case)
    file = folder / f"{case.seed}_{case.place}_{case.script}.pickle"
    if not file.exists():
        outcome = run(case)
        written = file.with_suffix(".part")
        written.write_bytes(pickle.dumps(outcome))
        written.rename(file)
    found: Outcome = pickle.loads(file.read_bytes())
    return found


def main() -> None:
    """Make, track, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--tuning", action="store_true", help="the people and cameras of the tuning half")
    parser.add_argument("--estimator", type=int, default=40, help="simulated runs through the estimator")
    parser.add_argument("--lone", type=int, default=0, help="films of which one face alone is read")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder of the clips already made")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    one_thread()
    todo = list(cases(options.frames, 0 if options.tuning else REPORTED_FROM))
    with ProcessPoolExecutor(options.processes, initializer=one_thread) as pool:
        outcomes = list(zip(todo, pool.map(partial(kept, options.keep), todo), strict=True)) if todo else []
    if outcomes:
        show(outcomes)
    if options.estimator:
        print(coverage_of_boards(options.estimator, 0 if options.tuning else REPORTED_FROM))
    if options.lone:
        print(table_of_lone_faces(options.lone, 0 if options.tuning else REPORTED_FROM))


def show(outcomes: list[tuple[Case, Outcome]]) -> None:
    """All of it, in turn."""
    n = sum(len(one.seconds) for _, one in outcomes)
    print(f"{n} frames, {len(outcomes)} people; 2-3 m, 1920x1080, blur 0.6-1.2 px, exposure 1/250-1/90 s")
    print(HEAD)
    for name in (*sorted({name for _, one in outcomes for name in one.seen}), "all"):
        print(row(name, [(one, each) for _, one in outcomes for each in one.seen if name in ("all", each)]))
    latched = [
        (case, name)
        for case, one in outcomes
        for name, error in one.error_deg.items()
        if longest_run(error > FLIPPED_DEG) >= LATCHED_FRAMES
    ]
    print(f"latched flips (over {FLIPPED_DEG:.0f} deg for {LATCHED_FRAMES} frames or more): {len(latched)}")
    for case, name in latched:
        print(f"  {case.script} from {case.place}, seed {case.seed}: {name}")
    limbs = [
        one.seen[name][one.facing[name]]
        for case, one in outcomes
        for name in one.seen
        if case.script == "walking" and name not in TRUNK
    ]
    if limbs:
        print(f"limbs read while walking: {np.concatenate(limbs).mean():.1%}")
    cost = 1e3 * np.concatenate([one.seconds for _, one in outcomes])
    chi2 = np.concatenate([one.chi2 for _, one in outcomes])
    print(f"cost of tracking: mean {cost.mean():.1f} ms a frame, 99% {np.percentile(cost, 99):.1f} ms")
    print(f"false tags: {sum(one.false_tags for _, one in outcomes)}")
    held = (chi2 < 1.96**2).mean()
    print(f"corner errors in 95% intervals: {held:.1%}; squared over stated {chi2.mean():.2f}")


def row(name: str, mine: list[tuple[Outcome, str]]) -> str:
    """One line of the table."""
    error = np.concatenate([one.error_deg[each] for one, each in mine])
    alone = np.concatenate([one.single_deg[each] for one, each in mine])
    facing = np.concatenate([one.facing[each] for one, each in mine])
    seen = np.concatenate([one.seen[each] for one, each in mine])
    longest = max(longest_run(one.error_deg[each] > FLIPPED_DEG) for one, each in mine)
    known = np.isfinite(error)
    median, most, nearly = np.percentile(error[known], [50, 95, 99])
    flipped, alone_flipped = (error[known] > FLIPPED_DEG).mean(), (alone[known] > FLIPPED_DEG).mean()
    return (
        f"{name:<12} {facing.sum():>7} {seen[facing].mean():>6.1%} {median:>7.2f} {most:>6.2f} "
        f"{nearly:>6.2f} {flipped:>8.2%} {alone_flipped:>9.2%} {longest:>8}"
    )


if __name__ == "__main__":
    main()
