"""Files of transactions: they stay in their folder, are known again, and belong to whoever may see both."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_importing import FEBRUARY
from tests.financial_manager.test_ledger import enter

NAME = "Rechnung Öl.pdf"


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@pytest.fixture
def papers(household: Household, anna: Actor, tmp_path: Path) -> Path:
    """Give a folder that Anna opened, with an invoice."""
    folder = tmp_path / "Papers"
    folder.mkdir()
    (folder / NAME).write_bytes(b"%PDF invoice")
    household.roots.grant(anna.owner_id, folder)
    return folder


def attach(household: Household, actor: Actor, transaction: str, path: Path) -> Any:
    return household.client(actor).post("/attachments", json={"transaction_id": transaction, "path": str(path)})


def files(household: Household, actor: Actor, transaction: str) -> list[dict[str, Any]]:
    answer = household.client(actor).get("/attachments", query_string={"transaction_id": transaction})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["items"]
    return found


def test_a_file_is_attached_once_and_known_again(household: Household, anna: Actor, papers: Path) -> None:
    """Touched it is the same; other bytes are said to be others; gone is said to be gone; away too."""
    booked = enter(household, anna, household.account(anna), -1_00)["id"]
    path = papers / NAME
    for _ in range(2):
        assert attach(household, anna, booked, path).status_code == 201
    (file,) = files(household, anna, booked)
    assert (file["name"], file["size"], file["state"]) == (NAME, 12, "there")
    assert (file["full_path"], len(file["content_hash"])) == (str(path), 64)
    os.utime(path, (1, 1))
    assert files(household, anna, booked)[0]["state"] == "there"
    path.write_bytes(b"%PDF INVOICE")
    assert files(household, anna, booked)[0]["state"] == "changed"
    path.unlink()
    (file,) = files(household, anna, booked)
    assert (file["state"], file["full_path"]) == ("missing", "")
    household.roots.take_back(anna.owner_id)
    assert files(household, anna, booked)[0]["state"] == "away"


def test_what_is_no_file_of_an_opened_folder_is_refused(household: Household, anna: Actor, papers: Path) -> None:
    """Folders, links, other places, nothing at all; and nothing is left behind."""
    booked = enter(household, anna, household.account(anna), -1_00)["id"]
    (papers / "sub").mkdir()
    (papers / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(papers / "pipe")
    wrong = [papers / name for name in ("sub", "link.pdf", "pipe", "none.pdf", "../x")]
    for one in (*wrong, Path("/etc/passwd")):
        assert attach(household, anna, booked, one).status_code in (403, 422), one
    assert files(household, anna, booked) == []
    assert attach(household, anna, "nowhere", papers / NAME).status_code == 404


def test_taking_away_and_deleting_are_undone_with_the_file(household: Household, anna: Actor, papers: Path) -> None:
    """Detached, deleted with its transaction, taken back with it: each undo brings the attachment back."""
    client, giro = household.client(anna), household.account(anna)
    booked = enter(household, anna, giro, -1_00)["id"]
    file = attach(household, anna, booked, papers / NAME).json
    gone = client.delete(f"/attachments/{file['id']}").json
    assert files(household, anna, booked) == []
    assert (papers / NAME).exists()
    client.post(f"/changes/{gone['change_id']}/undo")
    assert [one["id"] for one in files(household, anna, booked)] == [file["id"]]
    deleted = client.post("/transactions/delete", json={"ids": [booked]}).json
    assert deleted["count"] == 1
    assert client.get("/attachments", query_string={"transaction_id": booked}).status_code == 404
    client.post(f"/changes/{deleted['change_id']}/undo")
    assert [one["id"] for one in files(household, anna, booked)] == [file["id"]]
    entered = next(one for one in client.get("/changes").json["items"] if one["kind"] == "transaction.create")
    undo = client.post(f"/changes/{entered['id']}/undo")
    assert undo.status_code == 200, undo.text
    assert client.post(f"/changes/{undo.json['id']}/undo").status_code == 200
    assert [one["id"] for one in files(household, anna, booked)] == [file["id"]]


def test_an_import_with_attachments_can_be_taken_back(household: Household, anna: Actor, papers: Path) -> None:
    """Its bookings and their attachments go; the files stay."""
    giro = household.account(anna)
    batch = household.book(anna, giro["id"], FEBRUARY).json
    attach(household, anna, household.lines(anna)[0]["id"], papers / NAME)
    assert household.client(anna).post(f"/imports/{batch['id']}/undo").status_code < 300
    assert household.lines(anna) == []
    assert (papers / NAME).exists()


def test_another_person_sees_nothing_and_a_member_sees_no_foreign_folder(
    household: Household, anna: Actor, ben: Actor, papers: Path
) -> None:
    """In a shared space a member learns that there is a file, not where Anna keeps it, and cannot take from her."""
    booked = enter(household, anna, household.account(anna), -1_00)["id"]
    file = attach(household, anna, booked, papers / NAME).json
    assert household.client(ben).get("/attachments", query_string={"transaction_id": booked}).status_code == 404
    assert household.client(ben).delete(f"/attachments/{file['id']}").status_code == 404
    assert attach(household, ben, booked, papers / NAME).status_code in (403, 404)
    at_home = Actor("anna", "home", frozenset({"anna", "home"}))
    member = Actor("max", "home", frozenset({"max", "home"}))
    shared = enter(household, at_home, household.account(at_home), -1_00)["id"]
    assert attach(household, at_home, shared, papers / NAME).status_code == 201
    (seen,) = files(household, member, shared)
    assert (seen["state"], seen["full_path"], seen["path"]) == ("away", "", "")


def test_attachments_are_exported_and_erased(household: Household, anna: Actor, papers: Path, tmp_path: Path) -> None:
    """The rows belong to their owner; the files are the household's and stay."""
    booked = enter(household, anna, household.account(anna), -1_00)["id"]
    attach(household, anna, booked, papers / NAME)
    household.app.export_owner("anna", tmp_path / "export")
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "export").rglob("*") if path.is_file())
    assert "Rechnung" in text
    household.app.erase_owner("anna")
    assert household.client(anna).get("/attachments", query_string={"transaction_id": booked}).status_code == 404
    assert (papers / NAME).exists()
