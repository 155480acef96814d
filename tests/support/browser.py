"""The app in a real browser: `coxa serve` with a record of its own, and Debian's Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import av
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, BrowserContext, Playwright

from coxa.web.static import FOLDER

CHROMIUM = Path(os.environ.get("COXA_CHROMIUM", "/usr/bin/chromium"))
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)
_START_S = 180.0
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}


def why_no_browser() -> str:
    """Empty: pages can be opened here."""
    if not CHROMIUM.exists():
        return f"there is no Chromium at {CHROMIUM}, and COXA_CHROMIUM names none"
    if not (FOLDER / "app" / "base.js").exists():
        return "the app's scripts are not built: make setup"
    return ""


@dataclass(frozen=True, slots=True)
class Site:
    """A running server.

    Attributes:
        url: where, without a slash at the end.
        data: folder of its record; a test may open it too.
        process: of the server.
    """

    url: str
    data: Path
    process: subprocess.Popen[bytes]


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@contextmanager
def served(data: Path, *options: str, port: int | None = None) -> Iterator[Site]:
    """`coxa serve` until the block ends; ``options`` as on the command line."""
    chosen = port or free_port()
    command = [sys.executable, "-m", "coxa", "serve", "--port", str(chosen), "--data", str(data), *options]
    log = data.parent / f"{data.name}.log"
    with log.open("ab") as said, subprocess.Popen(command, stdout=said, stderr=said) as process:
        try:
            scheme = "https" if "--certificate" in options else "http"
            _wait_for(chosen, process, log)
            yield Site(f"{scheme}://127.0.0.1:{chosen}", data, process)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as asked:
            asked.settimeout(1.0)
            if asked.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def answers(url: str) -> bool:
    """Whether somebody answers there."""
    try:
        with urlopen(url, timeout=2) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


@contextmanager
def chromium(playwright: Playwright, webcam: Path | None = None, *arguments: str) -> Iterator[Browser]:
    """A browser; ``webcam``: a film that :func:`write_webcam` made, shown again and again as the camera."""
    told = [*_ARGUMENTS, *arguments]
    if webcam is not None:
        told += [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={webcam}",
        ]
    opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=told)
    try:
        yield opened
    finally:
        opened.close()


@dataclass(slots=True)
class Watched:
    """What pages of a context asked for and said.

    Attributes:
        outside: requests to another host.
        errors: that scripts did not catch, and what the policy of the page refused.
    """

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@contextmanager
def visiting(browser: Browser, site: Site, **options: Any) -> Iterator[BrowserContext]:
    """Pages of the site. A request to any other host, or an error in a script, fails the test.

    Args:
        browser: of :func:`chromium`.
        site: of :func:`served`.
        options: of Playwright's ``new_context``; ``viewport`` is a desktop's unless told.
    """
    watched = Watched()
    told: dict[str, Any] = {"viewport": DESKTOP, "base_url": site.url, **options}
    context = browser.new_context(**told)
    context.set_default_timeout(60_000)
    watch(context, site, watched)
    try:
        yield context
        assert not watched.outside, f"requests to other hosts: {watched.outside}"
        assert not watched.errors, f"errors in scripts: {watched.errors}"
    finally:
        context.close()


def watch(context: BrowserContext, site: Site, watched: Watched) -> None:
    """Collect what should not happen; requests to other hosts are refused as well."""
    own = urlsplit(site.url).netloc

    def foreign(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != own

    def refuse(route: Any) -> None:
        watched.outside.append(route.request.url)
        route.abort()

    def heard(message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            watched.errors.append(message.text)

    context.route(foreign, refuse)
    context.on("weberror", lambda one: watched.errors.append(str(one.error)))
    context.on("console", heard)


def write_webcam(path: Path, pictures: Iterable[NDArray[np.uint8]], rate_hz: int = 30) -> Path:
    """A film that Chromium takes for its camera: Motion JPEG, pictures (height, width, 3) RGB."""
    with av.open(str(path), "w", format="mjpeg") as container:
        stream = None
        for index, rgb in enumerate(pictures):
            if stream is None:
                stream = container.add_stream("mjpeg", rate=rate_hz, options={"q:v": "3"})
                stream.height, stream.width = rgb.shape[:2]
                stream.pix_fmt = "yuvj420p"
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate_hz)
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode())
    return path
