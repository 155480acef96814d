"""A film never leaves the machine: a run opens no network connection; both watches are shown to see one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import coxa, files_under

WATCH = """
import os, sys
CALLS = {"connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname"}
def watch(event, arguments):
    if event.startswith("socket.") and event.removeprefix("socket.") in CALLS:
        with open(os.environ["COXA_TEST_CALLS"], "a") as calls:
            calls.write(f"{event} {arguments}\\n")
        raise PermissionError("no network in this test")
sys.addaudithook(watch)
"""
CALL_OUT = "import socket; s = socket.socket(); s.settimeout(1); s.connect(('192.0.2.1', 9))"
#: All that leaves goes to the loopback device of a network with nothing else in it, and is counted there.
ALONE = 'ip link set lo up && ip route add default dev lo && "$@"; cat /proc/net/snmp'


@pytest.fixture
def film(reference_data: Path) -> Path:
    return reference_data / "rendered" / "b_seat_ier_male.mp4"


@pytest.fixture
def watched(tmp_path: Path) -> dict[str, str]:
    """An environment in which Python reports and refuses every call out."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(hooks), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "COXA_TEST_CALLS": str(tmp_path / "calls")}


def test_python_calls_nobody(tmp_path: Path, film: Path, watched: dict[str, str]) -> None:
    out = tmp_path / "out"
    ran = coxa("measure", film, "--pose", "lite", "--out", out, cwd=tmp_path, environment=watched)
    assert ran.code == 0, ran.err
    assert "report.html" in files_under(out)
    assert not (tmp_path / "calls").exists()


def test_the_watch_sees_a_call(tmp_path: Path, watched: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "-c", CALL_OUT], env=os.environ | watched, capture_output=True, check=False
    )
    assert "socket.connect" in (tmp_path / "calls").read_text(encoding="utf-8")


def sent(*command: str) -> tuple[int, int]:
    """TCP connections and UDP packets that a command, and all native code in it, tried to send."""
    if shutil.which("ip") is None:
        pytest.skip("no `ip` command here")
    done = subprocess.run(
        ["unshare", "--net", "sh", "-c", ALONE, "sh", *command], capture_output=True, text=True, check=False
    )
    tables = dict(re.findall(r"^(Tcp|Udp): (\d.*|-?\d.*)$", done.stdout, re.MULTILINE))
    if not tables:
        pytest.skip("a network namespace is not permitted here")
    names = dict(re.findall(r"^(Tcp|Udp): ([A-Z].*)$", done.stdout, re.MULTILINE))
    count = {kind: dict(zip(names[kind].split(), tables[kind].split(), strict=True)) for kind in tables}
    return int(count["Tcp"]["ActiveOpens"]), int(count["Udp"]["OutDatagrams"])


def test_native_code_sends_nothing(tmp_path: Path, film: Path) -> None:
    out = tmp_path / "out"
    command = (sys.executable, "-m", "coxa", "measure", str(film), "--pose", "lite", "--out", str(out))
    assert sent(*command) == (0, 0)
    assert "report.html" in files_under(out)


def test_the_count_sees_a_call() -> None:
    assert sent(sys.executable, "-c", CALL_OUT)[0] == 1
