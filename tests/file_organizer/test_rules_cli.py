"""`homie rules ...` and `homie history ...` as separate processes: made, tried, carried out, told, brought over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import pdf, write
from tests.file_organizer.test_cli import fresh_data

__all__ = ["fresh_data"]


@pytest.fixture
def home(tmp_path: Path, fresh_data: Path) -> Path:
    """Give a folder that nobody has opened yet, beside a data directory."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    home = tmp_path / "home"
    write(home / "Inbox" / "Rechnung 2025-03-01.pdf", pdf("Stadtwerke"))
    write(home / "Inbox" / "notes.txt", b"notes")
    (home / "Documents").mkdir()
    return home


def test_a_rule_from_the_command_line_decides_and_the_history_says_so(tmp_path: Path, home: Path) -> None:
    """Added with its folder opened, tried without a change, carried out, told with who and why, exported."""
    target = f"{home}/Documents/Bills/{{year}}"
    made = homie_json(tmp_path, "rules", "add", "Bills", "--name-begins", "rechnung", "--ext", "pdf", "--to", target)
    assert made["body"]["action"]["folder"]["path"] == "Bills/{year}"
    homie(tmp_path, "organize", home / "Inbox", "--apply", "--yes")
    there = home / "Documents" / "Bills" / "2025" / "Rechnung 2025-03-01.pdf"
    assert there.exists()
    assert homie_json(tmp_path, "history", "--search", "rechnung elsewhere", "--kind", "moved")["actions"] == []
    (step,) = homie_json(tmp_path, "history", "--search", "BILLS rechnung", "--since", "yesterday")["actions"]
    assert (step["op"], step["why"], step["by"]) == ("move", "Your rule 'Bills'.", "person")
    (told,) = homie_json(tmp_path, "history", "--file", there)["actions"]
    assert told["id"] == step["id"]
    tried = homie_json(tmp_path, "rules", "test", "1")
    assert (tried["history"]["fits"], tried["history"]["same"]) == (1, 1)
    document = tmp_path / "rules.json"
    homie(tmp_path, "rules", "export", document)
    homie(tmp_path, "rules", "delete", "Bills")
    assert homie_json(tmp_path, "rules", "list") == []
    assert len(homie_json(tmp_path, "rules", "import", document)["created"]) == 1


def test_a_rule_about_copies_is_added_and_tried(tmp_path: Path, home: Path) -> None:
    """It fits the later one of two equal files, and is refused together with the trash."""
    old = write(home / "Documents" / "old.txt", b"the same words")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    write(home / "Inbox" / "again.txt", b"the same words")
    made = homie_json(tmp_path, "rules", "add", "Copies", "--duplicate", "--to", home / "Documents" / "Copies")
    assert made["body"]["conditions"] == [{"what": "duplicate", "negate": False}]
    assert "is a copy of another file" in made["sentence"]
    for folder in ("Documents", "Inbox"):
        homie(tmp_path, "watch", "add", home / folder)
    homie(tmp_path, "index")
    tried = homie_json(tmp_path, "rules", "test", "Copies", "--folder", home / "Inbox")["folder"]
    assert (tried["fits"], tried["examples"][0]["source"]) == (1, str(home / "Inbox" / "again.txt"))
    told = homie(tmp_path, "rules", "add", "Gone", "--duplicate", "--trash", expect=1)
    assert "where another one is proven to stay" in told
