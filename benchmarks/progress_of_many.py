"""How long the progress of one person takes in a record of many.

python benchmarks/progress_of_many.py [--people 1000] [--sessions 100] [--database URL]
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from coxa.adapters.store.records import SqlRecords
from coxa.app.progress import progress
from coxa.app.record import Entry, Kind, Person
from coxa.app.record_documents import document_of
from coxa.catalog.loader import assess_rules
from coxa.catalog.planning import triage
from coxa.model.training import LogEntry

_LIMIT_S = 0.2
_BEGIN = date(2026, 1, 5)


def filled(records: SqlRecords, person: Person, n_sessions: int, chance: random.Random) -> list[Entry]:
    """Sessions, and a measurement of both hips every tenth."""
    made = []
    for n in range(n_sessions):
        on = _BEGIN + timedelta(days=n)
        entry = LogEntry(on, "hip_90_90", form=0.9, effort=5.0, pain=float(chance.randrange(4)), note="fine")
        made.append(Entry(person.id, Kind.SESSION, on, document_of(entry), "hip_90_90"))
        if n % 10 == 0:
            results = [
                {
                    "quantity": "internal_rotation", "side": side, "observability": "observed",
                    "value_deg": 25 + n / 10 + chance.gauss(0, 2), "sd_deg": 2.0,
                }
                for side in ("left", "right")
            ]  # fmt: skip
            document = {"protocol": "seated_hip_rotation", "results": results}
            made.append(Entry(person.id, Kind.ASSESSMENT, on, document, "seated_hip_rotation"))
    return made


def main() -> int:
    """Fill, ask, print; 0: under the limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--sessions", type=int, default=100, help="of each")
    parser.add_argument("--database")
    told = parser.parse_args()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        records = SqlRecords.open(Path(folder), told.database)
        began = time.perf_counter()
        people = [records.add_person(Person("", f"Person {n}")) for n in range(told.people)]
        for person in people:
            records.add(filled(records, person, told.sessions, chance))
        took_s = time.perf_counter() - began
        print(f"{told.people} people, {told.people * told.sessions} sessions in {took_s:.0f} s")
        as_of = _BEGIN + timedelta(days=told.sessions)
        rules, questions = assess_rules(), triage()
        took = []
        cpu = time.process_time()
        for person in chance.sample(people, min(50, len(people))):
            began = time.perf_counter()
            found = progress(records, person, as_of, rules, questions)
            took.append(time.perf_counter() - began)
            assert len(found.pain) == told.sessions
        cpu_ms = (time.process_time() - cpu) / len(took) * 1e3
        first, most = took[0] * 1e3, max(took) * 1e3
        print(f"first {first:.0f} ms, median {statistics.median(took) * 1e3:.0f} ms, most {most:.0f} ms")
        print(f"of the processor's time {cpu_ms:.0f} ms each")
    return 0 if max(took) < _LIMIT_S else 1


if __name__ == "__main__":
    sys.exit(main())
