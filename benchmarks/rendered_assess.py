"""Tests of the hip on rendered people who cheat by known amounts: what each source lets an assessment tell.

Rendered people that nothing was fitted to do nine protocols, well and cheating (a pelvis that follows, hikes,
drops or tucks, a leaning trunk, a bent back, a drifting knee; 12 to 40 deg), each before the camera that the
protocol asks for, once a clip, at 6 pictures a second. What the real pose network saw is kept in .build/seen.
The phone is simulated from the clip's exact segments: askew, slipping, drifting; where so short a movement
does not tell the clocks apart (the product then refuses, and asks for a quick movement first), they are taken
as known to 0.05 s. Boards (``--boards``) are drawn at 1080p from behind, on the trunk's turn standing.

A rule is plainly broken at 10 deg and 4 beyond its limit, plainly kept 4 below it (as ``coxa bench assess``
has it). ``told``: of those broken, said to be; ``spared``: of those kept, not said to be broken; ``missed``:
broken and said to be clean; ``close``: of all of these, too close to call; ``silent``: of all rules, said not
to be observable. ``claims``: said of what the source has not been shown to tell. ``in 95%``: changes said
to be observed whose interval held.

Usage: python benchmarks/rendered_assess.py [--only PROTOCOL ...] [--split reporting] [--boards] [--wrong]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402

from coxa.app.held_against_truth import Judged  # noqa: E402
from coxa.model.assessment import Verdict  # noqa: E402
from coxa.specs.rendering import Split  # noqa: E402
from tests.support.rendered_assess import (  # noqa: E402
    BOARD_BODIES,
    BOARD_TEST,
    TESTS,
    Outcome,
    Source,
    clips_of,
    outcome,
    sources_of,
    summed,
    with_boards,
)

HEAD = (
    f"{'source':<24}{'counted':>9}{'joint part':>16}{'told':>14}{'spared':>14}"
    f"{'missed':>8}{'close':>7}{'silent':>8}{'claims':>8}{'in 95%':>8}"
)


def outcomes(only: Sequence[str], split: Split) -> Iterator[Outcome]:
    """Every clip of the protocols as every source sees it."""
    for test in TESTS:
        if only and test.protocol not in only:
            continue
        for clip in clips_of(test, split):
            print(clip.name, file=sys.stderr)
            for source in sources_of(test):
                yield outcome(test, clip, source)


def boards() -> Iterator[Outcome]:
    """The trunk's turn, standing, from behind: with boards, and what the same camera tells without."""
    for movement in BOARD_TEST.movements:
        for body in BOARD_BODIES:
            yield from with_boards(movement, body)


def _share(verdicts: Sequence[Verdict], share: float) -> str:
    return f"{share:.2f} of {len(verdicts)}" if verdicts else "-"


def line(source: Source, found: Judged) -> str:
    """One row of the table."""
    joint = f"{found.joint_median_deg:.1f} deg ({len(found.joint_deg)})" if found.joint_deg else "-"
    missed = sum(one is Verdict.CLEAN for one in found.broken)
    asked = len(found.broken) + len(found.kept)
    close = f"{found.uncertain_far:.2f}" if asked else "-"
    silent = f"{found.silent / found.asked:.2f}" if found.asked else "-"
    held = f"{found.held_95:.2f}" if found.in_95 else "-"
    return (
        f"{source.value:<24}{f'{found.counted}/{found.of}':>9}{joint:>16}"
        f"{_share(found.broken, found.sensitivity):>14}{_share(found.kept, found.specificity):>14}"
        f"{missed:>8}{close:>7}{silent:>8}{found.claims:>8}{held:>8}"
    )


def show(found: Sequence[Outcome], wrong: bool) -> None:
    """Tables: each protocol, then all."""
    for protocol in dict.fromkeys(one.test.protocol for one in found):
        mine = [one for one in found if one.test.protocol == protocol]
        print(f"\n{protocol}, {mine[0].test.camera} camera, {len({one.clip.name for one in mine})} clips")
        _rows(mine)
        if wrong:
            _mistakes(mine)
    if len({one.test.protocol for one in found}) > 1:
        print("\nall")
        _rows(found)
    phones = [one.clock_told for one in found if one.clock_told is not None]
    if phones:
        print(f"\nclocks told apart by the movement itself: {sum(phones)} of {len(phones)} phones")


def _rows(found: Sequence[Outcome]) -> None:
    print(HEAD)
    for source in Source:
        mine = [one for one in found if one.source is source]
        if mine:
            print(line(source, summed(mine)))


def _mistakes(found: Sequence[Outcome]) -> None:
    for one in found:
        for side, rule, true, said in one.judged.wrong:
            where = f"{one.clip.movement} {one.clip.body} {side}".strip()
            print(f"  {one.source.value}: {where}: {rule} truly {true:.1f}, said {said:.1f} deg")


def main() -> None:
    """Draw what is not there yet, measure, assess, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", default=(), choices=[test.protocol for test in TESTS])
    parser.add_argument("--split", default=Split.REPORTING.value, choices=[one.value for one in Split])
    parser.add_argument("--boards", action="store_true", help="boards instead of all else: slow to draw")
    parser.add_argument("--wrong", action="store_true", help="name each plain mistake")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    show(list(boards() if asked.boards else outcomes(asked.only, Split(asked.split))), asked.wrong)


if __name__ == "__main__":
    main()
