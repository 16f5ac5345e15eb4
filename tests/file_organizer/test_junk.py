"""Oddities are named exactly, what may be wanted is left alone, and cleaning up is taken back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.test_operations_api import everything

OLD = 1_600_000_000
NOW = 1_772_366_400  # the hub's clock: 1 March 2026, 12:00


@pytest.fixture
def home(alice: Actor, tmp_path: Path) -> Path:
    """Give a folder with two of nearly everything: one that is odd, one that only looks like it."""
    home = tmp_path / "alice"
    png = home / "Photos" / "real.png"
    png.parent.mkdir()
    Image.new("RGB", (20, 20), "red").save(png)
    content = {
        "Photos/Thumbs.db": b"x" * 100,
        "Papers/~$letter.docx": b"x" * 162,
        "Papers/._letter.docx": b"\x00\x05\x16\x07" + bytes(60),
        "Papers/._really mine.txt": b"a note",
        "Papers/letter.docx": b"PK\x03\x04 word",
        "Papers/empty.txt": b"",
        "Papers/__init__.py": b"",
        "Downloads/film.mkv.part": b"x" * 500,
        "Downloads/fresh.crdownload": b"x" * 500,
        "Downloads/setup.exe": b"MZ" + bytes(100),
        "Programs/setup.exe": b"MZ" + bytes(100),
        "Downloads/invoice.pdf": b"MZ" + bytes(100),
        "Photos/renamed.jpg": png.read_bytes(),
        "Papers/tax (1).txt": b"tax",
        "Papers/rent (1).txt": b"rent one",
        "Papers/rent.txt": b"rent",
        "Papers/Heat (1995).txt": b"a film",
        "Photos/WhatsApp Image 2026-01-01.txt": b"wanted",
        "Code/.git/config": b"",
        "Code/empty.txt": b"",
    }
    for name, data in content.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for path in home.rglob("*"):
        os.utime(path, (OLD, OLD))
    os.utime(home / "Downloads" / "fresh.crdownload", (NOW - 60, NOW - 60))
    (home / "Old" / "years" / "2001").mkdir(parents=True)
    (home / "Hidden").mkdir()
    (home / "Hidden" / ".keep").touch()
    (home / "gone").symlink_to("Papers/never there.txt")
    (home / "to a drive").symlink_to("/media/usb/film.mkv")
    (home / "fine").symlink_to("Papers/rent.txt")
    return home


EXPECTED = {
    "litter": ["._letter.docx", "Thumbs.db", "~$letter.docx"],
    "empty_file": ["empty.txt"],
    "empty_folder": ["Old"],
    "broken_link": ["gone"],
    "unfinished": ["film.mkv.part"],
    "old_installer": ["setup.exe"],
    "disguised": ["invoice.pdf"],
    "wrong_ending": ["renamed.jpg"],
    "copy_name": ["tax (1).txt"],
}


def look(hub: Hub, actor: Actor) -> dict[str, Any]:
    asked = hub.client(actor).post("/clean/searches", json={}).json
    hub.jobs.run_all()
    found: dict[str, Any] = hub.client(actor).get(f"/clean/searches/{asked['id']}").json
    assert found["state"] == "ready"
    return found


def items(hub: Hub, actor: Actor, search: dict[str, Any], **query: Any) -> list[dict[str, Any]]:
    found = hub.client(actor).get(f"/clean/searches/{search['id']}/items", query_string={"limit": 200, **query})
    return list(found.json["items"])


def clean_up(hub: Hub, actor: Actor, search: dict[str, Any], **body: Any) -> dict[str, Any]:
    asked = hub.client(actor).post(f"/clean/searches/{search['id']}/apply", json=body)
    assert asked.status_code == 202, asked.json
    (result,) = hub.jobs.run_all()
    return dict(result)


def test_each_kind_is_named_and_what_may_be_wanted_is_not(hub: Hub, alice: Actor, home: Path) -> None:
    """Exactly these; not a young download, a year in brackets, a link that may wait for a drive, a repository."""
    search = look(hub, alice)
    named: dict[str, list[str]] = {}
    for one in items(hub, alice, search):
        named.setdefault(one["kind"], []).append(one["path"].rpartition("/")[2])
    assert {kind: sorted(names) for kind, names in named.items()} == EXPECTED
    assert {one["kind"]: one["items"] for one in search["kinds"]} == {k: len(v) for k, v in EXPECTED.items()}
    assert {one["kind"]: one["new_name"] for one in items(hub, alice, search) if one["action"] == "rename"} == {
        "wrong_ending": "renamed.png",
        "copy_name": "tax.txt",
    }


def test_cleaning_up_is_taken_back_byte_for_byte(hub: Hub, alice: Actor, home: Path) -> None:
    """All kinds at once, then undo: the folder is as before, and all of it waits again."""
    before, search = everything(home), look(hub, alice)
    result = clean_up(hub, alice, search, kinds=list(EXPECTED))
    assert (result["done"], result["kept"]) == (sum(map(len, EXPECTED.values())), 0)
    assert (home / "Photos" / "renamed.png").exists()
    assert (home / "Papers" / "tax.txt").exists()
    assert not (home / "Old").exists()
    assert items(hub, alice, search) == []
    hub.client(alice).post(f"/runs/{result['run_id']}/undo", json={})
    hub.jobs.run_all()
    assert everything(home) == before
    assert len(items(hub, alice, search)) == result["done"]


def test_what_is_no_longer_odd_stays(hub: Hub, alice: Actor, home: Path) -> None:
    """A folder that somebody used meanwhile, a file that is no longer empty, a link that leads somewhere now."""
    search = look(hub, alice)
    (home / "Old" / "years" / "2001" / "diary.txt").write_text("dear diary")
    (home / "Papers" / "empty.txt").write_text("not any more")
    result = clean_up(hub, alice, search, kinds=["empty_folder", "empty_file"])
    assert (result["done"], result["kept"]) == (0, 2)
    assert (home / "Old" / "years" / "2001" / "diary.txt").read_text() == "dear diary"
    assert (home / "Papers" / "empty.txt").read_text() == "not any more"
    assert all(one["explanation"] for one in items(hub, alice, search) if one["kind"] in ("empty_folder", "empty_file"))


def test_single_ones_are_left_or_cleaned_up(hub: Hub, alice: Actor, home: Path) -> None:
    """What a person leaves is not cleaned up with its kind; an unknown id is refused and changes nothing."""
    search, client = look(hub, alice), hub.client(alice)
    litter = items(hub, alice, search, kind="litter")
    where = f"/clean/searches/{search['id']}"
    assert client.post(f"{where}/leave", json={"item_ids": [litter[0]["id"]]}).json == {"changed": 1}
    assert clean_up(hub, alice, search, kinds=["litter"])["done"] == 2
    assert Path(litter[0]["path"]).exists()
    assert client.post(f"{where}/apply", json={"kinds": ["litter"]}).status_code == 409
    assert client.post(f"{where}/apply", json={"item_ids": ["nothing"]}).status_code == 404
    assert hub.jobs.queue == []


def test_a_read_only_folder_is_not_looked_at(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Where nothing may be changed nothing is suggested."""
    archive = tmp_path / "archive"
    archive.mkdir()
    (archive / "Thumbs.db").write_bytes(b"x")
    hub.roots.grant("alice", archive, writable=False)
    assert look(hub, alice)["kinds"] == []
