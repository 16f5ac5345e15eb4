"""A link that a person lays in their own folder leads nowhere: neither names nor contents of others come through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.walk.household import Household

BASE = "/api/v1/file_organizer"


@pytest.fixture
def link(household: Household) -> Iterator[Path]:
    """A link in Ben's folder to Anna's."""
    made = household.folder / "ben" / "link"
    made.symlink_to(household.folder / "anna")
    yield made
    made.unlink()


def test_no_folder_is_listed_through_a_link(household: Household, link: Path) -> None:
    volume = household.want("ben", "GET", f"{BASE}/folders")["items"][0]["volume_id"]
    for path in ("link", "link/Downloads"):
        answer = household.call("ben", "GET", f"{BASE}/folders/content?volume_id={volume}&path={path}")
        assert answer.status == 403, (path, answer.body)
    shown = household.want("ben", "GET", f"{BASE}/folders/content?volume_id={volume}")
    real = {one.name for one in (household.folder / "ben").iterdir() if one.is_dir() and not one.is_symlink()}
    assert {item["name"] for item in shown["items"]} == {name for name in real if not name.startswith(".")}


def test_no_plan_is_made_from_or_into_a_link(household: Household, link: Path) -> None:
    inbox = str(household.folder / "ben" / "Inbox")
    for place in (link, link / "Downloads", household.folder / "ben" / ".." / "anna"):
        for body in ({"path": str(place)}, {"path": inbox, "into": str(place)}):
            for operation in ("plans", "ai/preview"):
                answer = household.call("ben", "POST", f"{BASE}/{operation}", body)
                assert answer.status == 403, (operation, body, answer.body)
                assert answer.json["error"]["fields"][0]["name"] in ("body.path", "body.into")


def test_no_item_is_sent_through_a_link(household: Household, link: Path) -> None:
    own = household.own["ben"]
    address = f"{BASE}/plans/{own['plan']}/items/{own['item']}"
    volume = household.want("ben", "GET", f"{BASE}/folders")["items"][0]["volume_id"]
    before = household.want("ben", "GET", address)
    for path in ("link", "link/Downloads"):
        answer = household.call("ben", "PATCH", address, {"folder": {"volume_id": volume, "path": path}})
        assert answer.status == 403, (path, answer.body)
    assert household.want("ben", "GET", address) == before
