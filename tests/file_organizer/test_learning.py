"""The memory: what people accept, change, reject and undo decides what is suggested next, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import MKV, pdf, write
from tests.file_organizer.test_plans_api import items_of, make_plan


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def send_to(hub: Hub, actor: Actor, path: Path, folder: str) -> dict[str, Any]:
    """Make a plan for `path`, send every file to `folder` as a person, and execute it."""
    plan = make_plan(hub, actor, path)
    client = hub.client(actor)
    for item in items_of(hub, actor, plan["id"]):
        place = {"volume_id": item["source"]["volume_id"], "path": folder}
        assert client.patch(f"/plans/{plan['id']}/items/{item['id']}", json={"folder": place}).status_code == 200
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    done: dict[str, Any] = client.get(f"/plans/{plan['id']}").json
    assert done["state"] == "executed"
    return done


def only_item(hub: Hub, actor: Actor, path: Path) -> dict[str, Any]:
    plan = make_plan(hub, actor, path)
    (item,) = items_of(hub, actor, plan["id"])
    return item


def test_a_changed_destination_is_suggested_next_time_with_its_evidence(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Three files with 'Stadtwerke' sent to Bills/Energy: the fourth is suggested there, and the reason says so."""
    inbox = tmp_path / "alice" / "Inbox"
    for number in (1, 2, 3):
        write(inbox / f"Stadtwerke Abschlag {number}.pdf", pdf("Abschlag"))
    send_to(hub, alice, inbox, "Bills/Energy")
    write(inbox / "Stadtwerke Jahresabrechnung.pdf", pdf("x"))
    item = only_item(hub, alice, inbox)
    assert item["target"]["path"] == "Bills/Energy/Stadtwerke Jahresabrechnung.pdf"
    assert item["reason"] == "3 of 3 files with 'Stadtwerke' went to Bills/Energy, last on 2026-03-01."
    assert item["suggested_by"] == "memory"
    assert item["confidence"] >= 0.75
    assert item["alternatives"], "the shipped place is offered as an alternative"


def test_an_undo_is_a_strong_no(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """What was taken back is not suggested again, although it had been accepted before."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Kita Elternabend.pdf", pdf("x"))
    done = send_to(hub, alice, inbox, "Wrong/Place")
    hub.client(alice).post(f"/runs/{done['run_id']}/undo", json={})
    hub.jobs.run_all()
    write(inbox / "Kita Sommerfest.pdf", pdf("x"))
    plan = make_plan(hub, alice, inbox)
    targets = [item["target"]["path"] for item in items_of(hub, alice, plan["id"])]
    assert not [path for path in targets if path.startswith("Wrong/")]


def test_an_undone_rule_is_asked_about_next_time(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """A shipped rule whose result was undone for a word is not acted on again for that word."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Gartenverein Rechnung.pdf", pdf("Rechnung"))
    first = make_plan(hub, alice, inbox)
    client = hub.client(alice)
    client.post(f"/plans/{first['id']}/accept", json={"everything": True})
    client.post(f"/plans/{first['id']}/execute", json={})
    hub.jobs.run_all()
    run_id = client.get(f"/plans/{first['id']}").json["run_id"]
    client.post(f"/runs/{run_id}/undo", json={})
    hub.jobs.run_all()
    item = only_item(hub, alice, inbox)
    assert item["state"] == "asking"
    assert item["reason"].startswith("You did not want a similar file in")


def test_the_year_follows_the_file(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """A folder learned for 2023 becomes the folder of the file's own year."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Hausgeld 2023-05.pdf", pdf("x"))
    send_to(hub, alice, inbox, "House/2023")
    write(inbox / "Hausgeld 2024-05.pdf", pdf("x"))
    assert only_item(hub, alice, inbox)["target"]["path"] == "House/2024/Hausgeld 2024-05.pdf"


def test_a_series_goes_where_its_other_episodes_are(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """`series_mappings` keeps the folder and the household's way to write seasons."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Dark.S01E01.mkv", MKV)
    send_to(hub, alice, inbox, "TV/Dark [DE]/S1")
    write(inbox / "Dark.S02E04.mkv", MKV)
    assert only_item(hub, alice, inbox)["target"]["path"] == "TV/Dark [DE]/S2/Dark.S02E04.mkv"
    (series,) = hub.client(alice).get("/series").json["items"]
    assert (series["title"], series["folder"]) == ("Dark", "TV/Dark [DE]")


def test_accepting_many_at_once_does_not_lead_out_of_the_folder(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Bulk acceptance of one folder never makes another folder's files go there."""
    for name in ("One", "Two"):
        write(tmp_path / "alice" / name / "Weather report.txt", "sunny")
    client = hub.client(alice)
    plan = make_plan(hub, alice, tmp_path / "alice" / "One")
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    assert only_item(hub, alice, tmp_path / "alice" / "Two")["target"]["path"].startswith("Two/")


def test_learning_can_be_paused_and_forgotten(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """With learning off nothing is remembered; a forgotten mapping is not used."""
    inbox = tmp_path / "alice" / "Inbox"
    client = hub.client(alice)
    client.patch("/settings", json={"learning": False})
    write(inbox / "Chor Noten.pdf", pdf("x"))
    send_to(hub, alice, inbox, "Choir")
    assert client.get("/destinations").json["items"] == []
    client.patch("/settings", json={"learning": True})
    write(inbox / "Chor Termine.pdf", pdf("x"))
    send_to(hub, alice, inbox, "Choir")
    learned = client.get("/destinations", query_string={"q": "choir"}).json["items"]
    assert {sign["sign"] for row in learned for sign in row["signs"]} >= {"word:chor"}
    for row in client.get("/destinations", query_string={"limit": 200}).json["items"]:
        assert client.delete(f"/destinations/{row['id']}").status_code == 200
    write(inbox / "Chor Konzert.pdf", pdf("x"))
    assert not only_item(hub, alice, inbox)["target"]["path"].startswith("Choir/")


def test_what_one_person_teaches_nobody_else_is_told(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """Memory belongs to its owner."""
    write(tmp_path / "alice" / "Inbox" / "Stadtwerke 1.pdf", pdf("x"))
    send_to(hub, alice, tmp_path / "alice" / "Inbox", "Bills/Energy")
    write(tmp_path / "bob" / "Inbox" / "Stadtwerke 2.pdf", pdf("x"))
    item = only_item(hub, bob, tmp_path / "bob" / "Inbox")
    assert item["suggested_by"] == "rules"
    assert hub.client(bob).get("/destinations").json["items"] == []


def test_a_new_folder_is_proposed_only_where_no_known_one_fits(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Invoices go where this household keeps them, although the shipped rules would make another folder; what is unlike
    everything that was filed gets a folder of its own.
    """
    inbox = tmp_path / "alice" / "Inbox"
    for session in range(6):
        for place, word in (("Papers/Bills", "Invoice"), ("Papers/School", "Letter")):
            for number in range(3):
                write(inbox / f"{word} {place[7:]} {session}{number}.pdf", pdf(word))
            send_to(hub, alice, inbox, place)
    write(inbox / "Invoice Bills 2931.pdf", pdf("Invoice"))
    write(inbox / "Blade Runner (1982).mkv", MKV)
    plan = make_plan(hub, alice, inbox)
    targets = {one["name"]: one["target"]["path"] for one in map(named, items_of(hub, alice, plan["id"]))}
    assert targets["Invoice Bills 2931.pdf"] == "Papers/Bills/Invoice Bills 2931.pdf"
    film = targets["Blade Runner (1982).mkv"]
    assert not film.startswith("Papers/")
    assert not (tmp_path / "alice" / Path(film).parent).exists()


def named(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item with the name of its file."""
    return {**item, "name": item["source"]["path"].rpartition("/")[2]}
