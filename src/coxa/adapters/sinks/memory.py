"""Sinks that keep what they are given: the whole motion, or only what sums it up."""

from __future__ import annotations

from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.summary import MotionTally


class Collector:
    """Keeps the whole motion."""

    def __init__(self) -> None:
        self._parts: list[Motion] = []

    def write(self, recording: Recording, motion: Motion) -> None:
        """Keep some frames."""
        self._parts.append(motion)

    def commit(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Forget them."""
        self._parts.clear()

    @property
    def motion(self) -> Motion:
        """All frames written."""
        return Motion.concatenate(self._parts)


class TallySink:
    """Keeps the figures that sum the motion up, in constant memory."""

    def __init__(self) -> None:
        self.tally = MotionTally()

    def write(self, recording: Recording, motion: Motion) -> None:
        """Count some frames."""
        self.tally.add(motion)

    def commit(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Nothing was written."""
