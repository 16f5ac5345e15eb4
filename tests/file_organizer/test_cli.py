"""`homie organize`, `homie undo`, `homie history`, as separate processes with a data directory of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import make_messy_folder, write
from tests.file_organizer.test_plans_api import snapshot


@pytest.fixture(scope="module")
def fresh_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data directory whose databases are migrated, to be copied by each test."""
    base = tmp_path_factory.mktemp("prepared")
    homie(base, "history")
    return base / "data"


@pytest.fixture
def folder(tmp_path: Path, fresh_data: Path) -> Path:
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    return make_messy_folder(tmp_path / "Downloads")


def test_a_dry_run_writes_nothing_into_the_folder(tmp_path: Path, folder: Path) -> None:
    """The tree is printed with confidence and reason; not even Homie's marker is written."""
    before = snapshot(folder)
    text = homie(tmp_path, "organize", folder)
    assert "Invoices" in text
    assert "86%" in text
    assert "the word 'rechnung' in its name" in text.lower()
    assert "Nothing was changed" in text
    assert snapshot(folder) == before
    assert not (folder / ".homie").exists()


def test_apply_then_undo_is_byte_for_byte(tmp_path: Path, folder: Path) -> None:
    """--apply files, history shows it, undo restores names, contents and times; undoing again says so."""
    before = snapshot(folder)
    report = homie_json(tmp_path, "organize", folder, "--apply", "--yes")
    assert report["run"]["failed"] == 0
    assert (folder / "Music" / "song.mp3").exists()
    assert snapshot(folder) != before
    (run,) = homie_json(tmp_path, "history")["runs"]
    assert run["id"] == report["run"]["run_id"]
    homie(tmp_path, "undo")
    assert snapshot(folder) == before
    assert "nothing to undo" in homie(tmp_path, "undo", expect=1).lower()


def test_one_file_goes_back_alone(tmp_path: Path, folder: Path) -> None:
    """`undo --file` names the file as it is now."""
    homie(tmp_path, "organize", folder, "--apply", "--yes")
    homie(tmp_path, "undo", "--file", folder / "Music" / "song.mp3")
    assert (folder / "song.mp3").exists()
    assert (folder / "Books" / "novel.epub").exists()
    homie(tmp_path, "undo", "--day", "today")
    assert (folder / "novel.epub").exists()


def test_min_confidence_and_into(tmp_path: Path, folder: Path) -> None:
    """Only what is sure enough moves, and only to the named destination."""
    target = tmp_path / "Library"
    target.mkdir()
    report = homie_json(tmp_path, "organize", folder, "--into", target, "--min-confidence", "0.9", "--apply", "--yes")
    assert report["run"]["done"] > 5
    assert (target / "Pictures" / "2023" / "2023-08" / "IMG_2041.JPG").exists()
    assert (folder / "photos.zip").exists()


def test_a_taken_name_follows_the_choice(tmp_path: Path, folder: Path) -> None:
    """keep-both gives a second name; skip leaves the file; nothing is overwritten."""
    write(folder / "Music" / "song.mp3", b"another song")
    homie(tmp_path, "organize", folder, "--apply", "--yes", "--conflict", "skip", expect=0)
    assert (folder / "song.mp3").exists()
    homie(tmp_path, "organize", folder, "--apply", "--yes", "--conflict", "keep-both")
    assert (folder / "Music" / "song.mp3").read_bytes() == b"another song"
    assert (folder / "Music" / "song (2).mp3").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["organize", "/nonexistent/folder"], "PATH"),
        (["organize", "/etc"], "operating system"),
        (["undo", "--day", "someday"], "--day"),
        (["undo", "x", "--last"], "More than one"),
        (["undo", "no-such-run"], "history"),
        (["history", "--run", "no-such-run"], "history"),
    ],
)
def test_bad_input_gets_one_clear_error(tmp_path: Path, folder: Path, arguments: list[str], words: str) -> None:
    """The error names the argument and the remedy, without a stack trace."""
    text = homie(tmp_path, *arguments, expect=1)
    assert words in text
    assert "Traceback" not in text
