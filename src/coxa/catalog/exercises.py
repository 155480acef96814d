"""Exercises: Coxa's own, and those that others add in a folder or a package.

A package adds its folder through the entry point group ``coxa.exercises``, a person through a folder that is
named or through the environment variable ``COXA_EXERCISES``. A folder holds ``*.yaml``, one exercise each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

import numpy as np

from coxa.catalog import loader
from coxa.catalog.places import entries, places, text_of
from coxa.catalog.text import line_of, parse
from coxa.model import coordinates
from coxa.model.errors import SpecError
from coxa.specs.exercise import ExerciseSpec

GROUP = "coxa.exercises"
VARIABLE = "COXA_EXERCISES"

#: Coordinates of the pelvis that key poses may name beside the body's joints (see ``simulate/script.py``).
_PELVIS = ("pelvis_left_rotation", "pelvis_right_up_obliquity", "pelvis_anterior_tilt")
_HOLD_POSES = 3
_ANY_TURN = [-360.0, 360.0]
_ID = re.compile(r"^[a-z][a-z0-9_]*$")
Place = tuple[int | str, ...]


def exercises(folder: Path | None = None) -> Mapping[str, ExerciseSpec]:
    """Coxa's own, those of installed packages, and those of a folder, by id.

    Raises:
        SpecError: a file is not what it should be, named by line and field; or an id is used twice.
    """
    found: dict[str, tuple[ExerciseSpec, str]] = {}
    read = [
        *_own(),
        *(one for place in places(GROUP, VARIABLE, folder, "exercises") for one in _exercises_in(place)),
    ]
    for spec, text, name in read:
        if spec.id in found:
            raise SpecError(
                f"{name}: line {line_of(text, ('id',))}: id: there is another exercise {spec.id!r}",
                "choose another id",
            )
        found[spec.id] = (spec, text)
    for spec, text, name in read:
        _require_others(spec, text, name, tuple(found))
    return {key: spec for key, (spec, _) in sorted(found.items())}


def exercise(name: str, folder: Path | None = None) -> ExerciseSpec:
    """One by id.

    Raises:
        SpecError: there is none; the error lists them.
    """
    known = exercises(folder)
    if name not in known:
        raise SpecError(f"there is no exercise {name!r}", f"choose one of: {', '.join(known)}")
    return known[name]


def read_exercise(text: str, name: str) -> ExerciseSpec:
    """One file's text, checked on its own.

    Args:
        text: YAML.
        name: the file, for the error.

    Raises:
        SpecError: each fault by line and field, with what may stand there.
    """
    spec = parse(text, ExerciseSpec, name)
    _require_coordinates(spec, text, name)
    _require_joints(spec, text, name)
    _require_times(spec, text, name)
    return spec


def check(place: Path) -> list[ExerciseSpec]:
    """The exercises of a file or a folder, for those who write them.

    Raises:
        SpecError: there is no such file or folder, or a file is not what it should be.
    """
    found = []
    for _, one in check_each(place):
        if isinstance(one, SpecError):
            raise one
        found.append(one)
    return found


def check_each(place: Path) -> list[tuple[str, ExerciseSpec | SpecError]]:
    """Every file of a folder, or the one file, by name: the exercise, or what is wrong with it.

    Raises:
        SpecError: there is no such file or folder, or no exercise in it.
    """
    if not place.exists():
        raise SpecError(f"{place}: there is no such file or folder", "name one that exists")
    found = entries(place, ".yaml") if place.is_dir() else [place]
    if not found:
        raise SpecError(f"{place}: there is no *.yaml in this folder", "name a folder with exercises")
    read = [(entry.name, *_read(entry)) for entry in found]
    specs = [(one, text, name) for name, text, one in read if isinstance(one, ExerciseSpec)]
    known = tuple({spec.id for spec, _, _ in [*_own(), *specs]})
    taken = {spec.id: (text, name) for spec, text, name in reversed([*_own(), *specs])}
    checked: list[tuple[str, ExerciseSpec | SpecError]] = []
    for name, text, one in read:
        fault = one if isinstance(one, SpecError) else _fault_among_others(one, text, name, known, taken)
        checked.append((name, one if fault is None else fault))
    return checked


def _read(entry: Traversable) -> tuple[str, ExerciseSpec | SpecError]:
    """Text and exercise of a file, or what is wrong with it."""
    text = ""
    try:
        text = text_of(entry)
        return text, read_exercise(text, entry.name)
    except SpecError as error:
        return text, error


def _fault_among_others(
    spec: ExerciseSpec, text: str, name: str, known: tuple[str, ...], taken: Mapping[str, tuple[str, str]]
) -> SpecError | None:
    """What is wrong with a file beside others; Coxa's own may be checked where they lie."""
    try:
        _require_others(spec, text, name, known)
    except SpecError as error:
        return error
    if taken[spec.id] != (text, name):
        return _refuse(text, name, ("id",), f"there is another exercise {spec.id!r}", "choose another id")
    return None


@cache
def _own() -> tuple[tuple[ExerciseSpec, str, str], ...]:
    return tuple(_exercises_in(files("coxa.catalog") / "exercises"))


def _exercises_in(place: Traversable) -> Iterator[tuple[ExerciseSpec, str, str]]:
    for entry in entries(place, ".yaml"):
        text = text_of(entry)
        yield read_exercise(text, entry.name), text, entry.name


def _refuse(text: str, name: str, place: Place, fault: str, remedy: str) -> SpecError:
    field = ".".join(str(step) for step in place)
    return SpecError(f"{name}: line {line_of(text, place)}: {field}: {fault}", remedy)


def _require_coordinates(spec: ExerciseSpec, text: str, name: str) -> None:
    """Every coordinate must be one that Coxa has; a side only where the exercise has sides."""
    for place, coordinate in _coordinates(spec):
        sided = "SIDE" in coordinate or "OTHER" in coordinate
        if sided and spec.sides == "none":
            raise _refuse(
                text, name, place, f"{coordinate!r} names a side, the exercise has none", "name left or right"
            )
        if coordinate.replace("SIDE", "left").replace("OTHER", "left") not in coordinates.ALL:
            known = {
                one.replace("_left", "_SIDE") if one.endswith("_left") else one
                for one in coordinates.ALL
                if not one.endswith("_right")
            }
            raise _refuse(
                text,
                name,
                place,
                f"there is no coordinate {coordinate!r}",
                f"choose one of: {', '.join(sorted(known))} (SIDE, OTHER: left or right)",
            )


def _coordinates(spec: ExerciseSpec) -> Iterator[tuple[Place, str]]:
    if spec.signal is not None:
        yield ("signal", "coordinate"), spec.signal.coordinate
    for k, gate in enumerate(spec.start_pose):
        yield ("start_pose", k, "coordinate"), gate.coordinate
    for k, gate in enumerate(spec.end_pose):
        yield ("end_pose", k, "coordinate"), gate.coordinate
    for k, rule in enumerate(spec.form):
        yield ("form", k, "coordinate"), rule.coordinate
        if rule.instead is not None:
            yield ("form", k, "instead", "coordinate"), rule.instead.coordinate


def _require_joints(spec: ExerciseSpec, text: str, name: str) -> None:
    """Key poses name joints of the body, within what they can do; supports name its sites."""
    body = loader.body_model()
    unit = np.where(body.joint_is_slide, 1.0, 180 / np.pi)[:, None]
    limits = dict(zip(body.joints, (unit * body.joint_limits).tolist(), strict=True))
    shown = spec.demonstration
    for k, site in enumerate(shown.support):
        if site not in body.sites:
            place: Place = ("demonstration", "support", k)
            raise _refuse(
                text, name, place, f"there is no site {site!r}", f"choose one of: {', '.join(body.sites)}"
            )
    for k, pose in enumerate(shown.poses):
        for joint, value in pose.angles_deg.items():
            place = ("demonstration", "poses", k, "angles_deg", joint)
            if joint not in (*_PELVIS, *body.joints):
                raise _refuse(
                    text,
                    name,
                    place,
                    f"there is no joint {joint!r}",
                    f"choose one of: {', '.join((*_PELVIS, *body.joints))}",
                )
            _require_reach(text, name, place, value, limits.get(joint, _ANY_TURN))


def _require_reach(text: str, name: str, place: Place, value: float, limits: list[float]) -> None:
    low, high = limits
    if not low <= value <= high:
        raise _refuse(
            text, name, place, f"{value:g} is beyond the joint", f"stay between {low:.4g} and {high:.4g}"
        )


def _require_times(spec: ExerciseSpec, text: str, name: str) -> None:
    poses = spec.demonstration.poses
    if spec.kind == "hold" and len(poses) < _HOLD_POSES:
        there: Place = ("demonstration", "poses")
        fault = f"{len(poses)} poses, but the demonstration of a hold goes in, holds and goes out"
        raise _refuse(text, name, there, fault, f"write {_HOLD_POSES} poses at least")
    for k, (before, after) in enumerate(pairwise(poses), start=1):
        if after.at_s <= before.at_s:
            place: Place = ("demonstration", "poses", k, "at_s")
            raise _refuse(
                text,
                name,
                place,
                f"{after.at_s:g} is not later than the pose before",
                "put the poses in order",
            )


def _require_others(spec: ExerciseSpec, text: str, name: str, known: tuple[str, ...]) -> None:
    """Easier and harder exercises: an id must exist, anything else is words."""
    for field in ("regressions", "progressions"):
        for k, other in enumerate(getattr(spec, field)):
            if _ID.match(other) and other not in known:
                raise _refuse(
                    text,
                    name,
                    (field, k),
                    f"there is no exercise {other!r}",
                    f"choose one of: {', '.join(sorted(known))}; or write words",
                )
