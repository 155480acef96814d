"""Rendered people of the bench: those that the table of observability is learned on, and those that report.

What the pose network saw is drawn once and kept (``adapters/rendering/seen.py``); where it is not there, the
recordings are absent, for drawing it takes half an hour: ``python -m coxa.adapters.rendering --bench``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from coxa.adapters.rendering.clips import Clip, bench
from coxa.adapters.rendering.seen import Seen, estimated, kept_at
from coxa.app.teach import Lesson
from coxa.app.validate import ReferenceTrial
from coxa.model.errors import SourceError
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.specs.estimator import ObservabilitySpec
from coxa.specs.rendering import Split

#: Kind of source -> the channels that it needs beside the keypoints.
_KINDS: dict[str, tuple[str, ...]] = {
    "pose_network": (),
    "back_outline": ("backs",),
    "pelvis_turn": ("turns",),
}


def lessons() -> Iterator[Lesson]:
    """Every clip that may be tuned on, for each kind of source that it can teach.

    Raises:
        SourceError: some were not drawn yet: a table learned on fewer would be another.
    """
    clips = list(bench(Split.TUNING))
    there = present(Split.TUNING)
    if len(there) < len(clips):
        raise SourceError(
            f"{len(clips) - len(there)} of {len(clips)} rendered clips were not drawn yet",
            "draw them: python -m coxa.adapters.rendering --bench",
        )
    for clip in clips:
        seen = Seen.of(clip)
        whole = seen.recording()
        for kind, channels in _KINDS.items():
            recording = replace(
                whole,
                backs=whole.backs if "backs" in channels else (),
                turns=whole.turns if "turns" in channels else (),
            )
            yield Lesson(kind, clip.body, seen.truth, seen.camera, partial(_estimate, recording))


def _estimate(recording: Recording, table: ObservabilitySpec) -> Motion:
    return estimated(recording, table)


def present(split: Split) -> list[Clip]:
    """Clips of the bench that the network has looked at."""
    return [clip for clip in bench(split) if kept_at(clip).is_file()]


@dataclass(frozen=True, slots=True)
class RenderedBench:
    """Bodies and cameras that nothing was fitted to; one part a body."""

    key: str = "rendered_bench"

    def parts(self) -> Sequence[str]:
        """One a body, if every clip is there."""
        clips = list(bench(Split.REPORTING))
        there = len(present(Split.REPORTING)) == len(clips)
        return tuple(dict.fromkeys(clip.body for clip in clips)) if there else ()

    def trials(self, part: str) -> Iterator[ReferenceTrial]:
        """Clips of one body, from every camera."""
        for clip in bench(Split.REPORTING):
            if clip.body == part:
                seen = Seen.of(clip)
                measure = partial(estimated, seen.recording())
                yield ReferenceTrial(part, clip.movement, clip.name, seen.truth, measure, clip.camera)
