from __future__ import annotations

import os
import unicodedata

import pytest

from backend.file_organizer.execution.operations import OnConflict, Rename
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA

NFC = unicodedata.normalize("NFC", "Übersicht é.txt")
NFD = unicodedata.normalize("NFD", NFC)


@pytest.mark.parametrize(
    ("here", "there"), [(NFC, NFD), (NFD, NFC), ("Report.PDF", "report.pdf"), ("straße", "STRASSE")]
)
def test_names_that_other_drives_take_for_one_are_a_collision(desk: Desk, here: str, there: str) -> None:
    """Twins by case or Unicode form do not get into one folder silently."""
    desk.world.write(here)
    desk.world.write(f"x/{there}", b"was there")
    report = desk.manager.execute(EVA, "plan", [desk.world.move(here, f"x/{here}")])
    assert [r.reason for r in report.problems] == ["same_name_on_other_drives"]
    plan = [desk.world.move(here, f"x/{here}", on_conflict=OnConflict.KEEP_BOTH)]
    assert desk.manager.execute(EVA, "plan 2", plan).done == 1
    assert len(os.listdir(desk.world.home / "x")) == 2
    assert (desk.world.home / "x" / there).read_bytes() == b"was there"


def test_only_the_case_of_a_name_can_be_changed(desk: Desk) -> None:
    """Renaming to the same name in capitals is not a collision with itself; undo brings the old spelling."""
    desk.world.write("holiday.JPG")
    plan = [
        Rename(id="1", source=desk.world.at("holiday.JPG"), name="Holiday.jpg", seen=desk.world.seen("holiday.JPG"))
    ]
    report = desk.manager.execute(EVA, "plan", plan)
    assert report.done == 1
    assert "Holiday.jpg" in os.listdir(desk.world.home)
    desk.manager.undo_run(EVA, report.run_id)
    assert "holiday.JPG" in os.listdir(desk.world.home)


def test_names_of_255_bytes_move_and_get_a_number_that_still_fits(desk: Desk) -> None:
    """The longest possible names work, also across a conflict; characters are not cut in half."""
    for name in ("x" * 251 + ".txt", "ü" * 125 + ".txt"):
        desk.world.write(name)
        desk.world.write(f"t/{name}", b"was there")
        plan = [desk.world.move(name, f"t/{name}", on_conflict=OnConflict.KEEP_BOTH)]
        report = desk.manager.execute(EVA, f"plan {name[0]}", plan)
        assert report.done == 1
        target = report.results[-1].target
        assert target is not None
        assert len(os.fsencode(target.name)) <= 255
        assert target.name.endswith(" (2).txt")
        desk.manager.undo_run(EVA, report.run_id)
        assert (desk.world.home / name).exists()


def test_names_that_are_too_long_are_refused_and_nothing_moves(desk: Desk) -> None:
    """256 bytes are one too many on every drive."""
    desk.world.write("a.txt")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", f"x/{'n' * 256}")])
    assert [r.reason for r in report.problems] == ["name_not_possible"]
    assert (desk.world.home / "a.txt").exists()
    assert not (desk.world.home / "x").exists()


def test_undecodable_names_move_and_come_back_byte_for_byte(desk: Desk) -> None:
    """A name that is not UTF-8 is stored as text in the journal and restored as the same bytes."""
    raw = b"caf\xe9 \xff\\ name.txt"
    name = os.fsdecode(raw)
    desk.world.write(name)
    report = desk.manager.execute(EVA, "plan", [desk.world.move(name, f"x/{name}")])
    assert report.done == 1
    assert os.listdir(os.fsencode(desk.world.home / "x")) == [raw]
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, report.run_id)
    assert raw in os.listdir(os.fsencode(desk.world.home))


@pytest.mark.parametrize("name", ["new\nline.txt", "tab\t.txt", "right\u202eto left.txt", " lead", "trail ", "dot."])
def test_odd_names_that_exist_already_move_as_they_are(desk: Desk, name: str) -> None:
    """Homie gives no such names, but what people have is moved unchanged."""
    desk.world.write(name)
    assert desk.manager.execute(EVA, "plan", [desk.world.move(name, f"x/{name}")]).done == 1
    assert os.listdir(desk.world.home / "x") == [name]


@pytest.mark.parametrize("folder", ["CON", "a:b", "trailing ", "dot.", "q?"])
def test_homie_makes_no_folder_that_other_drives_cannot_hold(desk: Desk, folder: str) -> None:
    """A new folder name is checked where it is made."""
    desk.world.write("a.txt")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", f"{folder}/a.txt")])
    assert [r.reason for r in report.problems] == ["name_not_possible"]
    assert not (desk.world.home / folder).exists()


def test_a_very_deep_path_is_moved_into(desk: Desk) -> None:
    """Walking by descriptors is not bound to PATH_MAX for the whole path below the root."""
    desk.world.write("a.txt")
    deep = "/".join(["d" * 200] * 18)
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", f"{deep}/a.txt")])
    assert report.done == 1
    desk.manager.undo_run(EVA, report.run_id)
    assert sorted(os.listdir(desk.world.home)) == [".homie", "a.txt"]
