"""Whose work the wheel carries, with licence texts and as a CycloneDX bill: ``python scripts/notices.py``.

Build time only, after the scripts of the app are built: they say which npm packages are in them. What npm
knows of those comes from ``npm sbom``; what is not from npm is told in ``carried.yaml``. Nothing in what is
written depends on the day, the folder or the machine.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CARRIED = ROOT / ".build" / "carried.json"
TOLD = ROOT / "scripts" / "carried.yaml"
OUT = ROOT / "src" / "coxa" / "notices"
NOTICES, BILL = OUT / "THIRD_PARTY_NOTICES.txt", OUT / "coxa-bundled.cdx.json"
MADE_OF = (CARRIED, TOLD, ROOT / "package-lock.json", Path(__file__))
#: What of npm's own bill is kept: the rest depends on the folder, or names people.
_KEPT = ("bom-ref", "type", "name", "version", "purl", "hashes", "licenses", "externalReferences")
_RULE = "=" * 100


def npm_components() -> dict[str, dict[str, Any]]:
    """What npm knows of the packages that are not for development only, by name."""
    command = ["npm", "sbom", "--sbom-format", "cyclonedx", "--omit", "dev"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"npm sbom failed:\n{done.stdout}{done.stderr}")
    found = {}
    for one in json.loads(done.stdout)["components"]:
        found[one["name"]] = {key: one[key] for key in _KEPT if key in one}
    return found


def licence(identifier: str) -> list[dict[str, Any]]:
    """As CycloneDX writes one."""
    return [{"license": {"id": identifier}}]


def licence_ids(component: dict[str, Any]) -> list[str]:
    """SPDX identifiers of a component."""
    return [one["license"]["id"] for one in component.get("licenses", ())]


def packages(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Components of the npm packages that are in what is built, in the order of their names."""
    known = npm_components()
    for name, taken in sorted(json.loads(CARRIED.read_text(encoding="utf-8")).items()):
        if name not in known:
            sys.exit(f"{name} is in the built scripts, but is not among the dependencies of package.json")
        component = known[name]
        refused = set(told["left_out"].get(name, {}).get("files", ())) & set(taken)
        if refused:
            sys.exit(f"{name}: {sorted(refused)} must not be in the built scripts; see scripts/carried.yaml")
        component["licenses"] += [one for more in told["also"].get(name, ()) for one in licence(more)]
        inside = told["inside"].get(name)
        if inside:
            component["components"] = [
                {"type": "library", "name": part["name"], "licenses": licence(part["license"])}
                for part in inside["parts"]
            ]
            component["properties"] = [{"name": "coxa:parts:trust", "value": inside["trust"]}]
        yield component


def files(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Components that are files of the repository or out of it, with their SHA-256."""
    for one in told["files"]:
        parts = [
            {
                "type": "file",
                "name": Path(path).name,
                "hashes": [
                    {"alg": "SHA-256", "content": hashlib.sha256((ROOT / path).read_bytes()).hexdigest()}
                ],
            }
            for path in one["paths"]
        ]
        yield {
            "bom-ref": one["name"],
            "type": "machine-learning-model" if one["name"] == "BlazePose" else "data",
            "name": one["name"],
            "version": one["version"],
            "description": one["what"],
            "copyright": one["holder"],
            "licenses": licence(one["license"]),
            "components": parts,
        }


def bill(components: list[dict[str, Any]]) -> dict[str, Any]:
    """CycloneDX 1.5, of what is inside the wheel; what pip installs beside it is not."""
    version = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["version"]
    subject = {
        "bom-ref": "coxa",
        "type": "application",
        "name": "coxa",
        "version": version,
        "purl": f"pkg:pypi/coxa@{version}",
        "licenses": licence("Apache-2.0"),
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": subject, "lifecycles": [{"phase": "build"}]},
        "components": components,
        "dependencies": [{"ref": "coxa", "dependsOn": [one["bom-ref"] for one in components]}],
    }


def as_text(data: bytes) -> str:
    """UTF-8, or Latin-1 where it is none."""
    try:
        return data.decode("utf-8").strip()
    except UnicodeDecodeError:
        return data.decode("latin-1").strip()


def texts(name: str, told: dict[str, Any]) -> str:
    """Licence texts that an npm package brings; else whose it is, and the licence it declares."""
    folder = ROOT / "node_modules" / name
    found = sorted(
        one for one in folder.iterdir() if one.name.upper().startswith(("LICENSE", "LICENCE", "NOTICE"))
    )
    if found:
        return "\n\n".join(as_text(one.read_bytes()) for one in found)
    if name not in told["holders"]:
        sys.exit(f"{name} brings no licence text: say in scripts/carried.yaml whose it is")
    words = "The package brings no licence text; it declares Apache-2.0, which is at the end."
    return f"{told['holders'][name]}\n{words}"


def notices(components: list[dict[str, Any]], told: dict[str, Any]) -> str:
    """For people: who made what, under which licence, and the texts."""
    holders = {one["name"]: one["holder"] for one in told["files"]}
    blocks = [
        "What Coxa carries of others, and their licences. Coxa itself is under the Apache License 2.0, "
        "at the end.\nPackages that pip installs beside Coxa bring their own."
    ]
    for one in components:
        words = [f"{one['name']} {one['version']}", f"Licence: {' AND '.join(licence_ids(one))}"]
        if one["name"] in holders:
            words += [f"{one['description'][0].upper()}{one['description'][1:]}.", "", holders[one["name"]]]
        else:
            left_out = told["left_out"].get(one["name"], {}).get("words")
            words += [*([left_out] if left_out else []), "", texts(one["name"], told)]
        if one["name"] in told["inside"]:
            parts = ", ".join(f"{part['name']} ({licence_ids(part)[0]})" for part in one["components"])
            words += [
                "",
                f"Inside of it, and not told by the package: {parts}.",
                "Names read in the file itself.",
            ]
        blocks.append("\n".join(words))
    blocks.append((ROOT / "LICENSE").read_text(encoding="utf-8").strip())
    return f"\n\n{_RULE}\n".join(blocks) + "\n"


def key() -> str:
    """Stands for all that the result is made of."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in MADE_OF)).hexdigest()


def main() -> int:
    """Write both, unless they are made of the same already."""
    stamp = ROOT / ".build" / "notices.key"
    if NOTICES.is_file() and BILL.is_file() and stamp.is_file() and stamp.read_text() == key():
        return 0
    told = yaml.safe_load(TOLD.read_text(encoding="utf-8"))
    components = [*packages(told), *files(told)]
    OUT.mkdir(exist_ok=True)
    BILL.write_text(json.dumps(bill(components), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    NOTICES.write_text(notices(components, told), encoding="utf-8")
    stamp.write_text(key())
    print(f"licences of {len(components)} carried parts: {NOTICES.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
