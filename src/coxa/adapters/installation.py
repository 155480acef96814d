"""Looks at the machine and the installation, for ``coxa doctor``."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from coxa import __version__
from coxa.adapters.vision import assets
from coxa.app.doctor import Finding, Health
from coxa.model.errors import AssetError

#: Decoders that people's films need, and the encoder of the overlay.
DECODERS = {"h264": "most phones", "hevc": "iPhones", "vp9": "webm", "av1": "newer webm and phones"}
ENCODERS = {"libx264": "the overlay video"}
PACKAGES = ("numpy", "scipy", "numba", "mujoco", "ai-edge-litert", "av", "opencv-python-headless", "pyarrow")
#: Gathered when the app's scripts are built: scripts/notices.py.
NOTICES = Path(__file__).parents[1] / "notices" / "THIRD_PARTY_NOTICES.txt"
REINSTALL = "install Coxa again into a new environment (in the source tree: make distclean setup)"
LEAST_MEMORY_BYTES = 1_000_000_000
LEAST_CORES = 2


def examine() -> Iterator[Finding]:
    """Everything a measurement needs, looked at."""
    yield from _versions()
    yield from _assets()
    yield _notices()
    yield from _codecs()
    yield _numba_cache()
    yield _memory()
    yield _cores()


def _versions() -> Iterator[Finding]:
    yield Finding("coxa", Health.GOOD, f"{__version__} on Python {platform.python_version()}, {sys.platform}")
    for package in PACKAGES:
        try:
            yield Finding(package, Health.GOOD, version(package))
        except PackageNotFoundError:
            yield Finding(package, Health.BAD, "not installed", REINSTALL)


def _assets() -> Iterator[Finding]:
    faults, absent = assets.faults(), assets.absent()
    for name in sorted(assets.expected_sums()):
        if name in absent:
            found = "not installed: films are measured with the full network, which is less true"
            yield Finding(name, Health.POOR, found, "pip install 'coxa[heavy]'")
        elif name in faults:
            yield Finding(name, Health.BAD, faults[name], assets.REMEDY)
        else:
            yield Finding(name, Health.GOOD, "in place, SHA-256 as built")


def notices() -> str:
    """Whose work the package carries, with licence texts.

    Raises:
        AssetError: the file that holds them is missing.
    """
    try:
        return NOTICES.read_text(encoding="utf-8")
    except OSError as error:
        fault = f"{NOTICES}, the licences of what Coxa carries, cannot be read ({error.strerror})"
        raise AssetError(fault, assets.REMEDY) from error


def _notices() -> Finding:
    if NOTICES.is_file():
        return Finding("licences", Health.GOOD, "of all that Coxa carries: `coxa licences` shows them")
    return Finding("licences", Health.BAD, f"{NOTICES} is missing", assets.REMEDY)


def _codecs() -> Iterator[Finding]:
    for names, mode, word in ((DECODERS, "r", "decoder"), (ENCODERS, "w", "encoder")):
        for name, use in names.items():
            if _has_codec(name, mode):
                yield Finding(f"{name} {word}", Health.GOOD, f"there ({use})")
            else:
                yield Finding(f"{name} {word}", Health.BAD, f"missing ({use})", REINSTALL)


def _has_codec(name: str, mode: str) -> bool:
    from av.codec import Codec
    from av.codec.codec import UnknownCodecError

    try:
        Codec(name, "w" if mode == "w" else "r")
    except UnknownCodecError:
        return False
    return True


def _numba_cache() -> Finding:
    """Numba keeps compiled code beside the source, or in the user's cache, or where it is told."""
    told = os.environ.get("NUMBA_CACHE_DIR")
    own, user = Path(__file__).parent.parent, Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    for folder in [Path(told)] if told else [own, user]:
        if _is_writable(folder):
            return Finding("compiled code", Health.GOOD, f"kept in {folder}")
    return Finding(
        "compiled code",
        Health.POOR,
        "cannot be kept, so every run compiles anew (about a minute)",
        "set NUMBA_CACHE_DIR to a folder you may write to",
    )


def _is_writable(folder: Path) -> bool:
    nearest = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    return os.access(nearest, os.W_OK)


def _memory() -> Finding:
    free = _free_memory_bytes()
    found = f"{free / 1e9:.1f} GB free"
    if free < LEAST_MEMORY_BYTES:
        return Finding("memory", Health.POOR, found, "close other programs: measuring takes up to 700 MB")
    return Finding("memory", Health.GOOD, found)


def _free_memory_bytes() -> int:
    try:
        fields = dict(
            line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        )
        return int(fields["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _cores() -> Finding:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores < LEAST_CORES:
        return Finding("processor cores", Health.POOR, str(cores), "measuring works, at half the speed")
    return Finding("processor cores", Health.GOOD, str(cores))
