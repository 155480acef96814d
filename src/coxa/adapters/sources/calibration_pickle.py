"""A pickle of which nothing but numpy's arrays is admitted.

Unpickling calls whatever the file names. This reader knows a handful of names, all of them of arrays, and
answers each with a function of its own; any other name is refused before anything happens.
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from coxa.model.errors import SourceError

_REMEDY = "export the calibration as Pose2Sim's Calib.toml instead"


def load_arrays(path: Path, data: bytes) -> dict[str, Any]:
    """The dictionary of arrays and numbers in a pickle.

    Raises:
        SourceError: it holds, or calls, anything else.
    """
    try:
        content = _ArraysOnly(io.BytesIO(data)).load()
    except SourceError:
        raise
    except Exception as error:
        # A damaged pickle fails in any way there is; none of them has run anything.
        raise SourceError(f"{path} is not a pickle of arrays", _REMEDY) from error
    if not isinstance(content, dict):
        raise SourceError(f"{path} is not OpenCap's calibration of a camera", _REMEDY)
    return {str(key): value for key, value in content.items()}


class _ArraysOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        place = module.replace("numpy._core", "numpy.core"), name
        if place not in _ADMITTED:
            raise SourceError(
                f"a pickle that calls {module}.{name} could do anything and is not read", _REMEDY
            )
        return _ADMITTED[place]


def _reconstruct(kind: type, shape: Any, typecode: Any) -> Any:
    """An empty array, whatever size the file asks for; its state brings the real one."""
    return np.ndarray((0,), np.dtype("b"))


def _dtype(code: Any, *_: Any) -> Any:
    kind = np.dtype(code)
    if kind.kind not in "biuf":
        raise ValueError(f"an array of {kind}")
    return kind


def _scalar(kind: Any, data: bytes) -> Any:
    return np.frombuffer(data, kind)[0]


def _frombuffer(data: Any, kind: Any, shape: Any, order: str = "C") -> Any:
    """How newer pickles bring an array."""
    return np.frombuffer(data, kind).reshape(shape, order="F" if order == "F" else "C")


def _encode(text: str, encoding: str) -> bytes:
    """How older pickles write bytes."""
    if encoding != "latin1":
        raise ValueError(encoding)
    return text.encode("latin1")


_ADMITTED: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy.core.multiarray", "scalar"): _scalar,
    ("numpy.core.numeric", "_frombuffer"): _frombuffer,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): _dtype,
    ("_codecs", "encode"): _encode,
}
