"""Looks at the finished site: every link and anchor inside it is there, and no page loads from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_log = logging.getLogger(__name__)
_LOADED_BY_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?([^\"')\s;]+)")
#: Attributes that make a browser fetch at once; what a person may click is not among them.
_LOADS = frozenset(
    {
        ("audio", "src"),
        ("embed", "src"),
        ("iframe", "src"),
        ("image", "href"),
        ("img", "src"),
        ("img", "srcset"),
        ("input", "src"),
        ("object", "data"),
        ("script", "src"),
        ("source", "src"),
        ("source", "srcset"),
        ("track", "src"),
        ("use", "href"),
        ("video", "poster"),
        ("video", "src"),
    }
)
_FETCHED_LINKS = frozenset(
    {"icon", "manifest", "modulepreload", "preload", "prefetch", "preconnect", "stylesheet"}
)


def report(app: Sphinx, error: Exception | None) -> None:
    """A warning a fault, once everything is written; the build makes them errors."""
    if error is None and app.builder.name == "html":
        for fault in faults(Path(app.outdir)):
            _log.warning(fault)


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the site in a folder, a sentence each."""
    pages = {path: _read(path) for path in sorted(folder.rglob("*.html"))}
    for path, seen in pages.items():
        name = path.relative_to(folder).as_posix()
        for address in seen.loads:
            yield from _load_faults(folder, path, name, address)
        for address in seen.links:
            yield from _link_faults(folder, pages, path, name, address)
    for path in sorted(folder.rglob("*.css")):
        name = path.relative_to(folder).as_posix()
        for address in _LOADED_BY_STYLE.findall(path.read_text(encoding="utf-8")):
            yield from _load_faults(folder, path, name, address)


@dataclass
class _Page(HTMLParser):
    """What a page has, loads and leads to."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        given = {name: value or "" for name, value in attrs}
        self._in_style = tag == "style"
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "link" and _FETCHED_LINKS & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))
        for name, value in given.items():
            if (tag, name.removeprefix("xlink:")) in _LOADS:
                self.loads += [one.split()[0] for one in value.split(",")] if name == "srcset" else [value]
            elif name == "style":
                self.loads += _LOADED_BY_STYLE.findall(value)

    def handle_data(self, data: str) -> None:
        """What a style element says."""
        if self._in_style:
            self.loads += _LOADED_BY_STYLE.findall(data)

    def handle_endtag(self, tag: str) -> None:
        """The end of one."""
        self._in_style = False


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _load_faults(folder: Path, path: Path, name: str, address: str) -> Iterator[str]:
    parts = urlsplit(address)
    if parts.scheme == "data" or address.startswith("#"):
        return
    if parts.scheme or parts.netloc:
        yield f"{name} loads {address} from elsewhere"
    elif not _there(folder, path, parts.path).is_file():
        yield f"{name} loads {address}, which is not there"


def _link_faults(
    folder: Path, pages: dict[Path, _Page], path: Path, name: str, address: str
) -> Iterator[str]:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return
    target = _there(folder, path, parts.path) if parts.path else path
    if not target.is_file():
        yield f"{name} leads to {address}, which is not there"
    elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
        yield f"{name} leads to {address}, and there is no such place on that page"


def _there(folder: Path, path: Path, address: str) -> Path:
    """The file that an address on a page means."""
    base = folder if address.startswith("/") else path.parent
    target = (base / unquote(address).lstrip("/")).resolve()
    return target / "index.html" if target.is_dir() else target
