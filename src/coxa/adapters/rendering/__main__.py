"""Draw clips into the cache: ``python -m coxa.adapters.rendering --split tuning --movement squat``.

Prints the path of each film; ``--list`` only names the clips. ``--bench`` draws what ``coxa validate``
measures, lets the pose network look at it, and keeps what it saw: half an hour, one ``--split`` on each core.
"""

from __future__ import annotations

import argparse
import sys
import time

from coxa.adapters.rendering.clips import bench, clips
from coxa.adapters.rendering.seen import Seen
from coxa.adapters.rendering.store import film
from coxa.model.errors import CoxaError
from coxa.specs.rendering import Fit, Split


def main() -> int:
    """Parse, draw, print."""
    parser = argparse.ArgumentParser(prog="python -m coxa.adapters.rendering", description=__doc__)
    parser.add_argument("--split", choices=[str(split) for split in Split], default="tuning")
    parser.add_argument("--movement", action="append")
    parser.add_argument("--body", action="append")
    parser.add_argument("--camera", action="append")
    parser.add_argument("--fit", action="append", choices=[str(fit) for fit in Fit])
    parser.add_argument("--list", action="store_true", help="only name the clips")
    parser.add_argument("--bench", action="store_true", help="what is validated, looked at by the network")
    told = parser.parse_args()
    if told.bench:
        return _bench(told.split)
    fits = [Fit(name) for name in told.fit or list(Fit)]
    try:
        for clip in clips(
            told.split, movements=told.movement, bodies=told.body, cameras=told.camera, fits=fits
        ):
            if told.list:
                sys.stdout.write(f"{clip.name}\n")
                continue
            began = time.perf_counter()
            path = film(clip)
            sys.stdout.write(f"{path}  {time.perf_counter() - began:.1f} s\n")
            sys.stdout.flush()
    except CoxaError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _bench(split: str) -> int:
    """Draw and look at every clip of a split that is not there yet."""
    try:
        wanted = list(bench(split))
        for k, clip in enumerate(wanted, start=1):
            Seen.of(clip)
            sys.stdout.write(f"{k} of {len(wanted)}: {clip.name}\n")
            sys.stdout.flush()
    except CoxaError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
