"""Everything people will point it at: a plain message, a documented exit code, nothing half-written."""

from __future__ import annotations

import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from coxa.adapters.sinks.directory import MEASURED_NAMES
from tests.support import films
from tests.support.command import Ran, coxa, files_under

QUICK = ("--pose", "lite", "--no-overlay")


@pytest.fixture(scope="module")
def standing(reference_data: Path) -> list[films.Picture]:
    return list(films.pictures(reference_data / "rendered" / "a_stand_er_male.mp4"))


@pytest.fixture(scope="module")
def turning(reference_data: Path) -> list[films.Picture]:
    return list(films.pictures(reference_data / "rendered" / "d_rot_follow20_female.mp4"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the command runs: what is in it afterwards, beside the film, was written by the command."""
    place = tmp_path / "work"
    place.mkdir()
    return place


def measure(film: Path, folder: Path, *more: str) -> Ran:
    return coxa("measure", film, *QUICK, *more, cwd=folder)


def refused(ran: Ran, code: int, folder: Path, *words: str) -> None:
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.err
    assert "Remedy:" in ran.err
    for word in words:
        assert word in ran.err
    assert ran.out == ""
    assert files_under(folder) == set()
    assert list(folder.iterdir()) == []


def film_of(folder: Path, name: str) -> dict[str, object]:
    summary = json.loads((folder / "coxa-out" / name / "summary.json").read_text(encoding="utf-8"))
    assert isinstance(summary["film"], dict)
    return summary["film"]


def test_missing(tmp_path: Path, folder: Path) -> None:
    refused(measure(tmp_path / "gone.mp4", folder), 3, folder, "gone.mp4", "does not exist")


def test_empty(tmp_path: Path, folder: Path) -> None:
    film = tmp_path / "empty.mp4"
    film.touch()
    refused(measure(film, folder), 3, folder, "empty.mp4", "0 bytes")


def test_text_renamed(tmp_path: Path, folder: Path) -> None:
    film = tmp_path / "letter.mp4"
    film.write_text("Dear diary, today I filmed nothing.\n" * 50, encoding="utf-8")
    refused(measure(film, folder), 3, folder, "letter.mp4", "not a video")


def test_sound_only(tmp_path: Path, folder: Path) -> None:
    refused(measure(films.sound_only(tmp_path / "song.mp4"), folder), 3, folder, "song.mp4", "sound")


def test_cut_off_without_an_index(tmp_path: Path, folder: Path) -> None:
    film = films.write(tmp_path / "cut.mp4", films.empty_room(30), index_first=False)
    refused(measure(films.cut_off(film, 0.5), folder), 3, folder, "cut.mp4", "cut off")


def test_too_small(tmp_path: Path, folder: Path) -> None:
    film = films.write(tmp_path / "tiny.mp4", films.empty_room(30, (10, 10)))
    refused(measure(film, folder), 4, folder, "tiny.mp4", "10 x 10", "too small")


def test_nobody(tmp_path: Path, folder: Path) -> None:
    film = films.write(tmp_path / "room.mp4", films.empty_room(45))
    refused(measure(film, folder), 4, folder, "room.mp4", "no person")


def test_part_beyond_the_end(tmp_path: Path, folder: Path) -> None:
    film = films.write(tmp_path / "short.mp4", films.empty_room(30))
    refused(measure(film, folder, "--from", "60"), 4, folder, "short.mp4", "60 s")


def test_a_person_for_less_than_a_second(tmp_path: Path, folder: Path, standing: list[films.Picture]) -> None:
    frames = itertools.chain(films.empty_room(30), standing[:15], films.empty_room(30))
    film = films.write(tmp_path / "glimpse.mp4", frames)
    refused(measure(film, folder), 4, folder, "glimpse.mp4", "less than 1 s")


def test_upside_down(tmp_path: Path, folder: Path, standing: list[films.Picture]) -> None:
    film = films.write(tmp_path / "turned.mp4", (picture[::-1, ::-1] for picture in standing))
    refused(measure(film, folder), 4, folder, "turned.mp4", "upside down")


def test_cut_off_but_decodable(tmp_path: Path, folder: Path, standing: list[films.Picture]) -> None:
    """What decodes is measured, and it is said how much that is."""
    film = films.write(tmp_path / "cut.mp4", films.there_and_back(standing, 1))
    ran = measure(films.cut_off(film, 0.6), folder)
    assert ran.code == 0, ran.err
    assert "cut short or damaged" in ran.out
    facts = film_of(folder, "cut")
    assert facts["truncated"] is True
    assert 1.0 < float(str(facts["duration_s"])) < 3.5


def test_eight_frames_a_second(tmp_path: Path, folder: Path, standing: list[films.Picture]) -> None:
    film = films.write(tmp_path / "slow.mp4", standing[::4] + standing[::-4], rate_hz=8)
    ran = measure(film, folder)
    assert ran.code == 0, ran.err
    assert "frame rate is low (8.0 per second)" in ran.out
    assert film_of(folder, "slow")["frame_rate_hz"] == pytest.approx(8.0, rel=0.01)


def test_two_people_crossing(
    tmp_path: Path, folder: Path, standing: list[films.Picture], turning: list[films.Picture]
) -> None:
    """Whom it follows, it keeps; where it cannot tell, it says so and claims nothing."""
    film = films.write(tmp_path / "two.mp4", films.crossing(standing, turning))
    ran = measure(film, folder)
    assert ran.code == 0, ran.err
    facts = film_of(folder, "two")
    assert int(str(facts["bystanders"])) >= 1
    table = pq.read_table(folder / "coxa-out" / "two" / "keypoints.parquet").to_pandas()
    hips = table[table["landmark"].isin(["left_hip", "right_hip"])].groupby("time_s")["x_px"].mean().dropna()
    assert len(hips) >= 30
    assert ((hips > 280) & (hips < 380)).all(), "the one who stays is the one followed"


def test_the_output_folder_exists(tmp_path: Path, folder: Path, standing: list[films.Picture]) -> None:
    film = films.write(tmp_path / "good.mp4", standing[:40])
    out = folder / "coxa-out" / "good"
    out.mkdir(parents=True)
    (out / "summary.json").write_text("{}", encoding="utf-8")
    ran = measure(film, folder)
    assert ran.code == 6
    assert "exists" in ran.err
    assert "--overwrite" in ran.err
    assert files_under(out) == {"summary.json"}
    ran = measure(film, folder, "--overwrite")
    assert ran.code == 0, ran.err
    assert files_under(out) == MEASURED_NAMES - {"overlay.mp4"}
    (out / "diary.txt").write_text("mine", encoding="utf-8")
    assert measure(film, folder, "--overwrite").code == 6
    assert (out / "diary.txt").read_text(encoding="utf-8") == "mine"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with hardly any room."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(disk)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("mounting a small disk is not permitted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_disk_full(tmp_path: Path, small_disk: Path, standing: list[films.Picture]) -> None:
    film = films.write(tmp_path / "good.mp4", standing)
    ran = coxa("measure", film, "--pose", "lite", "--out", small_disk / "out", cwd=tmp_path)
    assert ran.code == 6, ran.err
    assert "disk is full" in ran.err
    assert str(small_disk) in ran.err
    assert list(small_disk.iterdir()) == []


def test_file_larger_than_allowed(tmp_path: Path, folder: Path, standing: list[films.Picture]) -> None:
    film = films.write(tmp_path / "good.mp4", standing)

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16_000, 16_000))

    ran = coxa(
        *("measure", film, "--pose", "lite"),
        cwd=folder,
        before=limit,
        environment={"PYTHONDONTWRITEBYTECODE": "1"},
    )
    refused(ran, 6, folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted(
    tmp_path: Path, folder: Path, standing: list[films.Picture], number: signal.Signals
) -> None:
    film = films.write(tmp_path / "long.mp4", films.there_and_back(standing, 20))
    process = subprocess.Popen(
        [sys.executable, "-m", "coxa", "measure", str(film), "--pose", "lite"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while not files_under(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    assert process.poll() is None, process.communicate()
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err
    assert files_under(folder) == set()
    assert not list(folder.glob("coxa-out/*"))
