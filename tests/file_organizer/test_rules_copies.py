"""The condition "is a copy": by the bytes on the disk, in the opened folders of one space, and never of all of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.file_organizer.index.sizes import SizeTable
from backend.file_organizer.rules import copies
from backend.file_organizer.rules.copies import KnownCopies
from backend.sdk.actor import Actor
from backend.sdk.files import VolumePath
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_plans_api import items_of, make_plan

PHOTO = b"\xff\xd8\xff" + b"holiday" * 9000


@pytest.fixture
def home(hub: Hub, alice: Actor, tmp_path: Path) -> Path:
    """Alice's opened home with an old picture in it, indexed."""
    old = write(tmp_path / "alice" / "Pictures" / "beach.jpg", PHOTO)
    os.utime(old, (1_600_000_000, 1_600_000_000))
    index(hub, alice)
    return tmp_path / "alice"


def index(hub: Hub, actor: Actor) -> None:
    hub.app.organizer.refresh_index(actor)


def is_copy(hub: Hub, actor: Actor, path: Path) -> bool | None:
    """Ask about one file, as a plan does."""
    organizer = hub.app.organizer
    place = organizer.roots.for_actor(actor).resolve(str(path)).volume_path
    return KnownCopies(organizer.index, organizer.roots, actor).is_copy(place, str(path))


def add_rule(hub: Hub, actor: Actor, **action: Any) -> Any:
    body = {"match": "all", "conditions": [{"what": "duplicate"}], "action": action}
    return hub.client(actor).post("/rules", json={"name": "Copies", "body": body})


def test_a_rule_moves_what_came_again_and_leaves_the_first(hub: Hub, alice: Actor, home: Path) -> None:
    """The new one of the same bytes fits under any name; one that differs in its last byte does not."""
    write(home / "Inbox" / "IMG_1.jpg", PHOTO)
    write(home / "Inbox" / "IMG_2.jpg", PHOTO[:-1] + b"!")
    volume = hub.app.organizer.roots.for_actor(alice).roots[0].volume_id
    folder = {"volume_id": volume, "path": "Seen before"}
    assert add_rule(hub, alice, do="move", folder=folder).status_code == 201
    plan = make_plan(hub, alice, home / "Inbox")
    found = {one["source"]["path"]: one for one in items_of(hub, alice, plan["id"])}
    assert found["Inbox/IMG_1.jpg"]["target"]["path"] == "Seen before/IMG_1.jpg"
    assert found["Inbox/IMG_1.jpg"]["reason"] == "Your rule 'Copies'."
    assert "rule" not in found["Inbox/IMG_2.jpg"]["reason"]
    assert is_copy(hub, alice, home / "Pictures" / "beach.jpg") is False


def test_a_copy_never_goes_to_the_trash_by_a_rule(hub: Hub, alice: Actor, home: Path) -> None:
    """Only the look for copies proves that another one stays; the refusal says where."""
    refused = add_rule(hub, alice, do="trash")
    assert refused.status_code == 422
    assert "under Copies" in refused.text


def test_what_the_index_says_is_looked_at_again(hub: Hub, alice: Actor, home: Path) -> None:
    """The other one was changed or is gone since it was indexed: then this is no copy."""
    new = write(home / "Inbox" / "IMG_1.jpg", PHOTO)
    old = home / "Pictures" / "beach.jpg"
    assert is_copy(hub, alice, new) is True
    write(old, PHOTO[:-1] + b"?")
    os.utime(old, (1_600_000_000, 1_600_000_000))
    assert is_copy(hub, alice, new) is False
    old.unlink()
    assert is_copy(hub, alice, new) is False


def test_links_and_empty_files_are_no_copies(hub: Hub, alice: Actor, home: Path) -> None:
    """Another name of the same file would be lost with it, and nothing is in an empty file."""
    (home / "Inbox").mkdir()
    os.link(home / "Pictures" / "beach.jpg", home / "Inbox" / "z.jpg")
    write(home / "Pictures" / "empty.txt", b"")
    index(hub, alice)
    assert is_copy(hub, alice, home / "Inbox" / "z.jpg") is False
    assert is_copy(hub, alice, write(home / "Inbox" / "nothing.txt", b"")) is False
    os.symlink(home / "Pictures" / "beach.jpg", home / "Inbox" / "link.jpg")
    place = VolumePath(hub.app.organizer.roots.for_actor(alice).roots[0].volume_id, "Inbox/link.jpg")
    organizer = hub.app.organizer
    assert KnownCopies(organizer.index, organizer.roots, alice).is_copy(place, str(home / "Inbox/link.jpg")) is None


def test_what_cannot_be_compared_is_not_known(
    hub: Hub, alice: Actor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too large to read while a plan is made, a drive that is away, a folder that was never indexed."""
    new = write(home / "Inbox" / "IMG_1.jpg", PHOTO)
    monkeypatch.setattr(copies, "MOST_BYTES", 100)
    assert is_copy(hub, alice, new) is None
    monkeypatch.undo()
    place = hub.app.organizer.roots.for_actor(alice).resolve(str(new)).volume_path
    os.rename(home / ".homie", home / "away")
    organizer = hub.app.organizer
    assert KnownCopies(organizer.index, organizer.roots, alice).is_copy(place, str(new)) is None


def test_without_an_index_nothing_is_said(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Not no: nobody has looked yet."""
    assert is_copy(hub, alice, write(tmp_path / "alice" / "a.txt", b"text")) is None


def test_another_persons_files_are_not_compared_with(
    hub: Hub, alice: Actor, bob: Actor, home: Path, tmp_path: Path
) -> None:
    """Whether Alice has a picture is nothing that a rule of Bob's can find out."""
    new = write(tmp_path / "bob" / "IMG_1.jpg", PHOTO)
    index(hub, bob)
    assert is_copy(hub, bob, new) is False


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["x", "yy", "zz"]), st.integers(1, 3)), min_size=1, max_size=7))
def test_of_equal_files_exactly_one_is_never_a_copy(
    hub: Hub, alice: Actor, tmp_path: Path, files: list[tuple[str, int]]
) -> None:
    """Whatever their times and places are: a rule can take all but one of each content."""
    folder = tmp_path / "alice" / "Many"
    for path in folder.glob("*"):
        path.unlink()
    for number, (content, day) in enumerate(files):
        path = write(folder / f"{number}.txt", content.encode())
        os.utime(path, (1_700_000_000 + day, 1_700_000_000 + day))
    index(hub, alice)
    kept = [
        content for number, (content, _) in enumerate(files) if is_copy(hub, alice, folder / f"{number}.txt") is False
    ]
    assert sorted(kept) == sorted({content for content, _ in files})


def test_an_empty_table_has_nothing() -> None:
    assert list(SizeTable([]).of_size(5)) == []
