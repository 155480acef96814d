"""What somebody names on the command line, as recordings; and what is in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from glob import glob, has_magic
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from coxa.adapters.cohort.manifest import is_manifest, read_manifest
from coxa.adapters.cohort.places import Folder, file_system, is_address
from coxa.app.cohort.tasks import Content, Listed
from coxa.catalog.loader import cohort_rules
from coxa.model.errors import SourceError

_BLOCK = 1 << 20
_READERS = 4  # files that are read side by side to know their content: waiting for disks or a network
_KNOWN = "_parts/contents.json"


@dataclass(frozen=True, slots=True)
class Found:
    """Recordings, and what was not taken for one.

    Attributes:
        listed: in the order they were named.
        left_out: files in folders that do not look like recordings.
    """

    listed: tuple[Listed, ...]
    left_out: int = 0


def find(inputs: Sequence[str], protocol: str, side: str) -> Found:
    """Every recording that is named: by itself, in a folder, by a pattern or in a manifest.

    Raises:
        SourceError: nothing is there, a manifest is wrong, or no protocol is named.
    """
    listed: list[Listed] = []
    left_out = 0
    for place in inputs:
        if not has_magic(place) and is_manifest(place):
            listed += read_manifest(place, protocol, side)
            continue
        if not has_magic(place) and not is_address(place) and not Path(place).exists():
            raise SourceError(f"{place}: there is no such file or folder", "check the spelling")
        if not protocol:
            raise SourceError(f"{place}: no protocol is named for it", "name one with --protocol")
        found, others = _recordings(place)
        left_out += others
        listed += [Listed(name, name, protocol, side) for name in found]
    if not listed:
        raise SourceError("no recording was found", "name folders, patterns, manifests or files")
    return Found(tuple(listed), left_out)


def _recordings(place: str) -> tuple[list[str], int]:
    found = _elsewhere(place) if is_address(place) else _here(place)
    if found is None:
        return [place], 0
    taken = [name for name in found if PurePosixPath(name).suffix.lower() in cohort_rules().folder_suffixes]
    if has_magic(place):
        taken = found  # a pattern says what is meant
    if not taken:
        raise SourceError(
            f"{place}: there is no recording", "name files of other kinds by a pattern: 'a/*.csv'"
        )
    return taken, len(found) - len(taken)


def _here(place: str) -> list[str] | None:
    """Files of a folder or a pattern, by name; None: it is one file."""
    if has_magic(place) and not Path(place).exists():
        named = glob(place, recursive=True)  # noqa: PTH207 - of an absolute or a relative pattern alike
        return sorted(name for name in named if Path(name).is_file())
    folder = Path(place)
    if not folder.is_dir():
        return None
    return sorted(
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _elsewhere(place: str) -> list[str] | None:
    system, path = file_system(place)
    try:
        if has_magic(place):
            names = system.glob(path)
        elif place.startswith(("http://", "https://")) or not system.isdir(path):
            return None  # a web server does not say which of its pages are folders
        else:
            names = system.find(path)
        return sorted(str(system.unstrip_protocol(name)) for name in names)
    except Exception as error:
        raise SourceError(
            f"{place} cannot be listed: {type(error).__name__}: {error}"[:300], "see that it can be reached"
        ) from error


def contents(listed: Iterable[Listed], out: str) -> list[Content]:
    """What is in each recording and the files beside it, in their order; unchanged files are not read again.

    Args:
        listed: recordings.
        out: the table, beside which it is remembered.
    """
    folder = Folder(out)
    known = _known(folder)
    listed = list(listed)
    urls = list(dict.fromkeys(url for one in listed for url in _places(one)))
    with ThreadPoolExecutor(_READERS) as pool:
        found = dict(zip(urls, pool.map(lambda url: _content_of(url, known), urls), strict=True))
    fresh = {url: [stamp, one.sha256] for url, (stamp, one) in found.items() if stamp and one.sha256}
    if fresh != {url: known.get(url) for url in fresh}:
        folder.put(_KNOWN, json.dumps({**known, **fresh}).encode("utf-8", "replace"))
    read = {url: content for url, (_, content) in found.items()}
    return [_with_companions(one, read) for one in listed]


def _places(one: Listed) -> list[str]:
    return [one.url, *(each.url for each in one.companions)]


def _with_companions(one: Listed, found: Mapping[str, Content]) -> Content:
    """Of all its files; where one of them cannot be read, nothing can be told of the recording."""
    for url in _places(one):
        if not found[url].sha256:
            return found[url]
    beside = tuple(replace(each, sha256=found[each.url].sha256) for each in one.companions)
    return replace(found[one.url], companions=beside)


def _known(folder: Folder) -> dict[str, list[str]]:
    try:
        known = json.loads(folder.get(_KNOWN) or b"{}")
    except ValueError:
        return {}
    return {url: one for url, one in known.items() if isinstance(one, list) and len(one) == 2}


def _content_of(url: str, known: dict[str, list[str]]) -> tuple[str, Content]:
    try:
        stamp = _stamp(url)
        if stamp and known.get(url, [""])[0] == stamp:
            return stamp, Content(known[url][1])
        return stamp, Content(sha256_of(url))
    except SourceError as error:
        return "", Content("", error.fault, error.remedy)


def _stamp(url: str) -> str:
    """Changes when the file does; empty: there is no such thing, and the content is read each time."""
    if not is_address(url):
        path = Path(url.removeprefix("file://"))
        _require_plain(path)
        if path.is_dir():
            return ""
        told = path.stat()
        return f"{told.st_size}:{told.st_mtime_ns}:{told.st_ino}"
    system, path_there = file_system(url)
    try:
        told_there = system.info(path_there)
    except FileNotFoundError as error:
        raise SourceError(f"{url}: there is no such file", "check the spelling of the address") from error
    except Exception as error:
        raise _unreachable(url, error) from error
    marks = [told_there.get(name) for name in ("ETag", "etag", "LastModified", "mtime", "updated", "md5Hash")]
    return f"{told_there.get('size')}:{marks}" if any(marks) else ""


def sha256_of(url: str) -> str:
    """Of a file; of a folder, of the names and contents of its files.

    Raises:
        SourceError: it cannot be read.
    """
    if is_address(url):
        system, path_there = file_system(url)
        try:
            with system.open(path_there, "rb") as file:
                return _hashed(file)
        except Exception as error:
            raise _unreachable(url, error) from error
    path = Path(url.removeprefix("file://"))
    _require_plain(path)
    try:
        if not path.is_dir():
            with path.open("rb") as file:
                return _hashed(file)
        told = hashlib.sha256()
        for entry in sorted(each for each in path.rglob("*") if each.is_file()):
            with entry.open("rb") as file:
                told.update(f"{entry.relative_to(path).as_posix()}\0{_hashed(file)}\n".encode())
        return told.hexdigest()
    except OSError as error:
        raise SourceError(f"{path}: it cannot be read: {error.strerror}", "see its permissions") from error


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """The recording as a file of this machine, while it is needed.

    Raises:
        SourceError: it cannot be fetched.
    """
    if not is_address(url):
        yield Path(url.removeprefix("file://"))
        return
    system, path_there = file_system(url)
    with TemporaryDirectory(prefix="coxa-") as folder:
        path = Path(folder) / PurePosixPath(path_there.partition("?")[0]).name
        try:
            system.get_file(path_there, str(path))
        except Exception as error:
            raise _unreachable(url, error) from error
        yield path


def _require_plain(path: Path) -> None:
    """Neither missing, nor something that never ends, as a pipe or a device."""
    try:
        if not path.exists():
            raise SourceError(f"{path}: there is no such file", "check the spelling of the path")
        if not (path.is_file() or path.is_dir()):
            raise SourceError(f"{path}: it is neither a file nor a folder", "name a recording")
    except OSError as error:
        raise SourceError(f"{path}: it cannot be read: {error.strerror}", "see its permissions") from error


def _hashed(file: IO[bytes]) -> str:
    told = hashlib.sha256()
    while block := file.read(_BLOCK):
        told.update(block)
    return told.hexdigest()


def _unreachable(url: str, error: Exception) -> SourceError:
    words = f"{url} cannot be fetched: {type(error).__name__}: {error}"
    return SourceError(words[:300], "see that it can be reached, then run again")
