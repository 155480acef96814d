"""What a report is made of: an assessment, its protocol, the motion it was read from, and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coxa.model.assessment import Assessment, SideResult
from coxa.model.motion import Motion, Observability
from coxa.specs.protocol import CompensationRule, ProtocolSpec, Quantity


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """One picture of the film, cut to the person.

    Attributes:
        side: under test, or empty.
        moment: what it shows, for people.
        time_s: on the recording's clock.
        jpeg: the picture.
        size_px: its width and height.
    """

    side: str
    moment: str
    time_s: float
    jpeg: bytes
    size_px: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """One assessment with everything its report may show.

    Attributes:
        assessment: what was found.
        protocol: the test.
        motion: what it was read from; None: no figures over time.
        key_frames: pictures of the film, in the order they are shown.
        helped: somebody held the other segment: it only says what that sets free.
    """

    assessment: Assessment
    protocol: ProtocolSpec
    motion: Motion | None = None
    key_frames: tuple[KeyFrame, ...] = ()
    helped: bool = False

    def quantity(self, result: SideResult) -> Quantity | None:
        """The protocol's own words of a result."""
        return next((one for one in self.protocol.quantities if one.id == result.quantity), None)

    def title_of(self, quantity: str) -> str:
        """Of a quantity, for people."""
        return next(
            (one.title for one in self.protocol.quantities if one.id == quantity),
            quantity.replace("_", " "),
        )

    @property
    def rules(self) -> tuple[CompensationRule, ...]:
        """What counts as cheating."""
        return self.protocol.compensations

    def told(self) -> Iterator[SideResult]:
        """Results that the source can tell at all."""
        for one in self.assessment.results:
            if one.level is not Observability.NOT_OBSERVABLE and one.result.known:
                yield one
