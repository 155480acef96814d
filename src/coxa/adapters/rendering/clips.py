"""Which clips there are: movements x bodies x cameras x clothes, apart for tuning and for reporting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from coxa.adapters.rendering.arms import ARMS
from coxa.adapters.rendering.movements import MOVEMENTS
from coxa.adapters.rendering.picture import Sensor
from coxa.adapters.rendering.scene import Board
from coxa.catalog.loader import rendering
from coxa.model.errors import SpecError
from coxa.specs.rendering import BodySpec, CameraSpec, Fit, LightSpec, RenderingSpec, RoomSpec, Split


@dataclass(frozen=True, slots=True)
class Clip:
    """One film to be: all names are of the catalogue.

    Attributes:
        movement: of ``movements.MOVEMENTS``.
        body: of the split's bodies.
        camera: of the split's cameras.
        split: whether it may be tuned on.
        fit: of the clothes.
        arms: where the hands are; None: as suits the movement.
        light: of the catalogue.
        room: of the catalogue.
        width_px: of the picture.
        height_px: likewise.
        rate_hz: frames a second.
        pace: times as fast as the script.
        exposure_s: 0: no motion blur.
        samples: along each side of a pixel; 4 where boards must be sharp.
        sensor: lens and noise.
        seed: of noise, folds and furniture.
        mirrored: left and right exchanged.
        boards: worn.
    """

    movement: str
    body: str
    camera: str
    split: Split = Split.TUNING
    fit: Fit = Fit.TIGHT
    arms: str | None = None
    light: str = "lamp"
    room: str = "parlour"
    width_px: int = 640
    height_px: int = 480
    rate_hz: float = 30.0
    pace: float = 1.0
    exposure_s: float = 0.0
    samples: int = 2
    sensor: Sensor = field(default_factory=Sensor)
    seed: int = 0
    mirrored: bool = False
    boards: tuple[Board, ...] = ()

    def __post_init__(self) -> None:
        spec = rendering()
        _known("movement", self.movement, MOVEMENTS)
        _known(f"body for {self.split}", self.body, spec.bodies[self.split])
        _known(f"camera for {self.split}", self.camera, spec.cameras[self.split])
        _known("light", self.light, spec.lights)
        _known("room", self.room, spec.rooms)
        if self.arms is not None:
            _known("place of the arms", self.arms, ARMS)

    @property
    def name(self) -> str:
        """For people and files."""
        arms = f"_{self.arms}" if self.arms else ""
        mirrored = "_mirrored" if self.mirrored else ""
        return f"{self.movement}_{self.body}_{self.camera}_{self.fit}{arms}{mirrored}"

    @property
    def parts(self) -> tuple[BodySpec, CameraSpec, LightSpec, RoomSpec]:
        """What the names stand for."""
        spec: RenderingSpec = rendering()
        return (
            spec.bodies[self.split][self.body],
            spec.cameras[self.split][self.camera],
            spec.lights[self.light],
            spec.rooms[self.room],
        )


def _known(what: str, name: str, among: Iterable[str]) -> None:
    names = list(among)
    if name not in names:
        raise SpecError(f"no {what} {name!r}", f"choose one of: {', '.join(names)}")


@cache
def _cameras_for() -> dict[str, tuple[str, ...]]:
    """Which views tell something about a movement."""
    profile = ("side", "oblique", "rear")
    turning = ("front", "oblique", "rear", "overhead")
    swinging = ("front", "oblique")
    table: dict[str, tuple[str, ...]] = {"neutral": ("front", "oblique", "side", "rear", "overhead")}
    for name in MOVEMENTS:
        if name.startswith("rotation"):
            table[name] = turning
        elif name.startswith(("heel_to_stick", "seated_rotation", "one_leg")):
            table[name] = swinging
        else:
            table.setdefault(name, profile)
    return table


def clips(
    split: Split | str,
    *,
    movements: Sequence[str] | None = None,
    bodies: Sequence[str] | None = None,
    cameras: Sequence[str] | None = None,
    fits: Sequence[Fit] = tuple(Fit),
) -> Iterator[Clip]:
    """Every clip of a split, light and room going round so that each meets all.

    Args:
        split: ``tuning`` or ``reporting``.
        movements: some of them; None: all.
        bodies: likewise.
        cameras: likewise; None: those that suit the movement.
        fits: of the clothes.
    """
    which = Split(split)
    spec = rendering()
    lights, rooms = list(spec.lights), list(spec.rooms)
    k = 0
    for movement in movements or MOVEMENTS:
        for body in bodies or spec.bodies[which]:
            for camera in cameras or _cameras_for()[movement]:
                for fit in fits:
                    light, room = lights[k % len(lights)], rooms[k // len(lights) % len(rooms)]
                    yield Clip(movement, body, camera, which, fit, light=light, room=room, seed=k)
                    k += 1


#: Seen from the side, where the outline of the back tells.
_PROFILES = (
    *("hinge_lumbar_0", "hinge_lumbar_20", "hinge_lumbar_40", "hinge_rounded", "hinge_chest_out"),
    *("waiters_bow", "squat", "squat_tuck", "leg_raise", "leg_raise_tuck", "bridge", "bridge_arched"),
    *("buttocks_tucked", "buttocks_out"),
)
_BENCH_RATE_HZ = 6.0


def bench(split: Split | str) -> Iterator[Clip]:
    """What ``coxa validate`` measures, in tight clothes: each body doing each thing before each fit camera.

    Left and right go round, as light and room do.
    """
    which = Split(split)
    spec = rendering()
    lights, rooms = list(spec.lights), list(spec.rooms)
    k = 0
    for movement, camera in _bench_views():
        for body in spec.bodies[which]:
            light, room = lights[k % len(lights)], rooms[k // len(lights) % len(rooms)]
            mirrored = k % 2 == 1 and camera != "side"
            yield Clip(
                movement,
                body,
                camera,
                which,
                light=light,
                room=room,
                rate_hz=_BENCH_RATE_HZ,
                seed=k,
                mirrored=mirrored,
            )
            k += 1


def _bench_views() -> Iterator[tuple[str, str]]:
    """Movement and camera."""
    for movement in MOVEMENTS:
        if movement.startswith("rotation"):
            sitting = "standing" not in movement
            yield from ((movement, camera) for camera in ("front", "oblique", "rear", "overhead"))
            yield from ((movement, camera) for camera in ("side",) if sitting)
    for movement in ("heel_to_stick", "seated_rotation", "squat", "hinge_lumbar_20"):
        yield from ((movement, camera) for camera in ("front", "oblique"))
    for movement in _PROFILES:
        yield movement, "side"
    for movement in ("squat", "hinge_lumbar_20", "heel_to_stick"):
        yield movement, "rear"
