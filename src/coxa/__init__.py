"""Coxa: whether the hip or the spine is doing the moving.

``coxa.measure(path)`` gives a :class:`~coxa.model.motion.Motion`. Names are imported when first used, so that
``import coxa`` costs nothing. Their types are in ``__init__.pyi``.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "measure": "coxa.bootstrap",
    "open_cohort": "coxa.bootstrap.cohort",
    "Motion": "coxa.model.motion",
    "Observability": "coxa.model.motion",
    "Recording": "coxa.model.recording",
    "Subject": "coxa.model.recording",
    "ImagePoints": "coxa.model.channels",
    "SpacePoints": "coxa.model.channels",
    "SegmentOrientations": "coxa.model.channels",
    "Camera": "coxa.model.camera",
    "CoxaError": "coxa.model.errors",
    "SourceError": "coxa.model.errors",
    "NothingToMeasureError": "coxa.model.errors",
    "AssetError": "coxa.model.errors",
    "OutputError": "coxa.model.errors",
    "SpecError": "coxa.model.errors",
}

__all__ = ["__version__", *_HOMES]  # noqa: PLE0604 - strings, all of them


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"coxa has no {name!r}; there are: {', '.join(__all__)}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return list(__all__)
