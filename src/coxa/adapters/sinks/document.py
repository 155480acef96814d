"""``report.html`` for people and ``summary.json`` for machines: the same figures, gathered part by part."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from coxa.adapters.sinks.guard import writing
from coxa.model.motion import Motion
from coxa.model.recording import Recording
from coxa.report.document import summary_document
from coxa.report.film import FilmTally
from coxa.report.html import Report, render
from coxa.report.summary import MotionTally
from coxa.report.trace import TraceBuilder


class DocumentSink:
    """Gathers in bounded memory; both files are written on commit."""

    def __init__(self, page: Path, summary: Path) -> None:
        self._page = page
        self._summary = summary
        self._tally = MotionTally()
        self._film = FilmTally()
        self._trace = TraceBuilder()

    def write(self, recording: Recording, motion: Motion) -> None:
        """Count some frames."""
        self._tally.add(motion)
        self._film.add(recording)
        self._trace.add(motion)

    def commit(self) -> None:
        """Write both files."""
        film = self._film.facts(self._tally.latest)
        document = summary_document(self._tally, film)
        with writing(self._summary):
            self._summary.write_text(
                json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
            )
        with writing(self._page):
            self._page.write_text(render(self._report(film)), encoding="utf-8")

    def abort(self) -> None:
        """Remove both files."""
        for path in (self._summary, self._page):
            path.unlink(missing_ok=True)

    def _report(self, film: dict[str, Any]) -> Report:
        latest = self._tally.latest
        return Report(
            source=latest.source if latest is not None else "",
            start_s=self._tally.start_s,
            end_s=self._tally.end_s,
            n_frames=self._tally.n_frames,
            summaries=self._tally.summaries(),
            trace=self._trace.build(),
            frames_per_bucket=self._trace.frames_per_bucket,
            film=film,
            fit=latest.diagnostics.get("fit", {}) if latest is not None else {},
            created=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        )
