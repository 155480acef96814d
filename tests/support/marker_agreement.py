"""How far our angles from markers are from other people's own, on recordings with stored angles.

Offsets are removed from each recording: where two groups put the zero of an angle is convention.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.reference.uiprmd import load_uiprmd
from coxa.adapters.sources.c3d import open_c3d
from coxa.adapters.sources.trc import open_trc
from coxa.app.request import ReadOptions
from coxa.catalog.markers import marker_body, marker_motion
from coxa.kinematics.angles import pelvis_angles, trunk_angles
from coxa.kinematics.rotations import rotation_about
from coxa.model.motion import Motion
from coxa.model.recording import Recording

Floats = NDArray[np.float64]
Angles = Mapping[str, Floats]

_ROOM = ("left_rotation", "right_up_obliquity", "anterior_tilt")
_WHOLE = 10**6  # frames; more than any of these recordings has
SIDES = {"left": "L", "right": "R"}
WALKS = ("HC002D", "HC030A", "HC031A", "HC032A")
MOVEMENTS = ("m01", "m02", "m04", "m05", "m06")
#: Plug-in Gait's name -> row of UI-PRMD's table of angles.
_TRIPLES = {"RSpineAngles": 8, "RThoraxAngles": 11, "RPelvisAngles": 14, "LHipAngles": 15, "RHipAngles": 16}
_TRIPLES |= {"LKneeAngles": 19, "RKneeAngles": 20}
#: OpenSim recording -> (markers, angles, sign of its knee angle).
OPENSIM = {
    "ik_std": ("ik_std/subject01_synthetic_marker_data.trc", "ik_std/std_subject01_walk1_ik.mot", -1.0),
    "subject4 walking1": ("subject4/walking1.trc", "subject4/walking1_manual_scaling_ik.mot", 1.0),
    "subject4 squats1": ("subject4/squats1.trc", "subject4/squats1_manual_scaling_ik.mot", 1.0),
}


class Row(NamedTuple):
    """One coordinate of one recording, deg.

    Attributes:
        person: whom.
        recording: what they did.
        coordinate: which angle.
        n_frames: compared.
        offset: mean difference, ours less theirs.
        rmse: with the offset removed.
        span: range of theirs.
        range_error: of the range, absolute.
        sd: ours, median.
        covered: share of frames whose 95% interval holds theirs as it is, offset and all.
    """

    person: str
    recording: str
    coordinate: str
    n_frames: int
    offset: float
    rmse: float
    span: float
    range_error: float
    sd: float
    covered: float


def read_c3d(path: Path) -> Recording:
    """The whole file."""
    return next(iter(open_c3d(path, ReadOptions()).parts(_WHOLE)))


def read_trc(path: Path) -> Recording:
    """The whole file."""
    return next(iter(open_trc(path, ReadOptions()).parts(_WHOLE)))


def compared(person: str, name: str, motion: Motion, extra: Angles, theirs: Angles) -> Iterator[Row]:
    """A row for each of their angles that we have; ``extra`` are ours that no coordinate is named for."""
    for coordinate, angle in theirs.items():
        ours = extra[coordinate] if coordinate in extra else motion[coordinate]
        error = np.degrees(np.angle(np.exp(1j * (ours - angle))))
        seen = np.isfinite(error)
        if seen.any():
            error, found, given = error[seen], np.degrees(ours[seen]), np.degrees(angle[seen])
            sd = np.full(len(error), np.nan)
            if coordinate in motion.coordinates:
                sd = np.degrees(motion.sd[seen, motion.index(coordinate)])
            yield Row(
                person,
                name,
                coordinate,
                len(error),
                float(error.mean()),
                float(error.std()),
                float(np.ptp(given)),
                float(abs(np.ptp(found) - np.ptp(given))),
                float(np.median(sd)),
                float(np.mean(np.abs(error) < 1.96 * sd)),
            )


def plug_in_gait(folder: Path, *, with_static: bool = True) -> Iterator[Row]:
    """Every walk of biomechZoo's four people and pyCGM's movement against the angles stored with them."""
    for person in WALKS:
        (static,) = sorted((folder / "biomechzoo" / person).glob("static*.c3d"))
        for path in sorted((folder / "biomechzoo" / person).glob("[st][tu]r*.c3d")):
            yield from _nexus(person, path, static if with_static else None)
    static = folder / "pycgm" / "Static_trial.c3d"
    yield from _nexus("pyCGM", folder / "pycgm" / "Movement_trial.c3d", static if with_static else None)


def _nexus(person: str, path: Path, static: Path | None) -> Iterator[Row]:
    recording = read_c3d(path)
    motion = marker_motion(recording, static=read_c3d(static) if static else None)
    thorax = marker_body(recording.space_points[0], subject=recording.subject).thorax
    extra = {f"thorax_{name}": angle for name, angle in zip(_ROOM, pelvis_angles(thorax), strict=True)}
    angles = recording.angles[0]
    triples = {
        name.removesuffix(".x"): angles.value[:, [angles.names.index(f"{name[:-1]}{axis}") for axis in "xyz"]]
        for name in angles.names
        if name.endswith(".x")
    }
    theirs = nexus_angles(triples, motion["pelvis_left_rotation"])
    yield from compared(person, path.stem.partition("_")[0], motion, extra, theirs)


def nexus_angles(triples: Angles, heading: Floats) -> dict[str, Floats]:
    """Plug-in Gait's stored angles as our coordinates, rad.

    With ISB axes Plug-in Gait's triples (x, y, z) of the right side compose to

    * pelvis and thorax in the room: Rz(-x) Rx(-y) Ry(z), tilt first, about the quarter turn of the room's
      axes that the person walks along (unlike Baker 2001, so turning walks differ by up to 10 deg until
      recomposed);
    * spine: Rz(x) Rx(-y) Ry(z), the PELVIS in the thorax.

    The left side's y and z have the other sign. All of this reproduces what is stored to 0.01 deg. Hip and
    knee have our signs on both sides.

    Args:
        triples: ``RHipAngles`` and the like -> (n_frames, 3) rad.
        heading: (n_frames,) of the pelvis in the room, to find the quarter turn.
    """

    def turned(x: Floats, y: Floats, z: Floats) -> Floats:
        return rotation_about(2, x) @ rotation_about(0, y) @ rotation_about(1, z)

    at: dict[str, Floats] = {}
    for side, letter in SIDES.items():
        flexion, adduction, rotation = triples[f"{letter}HipAngles"].T
        at[f"hip_flexion_{side}"], at[f"hip_adduction_{side}"] = flexion, adduction
        at[f"hip_internal_rotation_{side}"] = rotation
        at[f"knee_flexion_{side}"] = triples[f"{letter}KneeAngles"][:, 0]
    frames = {}
    for segment in ("pelvis", "thorax"):
        x, y, z = triples[f"R{segment.capitalize()}Angles"].T
        frames[segment] = turned(-x, -y, z)
    apart = np.angle(np.nanmean(np.exp(1j * (heading - pelvis_angles(frames["pelvis"]).left_rotation))))
    quarter = rotation_about(1, np.pi / 2 * np.round(apart / (np.pi / 2)))
    for segment, frame in frames.items():
        for name, angle in zip(_ROOM, pelvis_angles(quarter @ frame), strict=True):
            at[f"{segment}_{name}"] = angle
    x, y, z = triples["RSpineAngles"].T
    trunk = trunk_angles(turned(x, -y, z), np.eye(3))
    at["trunk_flexion"], at["trunk_right_bending"], at["trunk_left_rotation"] = trunk
    return at


def uiprmd(folder: Path, repetitions: int | None = None) -> Iterator[Row]:
    """UI-PRMD's people against the laboratory's angles: medians over the correct repetitions of each.

    Args:
        folder: ``uiprmd``.
        repetitions: of each movement at most; None: all.
    """
    rows: dict[tuple[str, str], list[Row]] = {}
    for path in sorted(folder.glob("m*_s*_correct.npz")):
        movement, person, _ = path.stem.split("_")
        if movement in MOVEMENTS:
            for row in _repetitions(path, person, movement, repetitions):
                rows.setdefault((row.coordinate, person), []).append(row)
    for (coordinate, person), found in rows.items():
        table = np.array([row[3:] for row in found])
        n_frames, figures = int(table[:, 0].sum()), np.median(table[:, 1:], axis=0).tolist()
        yield Row(person, "all", coordinate, n_frames, *figures)


def _repetitions(path: Path, person: str, movement: str, at_most: int | None) -> Iterator[Row]:
    with np.load(path) as file:
        tables = [file[name] for name in sorted(file.files) if name.endswith("_angles_deg")]
    for one, table in list(zip(load_uiprmd(path), tables, strict=True))[:at_most]:
        recording = one.recording
        motion = marker_motion(recording)
        triples = {name: np.radians(table[:, row].astype(float)) for name, row in _TRIPLES.items()}
        theirs = nexus_angles(triples, motion["pelvis_left_rotation"])
        for name in set(theirs) & set(one.truth.coordinates):  # where a marker was lost the lab's is none
            theirs[name] = np.where(np.isnan(one.truth[name]), np.nan, theirs[name])
        thorax = marker_body(recording.space_points[0]).thorax
        extra = {f"thorax_{name}": angle for name, angle in zip(_ROOM, pelvis_angles(thorax), strict=True)}
        yield from compared(person, movement, motion, extra, theirs)


def opensim(folder: Path) -> Iterator[Row]:
    """OpenSim's recordings against its own inverse kinematics with the given models; the unaided road."""
    for name, (markers, angles, knee) in OPENSIM.items():
        recording = read_trc(folder / markers)
        motion = marker_motion(recording)
        theirs = opensim_angles(folder / angles, recording.time_s, knee)
        person, _, what = name.partition(" ")
        yield from compared(person, what or "walk", motion, {}, theirs)


def opensim_angles(path: Path, time_s: Floats, knee: float) -> dict[str, Floats]:
    """OpenSim's coordinates as ours, rad.

    Its pelvis is Rz(tilt) Rx(list) Ry(rotation) in the room, recomposed here in Baker's order; its hips have
    our signs; its lumbar joint turns the torso, ISB order, extension positive; the sign of its knee
    differs between models.
    """
    lines = path.read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.strip() == "endheader") + 1
    names, *rows = (line.split() for line in lines[start:] if line.strip())
    table = np.array(rows, float)

    def at(name: str) -> Floats:
        return np.radians(np.interp(time_s, table[:, 0], table[:, names.index(name)]))

    pelvis = (
        rotation_about(2, at("pelvis_tilt"))
        @ rotation_about(0, at("pelvis_list"))
        @ rotation_about(1, at("pelvis_rotation"))
    )
    found = {f"pelvis_{name}": angle for name, angle in zip(_ROOM, pelvis_angles(pelvis), strict=True)}
    for side, letter in (("left", "l"), ("right", "r")):
        found[f"hip_flexion_{side}"] = at(f"hip_flexion_{letter}")
        found[f"hip_adduction_{side}"] = at(f"hip_adduction_{letter}")
        found[f"hip_internal_rotation_{side}"] = at(f"hip_rotation_{letter}")
        found[f"knee_flexion_{side}"] = knee * at(f"knee_angle_{letter}")
    found["trunk_flexion"] = -at("lumbar_extension")
    found["trunk_right_bending"] = at("lumbar_bending")
    found["trunk_left_rotation"] = at("lumbar_rotation")
    return found
