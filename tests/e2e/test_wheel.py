"""The wheel, alone in a new environment: without Node, without a network, without the heavy pose network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.command import files_under

ROOT = Path(__file__).parents[2]
MOST_BYTES = 60_000_000
#: Serves, asks for its health over the loopback device, and stops.
HEALTH = """
import subprocess, sys, time, urllib.request
server = subprocess.Popen([sys.argv[1], "serve", "--port", "23107", "--data", "data", "--no-worker"])
try:
    for _ in range(600):
        time.sleep(0.2)
        assert server.poll() is None, "it stopped by itself"
        try:
            print(urllib.request.urlopen("http://127.0.0.1:23107/health", timeout=5).status)
            break
        except OSError:
            pass
finally:
    server.terminate()
    server.wait()
"""


def tried(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    around = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told = [str(part) for part in command]
    return subprocess.run(
        told, cwd=cwd, env=around | environment, capture_output=True, text=True, check=False
    )


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = tried(*command, cwd=cwd, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def off_the_network() -> tuple[str, ...]:
    """What to put before a command: it gets a network of its own with nothing in it but the loopback device.

    Nothing where that is not permitted. Paths are whole: the command's own ``PATH`` has no system in it.
    """
    unshare, shell, ip = (shutil.which(name) for name in ("unshare", "sh", "ip"))
    if unshare is None or shell is None or ip is None:
        return ()
    alone = (unshare, "--net", shell, "-c", f'{ip} link set lo up && exec "$@"', shell)
    true = shutil.which("true") or "true"
    return alone if tried(*alone, true, cwd=ROOT).returncode == 0 else ()


def built(folder: Path) -> Path:
    """The wheel, made from the source distribution, so that both are seen to be whole."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=ROOT)
    (wheel,) = folder.glob("coxa-*.whl")
    return wheel


def is_whole_and_light(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST_BYTES
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (bill,) = (name for name in names if re.search(r"dist-info/sboms/.*\.cdx\.json$", name))
        assert json.loads(archive.read(bill))["bomFormat"] == "CycloneDX"
    networks = {name.rpartition("/")[2] for name in names if name.endswith(".tflite")}
    assert networks == {"pose_detection.tflite", "pose_landmark_lite.tflite", "pose_landmark_full.tflite"}
    assert "coxa/notices/THIRD_PARTY_NOTICES.txt" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith((".po~", ".map"))]


@pytest.mark.slow
def test_the_wheel_alone_measures_a_film(tmp_path: Path, reference_data: Path) -> None:
    wheel = built(tmp_path)
    is_whole_and_light(wheel)
    run(sys.executable, "-m", "venv", tmp_path / "new", cwd=tmp_path)
    scripts, elsewhere = tmp_path / "new" / "bin", tmp_path / "elsewhere"
    elsewhere.mkdir()
    quietly = ("--quiet", "--disable-pip-version-check", "--constraint", ROOT / "constraints.txt")
    run(scripts / "python", "-m", "pip", "install", *quietly, wheel, cwd=tmp_path)

    alone, bare = off_the_network(), str(scripts)  # no Node in it
    coxa = (*alone, scripts / "coxa")
    findings = json.loads(run(*coxa, "doctor", "--json", cwd=elsewhere, PATH=bare))["findings"]
    health = {finding["subject"]: finding["health"] for finding in findings}
    assert "wrong" not in health.values()
    assert health["pose_landmark_heavy.tflite"] == "warning"
    assert "three 0." in run(*coxa, "licences", cwd=elsewhere, PATH=bare)

    film = reference_data / "rendered" / "b_seat_ier_male.mp4"
    refused = tried(*coxa, "measure", film, "--pose", "heavy", cwd=elsewhere, PATH=bare)
    assert refused.returncode == 5
    assert "pip install 'coxa[heavy]'" in refused.stderr and "Traceback" not in refused.stderr
    told = json.loads(run(*coxa, "measure", film, "--to", "1.5", "--json", cwd=elsewhere, PATH=bare))
    assert told["schema"] == "coxa.summary"
    assert "coxa[heavy]" in " ".join(told["film"]["notes"])
    written = files_under(elsewhere / "coxa-out" / film.stem)
    assert {"report.html", "overlay.mp4", "summary.json", "motion.parquet", "motion.mot"} <= written

    ask = (*alone, scripts / "python", "-c", HEALTH, scripts / "coxa")
    assert run(*ask, cwd=elsewhere, PATH=bare).split()[-1] == "200"
