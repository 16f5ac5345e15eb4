"""Looking for statements in opened folders: what is offered, and that no link and no name leads out of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household

CSV = b"Buchungsdatum;Betrag;Text\n01.02.2026;-12,34;Billa\n"


@pytest.fixture
def opened(household: Household, anna: Actor, tmp_path: Path) -> Path:
    """Open a folder to Anna with a statement, another file, a folder, and a link to a file outside."""
    place = tmp_path / "Bank"
    (place / "2025").mkdir(parents=True)
    (place / "new.csv").write_bytes(CSV)
    (place / "old.CSV").write_bytes(CSV)
    os.utime(place / "old.CSV", (1, 1))
    (place / "letter.pdf").write_bytes(b"%PDF")
    (place / ".hidden.csv").write_bytes(CSV)
    (tmp_path / "outside.csv").write_bytes(CSV)
    (place / "link.csv").symlink_to(tmp_path / "outside.csv")
    household.roots.grant(anna.owner_id, place)
    return place


def test_folders_and_statements_are_listed_the_newest_file_first(
    household: Household, anna: Actor, opened: Path
) -> None:
    """The top lists the opened folders; inside, folders come first; what no bank writes, and links, are not offered."""
    client = household.client(anna)
    top = client.get("/folders").json
    assert [(one["name"], one["is_folder"]) for one in top["items"]] == [("Bank", True)]
    inside = client.get("/folders", query_string={"path": top["items"][0]["path"]}).json
    assert [one["name"] for one in inside["items"]] == ["2025", "new.csv", "old.CSV"]
    assert (inside["parent"], inside["writable"]) == (None, True)
    deeper = client.get("/folders", query_string={"path": inside["items"][0]["path"]}).json
    assert (deeper["items"], deeper["parent"]) == ([], str(opened))


def test_a_folder_that_is_not_ones_own_is_refused(
    household: Household, anna: Actor, ben: Actor, opened: Path, tmp_path: Path
) -> None:
    """Another person, and a way out by dots, get the same answer."""
    assert household.client(ben).get("/folders", query_string={"path": str(opened)}).status_code == 403
    assert household.client(ben).get("/folders").json["items"] == []
    out = household.client(anna).get("/folders", query_string={"path": f"{opened}/.."})
    assert out.status_code == 403


def test_a_statement_is_never_read_through_a_link(household: Household, anna: Actor, opened: Path) -> None:
    """A link in an opened folder would lead to files that were never opened."""
    giro = household.account(anna)
    body = {"account_id": giro["id"], "path": str(opened / "new.csv")}
    assert household.client(anna).post("/imports/preview", json=body).status_code == 200
    refused = household.client(anna).post("/imports/preview", json=body | {"path": str(opened / "link.csv")})
    assert refused.status_code in (403, 422), refused.text
