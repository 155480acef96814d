"""What processes that read strangers' files have in common, whoever starts them.

Imports nothing of Coxa: a process has it in force before anything else is loaded.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

_MB = float(1 << 20)
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_LOOK_S = 1.0

#: Each has one core: nothing in it may start threads of its own to compute.
ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS", "NUMBA_NUM_THREADS", "POLARS_MAX_THREADS", "ARROW_NUM_THREADS",
    ),
    "1",
)  # fmt: skip


def call(name: str, *arguments: int) -> bool:
    """Whether a function of the C library did what it was asked."""
    try:
        called = getattr(ctypes.CDLL(None, use_errno=True), name)
    except (OSError, AttributeError):
        return False
    return int(called(*arguments)) == 0


def die_with(parent: int) -> None:
    """End when the parent does, even in native code; where the system cannot see to it, a second later."""
    if sys.platform == "linux":
        call("prctl", _SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_S)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def used_mb(process: int) -> float:
    """Memory in use, in MiB, as the machine tells it; 0 where it does not."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / _MB


def place_of(error: BaseException) -> str:
    """File and line where an error began; empty: it began nowhere of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
