"""`homie projects ...` as separate processes, without a server."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_cli import fresh_data
from tests.file_organizer.test_plans_api import snapshot

__all__ = ["fresh_data"]


@pytest.fixture
def home(tmp_path: Path, fresh_data: Path) -> Path:
    """Give an opened home with a project, a program, and a folder that is neither."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    home = tmp_path / "home"
    write(home / "Projekte/Gartenhaus/plan.txt", b"plan")
    write(home / "Code/Wetterstation/pyproject.toml", b"[project]")
    write(home / "Rom 2026/tickets.txt", b"tickets")
    homie(tmp_path, "files", "mkdir", home / "Kept")
    return home


def listed(tmp_path: Path) -> dict[str, Any]:
    return {one["title"]: one for one in homie_json(tmp_path, "projects", "list")["items"]}


def test_projects_are_named_changed_hidden_and_forgotten(tmp_path: Path, home: Path) -> None:
    """What is left out stays as it was; no file is touched."""
    before = snapshot(home)
    assert {title: one["why"] for title, one in listed(tmp_path).items()} == {
        "Gartenhaus": "home",
        "Wetterstation": "marker",
    }
    rome = home / "Rom 2026"
    made = homie_json(tmp_path, "projects", "set", rome, "--title", "Reise nach Rom", "--words", "Trastevere, Vatikan")
    homie(tmp_path, "projects", "set", rome, "--title", "Rom")
    found = listed(tmp_path)["Rom"]
    assert (found["id"], found["words"], found["path"]) == (made["id"], ["trastevere", "vatikan"], str(rome))
    homie(tmp_path, "projects", "set", rome, "--words", "")
    assert listed(tmp_path)["Rom"]["words"] == []
    homie(tmp_path, "projects", "hide", home / "Projekte/Gartenhaus")
    assert homie_json(tmp_path, "projects", "list")["hidden"] == [str(home / "Projekte/Gartenhaus")]
    assert "Gartenhaus   (you said that it is none)" in homie(tmp_path, "projects", "list")
    assert homie_json(tmp_path, "projects", "forget", made["id"]) == {"forgotten": str(rome)}
    homie(tmp_path, "projects", "forget", home / "Projekte/Gartenhaus")
    assert set(listed(tmp_path)) == {"Gartenhaus", "Wetterstation"}
    assert snapshot(home) == before


def test_what_is_wrong_names_its_field(tmp_path: Path, home: Path) -> None:
    """A folder of which nothing was said, one that is not there, and words that are too many."""
    assert "FOLDER: You said nothing" in homie(tmp_path, "projects", "forget", home / "Rom 2026", expect=1)
    assert "FOLDER: There is no such folder." in homie(tmp_path, "projects", "set", home / "nowhere", expect=1)
    error = homie_json(tmp_path, "projects", "set", home, "--words", "x" * 401, expect=1)["error"]
    assert [field["name"] for field in error["fields"]] == ["--words"]
    assert "--title: A project has a name." in homie(tmp_path, "projects", "set", home, "--title", " ", expect=1)
