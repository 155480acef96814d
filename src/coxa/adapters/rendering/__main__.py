"""Draw clips into the cache: ``python -m coxa.adapters.rendering --split tuning --movement squat``.

Prints the path of each film; ``--list`` only names the clips.
"""

from __future__ import annotations

import argparse
import sys
import time

from coxa.adapters.rendering.clips import clips
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
    told = parser.parse_args()
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


if __name__ == "__main__":
    raise SystemExit(main())
