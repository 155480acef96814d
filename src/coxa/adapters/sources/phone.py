"""Phones strapped to the body, as recordings: one file each, or a folder of them.

How each was worn is told by a mapping file (or by the file itself); the start pose and the plane of the
movement tell the rest (``kinematics/phone.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import ValidationError

from coxa.adapters.sources.held import HeldRecording
from coxa.adapters.sources.imu_columns import segment_of
from coxa.adapters.sources.phone_signals import Oriented, oriented
from coxa.adapters.sources.phone_table import PhoneTable, read_phone_csv, read_phone_json
from coxa.app.ports import SourceHeader
from coxa.app.request import ReadOptions
from coxa.catalog.loader import body_model, inertial_rules, phone_rules
from coxa.kinematics.phone import (
    Heading,
    Told,
    aligned,
    apart_rad,
    refined_heading,
    resampled,
    told_heading,
)
from coxa.kinematics.rotations import rotation_about
from coxa.kinematics.sensor_calibration import mean_rotation, standing_frames
from coxa.model.channels import OrientationErrors, SegmentOrientations
from coxa.model.errors import SourceError
from coxa.model.recording import Recording, Subject
from coxa.specs.inertial import Fusion
from coxa.specs.phone import PhoneMapping, PhoneWorn, StartPose

Floats = NDArray[np.float64]

_EXAMPLE = "{posture: sitting, phones: {shank.csv: {segment: tibia_right, screen: forward}}}"
_REMEDY = f"tell with --mapping how it was worn, for example: {_EXAMPLE}"
_MOST_BYTES = 1_000_000
_LOGGED = "orientation.csv"  # of a folder that a logging app wrote for one phone


@dataclass(frozen=True, slots=True)
class _Phone:
    """One phone: where it was read from, how it was worn, what it saw."""

    path: Path
    worn: PhoneWorn
    seen: Oriented


def open_phone_csv(path: Path, options: ReadOptions) -> HeldRecording:
    """One phone's CSV.

    Raises:
        SourceError: damaged, without orientations, or nothing says how it was worn.
    """
    return _recording(path, [(path, read_phone_csv(path))], options)


def open_phone_json(path: Path, content: Any, options: ReadOptions) -> HeldRecording:
    """One phone's JSON, already parsed.

    Raises:
        SourceError: as :func:`open_phone_csv`.
    """
    return _recording(path, [(path, read_phone_json(path, content))], options)


def open_phone_folder(
    path: Path, files: Sequence[Path], options: ReadOptions, read_json: Callable[[Path], Any]
) -> HeldRecording:
    """Several phones, one file (or one logging app's folder) each.

    Raises:
        SourceError: as :func:`open_phone_csv`; or too many.
    """
    most = phone_rules().max_phones
    if len(files) > most:
        raise SourceError(
            f"{path}: {len(files)} files, more than {most} phones", "keep one file for each phone"
        )
    tables = []
    for one in files:
        is_json = one.suffix.lower() == ".json"
        tables.append((one, read_phone_json(one, read_json(one)) if is_json else read_phone_csv(one)))
    return _recording(path, tables, options)


def phone_files(folder: Path) -> list[Path]:
    """The phones' files of a folder: its tables, or the orientations of the apps' folders in it."""
    here = sorted(
        one for one in folder.iterdir() if one.is_file() and one.suffix.lower() in (".csv", ".json")
    )
    logged = [one for one in here if one.name.lower() == _LOGGED]
    if logged:
        return logged
    inner = [
        one
        for sub in sorted(folder.iterdir())
        if sub.is_dir()
        for one in sub.iterdir()
        if one.name.lower() == _LOGGED
    ]
    return inner or here


def says_phones(mapping: Path | None) -> bool:
    """Whether a mapping file is about phones; a faulty one is refused by who reads it."""
    if mapping is None:
        return False
    try:
        with mapping.open(encoding="utf-8", errors="ignore") as file:
            return "phones" in file.read(_MOST_BYTES)
    except OSError:
        return False


def read_phone_mapping(path: Path | None) -> PhoneMapping:
    """The mapping file (YAML); without one nothing is said.

    Raises:
        SourceError: it cannot be read, or does not say what it should.
    """
    if path is None:
        return PhoneMapping(phones={})
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{path}: it is too large for a mapping file", _REMEDY)
        return PhoneMapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except OSError as error:
        raise SourceError(
            f"{path}: {error.strerror or error}", "check the path of the mapping file"
        ) from error
    except ValidationError as error:
        one = error.errors()[0]
        place = ".".join(str(part) for part in one["loc"])
        raise SourceError(f"{path}: {place}: {one['msg']}", f"write it like this: {_EXAMPLE}") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SourceError(f"{path}: {str(error)[:200]}", f"write it like this: {_EXAMPLE}") from error


def _recording(path: Path, tables: Sequence[tuple[Path, PhoneTable]], options: ReadOptions) -> HeldRecording:
    mapping = read_phone_mapping(options.mapping)
    phones = []
    for place, table in tables:
        worn = _worn(place, table, mapping, alone=len(tables) == 1)
        phones.append(_Phone(place, worn, oriented(place, table, worn, options.rate_hz)))
    segments = [phone.worn.segment for phone in phones]
    if twice := next((one for one in segments if segments.count(one) > 1), None):
        raise SourceError(f"{path}: two phones on {twice}", "say in the mapping file which phone is where")
    return _joined(path, phones, _posture(path, mapping, [table for _, table in tables]), options)


def _posture(path: Path, mapping: PhoneMapping, tables: Sequence[PhoneTable]) -> StartPose:
    said = [table.told["posture"] for table in tables if "posture" in table.told]
    posture = str(mapping.posture or (said[0] if said else ""))
    poses = {str(name): pose for name, pose in phone_rules().postures.items()}
    if posture not in poses:
        raise SourceError(
            f"{path}: no posture {posture!r:.40}"
            if posture
            else f"{path}: nothing says what pose it starts from",
            f"say with --mapping the posture at the start, one of {', '.join(poses)}: {_EXAMPLE}",
        )
    return poses[posture]


def _worn(place: Path, table: PhoneTable, mapping: PhoneMapping, *, alone: bool) -> PhoneWorn:
    """How this phone was worn: by the mapping file, else by the file itself, else by its name."""
    names = (place.name, place.stem, place.parent.name)
    worn = next((mapping.phones[name] for name in names if name in mapping.phones), None)
    if worn is None and alone and len(mapping.phones) == 1:
        worn = next(iter(mapping.phones.values()))
    if worn is None:
        segment = table.told.get("segment") or segment_of(place.stem, {}) or segment_of(place.parent.name, {})
        if segment is None:
            raise SourceError(f"{place}: nothing says on which segment this phone was worn", _REMEDY)
        try:
            told: dict[str, Any] = {key: table.told[key] for key in ("screen", "top") if key in table.told}
            worn = PhoneWorn(segment=segment, **told)
        except ValidationError as error:
            raise SourceError(f"{place}: {error.errors()[0]['msg']}", _REMEDY) from error
    known = [body for body in body_model().bodies if _bare(body) in phone_rules().worn_on]
    if worn.segment not in known:
        raise SourceError(
            f"{place}: no phone is worn on {worn.segment!r:.40}", f"there are: {', '.join(known)}"
        )
    return worn


def _bare(segment: str) -> str:
    return segment.removesuffix("_left").removesuffix("_right")


def _joined(path: Path, phones: Sequence[_Phone], pose: StartPose, options: ReadOptions) -> HeldRecording:
    time_s, rotations, notes = _one_clock(path, phones)
    chosen = _start_frames(path, rotations, time_s, notes)
    notes.append(
        f"the start, {time_s[chosen][0]:.2f} to {time_s[chosen][-1]:.2f} s, is taken for {pose.says}"
    )
    turned, sds = [], []
    for phone, rotation in zip(phones, rotations, strict=True):
        start = mean_rotation(rotation[chosen])
        heading = _heading(phone, start, rotation, time_s, pose)
        turned.append(aligned(rotation, start, heading, segment_start(phone.worn.segment, pose)))
        start_sd = np.radians(phone_rules().worn_on[_bare(phone.worn.segment)].start_sd_deg)
        sds.append(np.where([False, True, False], np.hypot(start_sd, heading.sd_rad), start_sd))
        how = "the plane of the movement" if heading.refined else "what was told"
        notes.append(f"{phone.path.name}: {phone.worn.segment}, {phone.seen.how}; faces by {how}")
    segments = tuple(phone.worn.segment for phone in phones)
    fusions = [phone_rules().fusions["absolute" if phone.seen.absolute else "relative"] for phone in phones]
    errors = _errors(segments, np.array(sds), fusions, float(time_s[chosen].mean()))
    noise = np.radians([one.noise_deg for one in fusions])
    channel = SegmentOrientations(segments, np.stack(turned, axis=1), noise, errors, pose.name)
    subject = Subject(height_m=options.height_m)
    recording = Recording(time_s, orientations=(channel,), subject=subject, source=str(path))
    notes = [note for phone in phones for note in phone.seen.notes] + notes
    header = SourceHeader(
        path=path,
        format="phone on the body" if len(phones) == 1 else "phones on the body",
        n_frames=len(time_s),
        rate_hz=phones[0].seen.rate_hz,
        axes="Y is up (gravity); X is where the person faced at the start",
        notes=tuple(dict.fromkeys(notes)),
    )
    return HeldRecording(header, recording)


def segment_start(segment: str, pose: StartPose) -> Floats:
    """(3, 3) segment to the person's axes at the start."""
    kind = _bare(segment)
    degrees = {"femur": pose.femur_deg, "tibia": pose.tibia_deg}.get(kind, pose.trunk_deg)
    return rotation_about(2, np.radians(degrees))


def _one_clock(path: Path, phones: Sequence[_Phone]) -> tuple[Floats, list[Floats], list[str]]:
    """Times from 0 of the slowest phone where all have readings, everybody's rotations at them, notes."""
    notes: list[str] = []
    if len(phones) == 1:
        time_s = phones[0].seen.time_s
        return time_s - time_s[0], [phones[0].seen.rotation], notes
    if all(phone.seen.epoch for phone in phones):
        clocks = [phone.seen.time_s for phone in phones]
    else:
        clocks = [phone.seen.time_s - phone.seen.time_s[0] + phone.worn.offset_s for phone in phones]
        notes.append("each phone's clock begins at its own start: they are taken to have begun together")
    first, last = max(one[0] for one in clocks), min(one[-1] for one in clocks)
    base = clocks[int(np.argmin([phone.seen.rate_hz for phone in phones]))]
    time_s = base[(base >= first) & (base <= last)]
    if len(time_s) < 2:
        raise SourceError(
            f"{path}: the phones have no time in common",
            "record them at once, or say offset_s in the mapping file",
        )
    rotations = [
        resampled(one, phone.seen.rotation, time_s, phone_rules().max_gap_s)
        for one, phone in zip(clocks, phones, strict=True)
    ]
    return time_s - time_s[0], rotations, notes


def _start_frames(
    path: Path, rotations: Sequence[Floats], time_s: Floats, notes: list[str]
) -> NDArray[np.bool_]:
    """(n_frames,) the first stretch of holding still; else the first moments, said so."""
    rules = inertial_rules()
    together = np.stack(rotations, axis=1)
    for length_s in (1.0, 0.5):
        chosen = standing_frames(together, time_s, length_s, float(np.radians(rules.standing_max_deg)))
        if chosen is not None:
            return chosen
    whole = np.isfinite(together).all(axis=(1, 2, 3))
    if not whole.any():
        raise SourceError(f"{path}: at no time are all phones known", "record them again")
    notes.append("nobody holds still in it: its first moment is taken for the start pose")
    chosen = np.zeros(len(time_s), bool)
    chosen[np.flatnonzero(whole)[:3]] = True
    return chosen


def _heading(phone: _Phone, start: Floats, rotation: Floats, time_s: Floats, pose: StartPose) -> Heading:
    """Which way the person faces in this phone's world.

    Raises:
        SourceError: nothing level is told, or the phone is not as it is told to be.
    """
    rules = phone_rules()
    worn = phone.worn
    screen = worn.screen or rules.worn_on[_bare(worn.segment)].usual_screen
    told = [
        Told(np.eye(3)[axis], _direction(word, worn.segment, pose))
        for axis, word in ((2, screen), (1, worn.top))
        if word is not None
    ]
    for one in told:
        off = np.degrees(apart_rad(start, one))
        if off > rules.mounting_max_deg:
            raise SourceError(
                f"{phone.path}: its {'screen' if one.axis[2] else 'top edge'} is {off:.0f} deg from where "
                "it is told to face at the start",
                "check screen, top and posture in the mapping file, and hold still in that pose at the start",
            )
    level = [one for one in told if abs(one.direction[1]) < 0.5]
    if not level:
        raise SourceError(
            f"{phone.path}: nothing says which way this phone on {worn.segment} faces",
            f"say in the mapping file where its screen (or top edge) faces: {_EXAMPLE}",
        )
    coarse = told_heading(start, level[0], float(np.radians(rules.mounting_sd_deg)))
    return refined_heading(
        start,
        rotation,
        time_s,
        coarse,
        max_rad=float(np.radians(rules.plane_max_deg)),
        min_ratio=rules.plane_min_ratio,
        min_rate_rad_s=float(np.radians(rules.plane_min_rate_deg_s)),
        sd_rad=float(np.radians(rules.plane_sd_deg)),
    )


def _direction(word: str, segment: str, pose: StartPose) -> Floats:
    """(3,) in the person's axes at the start."""
    trunk = rotation_about(2, np.radians(pose.trunk_deg))
    out = -1.0 if segment.endswith("_left") else 1.0
    directions: Mapping[str, Floats] = {
        "forward": trunk[:, 0],
        "backward": -trunk[:, 0],
        "headward": trunk[:, 1],
        "footward": -trunk[:, 1],
        "up": np.array([0.0, 1.0, 0.0]),
        "down": np.array([0.0, -1.0, 0.0]),
        "right": np.array([0.0, 0.0, 1.0]),
        "left": np.array([0.0, 0.0, -1.0]),
        "outward": np.array([0.0, 0.0, out]),
        "inward": np.array([0.0, 0.0, -out]),
    }
    return directions[word]


def _errors(
    segments: Sequence[str], misalignment: Floats, fusions: Sequence[Fusion], calibrated_s: float
) -> OrientationErrors:
    rules = phone_rules()
    return OrientationErrors(
        lasting_sd_rad=np.radians([rules.worn_on[_bare(name)].strap_deg for name in segments]),
        correlation_s=rules.strap_correlation_s,
        misalignment_sd_rad=misalignment,
        calibrated_s=calibrated_s,
        heading_sd_rad=np.radians([one.heading_sd_deg for one in fusions]),
        heading_rate_sd_rad_s=np.radians([one.heading_rate_sd_deg_min for one in fusions]) / 60.0,
        heading_walk_rad2_s=np.array([one.heading_walk_deg2_s for one in fusions]) * np.radians(1.0) ** 2,
    )
