"""A folder with the files that the documentation's examples name: simulated people, small and quick."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import yaml
from docs.notebooks.made_up import abductions, trial

from coxa.adapters.sinks.c3d import write_c3d
from coxa.model.recording import Recording
from coxa.report.assessment import document
from tests.support.blocks import ROOT, Block, blocks_of
from tests.support.marker_person import marker_person
from tests.support.phones import Wear, quaternion_csv, seated, shown
from tests.support.plans import HEALTHY, rotation, turning
from tests.support.worn import LOWER, moving, quaternion_sto, quaternions_z_up

_RATE_HZ = 100


def prepare(folder: Path) -> Path:
    """Everything, under the names that pages give it."""
    _markers(folder)
    _sensors(folder)
    _tables(folder)
    _own_files(folder)
    _results(folder)
    return folder


def example(page: str, begins: str) -> Block:
    """The block of a page that begins so."""
    path = ROOT / page
    found = [one for one in blocks_of(path.read_text(encoding="utf-8"), path) if one.text.startswith(begins)]
    assert len(found) == 1, f"{page}: {len(found)} blocks begin with {begins!r}"
    return found[0]


def _swung(amplitude_deg: Mapping[str, float], length_s: float) -> Recording:
    """Plug-in Gait markers of somebody whose angles go out and back, one round in four seconds."""
    time_s = np.arange(0.0, length_s, 1 / _RATE_HZ)
    bell = 0.5 - 0.5 * np.cos(2 * np.pi * time_s / 4.0)
    pelvis = np.tile(np.eye(3), (len(time_s), 1, 1))
    return marker_person(pelvis, {name: np.radians(most) * bell for name, most in amplitude_deg.items()})


def _markers(folder: Path) -> None:
    write_c3d(_swung({"hip_flexion_left": 40, "knee_flexion_left": 60}, 4.0), folder / "walk.c3d")
    write_c3d(_swung({}, 1.0), folder / "standing.c3d")
    lunge = {"knee_flexion_right": 80, "hip_flexion_right": 60}
    write_c3d(_swung(lunge, 12.0), folder / "lunges.c3d")


def _sensors(folder: Path) -> None:
    done = moving(("squat",), 6.0, 50.0)
    upright = np.tile(np.eye(3), (len(LOWER), 1, 1))
    text = quaternion_sto(done.time_s, LOWER, quaternions_z_up(done, LOWER, upright))
    (folder / "imu.sto").write_text(text, encoding="utf-8")
    sat = seated(1)
    phones = folder / "phones"
    phones.mkdir()
    rng = np.random.default_rng(0)
    for name, segment in (("shank.csv", "tibia_right"), ("sacrum.csv", "pelvis")):
        text = quaternion_csv(sat.time_s, shown(sat, segment, Wear(), rng))
        for place in (folder, phones):
            (place / name).write_text(text, encoding="utf-8")
    (folder / "worn.yaml").write_text(example("docs/phone.md", "posture:").text, encoding="utf-8")


def _tables(folder: Path) -> None:
    shutil.move(trial(n_people=12), folder / "table")
    aside = folder / "aside"
    aside.mkdir()
    abductions(aside, n_people=1)
    shutil.move(next(aside.glob("*.mot")), folder / "somebody-elses-ik.mot")
    shutil.rmtree(aside)


def _own_files(folder: Path) -> None:
    told = {"on": "2026-11-22", "answers": dict.fromkeys(HEALTHY, False)}
    wishes = {"minutes_a_day": 25, "days_a_week": 4, "equipment": ["ball", "stick"]}
    me = {"age_y": 44, "screen": told, "availability": wishes}
    (folder / "me.yaml").write_text(yaml.safe_dump(me), encoding="utf-8")
    (folder / "week.txt").write_text("squat 3x5, bench, run 30 min\n", encoding="utf-8")
    for place, page, name in (
        ("my-tests", "docs/protocols.md", "side_lunge"),
        ("my-exercises", "docs/exercises.md", "knee_lift"),
        (".", "docs/exercises.md", "knee_lift"),
    ):
        (folder / place).mkdir(exist_ok=True)
        text = example(page, f"version: 1\nid: {name}\n").text
        (folder / place / f"{name}.yaml").write_text(text, encoding="utf-8")


def _results(folder: Path) -> None:
    found = json.dumps(document((rotation(18, 34), turning(35))))
    for name in ("seated-seated_hip_rotation", "left-standing_leg_raise"):
        place = folder / "coxa-out" / name
        place.mkdir(parents=True)
        (place / "assessment.json").write_text(found, encoding="utf-8")
