"""A person's own YAML file: mappings of markers, keypoints and sensors, what they tell of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from coxa.catalog.text import parse
from coxa.model.errors import SourceError, SpecError
from coxa.specs.estimator import Spec

SpecType = TypeVar("SpecType", bound=Spec)

_MOST_BYTES = 1_000_000


def read_own(path: Path, spec: type[SpecType], remedy: str) -> SpecType:
    """The file's content.

    Args:
        path: the file.
        spec: what it should say.
        remedy: how to write it, for every refusal.

    Raises:
        SourceError: it cannot be read, or does not say what it should; by line and field.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SourceError(f"{path}: it is too large for such a file", remedy)
        return parse(path.read_text(encoding="utf-8"), spec, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error})", remedy) from error
    except SpecError as error:
        raise SourceError(error.fault, remedy) from error
