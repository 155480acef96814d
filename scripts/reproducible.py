"""Shows that the same commit gives the same bytes: ``python scripts/reproducible.py``.

Builds the newest commit twice, from two new clones in folders of other names and depths, under another umask,
time zone and language, each with npm packages and pose networks of its own, and compares the SHA-256 of what
came out. Python's packages are those of the environment that runs it. Takes about two minutes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Place:
    """Where, and under what circumstances, a build is made."""

    folder: str
    umask: int
    zone: str
    language: str


PLACES = (Place("one", 0o022, "UTC", "C"), Place("elsewhere/and deeper", 0o077, "Asia/Tokyo", "C.UTF-8"))


def run(place: Place, folder: Path, *command: str, **more: str) -> str:
    """A command in the clone; ends everything where it fails."""
    environment = {
        **os.environ,
        "TZ": place.zone,
        "LC_ALL": place.language,
        "PYTHONPATH": str(folder / "src"),
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment | more,
        umask=place.umask,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} in {folder}:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def built(place: Place, under: Path, commit: str) -> dict[str, str]:
    """File -> SHA-256 of all that a new clone gives."""
    folder = under / place.folder
    folder.mkdir(parents=True)
    run(place, folder, "git", "clone", "--quiet", "--no-hardlinks", str(ROOT), ".")
    run(place, folder, "git", "checkout", "--quiet", commit)
    run(place, folder, "npm", "ci", "--no-progress")
    run(place, folder, sys.executable, "scripts/fetch_assets.py")
    run(place, folder, "bash", "scripts/build_frontend.sh", PYTHON=sys.executable)
    committed = run(place, folder, "git", "log", "-1", "--format=%ct")
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir", "dist")
    run(place, folder, *build, SOURCE_DATE_EPOCH=committed)
    run(place, folder, *build, "--wheel", "packages/pose-heavy", SOURCE_DATE_EPOCH=committed)
    made = sorted((folder / "dist").iterdir())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def main() -> int:
    """Build twice, and say whether both are alike."""
    commit = run(PLACES[0], ROOT, "git", "rev-parse", "HEAD")
    with tempfile.TemporaryDirectory() as under:
        one, two = (built(place, Path(under), commit) for place in PLACES)
    print(f"commit {commit}")
    for name in sorted({*one, *two}):
        alike = one.get(name) == two.get(name)
        other = "" if alike else f"  {two.get(name)}"
        print(f"{'same' if alike else 'OTHER':5}  {name}  {one.get(name)}{other}")
    return 0 if one and one == two else 1


if __name__ == "__main__":
    sys.exit(main())
