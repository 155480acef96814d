"""Put the pose networks where the package carries them: ``python scripts/fetch_assets.py``.

Build time only. Takes the pinned npm package (``npm ci``, checked against package-lock.json), picks the
BlazePose person detector and the three landmark networks out of it, checks each against the committed
SHA256SUMS and moves it into place whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "src" / "coxa" / "adapters" / "vision" / "assets"
PACKAGE = ROOT / "node_modules" / "@mediapipe" / "pose"
PACKED = "pose_solution_packed_assets"


def expected_sums() -> dict[str, str]:
    """File name -> SHA-256, as committed."""
    lines = (ASSETS / "SHA256SUMS").read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines if line)}


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def in_place(name: str, digest: str) -> bool:
    """Whether the asset is already there, unaltered."""
    path = ASSETS / name
    return path.is_file() and digest_of(path.read_bytes()) == digest


def unpack(wanted: str) -> bytes:
    """One file out of the package's packed assets, found through the table its loader carries."""
    loader = (PACKAGE / f"{PACKED}_loader.js").read_text(encoding="utf-8")
    table = re.search(r"loadPackage\((\{.*?\][^}]*\})\)", loader, re.DOTALL)
    if table is None:
        sys.exit(f"{PACKED}_loader.js holds no file table: is this the pinned @mediapipe/pose?")
    for entry in json.loads(table.group(1))["files"]:
        if entry["filename"].endswith(f"/{wanted}"):
            return (PACKAGE / f"{PACKED}.data").read_bytes()[entry["start"] : entry["end"]]
    sys.exit(f"{wanted} is not among the packed assets: is this the pinned @mediapipe/pose?")


def read_from_package(name: str) -> bytes:
    """An asset's bytes: a file of its own in the package, or one of the packed ones."""
    plain = PACKAGE / name
    return plain.read_bytes() if plain.is_file() else unpack(name)


def install_npm_packages() -> None:
    """``npm ci``: exactly the lock file, each package checked by its integrity hash."""
    command = ["npm", "ci", "--no-progress"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"npm ci failed:\n{result.stdout}{result.stderr}")


def write_atomically(path: Path, data: bytes) -> None:
    """The whole file or no file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as handle:
        temporary = Path(handle.name)
    try:
        temporary.write_bytes(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def fetch(sums: dict[str, str], install: Callable[[], None] = install_npm_packages) -> list[str]:
    """Put every missing or altered asset in place; returns the names that were written."""
    wanted = {name: digest for name, digest in sums.items() if not in_place(name, digest)}
    if not wanted:
        return []
    if not PACKAGE.is_dir():
        install()
    for name, digest in wanted.items():
        data = read_from_package(name)
        if digest_of(data) != digest:
            sys.exit(f"{name}: SHA-256 {digest_of(data)}, expected {digest}. Nothing was put in place.")
        write_atomically(ASSETS / name, data)
    return list(wanted)


def main() -> None:
    """Fetch and say what was done."""
    written = fetch(expected_sums())
    for name in written:
        print(f"fetched {name}")
    if not written:
        print("pose networks: all in place, checked by SHA-256")


if __name__ == "__main__":
    main()
