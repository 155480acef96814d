"""The file formats Coxa reads and writes: one row each, imported when first used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from coxa.app.ports import RecordingReader
from coxa.app.request import ReadOptions
from coxa.model.errors import OutputError, SourceError
from coxa.model.recording import Recording

Opener: TypeAlias = Callable[[Path, ReadOptions], RecordingReader]
Writer: TypeAlias = Callable[[Recording, Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Attributes:
        title: for people to read.
        suffixes: how such files' names end; empty: a folder.
        opens: ``module:function`` of an :data:`Opener`; empty: cannot be read.
        writes: ``module:function`` of a :data:`Writer`; empty: cannot be written.
    """

    title: str
    suffixes: tuple[str, ...]
    opens: str = ""
    writes: str = ""


_SOURCES, _SINKS = "coxa.adapters.sources", "coxa.adapters.sinks"
FORMATS = (
    Format("C3D", (".c3d",), f"{_SOURCES}.c3d:open_c3d", f"{_SINKS}.c3d:write_c3d"),
    Format("TRC", (".trc",), f"{_SOURCES}.trc:open_trc", f"{_SINKS}.trc:write_trc"),
    Format("OpenSim MOT or STO", (".mot", ".sto"), f"{_SOURCES}.mot:open_mot", f"{_SINKS}.mot:write_mot"),
    Format("CSV", (".csv", ".txt"), f"{_SOURCES}.table:open_csv", f"{_SINKS}.table:write_csv"),
    Format("Kinect skeleton", (".skeleton",), f"{_SOURCES}.keypoints.kinect:open_skeleton"),
    Format("Parquet", (".parquet",), f"{_SOURCES}.table:open_parquet", f"{_SINKS}.table:write_parquet"),
    Format("netCDF", (".nc", ".h5"), f"{_SOURCES}.netcdf:open_netcdf", f"{_SINKS}.netcdf:write_netcdf"),
    Format("JSON keypoints", (".json",), f"{_SOURCES}.keypoints:open_json"),
    Format("folder of JSON keypoints", (), f"{_SOURCES}.keypoints:open_folder"),
)


def is_recording(path: Path) -> bool:
    """Whether the name is one of a recording's (else it is taken for a video)."""
    return path.is_dir() or any(path.suffix.lower() in one.suffixes for one in FORMATS)


def open_recording(path: Path, options: ReadOptions) -> RecordingReader:
    """Open a file or folder of any format.

    Raises:
        SourceError: missing, or of no format Coxa knows, or what the format's reader refuses.
    """
    if not path.exists():
        raise SourceError(f"{path}: there is no such file", "check the spelling of the path")
    opens = _format_of(path).opens
    if not opens:
        raise SourceError(f"{path}: files of this format cannot be read", _known("opens"))
    opener: Opener = _resolve(opens)
    return opener(path, options)


def writer_of(path: Path) -> Writer:
    """What writes a recording to a file of this name.

    Raises:
        OutputError: no format that Coxa writes has this suffix.
    """
    try:
        writes = _format_of(path).writes
    except SourceError as error:
        raise OutputError(error.fault, _known("writes")) from error
    if not writes:
        raise OutputError(f"{path}: files of this format cannot be written", _known("writes"))
    writer: Writer = _resolve(writes)
    return writer


def _format_of(path: Path) -> Format:
    suffix = "" if path.is_dir() else path.suffix.lower()
    for one in FORMATS:
        if suffix in one.suffixes or (path.is_dir() and not one.suffixes):
            return one
    raise SourceError(f"{path}: no known format ends in {suffix!r}", _known("opens"))


def _known(ability: str) -> str:
    names = [suffix for one in FORMATS if getattr(one, ability) for suffix in one.suffixes]
    return f"name a file that ends in one of: {', '.join(names)}"


def _resolve(place: str):  # type: ignore[no-untyped-def]
    module, name = place.split(":")
    return getattr(import_module(module), name)
