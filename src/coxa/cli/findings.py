"""What ``doctor`` found; imports nothing that may be broken."""

from __future__ import annotations

import json
from collections.abc import Sequence

import typer

from coxa.app.doctor import Finding, Health


def show(found: Sequence[Finding], as_json: bool) -> None:
    """What ``doctor`` found."""
    if as_json:
        rows = [
            {"subject": f.subject, "health": f.health, "found": f.found, "remedy": f.remedy} for f in found
        ]
        typer.echo(json.dumps({"schema": "coxa.doctor", "schema_version": 1, "findings": rows}, indent=2))
        return
    for finding in found:
        typer.echo(f"{finding.health:>8}  {finding.subject}: {finding.found}")
        if finding.health is not Health.GOOD:
            typer.echo(f"{'':>8}  Remedy: {finding.remedy}")
