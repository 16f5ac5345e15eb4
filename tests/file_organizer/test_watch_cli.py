"""`homie watch ...` and `homie index` as separate processes, without a server."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import MP3, write
from tests.file_organizer.test_cli import fresh_data

__all__ = ["fresh_data"]


@pytest.fixture
def inbox(tmp_path: Path, fresh_data: Path) -> Path:
    """Give a folder that nobody has opened yet, beside a data directory."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    write(tmp_path / "home" / "Inbox" / "song of summer.mp3", MP3)
    return tmp_path / "home" / "Inbox"


def test_a_folder_is_watched_tended_changed_and_let_go(tmp_path: Path, inbox: Path) -> None:
    """Each command says what is true afterwards; `now` works without a server; removing moves nothing."""
    (added,) = homie_json(tmp_path, "watch", "add", inbox, "--settle", "0")["items"]
    assert (added["path"], added["mode"], added["state"]) == (str(inbox), "suggest", "starting")
    assert "home/Inbox" in homie(tmp_path, "watch", "list")
    (looked,) = homie_json(tmp_path, "watch", "now")["items"]
    assert (looked["new"], looked["waiting"], looked["filed"]) == (1, 1, 0)
    (changed,) = homie_json(tmp_path, "watch", "change", inbox, "--mode", "file", "--sure", "0.95", "--pause")["items"]
    assert (changed["mode"], changed["threshold"], changed["paused"], changed["waiting"]) == ("file", 0.95, True, 1)
    assert homie_json(tmp_path, "watch", "remove", inbox) == {"removed": str(inbox)}
    assert homie_json(tmp_path, "watch")["items"] == []
    assert (inbox / "song of summer.mp3").exists()


def test_files_are_found_by_name(tmp_path: Path, inbox: Path) -> None:
    """The index is brought up to date first, so what was just written is found."""
    homie_json(tmp_path, "watch", "add", inbox)
    assert homie(tmp_path, "index", "summer").strip() == f"{inbox}/song of summer.mp3"
    assert homie_json(tmp_path, "index")["index"]["files"] == 1
    write(inbox / "another tune.mp3", MP3)
    found = homie_json(tmp_path, "index", "tune")["found"]
    assert [one["name"] for one in found] == ["another tune.mp3"]
