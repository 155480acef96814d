"""Exercises in plain words: the list, and everything a person needs to do one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from coxa.app.countable import uncounted
from coxa.report.coaching.words import help_for, title_of
from coxa.specs.exercise import Dose, ExerciseSpec, FormRule

_WIDTH = 96
_SIDES = {"each": "each side for itself", "none": "both sides together", "alternate": "sides in turn"}
_VIEWS = {"any": "from anywhere", "oblique": "from the front at an angle", "overhead": "from above"}


def list_lines(specs: Mapping[str, ExerciseSpec]) -> Iterator[str]:
    """Every exercise: id and name, purpose, position, camera, equipment."""
    width = max((len(name) for name in specs), default=0)
    for name, spec in specs.items():
        yield f"{name:<{width}}  {spec.title}: {spec.purpose}"
        more = "; not counted by one camera alone" if uncounted(spec) else ""
        yield f"{'':<{width}}  {_place(spec)}; {_equipment(spec)}{more}"


def exercise_lines(spec: ExerciseSpec, known: Mapping[str, ExerciseSpec]) -> Iterator[str]:
    """One exercise in full; ``known`` names the easier and the harder ones."""
    yield f"{spec.title} ({spec.id}, version {spec.version})"
    yield from wrap(spec.purpose, _WIDTH)
    yield f"For: {', '.join(spec.teaches)} of {', '.join(spec.joints)}"
    yield f"Position: {_words(spec.position)}, {_SIDES[spec.sides]}"
    yield f"Equipment: {_equipment(spec)}"
    camera = spec.camera
    where = f"{_view(spec)}, {camera.distance_m:g} m away, {camera.height_m:g} m high"
    yield from wrap(f"Camera: {where}. {camera.note}", _WIDTH)
    yield from wrap(_needs(spec), _WIDTH)
    yield from _listed("Set-up", spec.setup)
    yield from _listed("How", [phase.instruction for phase in spec.phases])
    yield from _listed("Think of", [pose.cue for pose in spec.demonstration.poses if pose.cue])
    yield from _listed("Watched", [_watched(rule) for rule in spec.form])
    yield from _listed(
        "Dose", [*dose(spec.dose, spec.breaths), f"Source: {spec.dose.source} [{spec.dose.trust}]"]
    )
    yield from _listed("Easier", [_named(one, known) for one in spec.regressions])
    yield from _listed("Harder", [_named(one, known) for one in spec.progressions])
    yield from _listed("Take care", spec.cautions)
    yield from _listed("Stop when", spec.stop_when)
    yield from wrap(f"Source: {spec.source} [{spec.trust}]", _WIDTH)


def _place(spec: ExerciseSpec) -> str:
    return f"{_words(spec.position)}; camera {_view(spec)}"


def _needs(spec: ExerciseSpec) -> str:
    """What it takes to count it, where one camera cannot."""
    coordinate = uncounted(spec)
    if not coordinate:
        return ""
    what = f"One camera alone cannot tell what its repetitions are counted by ({title_of(coordinate)})"
    return f"{what}. It takes {help_for(coordinate)}."


def _view(spec: ExerciseSpec) -> str:
    view = spec.camera.view
    return _VIEWS.get(view, f"from the {view}")


def _equipment(spec: ExerciseSpec) -> str:
    return ", ".join(spec.equipment) if spec.equipment else "no equipment"


def _words(name: str) -> str:
    return name.replace("_", " ")


def dose(asked: Dose, breaths: tuple[int, int] | None) -> Iterator[str]:
    """How much of it, line by line."""
    parts = []
    if asked.repetitions:
        parts.append(f"{span(asked.repetitions)} repetitions")
    if asked.hold_s:
        parts.append(f"holds of {span(asked.hold_s)} s")
    if asked.time_s:
        parts.append(f"{span(asked.time_s)} s")
    yield f"{span(asked.sets)} sets of {' or '.join(parts)}, {asked.rest_s:g} s of rest between them"
    if breaths:
        yield f"{span(breaths)} breaths"
    if asked.tempo_s:
        out, held, back = asked.tempo_s
        yield f"Tempo: {out:g} s out, {held:g} s held, {back:g} s back"
    yield f"{span(asked.days_a_week)} days a week"


def span(ends: tuple[float, float]) -> str:
    """``2 to 4``, or ``3``."""
    low, high = ends
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _named(other: str, known: Mapping[str, ExerciseSpec]) -> str:
    return f"{known[other].title} ({other})" if other in known else other


def _watched(rule: FormRule) -> str:
    other = rule.instead
    instead = "" if other is None else f" (where only {other.coordinate} is seen, {other.limit_deg:g} of it)"
    return f"{rule.title}, beyond {rule.limit_deg:g} deg{instead}: {rule.cue}"


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        for line in lines:
            first, *more = wrap(line, _WIDTH - 4)
            yield f"  - {first}"
            yield from (f"    {one}" for one in more)
