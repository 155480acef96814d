"""What is named on the command line, as recordings."""

from __future__ import annotations

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from coxa.adapters.cohort.inputs import contents, fetched, find, sha256_of
from coxa.app.cohort.tasks import Companion, Listed, Span
from coxa.app.jobs import Role
from coxa.model.errors import SourceError
from tests.support.cohorts import recording


def names(*inputs: str | Path, protocol: str = "deep_squat") -> list[str]:
    return [Path(one.url).name for one in find([str(one) for one in inputs], protocol, "").listed]


def test_a_folder_gives_its_recordings_and_says_how_much_else_there_is(tmp_path: Path) -> None:
    recording(tmp_path / "b", "one")
    recording(tmp_path / "a", "two")
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / ".hidden").mkdir()
    recording(tmp_path / ".hidden", "three")
    found = find([str(tmp_path)], "deep_squat", "left")
    assert [Path(one.url).name for one in found.listed] == ["two.trc", "one.trc"]
    assert found.left_out == 1
    assert {one.side for one in found.listed} == {"left"}


def test_a_pattern_says_what_is_meant(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.csv"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path / "*.txt") == ["a.txt", "b.txt"]


def test_one_file_is_one_recording_even_a_csv(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time,x\n0,1\n")
    assert names(tmp_path / "a.csv") == ["a.csv"]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_manifest_tells_of_its_recordings(tmp_path: Path, kind: str) -> None:
    table = pd.DataFrame(
        {
            "recording": ["a.trc", "/else/b.trc", "s3://bucket/c.trc"],
            "person": ["zoe", "", "ida"],
            "side": ["left", "", "right"],
            "protocol": ["", "hip_hinge", ""],
            "height": [1.7, None, 1.8],
            "session": [1, 2, 10],
            "site": ["x", "y", "z"],
        }
    )
    path = tmp_path / f"people.{kind}"
    table.to_csv(path, index=False) if kind == "csv" else table.to_parquet(path)
    first, second, third = find([str(path)], "deep_squat", "").listed
    assert first.url == str(tmp_path / "a.trc")
    assert (first.person, first.side, first.protocol, first.told.height_m) == (
        "zoe",
        "left",
        "deep_squat",
        1.7,
    )
    assert (second.url, second.protocol, second.told.height_m) == ("/else/b.trc", "hip_hinge", None)
    assert (third.url, third.session, third.more) == ("s3://bucket/c.trc", "10", {"site": "z"})


def test_a_manifest_names_a_part_and_the_files_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    rows = ["a.trc,still.trc,,s3://b/held.trc,1.5,4", "b.trc,,lens.json,,,", "c.trc,none.trc,,,,"]
    path.write_text("\n".join(["recording,static,calibration,helped,from_s,to_s", *rows]))
    first, second, third = find([str(path)], "walking", "").listed
    assert (first.span, second.span) == (Span(1.5, 4.0), Span())
    assert first.companions == (
        Companion(Role.STATIC, str(tmp_path / "still.trc")), Companion(Role.HELPED, "s3://b/held.trc")
    )  # fmt: skip
    assert second.companions == (Companion(Role.CALIBRATION, str(tmp_path / "lens.json")),)
    assert first.more == {}

    for name in ("b.trc", "c.trc", "lens.json"):
        (tmp_path / name).write_text(name)
    known, lost = contents([second, third], str(tmp_path / "out"))
    assert known.companions[0].sha256 == sha256_of(str(tmp_path / "lens.json"))
    assert (lost.sha256, "none.trc: there is no such file" in lost.reason) == ("", True)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("recording,side\na.trc,up\n", "line 2: side"),
        ("recording,height\na.trc,178\n", "line 2: height_m"),
        ("recording,from_s\na.trc,-1\n", "line 2: from_s"),
        ("recording,from_s,to_s\na.trc,3,2\n", "line 2: the row: .*to_s 2 is not after from_s 3"),
        ("recording,side\na.trc\n", "more or fewer cells"),
        ("recording,status\na.trc,x\n", "'status'"),
        ("recording,person,person\na.trc,x,y\n", "two columns 'person'"),
        ('recording,person\n"a.trc,x\n', "no CSV"),
    ],
)
def test_a_wrong_manifest_is_refused_by_line(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text)
    with pytest.raises(SourceError, match=fault):
        find([str(path)], "deep_squat", "")


def test_a_manifest_without_protocols_asks_for_one(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("recording\na.trc\n")
    with pytest.raises(SourceError, match="no protocol"):
        find([str(path)], "", "")


@pytest.mark.parametrize("place", ["nothing-here/", "none*.c3d"])
def test_nothing_named_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "nothing-here").mkdir()
    with pytest.raises(SourceError, match="no recording"):
        find([str(tmp_path / place)], "deep_squat", "")


def test_what_is_no_plain_file_is_never_opened(tmp_path: Path) -> None:
    """To open a pipe would wait for ever."""
    os.mkfifo(tmp_path / "pipe.c3d")
    listed = [Listed("p", str(tmp_path / name), "x") for name in ("pipe.c3d", "none.c3d")]
    found = contents(listed, str(tmp_path / "out"))
    assert [one.sha256 for one in found] == ["", ""]
    assert "neither a file nor a folder" in found[0].reason
    assert "no such file" in found[1].reason


def test_a_file_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    path = recording(tmp_path, "a")
    listed = [Listed("a", str(path), "x")]
    first = contents(listed, str(tmp_path / "out"))
    path.chmod(0)
    assert contents(listed, str(tmp_path / "out")) == first
    path.chmod(0o600)
    path.write_text("other")
    assert contents(listed, str(tmp_path / "out")) != first


def test_a_folder_has_a_content_too(tmp_path: Path) -> None:
    recording(tmp_path / "frames", "one")
    before = sha256_of(str(tmp_path / "frames"))
    (tmp_path / "frames" / "one.trc").rename(tmp_path / "frames" / "two.trc")
    assert sha256_of(str(tmp_path / "frames")) != before


def test_recordings_elsewhere_are_listed_hashed_and_fetched() -> None:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    system.pipe({"/clinic/a.trc": b"one", "/clinic/b.trc": b"two", "/clinic/c.txt": b"no"})
    found = find(["memory://clinic"], "deep_squat", "")
    assert [one.url for one in found.listed] == ["memory:///clinic/a.trc", "memory:///clinic/b.trc"]
    assert found.left_out == 1
    with fetched(found.listed[1].url) as path:
        assert (path.name, path.read_bytes()) == ("b.trc", b"two")
    assert not path.exists()
    with pytest.raises(SourceError, match="cannot be fetched"):
        sha256_of("memory:///clinic/none.trc")


def test_recordings_are_read_over_http(tmp_path: Path) -> None:
    pytest.importorskip("aiohttp")
    path = recording(tmp_path, "a")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = f"http://127.0.0.1:{server.server_port}"
        (found,) = find([f"{place}/a.trc"], "deep_squat", "").listed
        listed = [found, Listed("b", f"{place}/none.trc", "x")]
        first, second = contents(listed, str(tmp_path / "out"))
        with fetched(found.url) as copy:
            assert copy.read_bytes() == path.read_bytes()
        server.shutdown()
    assert first.sha256 == sha256_of(str(path))
    assert (second.sha256, "no such file" in second.reason) == ("", True)


def test_an_address_nobody_knows_is_refused() -> None:
    with pytest.raises(SourceError, match="no such place"):
        find(["nowhere://bucket/a.trc"], "deep_squat", "")


@pytest.mark.parametrize("name", ["none.csv", "none.mp4", "none"])
def test_what_is_named_and_not_there_is_refused_before_anything_else(tmp_path: Path, name: str) -> None:
    for protocol in ("", "deep_squat"):
        with pytest.raises(SourceError, match="no such file or folder"):
            find([str(tmp_path / name)], protocol, "")
