"""Put the demonstration videos in place: ``python scripts/fetch_demo.py [one] [four]``.

Real people nobody here filmed, out of PyPI packages (BSD-3-Clause), pinned and checked by SHA-256: ``one`` is
the video of ``sports2d``, which ``make demo`` and ``make bench`` need; ``four`` the synchronised videos and
the calibration of ``pose2sim``, for ``benchmarks/four_cameras.py``. Nothing of it is kept in the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Demo:
    """Files of one package: where they go under ``.build`` -> (where they are in it, SHA-256)."""

    package: str
    files: dict[str, tuple[str, str]]


SINGLE = "Pose2Sim/Demo_SinglePerson"
DEMOS = {
    "one": Demo(
        "sports2d==0.8.34",
        {
            "demo/demo.mp4": (
                "Sports2D/Demo/demo.mp4",
                "d9a66417185647b112304b57093f0c180f37a768e6a14daca75ca541f3b78039",
            )
        },
    ),
    "four": Demo(
        "pose2sim==0.10.49",
        {
            "four_cameras/Calib.qca.txt": (
                f"{SINGLE}/calibration/Calib.qca.txt",
                "fd90e4bbae3278ef1dc0cdd42a34ee06bf88286f628a02c00a29407aa39e34c5",
            ),
            "four_cameras/cam01.mp4": (
                f"{SINGLE}/videos/cam01.mp4",
                "cf4f2816c86bea4bfbea255333d8626ff32a3ecabdab8b0fb147cea9167fde3a",
            ),
            "four_cameras/cam02.mp4": (
                f"{SINGLE}/videos/cam02.mp4",
                "94ff87cf978b8406e8aa36ab3c5362e72848994e87652f0dc7a33c315e8e0442",
            ),
            "four_cameras/cam03.mp4": (
                f"{SINGLE}/videos/cam03.mp4",
                "b8b329f832f178f27ecb78d024d5026b96c6adb36c387bfe2c0af85eab8a11ca",
            ),
            "four_cameras/cam04.mp4": (
                f"{SINGLE}/videos/cam04.mp4",
                "b5c0e7863fd70d008e7178d3c556b045b0ea5f78fcd61ca548a0b2e807e641f7",
            ),
        },
    ),
}


def target(name: str) -> Path:
    """Where a file goes."""
    return ROOT / ".build" / name


def in_place(demo: Demo) -> bool:
    """Whether all its files are already there, unaltered."""
    return all(
        target(name).is_file() and hashlib.sha256(target(name).read_bytes()).hexdigest() == sha256
        for name, (_, sha256) in demo.files.items()
    )


def download(package: str, folder: Path) -> Path:
    """The package's wheel."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary=:all:", "--dest", str(folder), package]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"pip could not download {package}:\n{result.stdout}{result.stderr}")
    return next(folder.glob("*.whl"))


def fetch(demo: Demo) -> None:
    """Fetch unless it is there."""
    if in_place(demo):
        return
    found: dict[str, bytes] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(download(demo.package, Path(folder))) as wheel,
    ):
        for name, (member, sha256) in demo.files.items():
            found[name] = wheel.read(member)
            if hashlib.sha256(found[name]).hexdigest() != sha256:
                sys.exit(f"{member} of {demo.package} is not what it was; nothing was put in place")
    for name, data in found.items():
        place = target(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        partial = place.with_name(place.name + ".part")
        partial.write_bytes(data)
        partial.replace(place)
        print(f"fetched {place.relative_to(ROOT)} out of {demo.package}")


def main() -> None:
    """Fetch what was asked for; the one video where nothing was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("demos", nargs="*", metavar="NAME", help="one (the default), four")
    for name in parser.parse_args().demos or ["one"]:
        if name not in DEMOS:
            parser.error(f"no demo is called {name}; there are: {', '.join(DEMOS)}")
        fetch(DEMOS[name])


if __name__ == "__main__":
    main()
