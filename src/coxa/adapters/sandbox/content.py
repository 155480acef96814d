"""What a file is, by its content; a name is only believed where the content agrees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from coxa.adapters.formats import FORMATS
from coxa.app.jobs import Role
from coxa.model.errors import SourceError

_LOOK = 1 << 16
_LONGEST = 120
_KNOWN = "upload a film (mp4, mov, webm, mkv, avi), or C3D, TRC, MOT, CSV, Parquet, netCDF or JSON"
_ODD = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Content:
    """A family of files.

    Attributes:
        title: for people.
        media_type: of it.
        suffixes: names that go with it; the first is given where the name says something else and that
            does no harm (films).
        seen: whether a beginning is of it.
    """

    title: str
    media_type: str
    suffixes: tuple[str, ...]
    seen: Callable[[bytes], bool]

    @property
    def film(self) -> bool:
        """Whether it has moving pictures."""
        return self.media_type.startswith("video/")


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magic)


def _c3d(head: bytes) -> bool:
    """A block number, then its key."""
    return len(head) > 1 and head[1] == 0x50 and 2 <= head[0] < 0x50


def _text(head: bytes) -> bool:
    """Readable: no control characters but those of lines and tabs."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    try:
        words = head.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.start >= len(head) - 3  # only the last letter, in two
        words = head[: error.start].decode("utf-8") if cut else head.decode("latin-1")
    odd = sum(unicodedata.category(letter) == "Cc" and letter not in "\r\n\t\f" for letter in words)
    return bool(words.strip()) and odd == 0


def _json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[") and _text(head)


_TEXT = (".csv", ".txt", ".trc", ".mot", ".sto", ".skeleton", ".toml", ".xml", ".yaml", ".yml", ".calib")
#: In this order; the first that fits.
CONTENTS = (
    Content("MP4 film", "video/mp4", (".mp4", ".mov", ".m4v", ".3gp"), lambda h: h[4:8] == b"ftyp"),
    Content("WebM or Matroska film", "video/webm", (".webm", ".mkv"), _starts(b"\x1a\x45\xdf\xa3")),
    Content("AVI film", "video/x-msvideo", (".avi",), lambda h: h[:4] == b"RIFF" and h[8:12] == b"AVI "),
    Content("Ogg film", "video/ogg", (".ogv", ".ogg"), _starts(b"OggS")),
    Content("Flash film", "video/x-flv", (".flv",), _starts(b"FLV\x01")),
    Content("Windows Media film", "video/x-ms-wmv", (".wmv", ".asf"), _starts(b"0&\xb2u\x8ef\xcf\x11")),
    Content("MPEG film", "video/mpeg", (".mpg", ".mpeg"), _starts(b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3")),
    Content(
        "MPEG transport stream", "video/mp2t", (".ts", ".mts", ".m2ts"),
        lambda h: h[:1] == b"G" and h[188:189] == b"G",
    ),
    Content("Parquet", "application/vnd.apache.parquet", (".parquet",), _starts(b"PAR1")),
    Content("HDF5", "application/x-hdf5", (".h5", ".nc"), _starts(b"\x89HDF\r\n\x1a\n")),
    Content("netCDF", "application/x-netcdf", (".nc",), _starts(b"CDF\x01", b"CDF\x02", b"CDF\x05")),
    Content("C3D", "application/octet-stream", (".c3d",), _c3d),
    Content("JSON", "application/json", (".json", *_TEXT), _json),
    Content("text", "text/plain", _TEXT, _text),
)  # fmt: skip


def clean(name: str, taken: set[str]) -> str:
    """A name without folders and odd characters, that nothing else in the folder has.

    Raises:
        SourceError: nothing of it is left.
    """
    plain = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode()).replace("\\", "/")
    plain = "".join(one for one in PurePosixPath(plain).name if unicodedata.category(one)[0] != "C")
    plain = _ODD.sub("_", plain).strip(". ")
    if not plain:
        raise SourceError("the file has no name", "give it one that ends as its format does")
    stem, suffix = PurePosixPath(plain).stem, PurePosixPath(plain).suffix.lower()[:12]
    stem = stem[: _LONGEST - len(suffix)]
    told, number = f"{stem}{suffix}", 2
    while told.casefold() in {one.casefold() for one in taken}:
        told, number = f"{stem} ({number}){suffix}", number + 1
    return told


def content_of(path: Path, name: str, role: Role = Role.RECORDING) -> Content:
    """What a file is.

    Args:
        path: the file.
        name: as its sender called it.
        role: what it is to be; recordings must be of a format that can be measured.

    Raises:
        SourceError: it is nothing Coxa reads, or something else than its name says.
    """
    with path.open("rb") as file:
        head = file.read(_LOOK)
    if not head:
        raise SourceError(f"{name} is empty", "choose the file again")
    found = next((one for one in CONTENTS if one.seen(head)), None)
    if found is None:
        raise SourceError(f"{name} is no recording that Coxa reads, by its content", _KNOWN)
    suffix = PurePosixPath(name).suffix.lower()
    if not found.film and suffix not in found.suffixes:
        said = f"{suffix!r}" if suffix else "nothing"
        raise SourceError(
            f"{name}: its content is {found.title}, its name says {said}",
            f"let its name end in one of: {', '.join(found.suffixes)}",
        )
    measurable = found.film or any(suffix in one.suffixes and one.opens for one in FORMATS)
    if role in (Role.RECORDING, Role.HELPED) and not measurable:
        raise SourceError(f"{name} is no recording ({found.title})", _KNOWN)
    return found


def fitting_name(name: str, content: Content) -> str:
    """The name, ending as the content does: films are read as films whatever they were called."""
    suffix = PurePosixPath(name).suffix.lower()
    if content.film and suffix not in content.suffixes:
        return f"{name}{content.suffixes[0]}"
    return name
