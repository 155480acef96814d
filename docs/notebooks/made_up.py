"""Made-up people for the notebooks: what they did is known, so what is found can be held against it."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import numpy as np

from coxa.adapters.cohort.dataset import write_table
from coxa.adapters.cohort.parts import Parts
from coxa.app.cohort.parts import Answer, Part, Status
from coxa.app.cohort.run import plan
from coxa.app.cohort.tasks import Content, Engine, Listed

_RATE_HZ = 100
_COLUMNS = (
    "pelvis_tilt", "pelvis_list", "pelvis_rotation", "lumbar_extension", "lumbar_bending", "lumbar_rotation",
    "hip_flexion_r", "hip_adduction_r", "hip_rotation_r", "knee_angle_r", "ankle_angle_r",
    "hip_flexion_l", "hip_adduction_l", "hip_rotation_l", "knee_angle_l", "ankle_angle_l",
)  # fmt: skip


def abductions(folder: Path | None = None, n_people: int = 4, seed: int = 1) -> Path:
    """Legs swung outwards by some people in two sessions, as OpenSim's joint angles; the manifest's path.

    The left goes less far than the right by 14 degrees in every other person. One file is broken and one is
    missing.
    """
    folder = folder or Path(tempfile.mkdtemp())
    rng, rows = np.random.default_rng(seed), []
    for person in range(n_people):
        right = rng.normal(38.0, 4.0)
        for session in (1, 2):
            path = folder / f"person{person}-{session}.mot"
            reach = {"r": right, "l": right - 14.0 * (person % 2)}
            path.write_text(_abductions(reach, rng), encoding="utf-8")
            rows.append((path.name, f"person{person}", session, ("even", "stiff left")[person % 2]))
    (folder / "broken.c3d").write_bytes(b"this is no recording")
    rows += [("broken.c3d", "person9", 1, "even"), ("missing.c3d", "person9", 2, "even")]
    path = folder / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("recording", "person", "session", "group"))
        writer.writerows(rows)
    return path


def _abductions(reach_deg: dict[str, float], rng: np.random.Generator) -> str:
    """Three swings of each leg, as a MOT file."""
    still, bell = np.zeros(_RATE_HZ), 0.5 - 0.5 * np.cos(np.linspace(0.0, 2 * np.pi, 2 * _RATE_HZ))
    angles = {f"hip_adduction_{side}": [still] for side in reach_deg}
    for side, reach in reach_deg.items():
        for once in reach + rng.normal(0.0, 1.5, 3):
            for each, course in angles.items():
                course += [-once * bell if each.endswith(side) else 0.0 * bell, still]
    courses = {name: np.concatenate(course) for name, course in angles.items()}
    n_frames = len(courses["hip_adduction_r"])
    table = np.column_stack([courses.get(name, np.zeros(n_frames)) for name in _COLUMNS])
    lines = [
        "made up", "version=1", f"nRows={n_frames}", f"nColumns={len(_COLUMNS) + 1}", "inDegrees=yes",
        "endheader", "\t".join(("time", *_COLUMNS)),
    ]  # fmt: skip
    for frame, values in enumerate(table):
        lines.append("\t".join([f"{frame / _RATE_HZ:.3f}", *(f"{value:.4f}" for value in values)]))
    return "\n".join(lines) + "\n"


def trial(
    n_people: int = 40, gain_deg: float = 6.0, error_deg: float = 2.0, missing: float = 0.06, seed: int = 0
) -> str:
    """The table of a made-up trial: both hips on two days; those who train gain something. Its folder."""
    place, rng = tempfile.mkdtemp(), np.random.default_rng(seed)
    engine, listed, answers = Engine("made up", "none"), [], []
    for person in range(n_people):
        group, own = ("control", "training")[person % 2], rng.normal(34.0, 6.0)
        limbs = {side: own + rng.normal(0.0, 2.5) for side in ("left", "right")}
        for session in ("1", "2"):
            grown = gain_deg if (group, session) == ("training", "2") else 0.0
            name = f"p{person:02}"
            listed.append(
                Listed(f"{name}-{session}.c3d", "", "seated_hip_rotation", "", name, group, session)
            )
            told = {
                side: None if rng.random() < missing else limb + grown + rng.normal(0.0, error_deg)
                for side, limb in limbs.items()
            }
            measures = tuple(_measure(side, value, error_deg) for side, value in told.items())
            answers.append(Answer(Status.DONE, method="markers", measures=measures))
    planned = plan(listed, [Content(str(place)) for place in range(len(listed))], engine)
    store = Parts(place)
    for one, answer in zip(planned, answers, strict=True):
        if one.task is not None:
            store.put(Part(one.task.key, answer))
    write_table(planned, store, place, engine)
    return place


def _measure(side: str, value: float | None, error_deg: float) -> dict[str, object]:
    return {
        "kind": "result", "quantity": "internal_rotation", "side": side, "part": "", "unit": "deg",
        "coordinate": f"apparent_hip_internal_rotation_{side}", "value": value,
        "sd": None if value is None else error_deg,
        "minimal_detectable": None if value is None else 2.77 * error_deg,
        "observability": "not observable" if value is None else "observed", "verdict": "clean",
        "n_repetitions": 3, "n_counted": 3, "norm": "", "percentile": None,
    }  # fmt: skip
