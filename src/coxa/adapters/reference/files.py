"""Reference angles and recordings in files that Coxa reads: what their modules share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.formats import open_recording
from coxa.app.request import ReadOptions
from coxa.model.motion import Motion, Observability
from coxa.model.recording import Recording

Floats = NDArray[np.float64]
Measure = Callable[..., Motion]  # as coxa.measure

_PART = 100_000  # frames; these files are shorter


def whole_recording(path: Path) -> Recording:
    """All frames of a file."""
    return Recording.concatenate(list(open_recording(path, ReadOptions()).parts(_PART)))


def given_angles(recording: Recording) -> dict[str, Floats]:
    """The file's own name of an angle -> (n_frames,) rad."""
    return {
        name: channel.value[:, k]
        for channel in recording.angles
        for k, name in enumerate(channel.names)
        if channel.is_angle[k]
    }


def measured_at(measure: Measure, path: Path, time_s: Floats, **options: Any) -> Motion:
    """What Coxa makes of a file, at these times; NaN where it has no frame within half a step."""
    motion = measure(path, **options)
    step = float(np.median(np.diff(motion.time_s)))
    after = np.clip(np.searchsorted(motion.time_s, time_s), 1, len(motion.time_s) - 1)
    nearer = time_s - motion.time_s[after - 1] < motion.time_s[after] - time_s
    frames = np.where(nearer, after - 1, after)
    far = np.abs(motion.time_s[frames] - time_s) > 0.5 * step
    value, level = motion.value[frames].copy(), motion.observability[frames].copy()
    value[far], level[far] = np.nan, Observability.NOT_OBSERVABLE
    return replace(motion, time_s=time_s, value=value, sd=motion.sd[frames], observability=level)
