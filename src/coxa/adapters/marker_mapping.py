"""A person's own file that names the markers of a set Coxa does not know."""

from __future__ import annotations

from pathlib import Path

from coxa.catalog.text import parse
from coxa.model.errors import SourceError, SpecError
from coxa.specs.markers import MarkerSetSpec


def read_marker_set(path: Path) -> MarkerSetSpec:
    """The marker set of a YAML file, in the schema of ``catalog/marker_sets``.

    Raises:
        SourceError: it cannot be read, or does not say what the schema asks for.
    """
    remedy = "write it as the files in coxa/catalog/marker_sets are written"
    try:
        return parse(path.read_text(encoding="utf-8"), MarkerSetSpec, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error})", remedy) from error
    except SpecError as error:
        raise SourceError(error.fault, remedy) from error
