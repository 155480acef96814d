"""Thresholds of following a person, read from ``tracking.yaml``."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Self

import yaml

from coxa.model.errors import SpecError

FILE = Path(__file__).with_name("tracking.yaml")


@dataclass(frozen=True, slots=True)
class TrackingSettings:
    """See ``tracking.yaml`` for what each means and its unit."""

    version: int
    min_detection_score: float
    min_presence: float
    look_round_s: float
    look_round_near_s: float
    max_candidates: int
    same: float
    touching: float
    near: float
    max_speed_per_s: float
    hidden_s: float
    max_bystanders: int
    match: float
    margin: float
    bridge_s: float
    bridge_match: float
    new_view: float
    views: int
    flip_ratio: float
    flip_separation: float
    flip_patience: int

    @classmethod
    def load(cls, path: Path = FILE) -> Self:
        """Read a settings file; every field must be there and no other."""
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        expected = {field.name for field in fields(cls)}
        if set(values) != expected:
            odd = ", ".join(sorted(expected.symmetric_difference(values)))
            raise SpecError(f"{path} has missing or unknown entries: {odd}", "restore the file")
        return cls(**values)


@cache
def default_settings() -> TrackingSettings:
    """The settings the package carries."""
    return TrackingSettings.load()
