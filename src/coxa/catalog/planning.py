"""The screen, the programmes and the rules of training: Coxa's own data, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from coxa.catalog.exercises import exercises
from coxa.catalog.places import entries, text_of
from coxa.catalog.text import parse
from coxa.model.errors import SpecError
from coxa.specs.attention import AttentionSpec
from coxa.specs.programme import EquipmentSpec, MixtureSpec, Planning, ProgrammeSpec, TrainingRules
from coxa.specs.triage import TriageSpec
from coxa.specs.workout import WorkoutSpec

_MIXTURE = "personal_mixture.yaml"


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


@cache
def planning() -> Planning:
    """Everything that planning is told.

    Raises:
        SpecError: a file is not what it should be, or names an exercise or programme that there is not.
    """
    own = files("coxa.catalog")
    programmes = {
        one.id: one
        for one in (
            parse(text_of(entry), ProgrammeSpec, entry.name)
            for entry in entries(own / "programmes", ".yaml")
            if entry.name != _MIXTURE
        )
    }
    for one in programmes.values():
        require_exercises(one.exercises(), f"{one.id}.yaml")
    mixture = parse(text_of(own / "programmes" / _MIXTURE), MixtureSpec, _MIXTURE)
    unknown = [name for name in mixture.without_findings if name not in programmes]
    if unknown:
        raise SpecError(f"{_MIXTURE}: there is no programme {', '.join(unknown)}", "correct the id")
    rules = parse(text_of(own / "training.yaml"), TrainingRules, "training.yaml")
    equipment = parse(text_of(own / "equipment.yaml"), EquipmentSpec, "equipment.yaml")
    versions = [rules.version, equipment.version, triage().version, mixture.version]
    versions += [one.version for one in programmes.values()]
    return Planning(
        exercises=exercises(),
        programmes=programmes,
        mixture=mixture,
        rules=rules,
        equipment=equipment,
        triage=triage(),
        version=".".join(str(one) for one in versions),
    )


@cache
def attention() -> AttentionSpec:
    """When a client needs a look.

    Raises:
        SpecError: the file is not what it should be.
    """
    name = "attention.yaml"
    return parse(text_of(files("coxa.catalog") / name), AttentionSpec, name)


@cache
def workouts() -> WorkoutSpec:
    """What common exercises of training move.

    Raises:
        SpecError: the file is not what it should be, or names an exercise that there is not.
    """
    name = "workouts.yaml"
    spec = parse(text_of(files("coxa.catalog") / name), WorkoutSpec, name)
    require_exercises(spec.exercises(), name)
    return spec


def require_exercises(names: tuple[str, ...], where: str) -> None:
    """Every id is an exercise of Coxa's.

    Raises:
        SpecError: one is not.
    """
    unknown = [name for name in names if name not in exercises()]
    if unknown:
        raise SpecError(f"{where}: there is no exercise {', '.join(unknown)}", "correct the id")
