"""`homie files ...` as separate processes, without a server, and back by `homie undo`."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import MP3, write
from tests.file_organizer.test_cli import fresh_data
from tests.file_organizer.test_operations_api import everything

__all__ = ["fresh_data"]


@pytest.fixture
def home(tmp_path: Path, fresh_data: Path) -> Path:
    """Give a folder that nobody has opened yet, beside a data directory."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    home = tmp_path / "home"
    write(home / "letter.txt", b"Dear Bob")
    write(home / "taken.txt", b"I was here first")
    write(home / "Photos" / "one.jpg", b"one")
    with zipfile.ZipFile(home / "papers.zip", "w") as archive:
        archive.writestr("inside/paper.txt", "a paper")
    return home


CASES = [
    ("mkdir New/Deep", "New/Deep"),
    ("move letter.txt taken.txt Photos", "Photos/taken.txt"),
    ("copy letter.txt second.txt", "second.txt"),
    ("rename Photos =Pictures", "Pictures/one.jpg"),
    ("trash Photos", ".homie/trash"),
    ("extract papers.zip", "papers/inside/paper.txt"),
    ("compress letter.txt Photos all.zip", "all.zip"),
]
"""What is typed (paths below the folder; after `=` a plain word), and what is there afterwards."""


def test_unpack_and_sort_shows_how_it_would_be_organised(tmp_path: Path, home: Path) -> None:
    """Archives inside are unpacked too; what is shown is a plan, and the command that carries it out is named."""
    with zipfile.ZipFile(home / "mixed.zip", "w") as archive:
        archive.writestr("song.mp3", MP3)
        archive.writestr("inner.zip", (home / "papers.zip").read_bytes())
    said = homie(tmp_path, "files", "extract", home / "mixed.zip", "--sort")
    assert (home / "mixed" / "inner" / "inside" / "paper.txt").exists()
    assert "song.mp3" in said
    assert said.strip().splitlines()[-1] == f"To do it: homie organize {home / 'mixed'} --deep --apply"
    homie(tmp_path, "organize", home / "mixed", "--deep", "--apply", "--yes")
    assert not (home / "mixed" / "song.mp3").exists()


@pytest.mark.parametrize(("words", "there"), CASES, ids=[words.split()[0] for words, _ in CASES])
def test_each_command_does_it_says_so_and_is_taken_back(tmp_path: Path, home: Path, words: str, there: str) -> None:
    """One clear line with the id, which `homie undo` takes back byte for byte."""
    before = everything(home)
    command, *given = words.split()
    arguments = [word[1:] if word.startswith("=") else home / word for word in given]
    (line,) = homie(tmp_path, "files", command, *arguments).strip().splitlines()
    assert (home / there).exists()
    assert everything(home) != before
    found = re.fullmatch(r"(Made|Moved|Copied|Renamed|Put|Unpacked|Packed).*: .+ Take it back: homie undo (\S+)", line)
    assert found, line
    homie(tmp_path, "undo", found[2])
    assert everything(home) == before


def test_a_taken_name_is_left_unless_one_chooses(tmp_path: Path, home: Path) -> None:
    """Without a choice nothing happens and the command fails; programs read what was done."""
    before = everything(home)
    move = ("files", "move", home / "letter.txt", home / "taken.txt")
    assert "something with this name" in homie(tmp_path, *move, expect=2)
    assert everything(home) == before
    told = homie_json(tmp_path, *move, "--conflict", "keep-both")
    (step,) = told["steps"]
    assert (step["op"], step["state"], step["target"]) == ("move", "done", str(home / "taken (2).txt"))
    assert homie_json(tmp_path, "history")["runs"][0]["id"] == told["run"]["run_id"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("trash absent.txt", "SOURCE"),
        ("trash /etc/hosts", "operating system"),
        ("move letter.txt /etc/letter.txt", "operating system"),
        ("rename letter.txt =a/b", "NAME"),
        ("copy Photos elsewhere", "not for a folder"),
    ],
)
def test_what_cannot_be_is_refused_in_one_clear_error(tmp_path: Path, home: Path, words: str, problem: str) -> None:
    before = everything(home)
    command, *given = words.split()
    arguments = [word[1:] if word.startswith("=") else home / word for word in given]
    said = homie(tmp_path, "files", command, *arguments, expect=1)
    assert problem in said
    assert "Traceback" not in said
    assert everything(home) == before


def test_a_granted_folder_itself_stays_and_one_that_is_there_need_not_be_made(tmp_path: Path, home: Path) -> None:
    homie(tmp_path, "files", "mkdir", home / "New")
    assert "there already" in homie(tmp_path, "files", "mkdir", home / "New")
    assert "a whole folder" in homie(tmp_path, "files", "trash", home, expect=1)
    assert "  Make folder New: 1 done" in homie(tmp_path, "history")


def test_an_archive_that_leads_outside_is_left_alone(tmp_path: Path, home: Path) -> None:
    with zipfile.ZipFile(home / "evil.zip", "w") as archive:
        archive.writestr("../outside.txt", "x")
    before = everything(home)
    assert "not safe to unpack" in homie(tmp_path, "files", "extract", home / "evil.zip", expect=2)
    assert everything(home) == before
    assert not (tmp_path / "outside.txt").exists()
