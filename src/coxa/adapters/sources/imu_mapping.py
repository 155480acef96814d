"""Which sensor is on which segment: by its name, or as a mapping file says."""

from __future__ import annotations

from pathlib import Path

from coxa.adapters.own_file import read_own
from coxa.adapters.sources.imu_columns import Layout, segment_of
from coxa.catalog.loader import body_model, inertial_rules
from coxa.model.errors import SourceError
from coxa.specs.inertial import InertialMapping


def read_mapping(path: Path | None) -> InertialMapping:
    """The mapping file (YAML); without one, nothing is said.

    Raises:
        SourceError: it cannot be read, or does not say what it should.
    """
    if path is None:
        return InertialMapping()
    remedy = "write it as YAML, for example: {sensors: {IMU_3: femur_right}, gyroscope: deg/s}"
    told = read_own(path, InertialMapping, remedy)
    known = [body for body in body_model().bodies if _worn(body)]
    strange = [segment for segment in told.sensors.values() if segment not in known]
    if strange:
        raise SourceError(f"{path}: there is no segment {strange[0]!r}", f"there are: {', '.join(known)}")
    return told


def _worn(body: str) -> bool:
    return body.removesuffix("_left").removesuffix("_right") in inertial_rules().worn_on


def chosen_sensors(
    path: Path, layout: Layout, needed: tuple[str, ...], mapping: InertialMapping, notes: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the sensors that are used, and their segments.

    Raises:
        SourceError: none is known, two are on one segment, or the base is not among them.
    """
    whole = [name for name, kinds in layout.channels.items() if set(needed) <= set(kinds)]
    tied = {name: segment_of(name or path.stem, mapping.sensors) for name in whole}
    named = {name: segment for name, segment in tied.items() if segment is not None}
    strange = [name or "without a name" for name in tied if name not in named]
    if not named:
        raise SourceError(
            f"{path}: no sensor's name says where it is worn: {', '.join(strange[:8])}",
            "name them pelvis, femur_r, tibia_l ..., or give a mapping file with sensors: {NAME: segment}",
        )
    if strange:
        notes.append(f"left out, for their names say no segment: {', '.join(strange[:8])}")
    for segment in named.values():
        both = [name for name, one in named.items() if one == segment]
        if len(both) > 1:
            raise SourceError(
                f"{path}: {both[0]} and {both[1]} are both worn on {segment}",
                "say in a mapping file which sensor is where",
            )
    if mapping.base is not None and mapping.base not in named:
        raise SourceError(
            f"{path}: the base sensor {mapping.base!r} is not among its sensors",
            f"name one of: {', '.join(named)}",
        )
    return tuple(named), tuple(named.values())
