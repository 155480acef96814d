"""The files that calibrations are kept in. Nothing in them is ever run, nor looked up elsewhere."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import yaml
from numpy.typing import NDArray

from coxa.adapters.sources.calibration_pickle import load_arrays
from coxa.kinematics.rotations import rotation_from_vector
from coxa.model.errors import SourceError

Floats = NDArray[np.float64]

MAX_BYTES = 4_000_000
AGAIN = "export the calibration again, as Pose2Sim's Calib.toml or with OpenCV's FileStorage"
#: What programs call the same thing, in the order in which they are looked for.
MATRIX = ("matrix", "K", "camera_matrix", "cameraMatrix", "Camera_Matrix", "intrinsic_matrix", "intrinsicMat")
DISTORTION = (
    *("distortions", "dist", "D", "distortion", "distCoeffs"),
    *("distortion_coefficients", "Distortion_Coefficients"),
)
ROTATION = ("rotation", "R", "rvec", "Rot", "rotation_matrix")
TRANSLATION = ("translation", "T", "t", "tvec", "translation_vector")
SIZE = ("size", "image_size", "imageSize", "img_size")
N_DISTORTION = (0, 4, 5, 8, 12, 14)
LARGEST_PICTURE_PX = 30_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: its title, its axis that points up, and whether the format itself says so."""

    title: str
    up: str = "z"
    up_told: bool = False


POSE2SIM = Kind("Pose2Sim calibration", up_told=True)
QUALISYS = Kind("Qualisys calibration", up_told=True)
OPENCV = Kind("OpenCV calibration")
OPENCAP = Kind("OpenCap calibration")


@dataclass(frozen=True, slots=True)
class RawCamera:
    """One camera as its file has it: x_camera = rotation @ x_world + translation, in the file's lengths."""

    name: str
    size_px: tuple[int, int] | None
    matrix: Floats
    distortion: Floats
    rotation: Floats
    translation: Floats
    fisheye: bool
    format: Kind
    placed: bool = True


def read_toml(path: Path) -> list[RawCamera]:
    """Pose2Sim's ``Calib.toml``: a table for each camera."""
    try:
        tables = tomllib.loads(_text(path))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceError(f"{path} is not TOML: {error}", AGAIN) from error
    return [_camera(path, name, table, POSE2SIM) for name, table in _tables(tables)]


def read_yaml(path: Path) -> list[RawCamera]:
    """OpenCV's YAML: one camera, or one mapping for each, or names with ``K_name`` and so on."""
    text = _text(path)
    if text.startswith("%YAML"):  # OpenCV writes a directive that YAML's parsers do not take
        text = text.split("\n", 1)[-1]
    try:
        content = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SourceError(f"{path} is not YAML: {str(error).splitlines()[0]}", AGAIN) from error
    return _cameras(path, content, OPENCV)


def read_json(path: Path) -> list[RawCamera]:
    """The same as JSON."""
    try:
        content = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is not JSON: {error}", AGAIN) from error
    return _cameras(path, content, OPENCV)


def read_xml(path: Path) -> list[RawCamera]:
    """The same as OpenCV's XML."""
    return _cameras(path, _xml_value(_xml(path)), OPENCV)


def read_pickle(path: Path) -> list[RawCamera]:
    """OpenCap's pickle of one camera, of which nothing but arrays is admitted."""
    content = load_arrays(path, _bytes(path))
    folder = path.parent.name if path.stem == "cameraIntrinsicsExtrinsics" else path.stem
    height_width = np.ravel(content.pop("imageSize", np.zeros(0)))
    if len(height_width) == 2:
        content["size"] = height_width[::-1]
    return [_camera(path, folder, content, OPENCAP)]


def read_qca(path: Path) -> list[RawCamera]:
    """Qualisys: pixels in 64ths, millimetres, camera axes with y up and z back, as seen from the room."""
    cameras: list[RawCamera] = []
    for node in _xml(path).iterfind("cameras/camera"):
        name = node.get("serial") or f"camera {len(cameras) + 1}"
        model = node.get("model", "none").lower()
        if "video" not in model and model not in ("none", ""):
            continue  # a camera that sees markers only
        cameras.append(_camera(path, name, _qualisys(path, name, node), QUALISYS))
    return cameras


def _qualisys(path: Path, name: str, node: ElementTree.Element) -> dict[str, Any]:
    def figures(tag: str, *keys: str) -> list[float]:
        found = node.find(tag)
        try:
            return [float((found.attrib if found is not None else {})[key]) for key in keys]
        except (KeyError, ValueError) as error:
            raise SourceError(f"{path}: camera {name}: {tag} lacks {error}", AGAIN) from error

    left, right, top, bottom = figures("fov_video", "left", "right", "top", "bottom")
    fu, fv, cu, cv = figures("intrinsic", "focalLengthU", "focalLengthV", "centerPointU", "centerPointV")
    lens = "radialDistortion1", "radialDistortion2", "tangentalDistortion1", "tangentalDistortion2"
    rotation = np.array(figures("transform", *(f"r{i}{j}" for i in "123" for j in "123"))).reshape(3, 3)
    place = np.array(figures("transform", "x", "y", "z")) / 1000
    flip = np.diag([1.0, -1.0, -1.0])
    return {
        "size": [right - left + 1, bottom - top + 1],
        "matrix": [[fu / 64, 0, cu / 64 - left], [0, fv / 64, cv / 64 - top], [0, 0, 1]],
        "distortions": figures("intrinsic", *lens),
        "rotation": flip @ rotation,
        "translation": -flip @ rotation @ place,
    }


#: How a file's name ends (without the dot) -> what reads it.
READERS: dict[str, Callable[[Path], list[RawCamera]]] = {
    "toml": read_toml,
    "yml": read_yaml,
    "yaml": read_yaml,
    "json": read_json,
    "xml": read_xml,
    "pickle": read_pickle,
    "pkl": read_pickle,
    "qca": read_qca,
}


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}", "check the file") from error
    if len(data) > MAX_BYTES:
        raise SourceError(f"{path} is too large to be a calibration", "name the calibration file")
    return data


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not text", AGAIN) from error


def _xml(path: Path) -> ElementTree.Element:
    text = _text(path)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SourceError(f"{path} defines entities of its own, which no calibration needs", AGAIN)
    try:
        return ElementTree.fromstring(text)  # noqa: S314 - without entities there is nothing to blow up
    except (ElementTree.ParseError, ValueError) as error:
        raise SourceError(f"{path} is not XML: {error}", AGAIN) from error


def _xml_value(node: ElementTree.Element) -> Any:
    """OpenCV's XML as mappings, lists of numbers, or text."""
    children = list(node)
    if node.get("type_id", "").startswith("opencv"):
        return {child.tag: _xml_value(child) for child in children}
    if children and all(child.tag == "_" for child in children):
        return [_xml_value(child) for child in children]
    if children:
        return {child.tag: _xml_value(child) for child in children}
    words = (node.text or "").replace(",", " ").split()
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        return " ".join(words)
    return numbers if len(numbers) != 1 else numbers[0]


class _Loader(yaml.SafeLoader):
    """YAML without references, which can be nested into more than any memory holds."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("references are not taken")
        return super().compose_node(parent, index)


def _opencv_matrix(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    return loader.construct_mapping(node, deep=True)


for _tag in ("opencv-matrix", "opencv-nd-matrix"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _opencv_matrix)


def _tables(content: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, table in content.items():
        if isinstance(table, Mapping) and name != "metadata":
            yield str(table.get("name", name)), table


def _cameras(path: Path, content: Any, kind: Kind) -> list[RawCamera]:
    if isinstance(content, Mapping) and "cameras" in content:
        content = content["cameras"]
    if isinstance(content, list):
        content = {f"camera {k}": table for k, table in enumerate(content, start=1)}
    if not isinstance(content, Mapping):
        raise SourceError(f"{path}: there is no camera in it", AGAIN)
    if _first(content, MATRIX) is not None:
        return [_camera(path, str(content.get("name", path.stem)), content, kind)]
    if isinstance(content.get("names"), list):  # EasyMocap: K_01, dist_01, Rot_01, T_01
        return [_camera(path, str(n), _of_name(content, str(n)), kind) for n in content["names"]]
    return [_camera(path, name, table, kind) for name, table in _tables(content)]


def _of_name(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """``Rot`` before ``R``: in EasyMocap's files R is the vector of the same rotation."""
    return {key.removesuffix(f"_{name}"): value for key, value in content.items() if key.endswith(f"_{name}")}


def _first(table: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((table[key] for key in keys if key in table), None)


def _camera(path: Path, name: str, table: Mapping[str, Any], kind: Kind) -> RawCamera:
    where = f"{path}: camera {name}"
    for key in ("intrinsics", "intrinsic", "extrinsics", "extrinsic"):
        if isinstance(table.get(key), Mapping):
            table = {**table, **table[key]}
    distortion = np.ravel(_numbers(where, "distortion", _first(table, DISTORTION), optional=True))
    if len(distortion) not in N_DISTORTION:
        raise SourceError(f"{where}: {len(distortion)} distortion coefficients are of no known model", AGAIN)
    fisheye = bool(table.get("fisheye", False))
    if fisheye and len(distortion) != 4:
        raise SourceError(f"{where}: a fisheye has four coefficients, not {len(distortion)}", AGAIN)
    rotation, translation = _first(table, ROTATION), _first(table, TRANSLATION)
    placed = rotation is not None and translation is not None
    return RawCamera(
        name=name,
        size_px=_size(where, table),
        matrix=_intrinsic(where, _numbers(where, "matrix", _first(table, MATRIX))),
        distortion=distortion,
        rotation=_rotation(where, _numbers(where, "rotation", rotation)) if placed else np.eye(3),
        translation=_three(where, _numbers(where, "translation", translation)) if placed else np.zeros(3),
        fisheye=fisheye,
        format=kind,
        placed=placed,
    )


def _numbers(where: str, what: str, value: Any, optional: bool = False) -> Floats:
    if value is None and optional:
        return np.zeros(0)
    if value is None:
        raise SourceError(f"{where}: its {what} is missing", AGAIN)
    if isinstance(value, Mapping):  # OpenCV's matrix
        rows, columns, value = value.get("rows"), value.get("cols"), value.get("data")
    else:
        rows = columns = None
    try:
        array = np.asarray(value, np.float64)
        if rows is not None and columns is not None:
            array = array.reshape(int(rows), int(columns))
    except (TypeError, ValueError, OverflowError) as error:
        raise SourceError(f"{where}: its {what} is not a matrix of numbers", AGAIN) from error
    if not np.isfinite(array).all() or array.size > 64:
        raise SourceError(f"{where}: its {what} is not a matrix of numbers", AGAIN)
    return array


def _intrinsic(where: str, matrix: Floats) -> Floats:
    if matrix.size != 9:
        raise SourceError(f"{where}: its matrix is not 3 x 3", AGAIN)
    matrix = matrix.reshape(3, 3)
    shape = matrix[[1, 2, 2, 2], [0, 0, 1, 2]]
    if not np.allclose(shape, [0, 0, 0, 1]) or min(matrix[0, 0], matrix[1, 1]) <= 0:
        raise SourceError(f"{where}: its matrix is not that of a camera (focal lengths, centre)", AGAIN)
    return matrix


def _rotation(where: str, value: Floats) -> Floats:
    if value.size == 3:
        return np.asarray(rotation_from_vector(value.ravel()), np.float64)
    if value.size != 9:
        raise SourceError(f"{where}: its rotation is neither a vector nor 3 x 3", AGAIN)
    left, stretch, right = np.linalg.svd(value.reshape(3, 3))
    nearest = left @ right
    if np.abs(stretch - 1).max() > 1e-2 or np.linalg.det(nearest) < 0:
        raise SourceError(f"{where}: its rotation is no rotation", AGAIN)
    return np.asarray(nearest, np.float64)


def _three(where: str, value: Floats) -> Floats:
    if value.size != 3:
        raise SourceError(f"{where}: its translation is not three numbers", AGAIN)
    return value.ravel()


def _size(where: str, table: Mapping[str, Any]) -> tuple[int, int] | None:
    told = _first(table, SIZE)
    for keys in (("width", "height"), ("image_width", "image_height")):
        if told is None and all(key in table for key in keys):
            told = [table[key] for key in keys]
    if told is None:
        return None
    size = np.ravel(_numbers(where, "size", told))
    if len(size) != 2 or not np.all((size >= 1) & (size <= LARGEST_PICTURE_PX)):
        raise SourceError(f"{where}: its size is not that of a picture", AGAIN)
    return round(float(size[0])), round(float(size[1]))
