"""Who a paper or a mail is from, and what memory makes of it: the same sender is known in a file of any name."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.file_organizer.analysis.senders import domain_of, sender_of_mail, sender_of_text
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import MKV, pdf, write
from tests.file_organizer.test_analysis import facts_of
from tests.file_organizer.test_learning import only_item, send_to
from tests.file_organizer.test_plans_api import items_of, make_plan

LETTERHEAD = "Energie Beispiel GmbH  www.energie-beispiel.example  kundendienst@energie-beispiel.example "


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (LETTERHEAD + "anna@gmail.com", "energie-beispiel.example"),
        ("Mail an office@rechnung.stadt.example.or.at oder https://stadt.example.or.at/hilfe", "example.or.at"),
        ("anna.maier@gmx.at schreibt an ben@web.de", ""),
        ("Find us: https://facebook.com/shop and www.shop.example", "shop.example"),
        ("no address at all, 3.14 and e.g. this", ""),
        ("@" * 5000 + "a." * 5000, ""),
    ],
)
def test_a_paper_names_its_sender(text: str, sender: str) -> None:
    assert sender_of_text(text) == sender


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        ("From: Service <no-reply@mail.shop.example>\nSubject: Your order\n\nFrom: x@other.example", "shop.example"),
        ("From: Anna <Anna.Maier@gmx.at>\n\nHello", "anna.maier@gmx.at"),
        ("Subject: nobody\n\nFrom: body@other.example", ""),
        ("From: =?utf-8?q?broken\n\n", ""),
        ("From: " + "<" * 3000, ""),
        ("From: " + "(" * 3000 + "a@b.example", ""),
        ("Received: by mx\n" * 900 + "From: billing@late.example\n\n", "late.example"),
    ],
)
def test_a_mail_says_who_it_is_from_in_its_header_only(head: str, sender: str) -> None:
    assert sender_of_mail(head) == sender


def test_the_sender_of_a_mail_stands_behind_what_the_relays_wrote(tmp_path: Path) -> None:
    """Providers put more than 4 kB of Received and DKIM lines before From."""
    lines = [
        f"Received: from relay{number}.example by mx.example with a long word of its own\r\n\tfor <anna@home.example>"
        for number in range(99)
    ]
    mail = "\r\n".join([*lines, "From: Shop <orders@shop.example>", "Subject: Your order", "", "Thank you"])
    write(tmp_path / "order.eml", mail.encode())
    assert len(mail) > 6000
    assert facts_of(tmp_path / "order.eml").sender == "shop.example"


def test_domains_end_where_somebody_registered_them() -> None:
    assert domain_of("shop.example.co.at") == "example.co.at"
    assert domain_of("a.b.example.com") == "example.com"
    assert domain_of("outlook.com") == ""


def test_the_next_paper_of_a_sender_goes_where_the_others_went(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Names that share nothing: only what is printed in the papers says that they are from one sender."""
    inbox = tmp_path / "alice" / "Inbox"
    for name in ("qwert.pdf", "asdfg.pdf", "yxcvb.pdf"):
        write(inbox / name, pdf(LETTERHEAD + name))
    send_to(hub, alice, inbox, "House/Power")
    for name in ("tigers.txt", "walrus.txt", "ponies.txt"):
        write(inbox / name, f"{name} at www.zoo.example".encode())
    send_to(hub, alice, inbox, "Leisure")
    write(inbox / "plokij.pdf", pdf(LETTERHEAD + "plokij"))
    item = only_item(hub, alice, inbox)
    assert item["target"]["path"] == "House/Power/plokij.pdf"
    assert item["reason"].startswith("3 of 3 papers from energie-beispiel.example went to House/Power, last on ")


def test_a_project_is_a_sign(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Files about one project that a person keeps elsewhere are known by the project, whatever else they are called."""
    inbox, garden = tmp_path / "alice" / "Inbox", tmp_path / "alice" / "Inbox" / "Projects" / "Garden house"
    garden.mkdir(parents=True)
    client = hub.client(alice)
    assert client.post("/projects", json={"path": str(garden), "words": "pergola"}).status_code in (200, 201)
    for name in ("qwert.txt", "asdfg.txt", "yxcvb.txt"):
        write(inbox / name, f"{name} about the pergola".encode())
    send_to(hub, alice, inbox, "Shared/Building")
    for name in ("tigers.txt", "walrus.txt", "ponies.txt"):
        write(inbox / name, f"{name} in the zoo".encode())
    send_to(hub, alice, inbox, "Leisure")
    write(inbox / "plokij.txt", b"The pergola gets a roof")
    item = only_item(hub, alice, inbox)
    offered = {item["target"]["path"].rpartition("/")[0]: item["reason"]}
    offered |= {one["place"]["path"]: one["reason"] for one in item["alternatives"]}
    assert offered["Shared/Building"].startswith("3 of 3 files about the project garden house went to Shared/Building")
    assert not item["target"]["path"].startswith("Inbox/Projects/"), "three times somebody sent them elsewhere"


def test_one_refused_paper_of_a_sender_bars_no_folder_for_its_others(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """The second no to the same place does."""
    inbox, client = tmp_path / "alice" / "Inbox", hub.client(alice)
    offered = []
    for name in ("qwert.txt", "asdfg.txt", "yxcvb.txt"):
        write(inbox / name, f"Invoice {LETTERHEAD}".encode())
        write(inbox / f"{name}.mkv", MKV)  # accepted: a plan teaches when it is carried out
        plan = make_plan(hub, alice, inbox)
        paper, film = sorted(items_of(hub, alice, plan["id"]), key=lambda item: len(item["source"]["path"]))
        offered.append(paper["target"]["path"].startswith("Inbox/Documents/Invoices/"))
        assert client.post(f"/plans/{plan['id']}/reject", json={"item_ids": [paper["id"]]}).status_code == 200
        assert client.post(f"/plans/{plan['id']}/accept", json={"item_ids": [film["id"]]}).status_code == 200
        client.post(f"/plans/{plan['id']}/execute", json={})
        hub.jobs.run_all()
        (inbox / name).unlink()
    assert offered == [True, True, False]
