"""The pose networks: where they are, and that they are what was built.

They are put there at build time (``make setup``) and never fetched at run time. A source tree has them
all in one folder. Installed, Coxa carries the small ones; the heavy one is a package of its own: as large as
all the rest together.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from coxa.model.errors import AssetError

FOLDER = Path(__file__).parent / "assets"
SUMS = "SHA256SUMS"
REMEDY = "run `make setup` in the source tree, or install the wheel again"

DETECTOR = "pose_detection.tflite"
#: Size of the landmark network -> its file.
LANDMARKS = {size: f"pose_landmark_{size}.tflite" for size in ("lite", "full", "heavy")}
#: What is a package of its own: file -> the package's module. Nothing of it is imported: it holds data.
APART = {LANDMARKS["heavy"]: "coxa_pose_heavy"}
HEAVY_REMEDY = "install it, pip install 'coxa[heavy]', or measure with --pose full"
_HEAVY_UNTOLD = (
    "The full pose network was used: the heavy one, which is truer, is not installed "
    "(pip install 'coxa[heavy]')."
)


class Chosen(NamedTuple):
    """A landmark network, and what people should know of the choice."""

    size: str
    notes: tuple[str, ...] = ()


def expected_sums(folder: Path = FOLDER) -> dict[str, str]:
    """File name -> SHA-256 in hexadecimal, as committed beside the assets."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise AssetError(f"{folder / SUMS} cannot be read ({error.strerror})", REMEDY) from error
    return {name: digest for digest, name in (line.split() for line in lines if line)}


def place_of(name: str, folder: Path = FOLDER) -> Path:
    """Where an asset is, or would be: in the folder, or in the package that has it apart."""
    own = folder / name
    if name not in APART or own.is_file():
        return own
    spec = find_spec(APART[name])
    places = () if spec is None else spec.submodule_search_locations or ()
    return next((Path(place) / name for place in places), own)


def chosen(asked: str | None, folder: Path = FOLDER) -> Chosen:
    """What was asked for; else the heavy network, or the full one where heavy is not installed."""
    if asked is not None:
        return Chosen(str(asked))
    if place_of(LANDMARKS["heavy"], folder).is_file():
        return Chosen("heavy")
    return Chosen("full", (_HEAVY_UNTOLD,))


def verified(name: str, folder: Path = FOLDER) -> Path:
    """Path of an asset whose content is what the build put there.

    Args:
        name: file name, one of those in ``SHA256SUMS``.
        folder: where the assets are.

    Raises:
        AssetError: the file is missing or altered.
    """
    expected = expected_sums(folder).get(name)
    path = place_of(name, folder)
    if expected is None:
        raise AssetError(f"{name} is not an asset of Coxa", REMEDY)
    if not path.is_file() and name in APART:
        raise AssetError(f"the pose network {name} is not installed", HEAVY_REMEDY)
    if not path.is_file():
        raise AssetError(f"the pose network {path} is missing", REMEDY)
    with path.open("rb") as handle:
        actual = hashlib.file_digest(handle, "sha256").hexdigest()
    if actual != expected:
        raise AssetError(f"the pose network {path} is altered (SHA-256 {actual[:12]}...)", REMEDY)
    return path


def landmark_network(size: str, folder: Path = FOLDER) -> Path:
    """Verified path of the landmark network of a size: ``lite``, ``full`` or ``heavy``."""
    if size not in LANDMARKS:
        raise AssetError(f"there is no pose network {size!r}", f"choose one of {', '.join(LANDMARKS)}")
    return verified(LANDMARKS[size], folder)


def faults(folder: Path = FOLDER) -> dict[str, str]:
    """Asset -> what is wrong with it; empty when all is well (for ``coxa doctor``).

    What is a package of its own and not installed is no fault: see :func:`absent`.
    """
    found = {}
    for name in sorted(set(expected_sums(folder)) - absent(folder)):
        try:
            verified(name, folder)
        except AssetError as error:
            found[name] = error.fault
    return found


def absent(folder: Path = FOLDER) -> set[str]:
    """Assets that need not be there, and are not."""
    return {name for name in APART if not place_of(name, folder).is_file()}
