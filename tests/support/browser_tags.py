"""The browser's tag detector, run by node over made-up pictures of boards, beside the truth and OpenCV's."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coxa.adapters.tags.channel import BoardWatcher
from coxa.app.one_camera import CameraTold, single_camera
from coxa.bootstrap.live_tags import printed
from coxa.catalog import loader
from coxa.kinematics.rotations import rotation_from_vector
from tests.support.tag_pictures import Film, Noise, board, clutter, draw

Floats = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
_LOOK = ROOT / "frontend/test/tags/look.ts"
#: Board axes to a camera's that looks straight at it: X to the camera, Y up, Z to the left.
FACING = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])
_FOCAL_SHARE = 0.85  # of the width: a webcam


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of boards, and where their tags are: id -> (4, 2) px."""

    grey: NDArray[np.uint8]
    truth: dict[int, Floats]


def shot(
    rng: np.random.Generator, size: tuple[int, int], distance_m: float, turn_deg: float, film: Film
) -> Shot:
    """Sacrum and T12 on somebody who has turned by so much, in a cluttered room."""
    width, height = size
    canvas = clutter(width, height, rng).astype(np.float32)
    focal, centre = _FOCAL_SHARE * width, np.array([0.5 * width, 0.5 * height])
    placed, truth = [], {}
    middle = rng.uniform(-0.3, 0.3)
    for name, y in (("sacrum", 0.06), ("t12", -0.12)):
        turned = rotation_from_vector(np.array([0.0, np.radians(turn_deg), 0.0]))
        askew = rotation_from_vector(np.radians(rng.normal(0.0, 6.0, 3)))
        rotation = turned @ askew @ FACING
        position = np.array([middle, y, distance_m]) + rng.normal(0.0, 0.01, 3)
        placed.append((name, [(rotation, position)]))
        one = board(name)
        for tag, corners, normal in zip(one.tags, one.corners_m, one.normal, strict=True):
            seen = corners @ rotation.T + position
            if float((rotation @ normal) @ seen.mean(axis=0)) < 0.0:
                truth[tag] = focal * seen[:, :2] / seen[:, 2:] + centre
    draw(canvas, placed, focal, centre, film)
    return Shot(Noise(width, height, film.noise, int(rng.integers(1 << 30))).add(canvas), truth)


@dataclass(frozen=True, slots=True)
class Looked:
    """What the browser's detector found in a picture: id -> corners, their spread, px; how long it took."""

    tags: Mapping[int, tuple[Floats, float]]
    took_ms: float


def in_browser(folder: Path, pictures: list[NDArray[np.uint8]], anew: bool = True) -> list[Looked]:
    """Look at pictures in order; ``anew``: each as if it were the first."""
    told = []
    for k, grey in enumerate(pictures):
        path = folder / f"{k}.grey"
        path.write_bytes(np.ascontiguousarray(grey).tobytes())
        told.append({"path": str(path), "width": grey.shape[1], "height": grey.shape[0], "anew": anew})
    asked = folder / "told.json"
    asked.write_text(json.dumps({"printed": printed(), "pictures": told}), encoding="utf-8")
    command = ["node", "--import", "tsx", str(_LOOK), str(asked)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return [
        Looked(
            {tag["id"]: (np.reshape(tag["corners"], (4, 2)), tag["spreadPx"]) for tag in one["tags"]},
            one["tookMs"],
        )
        for one in json.loads(said.stdout)
    ]


def in_python(grey: NDArray[np.uint8]) -> dict[int, Floats]:
    """What OpenCV's detector with refined edges finds in the same picture, as films are read."""
    camera = single_camera(grey.shape[1], grey.shape[0], CameraTold(), loader.video_rules())
    return {tag: one.corners_px for tag, one in BoardWatcher(camera).see(grey).items()}
