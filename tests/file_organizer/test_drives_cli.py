"""`homie drives ...` as separate processes, without a server."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backend.cli.drives import amount
from tests.command_line import homie, homie_json
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_cli import fresh_data
from tests.file_organizer.usb import sticks_or_skip

__all__ = ["fresh_data"]


@pytest.fixture
def home(tmp_path: Path, fresh_data: Path) -> Path:
    """Give an opened folder beside a data directory."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    write(tmp_path / "home" / "letter.txt", b"a letter")
    homie(tmp_path, "files", "mkdir", tmp_path / "home" / "Kept")
    return tmp_path / "home"


def test_drives_are_listed_and_get_a_purpose(tmp_path: Path, home: Path) -> None:
    """Space, reserve and folders are told; a purpose is kept by the next look, and `none` takes it back."""
    (drive,) = homie_json(tmp_path, "drives", "list")["items"]
    assert (drive["status"], drive["online"], drive["purpose"]) == ("online", True, "")
    assert drive["size"] > drive["free"] > 0
    assert drive["reserve"] == min(drive["size"] // 100, 1 << 30)
    assert drive["folders"] == [str(home)]
    (said,) = homie_json(tmp_path, "drives", "purpose", drive["id"], "films")["items"]
    assert said["purpose"] == "films"
    shown = homie(tmp_path, "drives", "refresh")
    assert "for films" in shown
    assert f"folder {home}" in shown
    assert "connected" in shown
    (said,) = homie_json(tmp_path, "drives", "purpose", drive["mount_point"], "none")["items"]
    assert said["purpose"] == ""
    assert isinstance(homie_json(tmp_path, "drives", "plugged")["items"], list)


def test_what_is_wrong_names_its_field(tmp_path: Path, home: Path) -> None:
    """An unknown drive, no words, too many words, and an answer that nobody asked for."""
    (drive,) = homie_json(tmp_path, "drives", "list")["items"]
    assert "NAME: No drive is called 'nothing'." in homie(tmp_path, "drives", "purpose", "nothing", "films", expect=1)
    error = homie_json(tmp_path, "drives", "purpose", drive["id"], "x" * 61, expect=1)["error"]
    assert [field["name"] for field in error["fields"]] == ["PURPOSE"]
    assert "PURPOSE: Nothing is said." in homie(tmp_path, "drives", "purpose", drive["id"], " ", expect=1)
    error = homie_json(tmp_path, "drives", "answer", drive["id"], "copy", expect=1)["error"]
    assert (error["code"], error["fields"][0]["name"]) == ("drive_not_asked", "NAME")
    told = homie(tmp_path, "drives", "answer", drive["id"], "copy", "--at", "/mnt", expect=1)
    assert "--at: It belongs to `this` only." in told


def test_sizes_are_said_as_people_read_them() -> None:
    assert [amount(size) for size in (900, 8 << 20, 10**9, 2 * 10**12)] == ["0.9 kB", "8.4 MB", "1.0 GB", "2.0 TB"]


@pytest.mark.root
def test_a_copied_stick_is_asked_about_and_answered(tmp_path: Path, home: Path) -> None:
    """Another stick with everything copied over: the list asks, a wrong place is named, the answer ends it."""
    sticks = sticks_or_skip(tmp_path)
    try:
        point = sticks.plug(sticks.make("usb"), tmp_path / "usb")
        homie(tmp_path, "files", "mkdir", point / "Films")
        homie(tmp_path, "drives", "list")
        copy = sticks.plug(sticks.make("copy", label="SECOND"), tmp_path / "copy")
        shutil.copytree(point / ".homie", copy / ".homie")
        shown = homie(tmp_path, "drives", "refresh")
        assert f"also found at {copy} (SECOND)" in shown
        assert "homie drives answer 'HOLIDAYS' copy" in shown
        wrong = homie(tmp_path, "drives", "answer", "holidays", "this", "--at", tmp_path / "home", expect=1)
        assert "--at: It was not found there." in wrong
        after = homie_json(tmp_path, "drives", "answer", "holidays", "copy")["items"]
        assert [(one["status"], one["copies"]) for one in after if one["label"] == "HOLIDAYS"] == [("online", [])]
        sticks.pull(point)
        assert "not connected" in homie(tmp_path, "drives", "refresh")
    finally:
        sticks.leave()
