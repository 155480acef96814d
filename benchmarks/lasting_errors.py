"""How far errors at the start of a repetition and later go together (``lasting`` in catalog/assess.yaml).

Simulated people of the tuning seed of ``coxa bench assess`` do its protocols, and rendered people kept in
.build/seen (benchmarks/outline.py draws them) are looked at by the real network. For each coordinate the
largest correlation up to 0.9 is chosen at which 95 % of the intervals of changes hold what was done, and most
of each person's; for a pose network the lesser of both. Then the same, learned on every other performance and
checked on the rest.

Mixtures that no simulation has (the outline of the back, the turn of the knees, a phone beside a film) are
learned on rendered people alone (``--rendered``).

Usage: python benchmarks/lasting_errors.py [--runs N] [--seed SEED] [--rendered keypoints|read|sacrum|shank]
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coxa.adapters.rendering.clips import bench  # noqa: E402
from coxa.adapters.rendering.seen import Seen, estimated, kept_at  # noqa: E402
from coxa.app.bench_assess import TUNING_SEED, Source, Staged, stage  # noqa: E402
from coxa.assess.reading import resolved  # noqa: E402
from coxa.model.motion import Motion, Observability  # noqa: E402
from coxa.model.recording import Recording  # noqa: E402
from coxa.simulate.acts import ACTS  # noqa: E402
from coxa.simulate.cheating import Done  # noqa: E402
from coxa.specs.rendering import Split  # noqa: E402
from tests.support.rendered_assess import TESTS, clips_of, with_phone  # noqa: E402

Change = tuple[float, float, float]  # error of a change, sd at its start, sd at its end [rad]
Changes = dict[str, list[Change]]
_GRID = np.arange(0.0, 0.91, 0.05)
_EACH, _EACH_BODY = 0.85, 0.9
_FEW, _OF_FEW = 3, 0.5  # fewer people than this bear no more than that
_SEEN_AS = "pose_network"
_OF_A_SIDE = re.compile("_(left|right)_phone")


def between(motion: Motion, truth: Motion, name: str, start: int, ends: list[int]) -> Iterator[Change]:
    """Changes of one coordinate from a frame to later ones, where it is told at all."""
    column = motion.index(name)
    if (motion.observability[start : max(ends) + 1, column] == Observability.NOT_OBSERVABLE).any():
        return
    error = np.angle(np.exp(1j * (motion.value[:, column] - truth.value[:, column])))
    for end in ends:
        yield float(error[end] - error[start]), float(motion.sd[start, column]), float(motion.sd[end, column])


def base(name: str) -> str:
    return name.removesuffix("_left").removesuffix("_right")


def watched(one: Staged, done: Done) -> set[str]:
    quantity = next(q for q in one.protocol.quantities if q.id == done.trial.quantity)
    names = [rule.coordinate for rule in one.protocol.compensations]
    names += [quantity.coordinate, *(part.coordinate for part in quantity.ledger)]
    return {resolved(name, done.trial.side) for name in names}


def simulated(n_runs: int, seed: int) -> dict[str, list[Changes]]:
    """Kinds of source -> changes of each performance."""
    found: dict[str, list[Changes]] = defaultdict(list)
    for number in range(n_runs):
        rng = np.random.default_rng([seed, number])
        one = stage(tuple(ACTS)[number % len(ACTS)], rng)
        truth = one.performance.truth()
        for source in Source:
            motion, kinds = one.seen_by(source, rng)
            if kinds is None:
                continue
            changes: Changes = defaultdict(list)
            for done in one.what.done:
                way = done.there_s - done.start_s
                moments = [done.start_s + share * way for share in (0.5, 0.75, 1.0)]
                ends = np.searchsorted(motion.time_s[:-1], [*moments, done.leave_s]).tolist()
                start = int(np.searchsorted(motion.time_s, done.start_s))
                for name in watched(one, done):
                    changes[base(name)] += between(motion, truth, name, start, ends)
            found["+".join(kinds)].append(changes)
        print(f"{number + 1} of {n_runs}: {one.protocol.id}", file=sys.stderr)
    return found


def rendered(seen_as: str) -> dict[str, list[tuple[str, Changes]]]:
    """Kinds of source (of either side) -> body and changes of each film of those kept for tuning.

    Args:
        seen_as: of ``VIEWS``: keypoints only, or with what else the product reads, or with a phone besides.
    """
    found = defaultdict(list)
    cheating = [clip for test in TESTS for clip in clips_of(test, Split.TUNING)]
    for clip in dict.fromkeys(clip for clip in (*bench("tuning"), *cheating) if kept_at(clip).exists()):
        seen = Seen.of(clip)
        for motion in VIEWS[seen_as](seen):
            ends = list(range(5, len(motion.time_s), 2))
            changes: Changes = defaultdict(list)
            for name in motion.coordinates:
                changes[base(name)] += between(motion, seen.truth, name, 1, ends)
            kinds = "+".join(motion.kinds)
            found[_OF_A_SIDE.sub("_phone", kinds)].append((clip.body, changes))
    return found


def keypoints_only(seen: Seen) -> list[Motion]:
    return [estimated(Recording(seen.time_s, image_points=(seen.points,), source=seen.clip.name))]


def as_read(seen: Seen) -> list[Motion]:
    """With the outline of the back and the turn of the knees where they are told."""
    return [estimated(seen.recording())]


def with_phone_on(segment: str, seen: Seen) -> list[Motion]:
    """A phone on a segment of the side that moves (the right, mirrored the left) beside these."""
    if segment != "pelvis" and not seen.clip.movement.startswith(("heel_to_stick", "seated_rotation")):
        return []
    name = segment.replace("SIDE", "left" if seen.clip.mirrored else "right")
    return [with_phone(seen.recording(), seen.clip, name)[0]]


VIEWS = {
    "keypoints": keypoints_only,
    "read": as_read,
    "sacrum": partial(with_phone_on, "pelvis"),
    "shank": partial(with_phone_on, "tibia_SIDE"),
}


def held(changes: list[Change], correlation: float) -> float:
    """Share of the changes whose 95 % interval holds."""
    error, first, last = np.array(changes).T
    sd = np.sqrt(first**2 + last**2 - 2.0 * correlation * first * last)
    return float((np.abs(error) <= 1.96 * sd).mean())


def learned(people: list[Changes], each: float) -> dict[str, float]:
    """Coordinate -> correlation; ``each``: share of intervals that must hold in every performance or body."""
    table = {}
    for name in sorted({name for one in people for name, changes in one.items() if changes}):
        apart = [one[name] for one in people if one.get(name)]
        joined = [change for changes in apart for change in changes]
        fits = [
            c for c in _GRID if held(joined, c) >= 0.95 and min(held(changes, c) for changes in apart) >= each
        ]
        most = max(fits, default=0.0)
        if most > 0.0:
            table[name] = round(float(most if len(apart) >= _FEW else min(most, _OF_FEW)), 2)
    return table


def of_bodies(films: list[tuple[str, Changes]]) -> list[Changes]:
    """The changes of all films of one body together."""
    bodies: dict[str, Changes] = {}
    for body, changes in films:
        mine = bodies.setdefault(body, defaultdict(list))
        for name, some in changes.items():
            mine[name] += some
    return list(bodies.values())


def checked(learners: list[Changes], others: list[Changes]) -> str:
    table = learned(learners, _EACH)
    shares, counts = [], []
    for one in others:
        for name, changes in one.items():
            if changes:
                shares.append(held(changes, table.get(name, 0.0)))
                counts.append(len(changes))
    return f"{np.average(shares, weights=counts):.3f} of {sum(counts)}"


def show_rendered(seen_as: str) -> None:
    """Kinds that four bodies alone have shown; checked on the two that were left out."""
    for kinds, films in rendered(seen_as).items():
        bodies = of_bodies(films)
        print(f"# {kinds}: {len(films)} films of {len(bodies)} bodies")
        print(f"# other half: {checked(bodies[::2], bodies[1::2])}")
        print(f"  {kinds}:")
        for name, correlation in sorted(learned(bodies, _EACH_BODY).items()):
            print(f"    {name}: {correlation}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=24)
    parser.add_argument("--seed", type=int, default=TUNING_SEED)
    parser.add_argument("--rendered", choices=list(VIEWS), help="rendered people alone, so seen")
    asked = parser.parse_args()
    if asked.rendered:
        show_rendered(asked.rendered)
        return
    films = rendered("keypoints").get(_SEEN_AS, [])
    for kinds, people in simulated(asked.runs, asked.seed).items():
        table = learned(people, _EACH)
        if kinds == _SEEN_AS and films:
            bodies = of_bodies(films)
            other = learned(bodies, _EACH_BODY)
            table = {name: min(table.get(name, 1.0), other.get(name, 1.0)) for name in {*table, *other}}
            print(f"# rendered, other half: {checked(bodies[::2], bodies[1::2])}")
        print(f"# {kinds}, other half: {checked(people[::2], people[1::2])}")
        print(f"  {kinds}:")
        for name, correlation in sorted(table.items()):
            print(f"    {name}: {correlation}")


if __name__ == "__main__":
    main()
