"""The worker beside the server: started with it, ended with it, started again if it dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

_SOON_S, _LATEST_S, _LOOK_S = 1.0, 60.0, 0.5
_PATIENCE_S = 5.0


@contextmanager
def worker_beside(data: Path, database: str | None = None) -> Iterator[None]:
    """A worker for uploaded recordings while the block lasts.

    Args:
        data: folder of the record.
        database: URL of PostgreSQL; told by the environment, where no list of processes shows it.
    """
    watch = _Watch(data, database)
    watch.start()
    try:
        yield
    finally:
        watch.stop()


class _Watch(Thread):
    """Keeps one worker alive. It is the worker's parent by the letter, and lives as long as the server."""

    def __init__(self, data: Path, database: str | None) -> None:
        super().__init__(name="coxa-worker", daemon=True)
        self._command = [sys.executable, "-m", "coxa", "worker", "--data", str(data)]
        self._command += ["--parent", str(os.getpid())]
        self._environment = {**os.environ, **({"COXA_DATABASE": database} if database else {})}
        self._over = Event()

    def run(self) -> None:
        """Start it, and again with growing pauses."""
        pause_s = _SOON_S
        while not self._over.is_set():
            process = subprocess.Popen(  # noqa: S603 - ourselves
                self._command, env=self._environment, stdin=subprocess.DEVNULL
            )
            while process.poll() is None and not self._over.wait(_LOOK_S):
                pass
            if process.poll() is None:
                _end(process)
            self._over.wait(pause_s)
            pause_s = min(2.0 * pause_s, _LATEST_S)

    def stop(self) -> None:
        """End it; what it is at goes back into the queue."""
        self._over.set()
        self.join(2.0 * _PATIENCE_S)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
