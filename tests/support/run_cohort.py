"""Runs a cohort of made-up recordings in a process of its own."""

from __future__ import annotations

import argparse

import typer

from coxa.bootstrap.cohort import CohortOptions, cohort
from coxa.cli.exits import exit_codes
from tests.support.cohorts import WORK


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("inputs")
    parser.add_argument("out")
    parser.add_argument("--engine", default="serial")
    parser.add_argument("--scheduler", default="")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--patience", type=float, default=20.0)
    asked = parser.parse_args()
    options = CohortOptions(
        engine=asked.engine,
        scheduler=asked.scheduler,
        workers=asked.workers,
        memory_mb=600.0,
        patience_s=asked.patience,
        report=False,
        work=WORK,
    )
    with exit_codes():
        run = cohort([asked.inputs], "deep_squat", asked.out, options)
        print(run.index["digest"], run.tally.n_before, run.tally.n_done)


if __name__ == "__main__":
    try:
        main()
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
