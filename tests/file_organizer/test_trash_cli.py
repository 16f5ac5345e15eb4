"""`homie trash ...` and `homie verify` as separate processes, without a server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_cli import fresh_data

__all__ = ["fresh_data"]


@pytest.fixture
def home(tmp_path: Path, fresh_data: Path) -> Path:
    """Give a folder with three files, one of them in the trash, one moved by Homie."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    home = tmp_path / "home"
    for name in ("letter.txt", "photo.jpg", "old.txt"):
        write(home / name, f"content of {name}".encode())
    homie(tmp_path, "files", "mkdir", home / "Kept")
    homie(tmp_path, "files", "move", home / "photo.jpg", home / "Kept")
    homie(tmp_path, "files", "trash", home / "letter.txt", home / "old.txt")
    return home


def test_the_trash_is_listed_given_back_and_emptied(tmp_path: Path, home: Path) -> None:
    """Ids from the list put one back; the rest goes only with a clear yes; the history keeps it."""
    listed = {one["path"]: one for one in homie_json(tmp_path, "trash", "list")["items"]}
    assert set(listed) == {str(home / "letter.txt"), str(home / "old.txt")}
    assert listed[str(home / "old.txt")]["size"] == len("content of old.txt")
    homie(tmp_path, "trash", "restore", listed[str(home / "letter.txt")]["id"])
    assert (home / "letter.txt").read_text() == "content of letter.txt"
    assert "--yes" in homie(tmp_path, "trash", "empty", "--all", expect=1)
    assert len(homie_json(tmp_path, "trash", "list")["items"]) == 1
    assert homie_json(tmp_path, "trash", "empty", "--all", "--yes")["run"]["done"] == 1
    assert "The trash is empty." in homie(tmp_path, "trash", "list")
    assert homie_json(tmp_path, "history")["runs"][0]["kind"] == "purge"
    assert "not in the trash" in homie(tmp_path, "trash", "restore", "nothing", expect=1)


def test_damage_ends_verify_with_one(tmp_path: Path, home: Path) -> None:
    """First read, then whole, then a turned bit is found; people and programs are told the same."""
    first = homie_json(tmp_path, "verify", "--all")
    assert (first["whole"], first["items"][0]["recorded"]) == (True, 1)
    path = home / "Kept" / "photo.jpg"
    info, content = path.stat(), bytearray(path.read_bytes())
    content[0] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))
    assert "damaged: Kept/photo.jpg" in homie(tmp_path, "verify", "--sample", "5", expect=1)
    assert "Give --sample or --all." in homie(tmp_path, "verify", "--sample", "5", "--all", expect=1)
