"""Pictures of the gallery: small WebP files, and a page with a sentence for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
#: What is made on the way.
BUILD = ROOT / ".build" / "gallery"
#: What is committed.
OUT = ROOT / "docs" / "gallery"
PAGE = ROOT / "docs" / "gallery.md"
_WIDEST_PX = 1280
_QUALITY = 80
_MOVING_QUALITY = 62


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture of the page.

    Attributes:
        name: of its file, without the ending.
        part: heading that it stands under.
        words: what it shows, in a sentence.
        ending: of its file.
    """

    name: str
    part: str
    words: str
    ending: str = "webp"

    @property
    def path(self) -> Path:
        """Where the file is."""
        return OUT / f"{self.name}.{self.ending}"


def keep(entry: Entry, picture: Image.Image | bytes, widest_px: int = _WIDEST_PX) -> Entry:
    """Write one picture, no wider than it need be."""
    shown = Image.open(BytesIO(picture)) if isinstance(picture, bytes) else picture
    shown = shown.convert("RGB")
    if shown.width > widest_px:
        height = round(shown.height * widest_px / shown.width)
        shown = shown.resize((widest_px, height), Image.Resampling.LANCZOS)
    OUT.mkdir(parents=True, exist_ok=True)
    shown.save(entry.path, quality=_QUALITY, method=6)
    return entry


def keep_moving(entry: Entry, pictures: Sequence[Image.Image], each_ms: int) -> Entry:
    """Write pictures one after another, for ever."""
    OUT.mkdir(parents=True, exist_ok=True)
    first, *others = [one.convert("RGB") for one in pictures]
    first.save(
        entry.path,
        save_all=True,
        append_images=others,
        duration=each_ms,
        loop=0,
        quality=_MOVING_QUALITY,
        method=4,
        allow_mixed=True,
    )
    return entry


def write_page(entries: Iterable[Entry]) -> None:
    """The page, by parts, in the order in which the entries come."""
    lines = [
        "# Gallery",
        "",
        "Pictures of the program as it runs, made anew by `make gallery`. The people in them are rendered or",
        "simulated: no real person, and nobody's record, is shown.",
    ]
    part = ""
    for one in entries:
        if one.part != part:
            part = one.part
            lines += ["", f"## {part}"]
        lines += ["", f"![{one.words}](gallery/{one.path.name})", "", one.words]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def size_of(folder: Path) -> int:
    """Bytes of all its files."""
    return sum(path.stat().st_size for path in folder.iterdir())
