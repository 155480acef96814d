"""Whether an HDF5 file can be read at all, tried in a process of its own.

The HDF5 library trusts what it reads: a damaged file can send it round in circles for ever, or crash it, and
neither can be caught. So another process reads every attribute and array first, and is given up on.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

_TOO_LARGE = 3
_DAMAGED = "the file is damaged: write it again"


def require_sound(path: Path) -> None:
    """Return if the file can be read from end to end in reasonable time and memory.

    Raises:
        SourceError: the HDF5 library hangs or crashes over it, or an array in it is too large.
    """
    from coxa.catalog import loader
    from coxa.model.errors import SourceError

    rules = loader.keypoint_file_rules()
    try:
        size_mb = path.stat().st_size / 2**20
        patience_s = rules.hdf5_patience_s + size_mb * rules.hdf5_patience_s_per_mb
        command = [sys.executable, "-P", __file__, str(path), str(rules.hdf5_max_array_gb)]
        done = subprocess.run(command, timeout=patience_s, capture_output=True, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{path}: reading it does not come to an end", _DAMAGED) from error
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}", "check its permissions") from error
    if done.returncode == _TOO_LARGE:
        raise SourceError(
            f"{path}: an array of more than {rules.hdf5_max_array_gb:g} GB",
            "split the recording, or write it again",
        )
    if done.returncode < 0:
        raise SourceError(f"{path}: the HDF5 library crashes over it", _DAMAGED)


def _read_all(path: str, max_bytes: float) -> int:
    import h5py

    too_large = []

    def look(_: str, item: h5py.Group | h5py.Dataset) -> None:
        for key in _tried(lambda: list(item.attrs)) or ():
            _tried(partial(item.attrs.__getitem__, key))
        if isinstance(item, h5py.Dataset):
            large = _tried(lambda: item.size * item.dtype.itemsize > max_bytes)
            too_large.append(bool(large))
            if not large:
                _tried(lambda: item[()])

    def whole() -> None:
        with h5py.File(path, "r") as file:
            look("/", file)
            file.visititems(look)

    _tried(whole)
    return _TOO_LARGE if any(too_large) else 0


def _tried(read: Callable[[], Any]) -> Any:
    """What it returns, or None: whoever reads the file in earnest meets the same error and says so."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - only hangs and crashes are looked for here
        return None


if __name__ == "__main__":
    sys.exit(_read_all(sys.argv[1], float(sys.argv[2]) * 2**30))
