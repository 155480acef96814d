"""Accounts on the command line."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from coxa.cli.main import app

GOOD = "seven quiet herons wade"


def ran(data: Path, *arguments: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(app, ["account", *arguments, "--data", str(data)], input=typed)
    return done.exit_code, done.output


def test_the_first_administrator_and_an_invitation(tmp_path: Path) -> None:
    assert ran(tmp_path, "add", "Root", "--role", "admin", typed=f"{GOOD}\n{GOOD}\n")[0] == 0
    code, said = ran(tmp_path, "add", "weak", typed="password\npassword\n")
    assert (code, "too short" in said) == (3, True)
    assert ran(tmp_path, "list")[1].split() == ["root", "admin"]
    code, said = ran(tmp_path, "close", "root")
    assert (code, "only administrator" in said) == (3, True)
    code, said = ran(tmp_path, "invite", "--role", "clinician", "--url", "https://coxa.example/")
    assert code == 0
    assert said.startswith("https://coxa.example/invitation/")
    assert ran(tmp_path, "close", "nobody")[0] == 3
