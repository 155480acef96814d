"""From an FHIR R4B Bundle: the person, measurements, pain, sessions and answers to a screen.

What a screen's answers allow is judged anew. Programmes of others are not taken over: no exercise comes in
this way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coxa.adapters.fhir.validated import read_bundle
from coxa.adapters.fhir.write import LOINC
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Pain, Screened, document_of, value_of
from coxa.model.errors import SourceError
from coxa.model.screening import Answer, Screen, ScreenOutcome
from coxa.model.training import Done, LogEntry, Symptom
from coxa.specs.interchange import InterchangeSpec

Resource = Mapping[str, Any]
_REMEDY = "name a Bundle of one Patient, such as Coxa writes"


@dataclass(frozen=True, slots=True)
class Found:
    """What a Bundle holds.

    Attributes:
        person: whom it is about, without an id of ours.
        entries: of them, without the person.
        left_out: how many resources Coxa does not take over.
    """

    person: Person
    entries: tuple[Entry, ...]
    left_out: int


def read(
    told: Resource, name: str, codes: InterchangeSpec, judge: Callable[[Screen], ScreenOutcome]
) -> Found:
    """A Bundle.

    Args:
        told: its JSON.
        name: of the file.
        codes: of measurements.
        judge: says what answers allow.

    Raises:
        SourceError: it is no Bundle of one person, or a value of it is not what it should be.
    """
    resources = read_bundle(told, name)
    patients = [one for one in resources if one["resourceType"] == "Patient"]
    if len(patients) != 1:
        raise SourceError(f"{name}: it has {len(patients)} patients", _REMEDY)
    try:
        entries = [*_observations(resources, codes), *_screens(resources, judge)]
        person = _person(patients[0])
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise SourceError(f"{name}: {type(error).__name__} {error}"[:200], _REMEDY) from error
    for one in entries:
        value_of(one.kind, one.document, name)
    used = sum(len(one.document["results"]) if one.kind is Kind.ASSESSMENT else 0 for one in entries)
    return Found(person, tuple(entries), len(resources) - len(entries) - used - 1)


def _person(told: Resource) -> Person:
    name = told["name"][0]
    parts = name.get("text") or " ".join([*name.get("given", ()), name.get("family", "")])
    born = told.get("birthDate")
    sex = told["gender"] if told.get("gender") in ("female", "male") else None
    return Person(
        "",
        parts,
        None if born is None else date.fromisoformat(born),
        sex if sex in ("female", "male") else None,
    )


def _observations(resources: list[dict[str, Any]], codes: InterchangeSpec) -> list[Entry]:
    by_url = {f"urn:uuid:{one['id']}": one for one in resources if "id" in one}
    found = []
    for one in resources:
        if one["resourceType"] != "Observation" or one.get("status") not in ("final", "amended", "corrected"):
            continue
        loinc, protocol = _code(one["code"], LOINC), _code(one["code"], codes.local_system)
        if loinc == codes.pain.code:
            where = one.get("bodySite", {}).get("text", "")
            found.append(_entry(Kind.PAIN, one, Pain(float(one["valueQuantity"]["value"]), where)))
        elif loinc == codes.session.code:
            found.append(_entry(Kind.SESSION, one, _session(one, codes)))
        elif protocol and "hasMember" in one:
            members = [by_url[each["reference"]] for each in one["hasMember"]]
            document = {"protocol": protocol, "results": [_result(each, codes) for each in members]}
            found.append(Entry("", Kind.ASSESSMENT, _day(one), document, protocol))
    return found


def _entry(kind: Kind, one: Resource, value: Any) -> Entry:
    label = value.exercise if isinstance(value, LogEntry) else ""
    return Entry("", kind, _day(one), document_of(value), label)


def _day(one: Resource) -> date:
    return date.fromisoformat(one["effectiveDateTime"][:10])


def _code(concept: Resource, system: str) -> str:
    return next((each["code"] for each in concept.get("coding", ()) if each.get("system") == system), "")


def _components(one: Resource, codes: InterchangeSpec) -> dict[str, Any]:
    """Values by local code; a pain score by its public one."""
    found = {}
    for each in one.get("component", ()):
        name = _code(each["code"], codes.local_system) or _code(each["code"], LOINC)
        quantity = each.get("valueQuantity")
        found[name] = each.get("valueString") if quantity is None else float(quantity["value"])
    return found


def _result(one: Resource, codes: InterchangeSpec) -> dict[str, Any]:
    parts = _components(one, codes)
    quantity = one.get("valueQuantity")
    if quantity is not None and quantity.get("code") != "deg":
        raise ValueError("an angle is not in deg")
    return {
        "quantity": _code(one["code"], codes.local_system).rpartition(".")[2],
        "side": _side(one.get("bodySite", {}), codes),
        "coordinate": parts.get("coordinate") or "",
        "observability": parts.get("observability"),
        "value_deg": None if quantity is None else float(quantity["value"]),
        "sd_deg": parts.get("standard_deviation"),
        "minimal_detectable_deg": parts.get("minimal_detectable_change"),
    }


def _side(site: Resource, codes: InterchangeSpec) -> str:
    """By our code, or by the words of whoever wrote it: those of the site, then those of its codes."""
    ours = _code(site, codes.local_system)
    if ours in codes.sides:
        return ours
    for words in (site.get("text"), *(each.get("display") for each in site.get("coding", ()))):
        named = [name for name in codes.sides if name in str(words).casefold().split()]
        if len(named) == 1:
            return named[0]
    return ""


def _session(one: Resource, codes: InterchangeSpec) -> LogEntry:
    parts = _components(one, codes)
    return LogEntry(
        _day(one),
        _code(one["valueCodeableConcept"], codes.local_system),
        Done(parts.get("done") or Done.DONE),
        effort=parts.get("effort"),
        pain=parts.get(codes.pain.code),
        pain_next_morning=parts.get("pain_next_morning"),
        symptoms=tuple(Symptom(one) for one in (parts.get("symptoms") or "").split("; ") if one),
    )


def _screens(resources: list[dict[str, Any]], judge: Callable[[Screen], ScreenOutcome]) -> list[Entry]:
    found = []
    for one in resources:
        if one["resourceType"] != "QuestionnaireResponse" or not str(one.get("questionnaire")).endswith(
            ":screen"
        ):
            continue
        items = {each["linkId"]: each["answer"][0] for each in one.get("item", ())}
        age = items.pop("age_y", {}).get("valueDecimal")
        on = date.fromisoformat(one["authored"][:10])
        answers = {name: Answer(answer["valueString"]) for name, answer in items.items()}
        screen = Screen(on, answers, None if age is None else float(age))
        found.append(Entry("", Kind.SCREEN, on, document_of(Screened(screen, judge(screen)))))
    return found
