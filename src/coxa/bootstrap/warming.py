"""Code that is compiled when it is first used, compiled before: what reads uploads may not keep it.

``python -m coxa.bootstrap.warming PARENT`` fits a person who is not there, and leaves a mark beside what was
compiled, so that it is done once an installation.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_WIDTH, _HEIGHT, _N_FRAMES, _RATE_HZ = 640, 480, 60, 30.0
_MARK = "coxa-compiled-"


def warm() -> bool:
    """Compile what films take; False: it was done before, or cannot be kept."""
    from coxa.estimate import observations

    place = _kept_in(observations.add_image_points)
    if place is None:
        return False
    mark = place / f"{_MARK}{_newest(Path(observations.__file__).parents[1])}"
    if mark.exists():
        return False
    _fit()
    with suppress(OSError):
        for older in place.glob(f"{_MARK}*"):
            older.unlink()
        mark.touch()
    return True


def _kept_in(compiled: object) -> Path | None:
    """Where what is compiled is kept."""
    cache = getattr(compiled, "_cache", None)
    path = getattr(cache, "cache_path", None)
    return None if path is None else Path(path)


def _newest(package: Path) -> str:
    """Changes when the code does."""
    files = [*(package / "estimate").glob("**/*.py"), *(package / "kinematics").glob("**/*.py")]
    return f"{max(int(one.stat().st_mtime) for one in files)}-{len(files)}"


def _fit() -> None:
    """A second and a half of dots that are nobody's."""
    from dataclasses import replace

    import numpy as np

    from coxa.app.live import Layout
    from coxa.app.routes import smoother_for
    from coxa.model.recording import Recording

    layout = Layout(_WIDTH, _HEIGHT, "blazepose_lite").empty()
    points = layout.image_points[0]
    n, rng = len(points.names), np.random.default_rng(0)
    at = rng.uniform(0.3, 0.7, (1, n, 2)) * (_WIDTH, _HEIGHT) + rng.normal(0, 2, (_N_FRAMES, n, 2))
    shown = replace(
        points, position_px=at, visibility=np.ones((_N_FRAMES, n)), depth_m=np.zeros((_N_FRAMES, n))
    )
    estimator = smoother_for(layout)
    estimator.push(Recording(np.arange(_N_FRAMES) / _RATE_HZ, image_points=(shown,)))
    estimator.finish()


if __name__ == "__main__":
    from coxa.adapters.child_processes import die_with

    if len(sys.argv) > 1:
        die_with(int(sys.argv[1]))
    os.nice(15)
    warm()
