"""The screen, the programmes and the rules of training: Coxa's own data, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from coxa.catalog.exercises import exercises
from coxa.catalog.places import text_of
from coxa.catalog.text import parse
from coxa.model.errors import SpecError
from coxa.specs.triage import TriageSpec


@cache
def triage() -> TriageSpec:
    """The screen.

    Raises:
        SpecError: the file is not what it should be, or leaves out an exercise that there is not.
    """
    name = "triage.yaml"
    spec = parse(text_of(files("coxa.catalog") / name), TriageSpec, name)
    for caution in spec.cautions:
        require_exercises(caution.avoid, f"{name}: caution {caution.id}")
    return spec


def require_exercises(names: tuple[str, ...], where: str) -> None:
    """Every id is an exercise of Coxa's.

    Raises:
        SpecError: one is not.
    """
    unknown = [name for name in names if name not in exercises()]
    if unknown:
        raise SpecError(f"{where}: there is no exercise {', '.join(unknown)}", "correct the id")
