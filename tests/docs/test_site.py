"""What makes the site: its look at itself finds what is wrong, and generated pages say what the files say."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from coxa.catalog.exercises import exercises
from coxa.catalog.protocols import library
from tests.support.blocks import ROOT, program

sys.path.insert(0, str(ROOT / "docs" / "_ext"))

from coxa_docs import acted, commands, equations, evidence, look, protocols
from coxa_docs import exercises as exercise_pages
from coxa_docs.markdown import commented, plain, section, table


def site(folder: Path, **bodies: str) -> Path:
    for name, body in bodies.items():
        (folder / f"{name}.html").write_text(
            f"<!doctype html><html><body>{body}</body></html>", encoding="utf-8"
        )
    return folder


def test_a_sound_site_has_no_faults(tmp_path: Path) -> None:
    body = '<h1 id="top">x</h1><a href="#top">a</a><a href="b.html#there">b</a><a href="https://example.org">c</a>'
    site(
        tmp_path,
        a=body + '<img src="data:image/png;base64,xx">',
        b='<p id="there">x</p><a href="a.html">a</a>',
    )
    assert list(look.faults(tmp_path)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<a href="gone.html">x</a>', "leads to gone.html, which is not there"),
        ('<a href="#gone">x</a>', "leads to #gone, and there is no such place"),
        ('<a href="b.html#gone">x</a>', "leads to b.html#gone, and there is no such place"),
        ('<img src="gone.png">', "loads gone.png, which is not there"),
        ('<img src="https://cdn.example.org/x.png">', "from elsewhere"),
        ('<img srcset="b.html 1x, https://cdn.example.org/x.png 2x">', "from elsewhere"),
        ('<script src="//cdn.example.org/x.js"></script>', "from elsewhere"),
        ('<link rel="stylesheet" href="https://fonts.example.org/x.css">', "from elsewhere"),
        ("<style>@import 'https://fonts.example.org/x.css';</style>", "from elsewhere"),
        ('<p style="background: url(https://example.org/x.png)">x</p>', "from elsewhere"),
        ('<svg><use xlink:href="https://example.org/x.svg"></use></svg>', "from elsewhere"),
        ('<iframe src="https://video.example.org"></iframe>', "from elsewhere"),
    ],
)
def test_what_is_wrong_is_found(tmp_path: Path, body: str, fault: str) -> None:
    (found,) = look.faults(site(tmp_path, a=body, b="<p>x</p>"))
    assert found.startswith("a.html ")
    assert fault in found


def test_style_sheets_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "x.css").write_text("a { background: url('https://example.org/x.png') }", encoding="utf-8")
    assert [one for one in look.faults(tmp_path) if "x.css loads https" in one]


def test_words_of_files_mean_nothing_in_markdown() -> None:
    assert plain("a | b\n*c* <d> $e$") == "a \\| b \\*c\\* \\<d\\> \\$e\\$"
    assert commented("as ``a.json`` or `b` says *it*") == "as `a.json` or `b` says \\*it\\*"
    assert list(table(("a",), [])) == []
    assert list(section("empty", ["", ""])) == []


@pytest.mark.parametrize("spec", exercises().values(), ids=lambda spec: spec.id)
def test_the_page_of_an_exercise_has_all_that_its_file_has(spec) -> None:  # type: ignore[no-untyped-def]
    text = dict(exercise_pages.pages_of([spec.id]))[f"exercises/{spec.id}.md"]
    told = [
        spec.purpose,
        *spec.setup,
        *spec.cautions,
        *spec.stop_when,
        *(one.instruction for one in spec.phases),
    ]
    told += [words for rule in spec.form for words in (rule.title, rule.cue, rule.source)]
    assert [words for words in told if plain(words) not in text] == []
    assert all(f"{rule.limit_deg:g}°" in text for rule in spec.form)
    assert f"../figures/{spec.id}.svg" in text


@pytest.mark.parametrize("spec", library().protocols.values(), ids=lambda spec: spec.id)
def test_the_page_of_a_test_has_all_that_its_file_has(spec) -> None:  # type: ignore[no-untyped-def]
    text = dict(protocols.pages_of([spec.id]))[f"protocols/{spec.id}.md"]
    told = [spec.purpose, spec.camera.note, *spec.setup, *spec.instructions, *spec.cautions]
    told += [one.title for one in (*spec.quantities, *spec.compensations)]
    told += [words for one in spec.compensations for words in (one.cue, one.source)]
    assert [words for words in told if plain(words) not in text] == []
    assert (f"../figures/{acted.name(spec)}.svg" in text) == (spec.kind != "battery")


def test_a_test_is_drawn_as_it_is_done() -> None:
    shown = acted.shown(library().protocols["seated_hip_rotation"])
    cues = [pose.cue for pose in shown.demonstration.poses if pose.cue]
    assert cues == ["Hip internal rotation, seated", "Hip external rotation, seated"]
    assert shown.demonstration.poses[0].angles_deg == shown.demonstration.poses[-2].angles_deg


def test_every_command_and_option_has_its_place() -> None:
    pages = dict(commands.pages())
    for name, command in commands.commands_of(program()).items():
        text = pages[f"commands/{name}.md"]
        for one in (command, *commands.commands_of(command).values()):
            shown = [given for given in one.params if not getattr(given, "hidden", False)]
            for option in (opt for given in shown for opt in (*given.opts, *given.secondary_opts)):
                assert option in text or not option.startswith("--"), f"{name} {option}"


def test_every_source_of_the_catalogue_is_in_the_evidence() -> None:
    text = "".join(words for _, words in evidence.pages())
    for name in ("coach.yaml", "assess.yaml", "detectors/blazepose_full.yaml", "training.yaml"):
        assert f"## `{name}`" in text
    assert len(re.findall(r"Roach & Miles 1991", text)) >= 15


@pytest.mark.skipif(shutil.which("node") is None, reason="equations are set by Node")
def test_equations_are_set_and_faults_are_told() -> None:
    html, fault = equations.set_equation(r"\sigma^2", False)
    assert fault == ""
    assert "katex" in html
    html, fault = equations.set_equation(r"\frac{1", True)
    assert html == ""
    assert fault
