"""Files that speak of a project are offered a place in it, with the words that show it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import pdf, write
from tests.file_organizer.test_plans_api import items_of, make_plan, snapshot


@pytest.fixture
def home(alice: Actor, tmp_path: Path) -> Path:
    """Give Alice two projects below "Projekte" and a program of her own."""
    home = tmp_path / "alice"
    write(home / "Projekte/Badezimmer Umbau/Rechnungen/alt.txt", b"x")
    write(home / "Projekte/Badezimmer Umbau/Plan.txt", b"x")
    write(home / "Projekte/Gartenhaus/Skizze.txt", b"x")
    write(home / "Code/Wetterstation/pyproject.toml", b"[project]")
    return home


def item_for(hub: Hub, who: Actor, folder: Path, into: Path, name: str) -> dict[str, Any]:
    plan = make_plan(hub, who, folder, into=str(into))
    return next(one for one in items_of(hub, who, plan["id"]) if one["source"]["path"].endswith(name))


def test_a_name_that_speaks_of_a_project_is_offered_its_place(hub: Hub, alice: Actor, home: Path) -> None:
    """Its own folder for the kind of paper, where it has one; the reason names the project."""
    inbox = home / "Inbox"
    write(inbox / "Rechnung Badezimmer-Umbau Fliesen 2026-02.pdf", pdf("Rechnung"))
    write(inbox / "Gartenhaus Angebot.docx")
    bill = item_for(hub, alice, inbox, home, "Fliesen 2026-02.pdf")
    assert bill["target"]["path"].startswith("Projekte/Badezimmer Umbau/Rechnungen/")
    assert "Badezimmer Umbau" in bill["reason"]
    offer = item_for(hub, alice, inbox, home, "Angebot.docx")
    assert offer["target"]["path"] == "Projekte/Gartenhaus/Gartenhaus Angebot.docx"


def test_words_that_a_person_added_tell_too_also_inside_a_document(hub: Hub, alice: Actor, home: Path) -> None:
    """The builder's name in the text of a letter is evidence."""
    inbox = home / "Inbox"
    write(inbox / "scan0001.pdf", pdf("Sehr geehrte Familie, Ihr Termin bei Fliesenhuber ist bestaetigt"))
    client = hub.client(alice)
    body = {"path": str(home / "Projekte/Badezimmer Umbau"), "words": "Fliesenhuber, Duravit"}
    assert client.post("/projects", json=body).status_code == 201
    item = item_for(hub, alice, inbox, home, "scan0001.pdf")
    assert item["target"]["path"].startswith("Projekte/Badezimmer Umbau/")
    assert "fliesenhuber" in item["reason"]


def test_what_is_no_project_is_not_offered(hub: Hub, alice: Actor, home: Path) -> None:
    """A folder that a person hid offers nothing, until that is forgotten."""
    inbox = home / "Inbox"
    write(inbox / "Gartenhaus Angebot.docx")
    client = hub.client(alice)
    made = client.post("/projects", json={"path": str(home / "Projekte/Gartenhaus"), "hidden": True}).json
    assert "project" not in item_for(hub, alice, inbox, home, "Angebot.docx")["reason"]
    assert "Gartenhaus" not in {one["title"] for one in client.get("/projects").json["items"]}
    before = snapshot(home)
    assert client.delete(f"/projects/{made['id']}").status_code == 204
    assert client.delete(f"/projects/{made['id']}").status_code == 404
    assert snapshot(home) == before
    assert "Gartenhaus" in {one["title"] for one in client.get("/projects").json["items"]}


def test_projects_are_listed_with_why_they_are_known(hub: Hub, alice: Actor, home: Path) -> None:
    """By their home, by a project's own file, or by a person's word; a title said twice is one project."""
    client = hub.client(alice)
    for title in ("Reise", "Reise nach Rom"):
        (home / "Rom 2026").mkdir(exist_ok=True)
        client.post("/projects", json={"path": str(home / "Rom 2026"), "title": title})
    found = {one["title"]: (one["why"], one["id"] is not None) for one in client.get("/projects").json["items"]}
    assert found == {
        "Badezimmer Umbau": ("home", False),
        "Gartenhaus": ("home", False),
        "Wetterstation": ("marker", False),
        "Reise nach Rom": ("person", True),
    }
    first = client.get("/projects", query_string={"limit": 2}).json
    rest = client.get("/projects", query_string={"limit": 2, "cursor": first["next_cursor"]}).json
    assert [one["title"] for one in first["items"] + rest["items"]] == sorted(found)


def test_one_word_that_two_projects_share_tells_neither(hub: Hub, alice: Actor, home: Path) -> None:
    """ "Umbau" alone is no evidence when there are two of them."""
    write(home / "Projekte/Umbau/a.txt", b"x")
    inbox = home / "Inbox"
    write(inbox / "Umbau Notizen.docx")
    assert "project" not in item_for(hub, alice, inbox, home, "Notizen.docx")["reason"]


def test_another_persons_projects_are_unknown(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """Bob sees none of Alice's, and cannot name her folder."""
    hub.client(alice).post("/projects", json={"path": str(home / "Projekte/Gartenhaus"), "words": "Laube"})
    assert hub.client(bob).get("/projects").json["items"] == []
    assert hub.client(bob).post("/projects", json={"path": str(home / "Projekte/Gartenhaus")}).status_code == 403
    assert hub.client(alice).post("/projects", json={"path": str(home / "nowhere")}).status_code in (403, 404, 422)
