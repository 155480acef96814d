"""A page an exercise, and the list of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from coxa.app.countable import uncounted
from coxa.catalog.exercises import exercises
from coxa.catalog.planning import planning
from coxa.report.coaching.exercise import dose
from coxa.report.coaching.words import help_for, title_of
from coxa.specs.exercise import ExerciseSpec, FormRule, Gate
from coxa_docs.angles import angle, degrees
from coxa_docs.camera import where
from coxa_docs.markdown import bullets, page, plain, section, table, toctree
from coxa_docs.marks import mark, source_of

Known = Mapping[str, ExerciseSpec]

_SIDES = {"each": "each side for itself", "none": "both sides together", "alternate": "the sides in turn"}
_SINCE = {
    "set": "change since the set began",
    "repetition": "change since the repetition began",
    "zero": "the angle itself",
}
_WAYS = {"increase": "more than", "decrease": "less by more than", "either": "either way by more than"}
_PARTS = {
    "out": "on the way out",
    "held": "at the end range",
    "back": "on the way back",
    "any": "at any time",
}


def pages() -> Iterator[tuple[str, str]]:
    """Name and text of each."""
    known = exercises()
    yield "exercises/index.md", page(_index(known))
    yield from pages_of(known)


def pages_of(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Name and text of some."""
    known = exercises()
    for name in names:
        yield f"exercises/{name}.md", page(_exercise(known[name], known))


def _index(known: Known) -> Iterator[str]:
    yield from ("# Exercises", "")
    yield f"The {len(known)} exercises that Coxa shows, counts and corrects, each as its file has it."
    yield from ("To write one yourself: [exercises of your own](../../exercises.md).", "")
    rows = (
        (
            f"[{plain(spec.title)}]({name}.md)",
            plain(spec.purpose),
            ", ".join(spec.teaches),
            spec.position.replace("_", " "),
            plain(", ".join(spec.equipment) or "nothing"),
        )
        for name, spec in known.items()
    )
    yield from table(("exercise", "purpose", "for", "position", "equipment"), rows)
    yield from toctree(known)


def _exercise(spec: ExerciseSpec, known: Known) -> Iterator[str]:
    yield from (f"# {plain(spec.title)}", "", plain(spec.purpose), "")
    yield from (f"![{plain(spec.title)}, animated](../figures/{spec.id}.svg){{.figure}}", "")
    yield f"- For {', '.join(spec.teaches)} of {', '.join(spec.joints)} ({', '.join(spec.planes)} plane)"
    yield f"- {spec.position.replace('_', ' ').capitalize()}, {_SIDES[spec.sides]}"
    yield f"- You need: {plain(', '.join(spec.equipment) or 'nothing')}"
    yield ""
    yield from section("Set-up", bullets(spec.setup))
    yield from section("How to film it", _film(spec))
    yield from section("How it is done", _done(spec))
    yield from section("What is measured", _measured(spec))
    yield from section("What is watched", _watched(spec))
    yield from section("How much of it", _dose(spec))
    yield from section("Easier and harder", _others(spec, known))
    yield from section("Part of", _programmes(spec))
    yield from section("Take care", _care(spec))
    yield from section("On the command line", _shell(spec))
    yield f"Source: {source_of(spec)}. Version {spec.version}; its file is `exercises/{spec.id}.yaml`."


def _film(spec: ExerciseSpec) -> Iterator[str]:
    yield where(spec.camera)
    coordinate = uncounted(spec)
    if coordinate:
        yield ""
        yield (
            "One camera alone cannot tell what its repetitions are counted by "
            f"({plain(title_of(coordinate))}). It takes {plain(help_for(coordinate))}."
        )


def _done(spec: ExerciseSpec) -> Iterator[str]:
    yield from bullets((phase.instruction for phase in spec.phases), "1.")
    cues = [pose.cue for pose in spec.demonstration.poses if pose.cue]
    if cues:
        yield from ("", f"Think of: {plain('; '.join(cues))}.")


def _measured(spec: ExerciseSpec) -> Iterator[str]:
    signal = spec.signal
    if signal is not None:
        yield (
            f"Repetitions are counted by {angle(signal.coordinate)}. People usually go "
            f"{degrees(signal.expected_deg)} far; {100 * signal.full_share:g} % of what is usual for this "
            f"person is a full repetition, less a partial one, less than {degrees(signal.least_deg)} none."
        )
        yield ""
    elif spec.kind == "hold":
        yield from ("Time is counted while the form lasts.", "")
    else:
        yield from ("Only time is counted.", "")
    yield from _gates("A set begins when all of this holds:", spec.start_pose)
    yield from _gates("A repetition counts if all of this held where it was furthest:", spec.end_pose)
    if spec.start_pose or spec.end_pose:
        yield "What is not observed is taken on trust."


def _gates(words: str, gates: tuple[Gate, ...]) -> Iterator[str]:
    if gates:
        yield from (words, "")
        rows = ((angle(one.coordinate), degrees(one.from_deg), degrees(one.to_deg)) for one in gates)
        yield from table(("angle", "from", "to"), rows)


def _watched(spec: ExerciseSpec) -> Iterator[str]:
    if not spec.form:
        return
    yield from ("The most important first. A fault is said only where its angle is observed.", "")
    rules = sorted(spec.form, key=lambda rule: rule.priority)
    head = ("fault", "angle and limit", "when", "what the coach says", "source")
    yield from table(head, (row for rule in rules for row in _rule(rule)))


def _rule(rule: FormRule) -> Iterator[tuple[str, ...]]:
    way, since = _WAYS[rule.direction], _SINCE[rule.since]
    yield (
        plain(rule.title) + ("; spoils the repetition" if rule.spoils else ""),
        f"{angle(rule.coordinate)}: {since}, {way} {degrees(rule.limit_deg)}",
        _when(rule),
        plain(rule.cue),
        source_of(rule),
    )
    other = rule.instead
    if other is not None:
        yield (
            "… where that is not seen",
            f"{angle(other.coordinate)}: {since}, {way} {degrees(other.limit_deg)}",
            "",
            "",
            source_of(other),
        )


def _when(rule: FormRule) -> str:
    everywhere = "any" in rule.parts or len(rule.parts) == len(_PARTS) - 1
    return _PARTS["any"] if everywhere else ", ".join(_PARTS[part] for part in rule.parts)


def _dose(spec: ExerciseSpec) -> Iterator[str]:
    yield from bullets(dose(spec.dose, spec.breaths))
    yield f"- source: {source_of(spec.dose)}"


def _others(spec: ExerciseSpec, known: Known) -> Iterator[str]:
    for title, names in (("Easier", spec.regressions), ("Harder", spec.progressions)):
        words = [f"[{plain(known[one].title)}]({one}.md)" if one in known else plain(one) for one in names]
        if words:
            yield f"- {title}: {'; '.join(words)}"


def _programmes(spec: ExerciseSpec) -> Iterator[str]:
    for one in planning().programmes.values():
        stages = [stage for stage, steps in one.ladders.items() if any(spec.id in step for step in steps)]
        if stages:
            yield f"- {plain(one.title)}: {', '.join(stages)} {mark(one.trust)}"


def _care(spec: ExerciseSpec) -> Iterator[str]:
    yield from bullets(spec.cautions)
    yield from bullets(f"Stop when: {one}" for one in spec.stop_when)


def _shell(spec: ExerciseSpec) -> Iterator[str]:
    yield "```console"
    yield f"$ coxa exercises show {spec.id}"
    yield f"$ coxa coach film.mp4 --exercise {spec.id}"
    yield "```"
