from __future__ import annotations

import errno
from pathlib import Path

import pytest

from coxa.adapters.sinks.directory import RESULT_NAMES, ResultDirectory
from coxa.model.errors import OutputError


def old_result(folder: Path) -> Path:
    folder.mkdir()
    (folder / "summary.json").write_text("old")
    return folder


def entries(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_nothing_is_visible_before_commit_and_everything_after(tmp_path: Path) -> None:
    target = tmp_path / "made" / "on" / "the" / "way"
    with ResultDirectory(target) as results:
        (results.path / "summary.json").write_text("new")
        assert not target.exists()
        results.commit()
    assert (target / "summary.json").read_text() == "new"
    assert entries(target.parent) == ["way"]


def test_without_commit_nothing_is_left_not_even_parents(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), ResultDirectory(tmp_path / "a" / "b") as results:
        (results.path / "summary.json").write_text("half")
        raise KeyboardInterrupt
    assert entries(tmp_path) == []


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with ResultDirectory(tmp_path / "out") as results:
        (results.path / "summary.json").write_text("new")
        results.commit()
    assert entries(tmp_path) == ["out"]
    assert entries(tmp_path / "out") == ["summary.json"]


def test_a_folder_in_use_is_refused_with_the_remedy(tmp_path: Path) -> None:
    target = old_result(tmp_path / "out")
    with pytest.raises(OutputError, match=r"(?s)out exists and is not empty.*--overwrite"):
        ResultDirectory(target)
    assert entries(tmp_path) == ["out"]


def test_overwrite_keeps_the_old_result_until_the_new_one_is_complete(tmp_path: Path) -> None:
    target = old_result(tmp_path / "out")
    with ResultDirectory(target, overwrite=True) as results:
        (results.path / "report.html").write_text("new")
        assert entries(target) == ["summary.json"]
        results.commit()
    assert entries(target) == ["report.html"]
    assert entries(tmp_path) == ["out"]


def test_a_failing_run_does_not_cost_the_old_result(tmp_path: Path) -> None:
    target = old_result(tmp_path / "out")
    with pytest.raises(ZeroDivisionError), ResultDirectory(target, overwrite=True):
        raise ZeroDivisionError
    assert (target / "summary.json").read_text() == "old"
    assert entries(tmp_path) == ["out"]


def test_a_failing_last_step_does_not_cost_the_old_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = old_result(tmp_path / "out")
    rename = Path.rename

    def refuse_the_new_one(self: Path, to: Path) -> Path:
        if ".partial-" in self.name:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, to)

    with ResultDirectory(target, overwrite=True) as results:
        monkeypatch.setattr(Path, "rename", refuse_the_new_one)
        with pytest.raises(OutputError, match="out"):
            results.commit()
    assert (target / "summary.json").read_text() == "old"
    assert entries(tmp_path) == ["out"]


def test_overwrite_never_takes_what_is_not_a_result(tmp_path: Path) -> None:
    target = old_result(tmp_path / "out")
    (target / "thesis.docx").write_text("three years")
    with pytest.raises(OutputError, match=r"thesis\.docx"):
        ResultDirectory(target, overwrite=True)


def test_what_turns_up_during_the_run_is_not_taken_either(tmp_path: Path) -> None:
    target = old_result(tmp_path / "out")
    with ResultDirectory(target, overwrite=True) as results:
        (target / "notes.txt").write_text("mine")
        with pytest.raises(OutputError, match=r"notes\.txt"):
            results.commit()
    assert entries(target) == ["notes.txt", "summary.json"]


def test_a_file_and_the_current_folder_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="not a folder"):
        ResultDirectory(tmp_path / "file", overwrite=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="inside it"):
        ResultDirectory(Path(), overwrite=True)


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    old_result(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with ResultDirectory(tmp_path / "link", overwrite=True) as results:
        (results.path / "report.html").write_text("new")
        results.commit()
    assert (tmp_path / "link").is_symlink()
    assert entries(tmp_path / "real") == ["report.html"]


def test_permission_denied_names_folder_and_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("coxa.adapters.sinks.directory.tempfile.mkdtemp", refuse)
    with pytest.raises(OutputError, match=r"(?s)out: permission denied.*a folder you may write to") as caught:
        ResultDirectory(tmp_path / "out")
    assert caught.value.exit_code == 6


def test_every_file_coxa_writes_may_be_overwritten() -> None:
    names = {
        "motion.parquet",
        "keypoints.parquet",
        "motion.mot",
        "summary.json",
        "report.html",
        "overlay.mp4",
    }
    coached = {"session.json", "cues.jsonl", "coached.mp4", "best.jpg", "worst.jpg"}
    assert names | {"assessment.json", "assessment.html", "assessment.pdf"} | coached == RESULT_NAMES
