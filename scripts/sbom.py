"""What an installation of the wheel consists of, as CycloneDX: ``python scripts/sbom.py OUT.cdx.json``.

Joins what is inside the wheel (``notices.py``) with the Python packages that pip installs beside it, at the
versions of ``constraints.txt``: those of this environment that Coxa needs at run time, extras left out. They
are described by ``cyclonedx-py``, which has an environment of its own (``make dist`` makes it).
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
BUNDLED = ROOT / "src" / "coxa" / "notices" / "coxa-bundled.cdx.json"
TOOL = ROOT / ".build" / "sbom" / "bin" / "python"


def needed(root: str = "coxa") -> set[str]:
    """Names of all packages that an installation without extras brings, on this machine."""
    found: set[str] = set()
    waiting = [(root, frozenset[str]())]
    while waiting:
        name, extras = waiting.pop()
        for line in distribution(name).requires or ():
            requirement = Requirement(line)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
                continue
            wanted = canonicalize_name(requirement.name)
            if wanted not in found or requirement.extras:
                found.add(wanted)
                waiting.append((wanted, frozenset(requirement.extras)))
    return found


def environment() -> dict[str, Any]:
    """Everything that is installed here, as ``cyclonedx-py`` tells it."""
    options = ["--output-reproducible", "--of", "JSON", "--sv", "1.5", "--output-file", "-"]
    command = [str(TOOL), "-m", "cyclonedx_py", "environment", *options, sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        sys.exit(f"cyclonedx-py failed:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def joined(bundled: dict[str, Any], installed: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """One bill: the wheel's contents, then its run-time packages, each in the order of their names."""
    kept = [one for one in installed["components"] if canonicalize_name(one["name"]) in names]
    missing = names - {canonicalize_name(one["name"]) for one in kept}
    if missing:
        sys.exit(f"needed at run time, but not told by cyclonedx-py: {', '.join(sorted(missing))}")
    refs = {one["bom-ref"] for one in kept}
    own = {canonicalize_name(Requirement(line).name) for line in distribution("coxa").requires or ()}
    direct = [one["bom-ref"] for one in kept if canonicalize_name(one["name"]) in own]
    relations = [
        {**one, "dependsOn": sorted(set(one["dependsOn"]) & refs)} if "dependsOn" in one else one
        for one in installed["dependencies"]
        if one["ref"] in refs
    ]
    (whole,) = bundled["dependencies"]
    return {
        **bundled,
        "metadata": {**bundled["metadata"], "tools": installed["metadata"].get("tools", [])},
        "components": [*bundled["components"], *sorted(kept, key=lambda one: str(one["bom-ref"]))],
        "dependencies": [{**whole, "dependsOn": [*whole["dependsOn"], *sorted(direct)]}, *relations],
    }


_VALID = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1], encoding="utf-8").read())
sys.exit(f"{sys.argv[1]}: {fault}" if fault else 0)
"""


def require_valid(path: Path) -> None:
    """By the schema of CycloneDX."""
    subprocess.run([str(TOOL), "-c", _VALID, str(path)], check=True)


def main() -> int:
    """Write the whole bill, and hold it and the wheel's against the schema."""
    target = Path(sys.argv[1])
    bundled = json.loads(BUNDLED.read_text(encoding="utf-8"))
    whole = joined(bundled, environment(), needed())
    target.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in (BUNDLED, target):
        require_valid(path)
    print(f"{target}: {len(whole['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
