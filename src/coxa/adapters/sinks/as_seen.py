"""Points where the lens showed them, for what is drawn on its own pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coxa.app.ports import Lens, MotionSink
from coxa.model.motion import Motion
from coxa.model.recording import Recording


@dataclass(frozen=True, slots=True)
class AsSeen:
    """Puts the distortion of the lens back on the points of the first camera before a sink draws them.

    Attributes:
        sink: draws them.
        lens: of the film.
    """

    sink: MotionSink
    lens: Lens

    def write(self, recording: Recording, motion: Motion) -> None:
        """Hand on some frames."""
        points, *others = recording.image_points
        camera = points.camera
        seen = self.lens.seen(points.position_px, camera.width_px, camera.height_px)
        drawn = replace(points, position_px=seen)
        self.sink.write(replace(recording, image_points=(drawn, *others)), motion)

    def commit(self) -> None:
        """As the sink does."""
        self.sink.commit()

    def abort(self) -> None:
        """As the sink does."""
        self.sink.abort()
