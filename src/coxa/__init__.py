"""Coxa: whether the hip or the spine is doing the moving."""

from __future__ import annotations

__version__ = "0.1.0"
