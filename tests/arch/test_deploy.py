"""The container file, the compose example and nginx's file agree; no engine is needed to see it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
IMAGE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("password", ["plain", "two words", "$HOME `id` \"quoted\" 'and' \\ more", "ä€"])
def test_any_password_reaches_the_process_and_only_it(
    told: dict[str, Any], tmp_path: Path, password: str
) -> None:
    (tmp_path / "secret").write_text(password, encoding="utf-8")
    stub = tmp_path / "coxa"
    stub.write_text('#!/bin/sh\nprintf "%s|" "$PGPASSWORD" "$@"\n')
    stub.chmod(0o700)
    shell, option, script, name = told["services"]["app1"]["entrypoint"]
    script = script.replace("$$", "$").replace("/run/secrets/database", str(tmp_path / "secret"))
    done = subprocess.run(
        [shell, option, script, name, "serve", "--name", "a b"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode("utf-8") == f"{password}|serve|--name|a b|"
    assert done.stderr == b""


def test_whatever_a_service_uses_is_there(told: dict[str, Any]) -> None:
    for name, service in told["services"].items():
        volumes = [one.partition(":")[0] for one in service["volumes"]]
        assert {one for one in volumes if not one.startswith(".")} <= told["volumes"].keys(), name
        assert set(service.get("secrets", ())) <= told["secrets"].keys(), name
        assert set(service["networks"]) <= told["networks"].keys(), name
        assert set(service.get("depends_on", ())) <= told["services"].keys(), name
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in told["services"][other], name


def test_what_the_image_writes_is_on_volumes(told: dict[str, Any]) -> None:
    """All else is read-only: code that is compiled, too, has a place, or every recording waits a minute."""
    written = dict(re.findall(r"(COXA_DATA|NUMBA_CACHE_DIR)=(\S+)", IMAGE))
    kept = set(re.findall(r"^VOLUME (.+)$", IMAGE, re.MULTILINE)[0].split())
    assert set(written.values()) == kept
    for name in ("app1", "app2", "worker"):
        service = told["services"][name]
        assert service["read_only"] is True
        assert kept <= {one.split(":")[1] for one in service["volumes"]}


def test_nginx_knows_the_servers_and_they_know_it(told: dict[str, Any]) -> None:
    conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(app\d+):8000", conf))
    assert named == {name for name in told["services"] if name.startswith("app")}
    command = told["services"]["app1"]["command"]
    address = told["services"]["nginx"]["networks"]["inside"]["ipv4_address"]
    assert command[command.index("--proxy") + 1] == address
