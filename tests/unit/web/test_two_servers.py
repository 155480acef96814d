"""What two servers of one record know together."""

from __future__ import annotations

from pathlib import Path

from coxa.app.record import Person
from coxa.catalog.access import access
from coxa.web.memory.tokens import VisitorTokens
from coxa.web.phone.pairing import Pairings


def test_both_know_a_browser_by_its_token(tmp_path: Path) -> None:
    """A form that one server made is taken by the other; another record's is not."""
    (tmp_path / "other").mkdir()
    one, other = VisitorTokens.of_folder(tmp_path), VisitorTokens.of_folder(tmp_path)
    visitor = one.fresh()
    assert one.of(visitor) == other.of(visitor)
    assert VisitorTokens.of_folder(tmp_path / "other").of(visitor) != one.of(visitor)


def test_nobody_else_reads_the_secret(tmp_path: Path) -> None:
    VisitorTokens.of_folder(tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert len(kept.read_bytes()) == 32


def test_a_phone_is_led_where_its_screen_is(person: Person) -> None:
    """The proxy goes by the end of the person's id, in the addresses of both."""
    made = Pairings(access().phones).begin(person.id, "seated_hip_rotation", "", "left")
    assert made.code.startswith(person.id[-4:] + "-")
