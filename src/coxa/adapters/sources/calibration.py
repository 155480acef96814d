"""Where the cameras stood and what their lenses do: calibration files of several programs.

Read are Pose2Sim's ``Calib.toml``, OpenCV's YAML, XML and JSON, Qualisys' ``.qca.txt`` and OpenCap's
``cameraIntrinsicsExtrinsics.pickle``; one file with all cameras, or a folder with one file for each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from coxa.adapters.sources.calibration_files import AGAIN, READERS, RawCamera
from coxa.model.camera import ROOM_TO_LEVEL_CAMERA, Camera
from coxa.model.errors import SourceError

Floats = NDArray[np.float64]

#: World axes of a file to the room's (Y up), by the file's axis that points up.
TO_ROOM = {
    "z": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]]),
    "y": np.eye(3),
    "x": np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
}
#: Pictures are stored in blocks of this many pixels; a picture that differs by less was cut, not scaled.
BLOCK_PX = 16
#: How far a point may land from where it was when its distortion is taken off and put back, px.
MAX_RETURN_PX = 1.0
#: Cameras that stand further from their middle than this are not in metres [m, mm].
FAR_M, NEAR_MM = 50.0, 500.0


@dataclass(frozen=True, slots=True)
class CalibratedCamera:
    """One camera of a calibration, in room axes.

    Attributes:
        name: as the file has it.
        size_px: width and height of the pictures it was calibrated with; None: not told.
        matrix: (3, 3) intrinsic.
        distortion: OpenCV's coefficients, any of its lengths; of its fisheye model where ``fisheye``.
        fisheye: which model.
        rotation_room_to_camera: (3, 3).
        position_m: (3,) in the room.
        placed: whether the file says where it stood; else it is level, where the room begins.
    """

    name: str
    size_px: tuple[int, int] | None
    matrix: Floats
    distortion: Floats
    fisheye: bool
    rotation_room_to_camera: Floats
    position_m: Floats
    placed: bool = True

    def pinhole(self, width_px: int, height_px: int) -> Camera:
        """The ideal camera, with square pixels, that :meth:`ideal` maps to."""
        scale = self._scale(width_px, height_px)
        focal = float(np.sqrt(self.matrix[0, 0] * self.matrix[1, 1])) * scale
        return Camera(
            width_px=width_px,
            height_px=height_px,
            focal_px=focal,
            centre_px=self.matrix[:2, 2] * scale,
            rotation_room_to_camera=self.rotation_room_to_camera,
            position_m=self.position_m,
        )

    def ideal(self, position_px: Floats, width_px: int, height_px: int) -> Floats:
        """Points (..., 2) of a picture of this size, as :meth:`pinhole` would see them; NaN stays NaN.

        A point so far outside the picture that the lens model does not hold there becomes NaN.
        """
        scale = self._scale(width_px, height_px)
        camera = self.pinhole(width_px, height_px)
        seen = position_px.reshape(-1, 2) / scale
        known = np.isfinite(seen).all(axis=1)
        ideal = np.full(seen.shape, np.nan)
        if known.any():
            straight = self._straight(seen[known])
            ideal[known] = straight * camera.focal_px + camera.centre_px
        return ideal.reshape(position_px.shape)

    def seen(self, position_px: Floats, width_px: int, height_px: int) -> Floats:
        """The way back: points (..., 2) of :meth:`pinhole` as the lens shows them; NaN stays NaN."""
        scale, camera = self._scale(width_px, height_px), self.pinhole(width_px, height_px)
        ideal = position_px.reshape(-1, 2)
        known = np.isfinite(ideal).all(axis=1)
        seen = np.full(ideal.shape, np.nan)
        if known.any():
            rays = (ideal[known] - camera.centre_px) / camera.focal_px
            seen[known] = self._bent(rays[:, None]).reshape(-1, 2) * scale
        return seen.reshape(position_px.shape)

    def _bent(self, rays: Floats) -> Floats:
        """Rays x/z, y/z (n, 1, 2) to pixels (n, 1, 2) of the calibration's size."""
        if self.fisheye:
            return np.asarray(cv2.fisheye.distortPoints(rays, self.matrix, self.distortion))
        space = np.concatenate([rays, np.ones((len(rays), 1, 1))], axis=2)
        nowhere = np.zeros(3)
        return np.asarray(cv2.projectPoints(space, nowhere, nowhere, self.matrix, self.distortion)[0])

    def _straight(self, seen: Floats) -> Floats:
        """Pixels (n, 2) of the calibration's size to rays x/z, y/z (n, 2)."""
        points = np.ascontiguousarray(seen[:, None])
        criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 50, 1e-10)
        if self.fisheye:
            rays = cv2.fisheye.undistortPoints(points, self.matrix, self.distortion, criteria=criteria)
        else:
            rays = cv2.undistortPoints(points, self.matrix, self.distortion, criteria=criteria)
        back = self._bent(np.asarray(rays, np.float64))
        lost = ~(np.linalg.norm(back.reshape(-1, 2) - seen, axis=1) <= MAX_RETURN_PX)
        straight = np.asarray(rays.reshape(-1, 2), np.float64)
        straight[lost] = np.nan
        return straight

    def _scale(self, width_px: int, height_px: int) -> float:
        if self.size_px is None:
            return 1.0
        width, height = self.size_px
        if abs(width - width_px) < BLOCK_PX and abs(height - height_px) < BLOCK_PX:
            return 1.0
        scale = width_px / width
        if abs(height * scale - height_px) < BLOCK_PX:
            return scale
        raise SourceError(
            f"camera {self.name} was calibrated with pictures of {width} x {height} pixels, "
            f"the video has {width_px} x {height_px}",
            "use the calibration of this camera in this position, or export the video without cutting it",
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """All cameras of a calibration.

    Attributes:
        path: the file or folder.
        format: for people to read.
        cameras: at least one.
        up_told: whether the format says which way is up; else it is taken as the file's Z.
        notes: sentences a person should read.
    """

    path: Path
    format: str
    cameras: tuple[CalibratedCamera, ...]
    up_told: bool
    notes: tuple[str, ...] = ()

    def matched(self, sources: Sequence[Path]) -> tuple[CalibratedCamera, ...]:
        """The camera of each source: by name, else in order where there are as many.

        Raises:
            SourceError: no telling which camera is which.
        """
        found = [self._named(source) for source in sources]
        if None not in found and len({camera.name for camera in found if camera}) == len(found):
            return tuple(camera for camera in found if camera is not None)
        if len(self.cameras) == len(sources) and not any(found):
            return self.cameras
        names = ", ".join(camera.name for camera in self.cameras)
        raise SourceError(
            f"{self.path}: cannot tell which of its cameras ({names}) filmed "
            f"{', '.join(source.name for source in sources)}",
            "name each video (or folder of keypoints) as its camera is named in the calibration",
        )

    def _named(self, source: Path) -> CalibratedCamera | None:
        for text in (source.stem, source.parent.name):
            exact = [camera for camera in self.cameras if camera.name.lower() == text.lower()]
            within = [camera for camera in self.cameras if _is_word(camera.name, text)]
            for some in (exact, within):
                if len(some) == 1:
                    return some[0]
        return None

    def turned(self, rotation: Floats) -> Calibration:
        """The same cameras in a room turned by (3, 3): new axes = rotation @ old axes."""
        return replace(
            self,
            cameras=tuple(
                replace(
                    camera,
                    rotation_room_to_camera=camera.rotation_room_to_camera @ rotation.T,
                    position_m=rotation @ camera.position_m,
                )
                for camera in self.cameras
            ),
        )


def _is_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z0-9])", text.lower()) is not None


def read_lens(path: Path, source: Path) -> CalibratedCamera:
    """The camera that took one film; where it stood need not be told.

    Args:
        path: the file or folder of the calibration; of several cameras it has, the one is taken whose name
            the film bears.
        source: the film.

    Raises:
        SourceError: as :func:`read_calibration`, or no telling which of its cameras it was.
    """
    return read_calibration(path, placed=False).matched([source])[0]


def read_calibration(path: Path, up: str | None = None, placed: bool = True) -> Calibration:
    """Read a file with all cameras, or a folder with one file for each.

    Args:
        path: the file or folder.
        up: ``x``, ``y`` or ``z``, the file's axis that points up; None: as the format has it, else Z.
        placed: whether it must say where the cameras stood.

    Raises:
        SourceError: missing, of no known format, or damaged.
    """
    if not path.exists():
        raise SourceError(f"{path}: there is no such file", "check the spelling of the path")
    files = _files_in(path) if path.is_dir() else [path]
    raw: list[RawCamera] = []
    for file in files:
        raw += READERS[_kind_of(file)](file)
    if not raw:
        raise SourceError(f"{path}: there is no camera in it", "name another file")
    for camera in raw:
        if placed and not camera.placed:
            raise SourceError(f"{path}: camera {camera.name}: its rotation or translation is missing", AGAIN)
    names = [camera.name for camera in raw]
    if len(set(names)) < len(names):
        raise SourceError(f"{path}: two cameras have the same name", "give every camera a name of its own")
    kind = raw[0].format
    to_room = TO_ROOM[up or kind.up]
    scale, notes = _metres(path, raw)
    return Calibration(path, kind.title, tuple(_in_room(c, to_room, scale) for c in raw), kind.up_told, notes)


def _kind_of(file: Path) -> str:
    name = file.name.lower()
    kind = "qca" if name.endswith((".qca", ".qca.txt")) else file.suffix.lower().removeprefix(".")
    if kind not in READERS:
        raise SourceError(
            f"{file}: not a calibration that Coxa knows",
            "name a file that ends in .toml, .yml, .yaml, .xml, .json, .qca.txt or .pickle",
        )
    return kind


def _files_in(folder: Path) -> list[Path]:
    """Calibration files of a folder: those in it, else one in each of its folders (OpenCap)."""
    for pattern in ("*", "*/*"):
        found = [f for f in sorted(folder.glob(pattern)) if f.is_file() and _is_calibration(f)]
        if found:
            return found
    raise SourceError(f"{folder}: there is no calibration in this folder", "name the calibration file itself")


def _is_calibration(file: Path) -> bool:
    name = file.name.lower()
    if name.endswith((".toml", ".json", ".pickle", ".pkl", ".yml", ".yaml", ".xml")):
        return not name.startswith("config")
    return name.endswith((".qca", ".qca.txt"))


def _metres(path: Path, raw: list[RawCamera]) -> tuple[float, tuple[str, ...]]:
    """What to multiply lengths by, and what to say of it."""
    eyes = np.array([-camera.rotation.T @ camera.translation for camera in raw])
    away = float(np.median(np.linalg.norm(eyes - eyes.mean(axis=0), axis=1))) if len(raw) > 1 else 0.0
    if len(raw) == 1:
        away = float(np.linalg.norm(raw[0].translation))
    if away <= FAR_M:
        return 1.0, ()
    if away >= NEAR_MM:
        return 1e-3, ("The calibration's lengths are taken as millimetres.",)
    raise SourceError(
        f"{path}: the cameras would stand {away:.0f} m from their middle, so the lengths are not metres, "
        "and too small for millimetres",
        "write the translations in metres",
    )


def _in_room(raw: RawCamera, to_room: Floats, scale: float) -> CalibratedCamera:
    turned = raw.rotation @ to_room.T
    return CalibratedCamera(
        name=raw.name,
        size_px=raw.size_px,
        matrix=raw.matrix,
        distortion=raw.distortion,
        fisheye=raw.fisheye,
        rotation_room_to_camera=turned if raw.placed else ROOM_TO_LEVEL_CAMERA,
        position_m=to_room @ (-raw.rotation.T @ raw.translation) * scale,
        placed=raw.placed,
    )
