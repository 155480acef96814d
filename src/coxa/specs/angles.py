"""How other software names and signs joint angles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from coxa.specs.estimator import Sourced, Spec


class Component(Spec):
    """A stored angle: its name there, and its sign against ours."""

    name: str
    sign: Literal[1, -1] = 1


class Turn(Spec):
    """A segment's rotation as Rz(z) Rx(x) Ry(y), ISB axes, from three stored angles."""

    z: Component
    x: Component
    y: Component


class AngleConvention(Sourced):
    """One software's coordinates.

    Attributes:
        title: for people to read.
        marks: names that tell it from a convention that has the other names too.
        direct: our coordinate -> the stored angle that is the same but for its sign.
        pelvis: the pelvis in the room; the first of which everything is stored counts.
        thorax: the thorax, likewise.
        thorax_in: what the thorax is told against.
        lengths: stored coordinates that are no angles.
        sd_deg: our coordinate without its side -> error to be expected.
        missing: our coordinate without its side -> why it is not there.
    """

    title: str
    marks: tuple[str, ...] = ()
    direct: dict[str, Component] = Field(default_factory=dict)
    pelvis: tuple[Turn, ...] = ()
    thorax: tuple[Turn, ...] = ()
    thorax_in: Literal["room", "pelvis"] = "room"
    lengths: tuple[str, ...] = ()
    sd_deg: dict[str, float]
    missing: dict[str, str] = Field(default_factory=dict)

    def names(self) -> set[str]:
        """Every stored name that is made use of."""
        turns = [part for turn in (*self.pelvis, *self.thorax) for part in (turn.z, turn.x, turn.y)]
        return {component.name for component in (*self.direct.values(), *turns)}


class AngleConventions(Spec):
    """All that are known.

    Attributes:
        version: of the table.
        knee_tells_deg: a knee bent by this much tells whether bending counts up or down.
        furthest_deg: an angle beyond this is a fault of the file.
        locked_deg: a stored angle that moves by less has been locked by its software, and was not measured.
        locked_frames: over at least so many frames.
        degrees_from_deg: where a file does not say its unit, an angle beyond this is in degrees.
        conventions: by name.
    """

    version: int
    knee_tells_deg: float = Field(gt=0)
    furthest_deg: float = Field(gt=360)
    degrees_from_deg: float = Field(gt=0)
    locked_deg: float = Field(ge=0)
    locked_frames: int = Field(ge=2)
    conventions: dict[str, AngleConvention]
