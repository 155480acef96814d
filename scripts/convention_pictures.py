"""Draws a small picture for every coordinate: the body at zero in grey, and where it is positive.

The poses are those of our own body model, and the figure under each is read from its pose by the code that
reads every measurement (``Readout``); a picture in which the coordinate does not grow is refused. Writes
``docs/conventions/NAME.svg``; what is there is replaced, and a test holds that it is what this writes.

    python scripts/convention_pictures.py
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from math import cos, radians, sin
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.catalog import loader
from coxa.estimate.body import Pose
from coxa.estimate.readout import Readout, segments
from coxa.kinematics.rotations import rotation_about
from coxa.model.coordinates import ALL
from coxa.report.demonstration.colours import TINTS
from coxa.report.demonstration.flesh import PARTS
from coxa.report.demonstration.outlook import Camera, silhouette
from coxa.report.demonstration.stage import Solid
from coxa.report.demonstration.svg import outline
from coxa.simulate.person import Person

Floats = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "conventions"
WIDTH, HEIGHT, _EDGE, _CAPTION = 300, 340, 14, 44
#: Grey and the colour of arrows can be told from white and from black paper.
_GHOST, _ARROW, _INK, _INK_ON_DARK = "#9aa3af", "#d1495b", "#30363f", "#d5dae1"
_STYLE = (
    f".b path{{stroke:#fff;stroke-width:1.5;stroke-linejoin:round}}.w{{fill:{_INK}}}"
    f"@media(prefers-color-scheme:dark){{.b path{{stroke:#15181d}}.w{{fill:{_INK_ON_DARK}}}}}"
)
_STEPS = 24  # of the way that the arrow goes
_FRONT, _CORNER, _SIDE, _ABOVE = (12.0, 8.0), (20.0, 8.0), (86.0, 4.0), (0.0, 62.0)
_ARMS = {"shoulder_adduction": -9.0, "elbow_flexion": 8.0}


@dataclass(frozen=True, slots=True)
class Told:
    """A coordinate as it is shown.

    Attributes:
        name: the coordinate, without its side: the right one is drawn.
        joints_deg: of the body where it is positive.
        from_deg: of the body that it is compared with, and of both.
        view: azimuth and elevation of the camera [deg].
        arrow: (segment, place in it [m]) whose way the arrow shows.
        pelvis_deg: left rotation, right-up obliquity and anterior tilt in the room.
        stands_on: segment that stays where it is.
        of: parts of the body that fill the picture; empty: all.
        arms: whether they are drawn: from the side they hide the pelvis.
    """

    name: str
    joints_deg: Mapping[str, float]
    view: tuple[float, float]
    arrow: tuple[str, tuple[float, float, float]]
    from_deg: Mapping[str, float] = field(default_factory=dict)
    pelvis_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    stands_on: str = "foot_left"
    of: tuple[str, ...] = ()
    arms: bool = True

    @property
    def coordinate(self) -> str:
        """Its full name."""
        return self.name if self.name in ALL else f"{self.name}_right"


_KNEE = (0.0, -0.4165, 0.0)
_ANKLE = (0.0, -0.418, 0.0)
_TOE = (0.17, -0.05, 0.0)
_AHEAD, _HEAD = (0.36, 0.10, 0.0), (0.0, 0.26, 0.0)
_TRUNK = ("pelvis", "thorax", "hair", "nose")
_TURNING = (*_TRUNK, "left thigh", "right thigh", "left hand", "right hand")
_HIPS = ("pelvis", "thorax", "left thigh", "right thigh")
_SEATED = {"hip_flexion_right": 90.0, "knee_flexion_right": 90.0}


def _legs(**both: float) -> dict[str, float]:
    return {f"{name}_{side}": value for name, value in both.items() for side in ("left", "right")}


#: What keeps legs and chest where they are while the pelvis turns by 25, rises on the right by 12, tips.
_TURNED = {
    "hip_internal_rotation_right": -25.0,
    "hip_internal_rotation_left": 25.0,
    "thoracic_left_rotation": -25.0,
}
_RAISED = {"hip_adduction_right": 12.0, "hip_adduction_left": -12.0, "lumbar_right_bending": 12.0}
_TIPPED = {**_legs(hip_flexion=25.0), "lumbar_flexion": -25.0}

PICTURES: tuple[Told, ...] = (
    Told("hip_flexion", {"hip_flexion_right": 60, "knee_flexion_right": 35}, _SIDE, ("femur_right", _KNEE)),
    Told(
        "hip_adduction",
        {"hip_adduction_right": 18},
        _FRONT,
        ("tibia_right", _ANKLE),
        {"hip_flexion_right": 18},
    ),
    Told(
        "hip_internal_rotation",
        {"hip_internal_rotation_right": 32},
        _CORNER,
        ("tibia_right", _ANKLE),
        _SEATED,
    ),
    Told("knee_flexion", {"knee_flexion_right": 75}, _SIDE, ("tibia_right", _ANKLE)),
    Told(
        "ankle_dorsiflexion",
        {"ankle_dorsiflexion_right": 25},
        _SIDE,
        ("foot_right", _TOE),
        {"hip_flexion_right": 30, "knee_flexion_right": 15},
        of=("right shank", "right foot"),
    ),
    Told("lumbar_flexion", {"lumbar_flexion": 40}, _SIDE, ("head", _HEAD), of=_TRUNK, arms=False),
    Told(
        "trunk_flexion",
        {"lumbar_flexion": 30, "thoracic_flexion": 20},
        _SIDE,
        ("head", _HEAD),
        of=_TRUNK,
        arms=False,
    ),
    Told(
        "trunk_right_bending",
        {"lumbar_right_bending": 18, "thoracic_right_bending": 12},
        _FRONT,
        ("head", _HEAD),
        of=(*_TRUNK, "right hand", "left hand"),
    ),
    Told("trunk_left_rotation", {"thoracic_left_rotation": 42}, _ABOVE, ("thorax", _AHEAD), of=_TURNING),
    Told("pelvis_left_rotation", _TURNED, _ABOVE, ("pelvis", _AHEAD), pelvis_deg=(25, 0, 0), of=_TURNING),
    Told(
        "pelvis_right_up_obliquity",
        _RAISED,
        _FRONT,
        ("pelvis", (0.0, 0.1, 0.26)),
        pelvis_deg=(0, 12, 0),
        of=_HIPS,
        arms=False,
    ),
    Told(
        "pelvis_anterior_tilt",
        _TIPPED,
        _SIDE,
        ("pelvis", (0.24, 0.06, 0.0)),
        pelvis_deg=(0, 0, 25),
        of=_HIPS,
        arms=False,
    ),
    Told(
        "thorax_left_rotation",
        {"thoracic_left_rotation": 25},
        _ABOVE,
        ("thorax", _AHEAD),
        pelvis_deg=(20, 0, 0),
        of=_TURNING,
    ),
    Told("trunk_forward_lean", _legs(hip_flexion=35), _SIDE, ("head", _HEAD), pelvis_deg=(0, 0, 35)),
    Told(
        "trunk_right_lean",
        {"hip_adduction_right": -18, "hip_adduction_left": 18},
        _FRONT,
        ("head", _HEAD),
        pelvis_deg=(0, -18, 0),
    ),
    Told(
        "thigh_trunk_angle",
        {"hip_flexion_right": 65, "knee_flexion_right": 65, "lumbar_flexion": 20},
        _SIDE,
        ("femur_right", _KNEE),
    ),
    Told(
        "apparent_hip_internal_rotation",
        {"hip_internal_rotation_right": 20, **_RAISED},
        _CORNER,
        ("tibia_right", _ANKLE),
        _SEATED,
        pelvis_deg=(0, 12, 0),
    ),
)


def model() -> Person:
    """A person of the model's size."""
    priors = loader.body_priors()
    return Person.of(loader.body_model(), priors, priors.model_stature_m)


def _pose(person: Person, told: Told, share: float) -> Pose:
    """One frame, ``share`` of the way from where it begins to where it is shown."""
    joints = np.zeros(len(person.body.joints))
    for name, value in {**_legs(**_ARMS), **told.from_deg}.items():
        joints[person.body.joints.index(name)] = radians(value)
    for name, value in told.joints_deg.items():
        joints[person.body.joints.index(name)] += share * radians(value)
    left, up, tilt = (share * radians(one) for one in told.pelvis_deg)
    rotation = rotation_about(1, left) @ rotation_about(0, -up) @ rotation_about(2, -tilt)
    pose = Pose(np.zeros((1, 3)), rotation[None], joints[None])
    place, _ = segments(person.body, pose, person.lengths)
    return Pose(-place[:, person.body.bodies.index(told.stands_on)], pose.rotation, pose.joints)


_ARM = ("upper arm", "forearm", "hand")


def _solids(person: Person, told: Told, pose: Pose, only: Sequence[str] = ()) -> list[Solid]:
    place, rotation = segments(person.body, pose, person.lengths)
    solids = []
    for part in PARTS:
        i = person.body.bodies.index(part.segment)
        balls = np.array(part.balls)
        centres = place[:, None, i] + np.einsum("tij,bj->tbi", rotation[:, i], balls[:, :3])
        hidden = not told.arms and part.name.endswith(_ARM)
        if not hidden and (not only or part.name in only):
            solids.append(Solid(part.name, part.tint, centres, balls[:, 3]))
    return solids


def _camera(view: tuple[float, float], solids: Sequence[Solid]) -> Camera:
    """Such that these are in the picture, above the line of words."""
    azimuth, elevation = (radians(one) for one in view)
    towards = np.array([cos(elevation) * cos(azimuth), sin(elevation), cos(elevation) * sin(azimuth)])
    right = np.cross([0.0, 1.0, 0.0], towards)
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(towards, right), towards])
    places = np.concatenate([solid.centres_m.reshape(-1, 3) for solid in solids])
    camera = Camera(rotation, (places.min(axis=0) + places.max(axis=0)) / 2)
    points = np.concatenate([silhouette(camera, solid, 0).points for solid in solids])
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE - _CAPTION])
    scale = float(np.min(room / (high - low)))
    middle = np.array([WIDTH / 2, _EDGE + room[1] / 2]) - scale * (low + high) / 2
    return Camera(rotation, camera.target_m, scale, (float(middle[0]), float(middle[1])))


def _tint(name: str, tint: str) -> str:
    if tint in ("left", "right"):
        return TINTS["far-limb"] if name.startswith("left") else TINTS["limb"]
    return TINTS[f"far-{tint}"] if name.startswith("left") and f"far-{tint}" in TINTS else TINTS[tint]


def _way(person: Person, told: Told, camera: Camera) -> Floats:
    """(n, 2) of the arrow's point on its way."""
    segment, local = told.arrow
    i = person.body.bodies.index(segment)
    points = []
    for share in np.linspace(0.0, 1.0, _STEPS):
        place, rotation = segments(person.body, _pose(person, told, float(share)), person.lengths)
        points.append(camera.seen(place[0, i] + rotation[0, i] @ np.array(local))[0])
    return np.array(points)


def _value_deg(person: Person, told: Told) -> float:
    """What the coordinate changes by between the two bodies; refused where it is no good example of it."""
    readout = Readout(person.body)
    before, after = (readout.read(_pose(person, told, share), person.lengths)[0] for share in (0.0, 1.0))
    changed = float(np.degrees(after - before)[ALL.index(told.coordinate)])
    if changed < 10.0:
        raise SystemExit(f"{told.name} grows by {changed:.1f} degrees only: no picture of it")
    return float(np.degrees(after[ALL.index(told.coordinate)]))


def drawn(told: Told, person: Person) -> str:
    """The whole file of one coordinate."""
    zero, shown = _pose(person, told, 0.0), _pose(person, told, 1.0)
    both = [*_solids(person, told, zero, told.of), *_solids(person, told, shown, told.of)]
    camera = _camera(told.view, both)
    ghosts = [f'<path d="{outline(silhouette(camera, one, 0))}"/>' for one in _solids(person, told, zero)]
    solids = sorted(_solids(person, told, shown), key=lambda one: float(camera.seen(one.at(0))[2].mean()))
    shapes = [(_tint(one.name, one.tint), outline(silhouette(camera, one, 0))) for one in solids]
    body = [f'<path fill="{tint}" d="{path}"/>' for tint, path in shapes]
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in _way(person, told, camera))
    value = f"+{_value_deg(person, told):.0f}°"
    words = f"{told.name.replace('_', ' ')}, positive: {value}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="150" height="170" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="{escape(words)}"><style>{_STYLE}</style><defs>'
        f'<marker id="a" viewBox="0 0 10 10" refX="6" refY="5" markerWidth="4.2" markerHeight="4.2" '
        f'orient="auto"><path d="M0 0L10 5L0 10z" fill="{_ARROW}"/></marker>'
        f'<clipPath id="c"><path d="M0 0H{WIDTH}V{HEIGHT - _CAPTION}H0z"/></clipPath></defs>'
        f'<g clip-path="url(#c)"><g fill="{_GHOST}" opacity=".38">{"".join(ghosts)}</g>'
        f'<g class="b">{"".join(body)}</g></g>'
        f'<path d="M{way}" fill="none" stroke="{_ARROW}" stroke-width="6" stroke-linecap="round" '
        f'marker-end="url(#a)"/>'
        f'<text class="w" x="{WIDTH / 2:.0f}" y="{HEIGHT - 10}" font-size="34" font-weight="600" '
        f'text-anchor="middle" font-family="system-ui,sans-serif">{value}</text></svg>\n'
    )


def main() -> int:
    """Write all of them."""
    person = model()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for told in PICTURES:
        (FOLDER / f"{told.name}.svg").write_text(drawn(told, person), encoding="utf-8")
    print(f"{len(PICTURES)} pictures in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
