"""A person's own file of age, sex and height."""

from __future__ import annotations

from pathlib import Path

from coxa.catalog.text import parse
from coxa.model.errors import SourceError, SpecError
from coxa.specs.person import PersonFile


def read_person(path: Path | None) -> PersonFile:
    """The file's content; nothing told without a file.

    Raises:
        SourceError: it cannot be read, or does not say what it should.
    """
    if path is None:
        return PersonFile()
    remedy = "write YAML with any of: name, age_y, sex (female or male), height_m"
    try:
        return parse(path.read_text(encoding="utf-8"), PersonFile, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read ({error})", remedy) from error
    except SpecError as error:
        raise SourceError(error.fault, remedy) from error
