"""A recording that is small enough to be held in memory whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coxa.app.ports import SourceHeader
from coxa.model.recording import Recording


class HeldRecording:
    """A :class:`~coxa.app.ports.RecordingReader` of a recording that has been read already."""

    def __init__(self, header: SourceHeader, recording: Recording) -> None:
        self._header = header
        self._recording = recording

    @property
    def header(self) -> SourceHeader:
        """What the file says of itself."""
        return self._header

    def sample(self, n_frames: int) -> Recording:
        """About so many frames, evenly spread over the whole."""
        step = max(1, int(np.ceil(self._recording.n_frames / n_frames)))
        return self._recording.window(slice(None, None, step))

    def parts(self, n_frames: int) -> Iterator[Recording]:
        """All frames, in consecutive recordings of at most so many."""
        for first in range(0, self._recording.n_frames, n_frames):
            yield self._recording.window(slice(first, first + n_frames))
