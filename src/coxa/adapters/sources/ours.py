"""What the readers of our own files share: the header, and what a person adds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.model.recording import Recording


def header_of(path: Path, title: str, recording: Recording, notes: tuple[str, ...] = ()) -> SourceHeader:
    """What a file of ours says of itself."""
    steps = np.diff(recording.time_s)
    constant = len(steps) > 0 and np.ptp(steps) < 0.02 * np.median(steps)
    return SourceHeader(
        path=path,
        format=title,
        n_frames=recording.n_frames,
        rate_hz=float(1.0 / np.median(steps)) if constant else None,
        notes=notes,
    )


def told(recording: Recording, options: ReadOptions) -> Recording:
    """The recording with the stature that a person told."""
    if options.height_m is None:
        return recording
    return replace(recording, subject=replace(recording.subject, height_m=options.height_m))
