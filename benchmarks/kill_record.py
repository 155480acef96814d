"""Kill -9 a program that writes to the record, at random moments, and look what is left.

What was acknowledged must be there, whole; nothing may be there half; what a killed writer leaves
behind must be gone once the record is opened again.

    python benchmarks/kill_record.py --rounds 200 [--database URL]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from coxa.adapters.store.records import SqlRecords
from coxa.app.record import Entry, Kind, Person

_BATCH = 3


def write(folder: Path, database: str | None, person: str, seed: int, told: int) -> None:
    """Keep entries with files until killed; the ids of those that are kept go through the pipe."""
    chance = random.Random(seed)
    records = SqlRecords.open(folder, database)
    source = folder.parent / f"source-{seed}"
    os.write(told, b"[]\n")
    for number in range(1_000_000):
        content = chance.randbytes(chance.choice((0, 100, 300_000, 3_000_000)))
        source.write_bytes(content)
        about = {"round": seed, "number": number, "sha256": hashlib.sha256(content).hexdigest()}
        made = [Entry(person, Kind.RECORDING, date(2026, 1, 1), about)]
        made += [Entry(person, Kind.SESSION, date(2026, 1, 1), {**about, "of": n}) for n in range(_BATCH)]
        kept = records.add(made, {0: source})
        os.write(told, (json.dumps([one.id for one in kept]) + "\n").encode())


def one_round(folder: Path, database: str | None, person: str, seed: int) -> list[str]:
    """Start a writer, kill it; ids of what it was told is kept."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        write(folder, database, person, seed, theirs)
        os._exit(1)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        lines = [pipe.readline()]  # it has opened the record, and begins
        time.sleep(random.Random(seed).uniform(0.01, 0.25))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines += pipe.read().splitlines()
    return [key for line in lines for key in json.loads(line)]


def faults(records: SqlRecords, person: str, acknowledged: set[str]) -> list[str]:
    """What is lost, half, or left over."""
    found = records.entries(person, Kind.RECORDING), records.entries(person, Kind.SESSION)
    there = {one.id for kind in found for one in kind}
    said = [f"lost: {key}" for key in acknowledged - there]
    if len(found[1]) != _BATCH * len(found[0]):
        said.append(f"half: {len(found[0])} recordings, {len(found[1])} sessions")
    named = set()
    for one in found[0]:
        assert one.file is not None
        path = records.path_of(one.file)
        named.add(path)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != one.document["sha256"]:
            said.append(f"half: file of {one.id}")
    said += [f"left over: {path}" for path in records.blobs.all() if path not in named]
    said += [f"left over: {path}" for path in records.blobs.leftovers()]
    if len(records.audit(person)) != len(there) + 1:
        said.append("the audit trail does not tell of every entry")
    return said


def main() -> int:
    """Run the rounds; 0: nothing was lost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "data"
        records = SqlRecords.open(folder, told.database)
        person = records.add_person(Person("", "Kill Nine")).id
        records.close()
        acknowledged: set[str] = set()
        in_the_middle = 0
        said: list[str] = []
        for seed in range(told.rounds):
            acknowledged.update(one_round(folder, told.database, person, seed))
            in_the_middle += any((folder / "files" / "incoming").iterdir())
            records = SqlRecords.open(folder, told.database)
            said += faults(records, person, acknowledged)
            # What was looked at is not looked at again: rounds would grow longer.
            if seed % 20 == 19:
                records.erase(person)
                person = records.add_person(Person("", "Kill Nine")).id
                acknowledged.clear()
            records.close()
    print("\n".join(said[:20]))
    print(f"{told.rounds} rounds, {in_the_middle} killed while a file was being kept; faults: {len(said)}")
    return 1 if said or not in_the_middle else 0


if __name__ == "__main__":
    sys.exit(main())
