"""Finished tasks, one small file each: what is there is done, whoever did it, whenever it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import PurePosixPath
from typing import Any

from coxa.adapters.cohort.places import Folder
from coxa.app.cohort.parts import Answer, Effort, Part, Status

SCHEMA = "coxa.cohort.part"
SCHEMA_VERSION = 1
MOTIONS = "motions"
_BELOW = "_parts"


class Parts:
    """Parts below a table.

    Args:
        place: of the table: a folder, or an address that fsspec knows.
    """

    def __init__(self, place: str) -> None:
        self._folder = Folder(place)

    def keys(self) -> set[str]:
        """Of everything that is there; what a killed writer left unfinished is not."""
        paths = (PurePosixPath(name) for name in self._folder.names(_BELOW))
        return {path.stem for path in paths if path.suffix == ".json" and not path.name.startswith(".")}

    def get(self, key: str) -> Part | None:
        """One part; None where it is damaged or gone: then its task is done again."""
        content = self._folder.get(_name(key))
        try:
            return None if content is None else _part(json.loads(content), key)
        except (ValueError, KeyError, TypeError):
            return None

    def put(self, part: Part) -> None:
        """Keep it.

        Raises:
            OutputError: it cannot be written.
        """
        document = {"schema": SCHEMA, "schema_version": SCHEMA_VERSION, **asdict(part)}
        motion = document["answer"].pop("motion")
        if motion:  # before the part: what is there is complete
            self._folder.put(f"{MOTIONS}/key={part.key}/motion.parquet", motion)
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self._folder.put(_name(part.key), text.encode("utf-8", "replace"))

    def drop(self, keys: Iterable[str]) -> None:
        """Forget parts, so that their tasks are done again.

        Raises:
            OutputError: one cannot be removed.
        """
        for key in keys:
            self._folder.drop(_name(key))


def _name(key: str) -> str:
    """In folders of about equal size: no folder holds all of a million files."""
    return f"{_BELOW}/{key[:2]}/{key}.json"


def _part(document: Any, key: str) -> Part | None:
    if document["schema"] != SCHEMA or document["key"] != key:
        return None
    answer, effort = dict(document["answer"]), document["effort"]
    answer |= {name: tuple(answer[name]) for name in ("measures", "untold", "notes")}
    return Part(key, Answer(**{**answer, "status": Status(answer["status"])}), Effort(**effort))
