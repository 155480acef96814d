"""The pose networks the package carries: where they are, and that they are what was built.

They are put there at build time (``make setup``) and never fetched at run time.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from coxa.model.errors import AssetError

FOLDER = Path(__file__).parent / "assets"
SUMS = "SHA256SUMS"
REMEDY = "run `make setup` in the source tree, or install the wheel again"

DETECTOR = "pose_detection.tflite"
#: Size of the landmark network -> its file.
LANDMARKS = {size: f"pose_landmark_{size}.tflite" for size in ("lite", "full", "heavy")}


def expected_sums(folder: Path = FOLDER) -> dict[str, str]:
    """File name -> SHA-256 in hexadecimal, as committed beside the assets."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise AssetError(f"{folder / SUMS} cannot be read ({error.strerror})", REMEDY) from error
    return {name: digest for digest, name in (line.split() for line in lines if line)}


def verified(name: str, folder: Path = FOLDER) -> Path:
    """Path of an asset whose content is what the build put there.

    Args:
        name: file name, one of those in ``SHA256SUMS``.
        folder: where the assets are.

    Raises:
        AssetError: the file is missing or altered.
    """
    expected = expected_sums(folder).get(name)
    path = folder / name
    if expected is None:
        raise AssetError(f"{name} is not an asset of Coxa", REMEDY)
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
    """Asset -> what is wrong with it; empty when all is well (for ``coxa doctor``)."""
    found = {}
    for name in expected_sums(folder):
        try:
            verified(name, folder)
        except AssetError as error:
            found[name] = error.fault
    return found
