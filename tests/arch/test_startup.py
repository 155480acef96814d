from __future__ import annotations

import resource
import subprocess
import sys

import pytest

HEAVY = {
    "numpy",
    "scipy",
    "numba",
    "mujoco",
    "av",
    "cv2",
    "ai_edge_litert",
    "pandas",
    "pyarrow",
    "jinja2",
    "rich",
}
LIMIT_S = 0.3


@pytest.mark.parametrize("command", [[], ["measure"], ["doctor"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    program = (
        "import sys; from coxa.cli.main import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit: print('IMPORTED', *sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"], capture_output=True, text=True, check=True
    )
    imported = done.stdout.rpartition("IMPORTED")[2].split()
    assert not HEAVY & set(imported)


def test_help_answers_at_once() -> None:
    """In the processor's time, the best of some tries: what else the machine does is not our doing."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "coxa", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < LIMIT_S
