"""A clip made: the body performed, placed in its room, drawn frame by frame, and what is true in it.

Truth is of the mesh: joint angles are those of the script, which the mesh takes exactly; angles of lines
(trunk, thigh, shank) are read between the mesh's own joint centres, with the formulas of ``kinematics``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.rendering.arms import arm_angles_deg
from coxa.adapters.rendering.clips import Clip
from coxa.adapters.rendering.dress import Dressed
from coxa.adapters.rendering.movements import MOVEMENTS, Movement, Rest
from coxa.adapters.rendering.picture import Extra, Painter, develop
from coxa.adapters.rendering.rig import Posed, Rig
from coxa.adapters.rendering.room import Box, backdrop
from coxa.adapters.rendering.scene import Image
from coxa.adapters.rendering.shape import rest_body
from coxa.catalog.loader import body_model, body_priors
from coxa.estimate.body import Pose
from coxa.estimate.derived import derived_coordinates
from coxa.kinematics.rotations import rotation_about
from coxa.model.camera import Camera
from coxa.model.coordinates import ALL, SIDES
from coxa.model.motion import Motion, Observability
from coxa.simulate.perform import perform, times
from coxa.simulate.person import Person
from coxa.simulate.script import Script

Floats = NDArray[np.float64]

_COUCH_M = 0.50
_MAT_M = 0.03
_SINK_M = 0.012  # how far flesh sinks into what carries it
_LEVER_RAD = np.radians(1.0)
_BLUR_INSTANTS = 5
_SCOUTS = 7  # instants looked at to find the floor and the middle of the picture


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture and what else is known of it.

    Attributes:
        time_s: of the middle of the exposure.
        rgb: (h, w, 3) uint8.
        mask: (h, w) share of each pixel that is person, 0 to 1.
    """

    time_s: float
    rgb: Image
    mask: Floats


class Film:
    """A clip, ready to be drawn and asked for its truth.

    Args:
        clip: what to draw.
        movement: in place of the clip's.
    """

    def __init__(self, clip: Clip, movement: Movement | None = None) -> None:
        self.clip = clip
        spec, self._camera_spec, self._light, self._room = clip.parts
        self._rig = Rig(rest_body(spec), body_model(), spec.stature_m / body_priors().model_stature_m)
        self.person = Person.of(body_model(), body_priors(), spec.stature_m)
        movement = movement or MOVEMENTS[clip.movement]()
        self._script, self._arms = _scripted(movement, clip, self._rig)
        self._rest = movement.rest
        self._dressed = Dressed(self._rig, spec, clip.fit, clip.seed)
        duration = self._script.duration_s
        self.time_s = times(duration, clip.rate_hz)
        self._shift = np.zeros(3)
        self._shift, self._furniture, self._middle = self._place(duration)

    @cached_property
    def camera(self) -> Camera:
        """The camera, in the room's axes."""
        spec, clip = self._camera_spec, self.clip
        azimuth, elevation = np.radians([spec.azimuth_deg, spec.elevation_deg])
        level = np.cos(elevation)
        away = np.array([level * np.cos(azimuth), np.sin(elevation), level * np.sin(azimuth)])
        focal = 0.5 * clip.width_px / np.tan(0.5 * np.radians(spec.fov_deg))
        place = self._middle + spec.distance_m * away
        return Camera.looking_at(place, self._middle, clip.width_px, clip.height_px, float(focal))

    @cached_property
    def posed(self) -> list[Posed]:
        """The body in every frame."""
        return self._posed_at(self.time_s)

    def joints_m(self) -> dict[str, Floats]:
        """Joint centre -> (n_frames, 3) in the room: limbs, L5/S1, T12/L1, neck."""
        names = self.posed[0].joints_m
        return {name: np.stack([posed.joints_m[name] for posed in self.posed]) for name in names}

    def segments(self) -> dict[str, tuple[Floats, Floats]]:
        """Segment -> (origins (n_frames, 3) [m], ISB axes (n_frames, 3, 3)) in the room."""
        return {
            name: (
                np.stack([posed.origins_m[name] for posed in self.posed]),
                np.stack([posed.frames[name] for posed in self.posed]),
            )
            for name in self.posed[0].origins_m
        }

    def on_skin(self, segment: str, at_m: Floats, outward: Floats, within_m: float = 0.02) -> Floats:
        """Where a line meets the dressed body in its first frame: what to mount a board on.

        Args:
            segment: of the body model.
            at_m: (3,) a point of the line, in the segment's axes from its origin.
            outward: (3,) its direction, likewise.
            within_m: how wide the thing is that must not sink in, from the line.

        Returns:
            (3,) in the segment's axes: as far out along the line as the surface near it.

        Raises:
            ValueError: the line misses the body.
        """
        posed = self.posed[0]
        surface = self._dressed.surface(posed)
        drawn = surface.vertices_m[np.unique(surface.faces)]
        local = (drawn - posed.origins_m[segment]) @ posed.frames[segment] - at_m
        way = np.asarray(outward, float) / np.linalg.norm(outward)
        along = local @ way
        beside = np.linalg.norm(local - along[:, None] * way, axis=1) < within_m
        if not beside.any():
            raise ValueError(f"the line misses the body: from {at_m} towards {outward} of the {segment}")
        return np.asarray(at_m + along[beside].max() * way)

    def truth(self, *, from_camera: bool = False) -> Motion:
        """Every coordinate exactly; NaN where there is none (apparent hip rotation with a straight knee).

        Args:
            from_camera: headings against the direction to the camera, as a film alone can tell them; else
                against the room's X, which the person faces at first.
        """
        turn = rotation_about(1, self._camera_azimuth() if from_camera else 0.0)
        model = body_model()
        place = np.zeros((len(self.posed), len(model.bodies), 3))
        rotation = np.empty((len(self.posed), len(model.bodies), 3, 3))
        for k, name in enumerate(model.bodies):
            place[:, k] = np.stack([posed.origins_m[name] for posed in self.posed]) @ turn.T
            rotation[:, k] = turn @ np.stack([posed.frames[name] for posed in self.posed])
        values = derived_coordinates(model, place, rotation)
        pose = self._pose_at(self.time_s)
        for side in SIDES:  # a straight knee makes no lever
            bent = pose.joints[:, model.joints.index(f"knee_flexion_{side}")] > _LEVER_RAD
            name = f"apparent_hip_internal_rotation_{side}"
            values[name] = np.where(bent, values[name], np.nan)
        columns = [
            pose.joints[:, model.joints.index(name)] if name in model.joints else values[name] for name in ALL
        ]
        value = np.stack(columns, axis=1)
        return Motion(
            time_s=self.time_s,
            coordinates=ALL,
            value=value,
            sd=np.zeros_like(value),
            observability=np.full(value.shape, Observability.OBSERVED, np.uint8),
            source=f"rendered: {self.clip.name}",
        )

    def frames(self) -> Iterator[Frame]:
        """Draw the clip."""
        clip = self.clip
        empty = backdrop(self.camera, self._room, self._light, self._furniture, clip.samples, clip.seed)
        painter = Painter(
            self.camera, self._light, empty, self._dressed, self._furniture, clip.boards, clip.samples
        )
        for k, time_s in enumerate(self.time_s):
            light, mask = self._expose(painter, float(time_s), self.posed[k])
            rng = np.random.default_rng([clip.seed, k])
            yield Frame(float(time_s), develop(light, clip.sensor, rng), mask)

    def _expose(self, painter: Painter, time_s: float, posed: Posed) -> tuple[Floats, Floats]:
        if self.clip.exposure_s <= 0:
            return self._instant(painter, posed)
        within = (np.arange(_BLUR_INSTANTS) + 0.5) / _BLUR_INSTANTS - 0.5
        instants = self._posed_at(time_s + self.clip.exposure_s * within)
        seen = [self._instant(painter, instant) for instant in instants]
        return np.mean([light for light, _ in seen], axis=0), np.mean([mask for _, mask in seen], axis=0)

    def _instant(self, painter: Painter, posed: Posed) -> tuple[Floats, Floats]:
        surface = self._dressed.surface(posed)
        light = painter.light(posed, surface, self._extras(posed))
        return light, painter.mask

    def _extras(self, posed: Posed) -> list[Extra]:
        return [_dowel(self._rig, posed)] if self._arms == "dowel" else []

    def _pose_at(self, time_s: Floats) -> Pose:
        return perform(self._script, self.person, time_s).pose

    def _posed_at(self, time_s: Floats) -> list[Posed]:
        moved = self.person.size * self._script.at(time_s).moved_m + self._shift
        return self._rig.poses(self._pose_at(time_s), self.person.lengths, self._script.support, moved)

    def _place(self, duration_s: float) -> tuple[Floats, list[Box], Floats]:
        """Shift that puts the person on the floor, what carries them, and the middle of the picture."""
        scouts = self._posed_at(np.linspace(0.0, duration_s, _SCOUTS))
        bodies = [self._dressed.surface(posed).vertices_m for posed in scouts]
        lowest = min(float(body[:, 1].min()) for body in bodies)
        hips = np.mean([posed.origins_m["pelvis"] for posed in scouts], axis=0)
        height, furniture = 0.0, []
        if self._rest in (Rest.COUCH, Rest.MAT):
            height = _COUCH_M if self._rest is Rest.COUCH else _MAT_M
            furniture.append(_bed(height))
        shift = np.array([-hips[0], height - lowest - (_SINK_M if height else 0.0), -hips[2]])
        if self._rest is Rest.SEAT:
            furniture.append(_seat(bodies[0] + shift, scouts[0].origins_m["pelvis"] + shift))
        everything = np.vstack(bodies) + shift
        middle = 0.5 * (everything.min(axis=0) + everything.max(axis=0))
        return shift, furniture, middle * [0.5, 1.0, 0.5]

    def _camera_azimuth(self) -> float:
        away = self.camera.position_m - self._middle
        return float(np.arctan2(away[2], away[0]))


def _scripted(movement: Movement, clip: Clip, rig: Rig) -> tuple[Script, str]:
    """The script of a clip, and where the arms are in it."""
    arms = clip.arms or movement.arms
    script = movement.script.mirrored() if clip.mirrored else movement.script
    fixed = arm_angles_deg(rig, arms)
    if fixed:
        poses = tuple(replace(p, angles_deg={**p.angles_deg, **fixed}) for p in script.key_poses)
        script = replace(script, key_poses=poses)
    return script.at_speed(clip.pace), arms


def _seat(body: Floats, pelvis: Floats) -> Box:
    """A stool under the buttocks."""
    near = (np.abs(body[:, 0] - pelvis[0]) < 0.10) & (np.abs(body[:, 1] - pelvis[1]) < 0.25)
    top = float(body[near, 1].min()) + _SINK_M
    x, z = float(pelvis[0]), float(pelvis[2])
    return Box((x - 0.20, 0.0, z - 0.24), (x + 0.20, top, z + 0.24), (0.12, 0.10, 0.16), "carpet")


def _bed(height: float) -> Box:
    wide = 0.38 if height > 0.2 else 0.45
    return Box((-1.15, 0.0, -wide), (1.15, height, wide), (0.10, 0.20, 0.24), "carpet")


def _dowel(rig: Rig, posed: Posed) -> Extra:
    """A stick along the back, held to the thorax: from the head to below the sacrum."""
    rest = rig.rest.vertices_m
    middle = rest[(np.abs(rest[:, 2]) < 0.06) & (rest[:, 1] > rig.heads["pelvis"][1])]
    back = float(middle[:, 0].min()) - 0.014
    low, high = rig.heads["pelvis"][1] - 0.10, rig.heads["head"][1] + 0.10
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = 0.013 * np.column_stack([np.cos(around), np.zeros(12), np.sin(around)])
    ends = [np.array([back, height, 0.0]) for height in (low, high)]
    at_rest = np.vstack([ring + end for end in ends])
    vertices = posed.carry("thorax", at_rest)
    k = np.arange(12)
    n = (k + 1) % 12
    faces = np.vstack([np.column_stack([k, n, n + 12]), np.column_stack([k, n + 12, k + 12])])
    return Extra(vertices, faces, (0.45, 0.28, 0.12))
