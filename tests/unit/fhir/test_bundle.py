from __future__ import annotations

import copy
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coxa.adapters.fhir.read import Found, read
from coxa.adapters.fhir.write import bundle
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import Pain, Screened, document_of
from coxa.bootstrap.recording import _codes
from coxa.catalog.planning import triage
from coxa.model.errors import CoxaError
from coxa.model.plan import Availability, PlannedExercise, PlannedSession, Programme, SessionKind, Week
from coxa.model.screening import Answer, Screen, ScreenOutcome, ScreenStatus
from coxa.model.training import LogEntry, Stage
from coxa.plan.triage import screened

pytest.importorskip("fhir.resources")
DAY = date(2026, 3, 2)
PERSON = Person("ed31ccb6-d343-4a7e-af40-92192472ec51", "Zoë Ώρα", date(1988, 2, 29), "female")
SCREEN = Screen(DAY, {one.id: Answer.NO for one in triage().questions}, 38.0)


def result(quantity: str, side: str, coordinate: str, value: float | None) -> dict[str, Any]:
    return {
        "quantity": quantity, "side": side, "coordinate": coordinate, "observability": "observed",
        "value_deg": value, "sd_deg": 2.5, "minimal_detectable_deg": 6.9,
    }  # fmt: skip


def kept() -> dict[Kind, list[Entry]]:
    results = [
        result("internal_rotation", "left", "hip_internal_rotation_left", 31.25),
        result("internal_rotation", "right", "hip_internal_rotation_right", None),
        result("extension", "left", "hip_flexion_left", -12.0),
        result("trunk_lean", "", "trunk_forward_lean", 4.5),
    ]
    log = LogEntry(DAY, "squat", pain=2.5, effort=6.0)
    documents = [
        (Kind.ASSESSMENT, {"protocol": "seated_hip_rotation", "results": results}),
        (Kind.PAIN, document_of(Pain(3.5, "left groin; <b>"))),
        (Kind.SESSION, document_of(log)),
        (Kind.SCREEN, document_of(Screened(SCREEN, screened(triage(), SCREEN)))),
    ]
    return {
        kind: [
            Entry(PERSON.id, kind, DAY, document, id=f"01a202d4-6df4-7c08-84e1-00000000000{n}",
                  recorded_at="2026-03-02T10:00:00.000000Z", provenance={"coxa": "0.1.0"})
        ]
        for n, (kind, document) in enumerate(documents)
    }  # fmt: skip


def programme() -> Programme:
    one = PlannedExercise("squat", "Squat", (), Stage.STRENGTHEN, 3, repetitions=8)
    week = Week(1, DAY, False, {}, (PlannedSession(DAY, SessionKind.FULL, (one,), 600.0),))
    clear = ScreenOutcome(ScreenStatus.CLEAR, DAY)
    return Programme("p", "Hip", DAY, (week,), (), (), clear, Availability())


def read_back(told: dict[str, Any]) -> Found:
    return read(told, "bundle.json", _codes(), lambda screen: screened(triage(), screen))


def written(plan: Programme | None = None) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(bundle(PERSON, kept(), plan, _codes()))
    return told


def test_what_goes_out_comes_back() -> None:
    found = read_back(written(programme()))
    assert (found.person.name, found.person.born, found.person.sex) == ("Zoë Ώρα", PERSON.born, "female")
    before = {kind: [dict(one.document) for one in entries] for kind, entries in kept().items()}
    after = {kind: [dict(one.document) for one in found.entries if one.kind is kind] for kind in before}
    assert after == before
    assert {one.on for one in found.entries} == {DAY}
    assert found.left_out == 3  # the plan, its one request, where all is from


def test_public_codes_sides_and_units() -> None:
    found = [one["resource"] for one in written()["entry"]]
    by_code = {
        (one["code"]["coding"][0]["code"], one.get("bodySite", {}).get("text", "")): one
        for one in found
        if one["resourceType"] == "Observation"
    }
    left = by_code["100297-1", "Left hip region"]
    assert left["valueQuantity"] == {
        "value": 31.25, "unit": "deg", "system": "http://unitsofmeasure.org", "code": "deg"
    }  # fmt: skip
    assert "dataAbsentReason" in by_code["100297-1", "Right hip region"]
    # LOINC has none for extension, and a lean is no motion of a hip.
    assert ("seated_hip_rotation.extension", "Left hip region") in by_code
    assert ("seated_hip_rotation.trunk_lean", "") in by_code
    assert len(by_code["100340-9", ""]["hasMember"]) == 4


def test_sides_are_told_without_codes_that_need_a_licence() -> None:
    text = json.dumps(written(programme()))
    assert "snomed" not in text.lower()
    told = written()
    for entry in told["entry"]:
        site = entry["resource"].get("bodySite", {})
        if "hip" in site.get("text", ""):
            assert site["coding"][0]["system"] == _codes().local_system
            site["coding"] = [{"system": "http://snomed.info/sct", "code": "1"}]  # of another program's
    (found,) = [one for one in read_back(told).entries if one.kind is Kind.ASSESSMENT]
    assert [one["side"] for one in found.document["results"]] == ["left", "right", "left", ""]


def test_every_reference_is_in_the_bundle() -> None:
    text = bundle(PERSON, kept(), programme(), _codes())
    there = {one["fullUrl"] for one in json.loads(text)["entry"]}
    named = {part.split('"')[0] for part in text.split('"reference":"')[1:]}
    assert named <= there


def test_without_a_programme_in_force_there_is_no_exercise() -> None:
    assert "ServiceRequest" not in json.dumps(written(None))
    assert "ServiceRequest" in json.dumps(written(programme()))


def test_a_red_flag_is_judged_anew() -> None:
    told = written()
    response = next(
        one["resource"] for one in told["entry"] if one["resource"]["resourceType"] == "QuestionnaireResponse"
    )
    for item in response["item"]:
        if "valueString" in item["answer"][0]:
            item["answer"][0]["valueString"] = "yes"
    (screen,) = [one for one in read_back(told).entries if one.kind is Kind.SCREEN]
    assert screen.document["outcome"]["status"] == "stop"


def test_a_changed_bundle_is_read_or_refused(tmp_path: Path) -> None:
    whole, chance = written(programme()), random.Random(3)  # noqa: S311
    for _ in range(150):
        told = copy.deepcopy(whole)
        place: Any = told
        for _ in range(chance.randint(1, 9)):
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = chance.choice(keys)
            if not isinstance(place[key], dict | list) or not place[key]:
                break
            place = place[key]
            key = chance.choice(list(place) if isinstance(place, dict) else list(range(len(place))))
        place[key] = chance.choice([None, 7, "x", [], {}, "2026-02-30", [{}], -1e308])
        try:
            read_back(told)
        except CoxaError:
            continue
