"""Requests to a server, and its refusals as errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

_FORBIDDEN, _OUT_OF_STEP = 403, 409
_PAUSE_S, _TRIES = 1.0, 8
_OPEN = ("queued", "running")
#: Plain JSON, as the server's OpenAPI document describes it.
Json = dict[str, Any]


class RefusedError(Exception):
    """The server refused.

    Args:
        status: of HTTP.
        title: what is wrong.
        detail: what can be done about it.
    """

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(f"{title} ({status})" + (f"\n  {detail}" if detail else ""))
        self.status, self.title, self.detail = status, title, detail


class JobFailedError(Exception):
    """A recording could not be read.

    Args:
        job: as the server tells it.
    """

    def __init__(self, job: Json) -> None:
        remedy = f"\n  {job['remedy']}" if job["remedy"] else ""
        super().__init__(f"{job['state']}: {job['message']}{remedy}")
        self.job = job


class Client:
    """One server, as one person who is signed in, or as its owner where it has no accounts.

    Args:
        url: of the server, such as ``http://127.0.0.1:8000``.
        login: to sign in with; None: the server has no accounts.
        password: of the login.
        timeout_s: for one request.
        transport: of httpx, for tests and for certificates of one's own.

    Raises:
        RefusedError: wrong login or password.
    """

    def __init__(
        self,
        url: str,
        login: str | None = None,
        password: str | None = None,
        *,
        timeout_s: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(
            base_url=url, timeout=timeout_s, transport=transport, headers={"Accept": "application/json"}
        )
        self._csrf = ""
        if login is not None:
            self._ask("POST", "/api/sign-in", json={"login": login, "password": password or ""})
            self._csrf = ""  # signed in, a new one counts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the line."""
        self._http.close()

    def people(self) -> list[Json]:
        """Everybody whom you may see."""
        return list(self._all("/api/people", "people"))

    def add_person(self, name: str, **told: Any) -> Json:
        """Somebody new; ``born``, ``sex``, ``height_m`` where they are known."""
        return self._ask("POST", "/api/people", json={"name": name, **told})

    def protocols(self) -> list[Json]:
        """Tests that can be read from recordings."""
        found: list[Json] = self._request("GET", "/api/protocols").json()
        return found

    def entries(self, person: str, kind: str) -> Iterator[Json]:
        """Entries of one kind (``assessments``, ``sessions``, ...), newest first."""
        return self._all(f"/api/people/{person}/entries/{kind}", "entries")

    def assessments(self, person: str) -> list[Json]:
        """Tests, newest first."""
        return list(self._all(f"/api/people/{person}/assessments", "entries"))

    def assessment(self, person: str, entry: str) -> Json:
        """One test; its ``document`` is that of ``assessment.json``."""
        return self._ask("GET", f"/api/people/{person}/assessments/{entry}")

    def progress(self, person: str) -> Json:
        """Measures over time, training done, pain, milestones."""
        return self._ask("GET", f"/api/people/{person}/progress")

    def programme(self, person: str) -> Json:
        """The programme in force, where the screen allows exercise."""
        return self._ask("GET", f"/api/people/{person}/programme")

    def report(self, person: str, entry: str) -> bytes:
        """The report of a test as PDF."""
        return self._request("GET", f"/p/{person}/results/{entry}/report.pdf").content

    def upload(
        self,
        person: str,
        files: Sequence[str | Path] | Mapping[str | Path, str],
        protocol: str,
        on_sent: Callable[[int, int], None] | None = None,
        **wanted: Any,
    ) -> Json:
        """Send files and have a test read from them in the background.

        Args:
            person: id.
            files: paths; or path -> role (``recording``, ``calibration``, ``mapping``, ``static``, ``phone``,
                ``helped``).
            protocol: id of the test.
            on_sent: told bytes sent and bytes of the file.
            wanted: ``sides``, ``height_m``, ``pose``, ``on``.

        Returns:
            The job.

        Raises:
            RefusedError: a file is none that is taken.
            OSError: a file cannot be read.
        """
        roles = files if isinstance(files, Mapping) else dict.fromkeys(files, "recording")
        keys = [self._send(person, Path(path), role, on_sent) for path, role in roles.items()]
        return self._ask(
            "POST", f"/api/people/{person}/jobs", json={"files": keys, "protocol": protocol, **wanted}
        )

    def job(self, person: str, key: str) -> Json:
        """Where a job is."""
        return self._ask("GET", f"/api/people/{person}/jobs/{key}")

    def cancel(self, person: str, key: str) -> Json:
        """End a job."""
        return self._ask("POST", f"/api/people/{person}/jobs/{key}/cancel")

    def wait(
        self,
        person: str,
        key: str,
        timeout_s: float = float("inf"),
        on_progress: Callable[[Json], None] | None = None,
    ) -> Json:
        """Until a job is over.

        Raises:
            JobFailedError: it failed or was cancelled.
            TimeoutError: it is not over by then.
        """
        until = time.monotonic() + timeout_s
        while True:
            job = self.job(person, key)
            if on_progress is not None:
                on_progress(job)
            if job["state"] == "done":
                return job
            if job["state"] not in _OPEN:
                raise JobFailedError(job)
            if time.monotonic() > until:
                raise TimeoutError(f"the job {key} is not over after {timeout_s:g} s")
            time.sleep(_PAUSE_S)

    def _send(self, person: str, path: Path, role: str, on_sent: Callable[[int, int], None] | None) -> str:
        size = path.stat().st_size
        told = {"name": path.name, "size_bytes": size, "role": role}
        here = self._ask("POST", f"/api/people/{person}/uploads", json=told)
        place, broken = f"/api/people/{person}/uploads/{here['id']}", 0
        with path.open("rb") as file:
            while here["received_bytes"] < size:
                at = here["received_bytes"]
                file.seek(at)
                piece = file.read(here["chunk_bytes"])
                try:
                    here = self._ask("PUT", place, params={"at": at}, content=piece)
                    broken = 0
                except (httpx.TransportError, RefusedError) as error:
                    broken += 1
                    if broken > _TRIES or (isinstance(error, RefusedError) and error.status != _OUT_OF_STEP):
                        raise
                    time.sleep(_PAUSE_S)
                    here = self._ask("GET", place)
                if on_sent is not None:
                    on_sent(here["received_bytes"], size)
        return str(here["id"])

    def _all(self, path: str, name: str) -> Iterator[Json]:
        at = 0
        while True:
            found = self._ask("GET", path, params={"at": at, "count": 50})
            yield from found[name]
            at += len(found[name])
            if not found[name] or at >= found["total"]:
                return

    def _ask(self, method: str, path: str, **more: Any) -> Json:
        answer = self._request(method, path, **more)
        return {} if not answer.content else dict(answer.json())

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Once more with a new token, where the server was started anew."""
        answer = self._once(method, path, **more)
        if answer.status_code == _FORBIDDEN and method != "GET":
            self._csrf = ""
            answer = self._once(method, path, **more)
        if answer.is_success:
            return answer
        try:
            told = answer.json()
        except ValueError:
            told = {}
        raise RefusedError(
            answer.status_code, told.get("title", answer.reason_phrase), told.get("detail", "")
        )

    def _once(self, method: str, path: str, **more: Any) -> httpx.Response:
        if method != "GET" and not self._csrf:
            self._csrf = self._http.get("/api/csrf").raise_for_status().json()["csrf"]
        headers = {"X-CSRF-Token": self._csrf} if method != "GET" else {}
        return self._http.request(method, path, headers=headers, **more)
