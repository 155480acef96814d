"""Mutation testing of the packages that make findings: how many small faults the quick tests would see.

A mutant is the code with one small fault put in (``<`` for ``<=``, ``+`` for ``-``, a number more). Where the
tests still pass they have a hole, or the mutant says the same in other words. All mutants would take hours,
so a package's share is estimated from a random sample, drawn with a fixed seed. Run by ``make mutation``;
what was found before is kept in ``mutants/``, and only survivors are run again, where ``--again`` is said.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scipy.stats import binomtest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("kinematics", "assess", "coach")
#: Exit codes of pytest, and those that the tool gives in its place: no test reaches it; not run yet.
SURVIVED, UNTESTED = 0, 33


def results(package: str) -> dict[str, int | None]:
    """Mutant -> exit code of its tests; None: not run."""
    found: dict[str, int | None] = {}
    for meta in sorted((ROOT / "mutants" / "src" / "coxa" / package).rglob("*.meta")):
        found |= json.loads(meta.read_text())["exit_code_by_key"]
    return found


def drawn(package: str, n: int, seed: int) -> list[str]:
    """The sample; the same for the same code."""
    everyone = sorted(results(package))
    return sorted(random.Random(seed).sample(everyone, min(n, len(everyone))))


def said(package: str, sample: Sequence[str]) -> str:
    """The score of a sample that was run, its interval, and whatever survived."""
    codes = results(package)
    tried = [name for name in sample if codes[name] is not None]
    left = [name for name in tried if codes[name] in (SURVIVED, UNTESTED)]
    if not tried:
        return f"{package}: nothing was run"
    found = binomtest(len(tried) - len(left), len(tried))
    low, high = found.proportion_ci(method="wilson")
    head = (
        f"{package}: {len(tried) - len(left)} of {len(tried)} mutants found "
        f"({100 * found.statistic:.0f} %, 95 % interval {100 * low:.0f}-{100 * high:.0f} %), "
        f"drawn from {len(codes)}"
    )
    lines = [f"  {name}{' (no test reaches it)' if codes[name] == UNTESTED else ''}" for name in left]
    return "\n".join([head, *lines])


def main() -> None:
    """Generate, draw, run, say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("packages", nargs="*", default=PACKAGES, help=f"of {', '.join(PACKAGES)}")
    parser.add_argument("--sample", type=int, default=150, help="mutants of each package")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--again", action="store_true", help="run once more whatever survived")
    parser.add_argument("--say", action="store_true", help="run nothing, say what was found")
    asked = parser.parse_args()
    if not asked.say:
        _run(["coxa.assess.words.*"])  # all mutants are made when any is run
    samples = {package: drawn(package, asked.sample, asked.seed) for package in asked.packages}
    due = [
        name
        for package, sample in samples.items()
        for name, code in results(package).items()
        if name in sample and (code is None or (asked.again and code in (SURVIVED, UNTESTED)))
    ]
    if due and not asked.say:
        _run(due)
    for package, sample in samples.items():
        print(said(package, sample), flush=True)


def _run(names: Sequence[str]) -> None:
    """One at a time: it is to leave a machine to others."""
    command = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", "run", "--max-children", "1"]
    subprocess.run([*command, *names], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
