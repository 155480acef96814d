"""A person's record as an FHIR R4B Bundle: measurements, pain, sessions, screens, the programme in force.

Angles are in ``deg`` (UCUM). What LOINC has no code for bears a local one; a side is the body site,
which has one too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from coxa.adapters.fhir.validated import validated
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import value_of
from coxa.model.plan import Programme
from coxa.specs.interchange import Code, InterchangeSpec

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
Resource = dict[str, Any]
Kept = Mapping[Kind, list[Entry]]


def bundle(person: Person, kept: Kept, programme: Programme | None, codes: InterchangeSpec) -> str:
    """The Bundle as JSON text, held against FHIR R4B.

    Args:
        person: whom it is about.
        kept: entries of each kind.
        programme: in force; None: none, or the screen allows no exercise.
        codes: of measurements.

    Raises:
        SourceError: the package that validates is not installed, or a value does not fit into FHIR.
    """
    subject = {"reference": f"urn:uuid:{person.id}"}
    resources = [
        _patient(person),
        *(one for entry in kept.get(Kind.ASSESSMENT, ()) for one in _assessment(entry, subject, codes)),
        *(_pain(entry, subject, codes) for entry in kept.get(Kind.PAIN, ())),
        *(_session(entry, subject, codes) for entry in kept.get(Kind.SESSION, ())),
        *(_screen(entry, subject, codes) for entry in kept.get(Kind.SCREEN, ())),
        *(() if programme is None else _programme(programme, person, subject, codes)),
    ]
    resources += [_provenance(resources, kept)] if len(resources) > 1 else []
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
    return validated({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _patient(person: Person) -> Resource:
    told: Resource = {"resourceType": "Patient", "id": person.id, "name": [{"text": person.name}]}
    if person.born is not None:
        told["birthDate"] = person.born.isoformat()
    if person.sex is not None:
        told["gender"] = person.sex
    return told


def coded(code: Code, system: str = LOINC) -> Resource:
    """A code of a public system."""
    return {"coding": [{"system": system, "code": code.code, "display": code.display}], "text": code.display}


def local(name: str, codes: InterchangeSpec) -> Resource:
    """What has no public code."""
    return {"coding": [{"system": codes.local_system, "code": name}], "text": name.replace("_", " ")}


def _observation(key: str, on: str, code: Resource, subject: Resource, category: str) -> Resource:
    return {
        "resourceType": "Observation",
        "id": key,
        "status": "final",
        "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
        "code": code,
        "subject": subject,
        "effectiveDateTime": on,
    }


def _assessment(entry: Entry, subject: Resource, codes: InterchangeSpec) -> Iterator[Resource]:
    on, protocol = entry.on.isoformat(), entry.document["protocol"]
    members = []
    for place, result in enumerate(entry.document["results"]):
        code = local(f"{protocol}.{result['quantity']}", codes)
        public = codes.quantities.get(result["quantity"])
        if public is not None and "hip_" in str(result.get("coordinate", "")):
            code["coding"].insert(0, coded(public)["coding"][0])
        one = _observation(str(uuid5(NAMESPACE_URL, f"{entry.id}/{place}")), on, code, subject, "exam")
        one["method"] = local(protocol, codes)
        if result["side"] in codes.sides:
            one["bodySite"] = local(result["side"], codes) | {"text": codes.sides[result["side"]]}
        figures = {
            "coordinate": {"valueString": result.get("coordinate")},
            "observability": {"valueString": result.get("observability")},
            "standard_deviation": {"valueQuantity": degrees(result.get("sd_deg"))},
            "minimal_detectable_change": {"valueQuantity": degrees(result.get("minimal_detectable_deg"))},
        }
        one["component"] = [
            {"code": local(name, codes), **value} for name, value in figures.items() if any(value.values())
        ]
        if result.get("value_deg") is None:
            one["dataAbsentReason"] = {"text": "not observable"}
        else:
            one["valueQuantity"] = degrees(result["value_deg"])
        members.append({"reference": f"urn:uuid:{one['id']}"})
        yield one
    panel = _observation(entry.id, on, local(protocol, codes), subject, "exam")
    if any("hip_" in str(result.get("coordinate", "")) for result in entry.document["results"]):
        panel["code"]["coding"].insert(0, coded(codes.panel)["coding"][0])
    yield {**panel, **({"hasMember": members} if members else {})}


def degrees(value: float | None) -> Resource | None:
    """In UCUM."""
    if value is None:
        return None
    return {"value": value, "unit": "deg", "system": UCUM, "code": "deg"}


def _pain(entry: Entry, subject: Resource, codes: InterchangeSpec) -> Resource:
    told = value_of(Kind.PAIN, entry.document)
    one = _observation(entry.id, entry.on.isoformat(), coded(codes.pain), subject, "survey")
    one["valueQuantity"] = score(told.score)
    if told.where:
        one["bodySite"] = {"text": told.where}
    return one


def score(value: float) -> Resource:
    """Of 0..10, in UCUM."""
    return {"value": value, "unit": "{score}", "system": UCUM, "code": "{score}"}


def _session(entry: Entry, subject: Resource, codes: InterchangeSpec) -> Resource:
    told = value_of(Kind.SESSION, entry.document)
    one = _observation(entry.id, entry.on.isoformat(), coded(codes.session), subject, "activity")
    one["valueCodeableConcept"] = local(told.exercise, codes)
    figures = {"pain": told.pain, "effort": told.effort, "pain_next_morning": told.pain_next_morning}
    one["component"] = [{"code": local("done", codes), "valueString": told.done.value}] + [
        {"code": coded(codes.pain) if name == "pain" else local(name, codes), "valueQuantity": score(value)}
        for name, value in figures.items()
        if value is not None
    ]
    if told.symptoms:  # they stop all exercise, also elsewhere
        felt = "; ".join(each.value for each in told.symptoms)
        one["component"].append({"code": local("symptoms", codes), "valueString": felt})
    return one


def _screen(entry: Entry, subject: Resource, codes: InterchangeSpec) -> Resource:
    screen = value_of(Kind.SCREEN, entry.document).screen
    items: list[Resource] = [
        {"linkId": name, "answer": [{"valueString": answer.value}]} for name, answer in screen.answers.items()
    ]
    if screen.age_y is not None:
        items.append({"linkId": "age_y", "answer": [{"valueDecimal": screen.age_y}]})
    return {
        "resourceType": "QuestionnaireResponse",
        "id": entry.id,
        "questionnaire": f"{codes.local_system}:screen",
        "status": "completed",
        "subject": subject,
        "authored": entry.on.isoformat(),
        **({"item": items} if items else {}),
    }


def _programme(
    programme: Programme, person: Person, subject: Resource, codes: InterchangeSpec
) -> Iterator[Resource]:
    """The plan, and one request an exercise with its dose of the first time."""
    first = {
        one.exercise: one
        for week in reversed(programme.weeks)
        for session in reversed(week.sessions)
        for one in session.exercises
    }
    requests: list[Resource] = []
    for name, one in sorted(first.items()):
        dose = f"{one.sets} x {one.repetitions}" if one.repetitions else f"{one.sets} x {one.hold_s or 0:g} s"
        why = [{"text": reason.words} for reason in one.why if reason.words]
        requests.append(
            {
                "resourceType": "ServiceRequest",
                "id": str(uuid5(NAMESPACE_URL, f"{person.id}/{programme.begins}/{name}")),
                "status": "active",
                "intent": "plan",
                "code": local(name, codes) | {"text": one.title or name},
                "subject": subject,
                "note": [{"text": dose}],
                **({"reasonCode": why} if why else {}),
            }
        )
    days = [session.on for week in programme.weeks for session in week.sessions] or [programme.begins]
    activity = [{"reference": {"reference": f"urn:uuid:{one['id']}"}} for one in requests]
    yield {
        "resourceType": "CarePlan",
        "id": str(uuid5(NAMESPACE_URL, f"{person.id}/{programme.begins}")),
        "status": "active",
        "intent": "plan",
        "title": programme.title or programme.id,
        "subject": subject,
        "period": {"start": programme.begins.isoformat(), "end": max(days).isoformat()},
        **({"activity": activity} if activity else {}),
    }
    yield from requests


def _provenance(resources: list[Resource], kept: Kept) -> Resource:
    entries = [entry for each in kept.values() for entry in each]
    made = sorted({f"coxa {entry.provenance.get('coxa', '')}".strip() for entry in entries}) or ["coxa"]
    recorded = max((entry.recorded_at for entry in entries), default="1970-01-01T00:00:00Z")
    targets = [f"urn:uuid:{one['id']}" for one in resources]
    return {
        "resourceType": "Provenance",
        "id": str(uuid5(NAMESPACE_URL, json.dumps(targets))),
        "target": [{"reference": one} for one in targets],
        "recorded": recorded,
        "agent": [{"who": {"display": one}} for one in made],
    }
