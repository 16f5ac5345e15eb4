"""Deciding in steps over HTTP: only what waits, in the order of the list, and each step can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.test_plans_api import make_plan


def items_of(hub: Hub, actor: Actor, plan_id: str, **query: Any) -> list[dict[str, Any]]:
    """Return all items, page by page."""
    client, found, cursor = hub.client(actor), [], None
    while True:
        asked = {"limit": 7, **query, **({"cursor": cursor} if cursor else {})}
        page = client.get(f"/plans/{plan_id}/items", query_string=asked).json
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def states(hub: Hub, actor: Actor, plan_id: str) -> dict[str, tuple[str, str]]:
    """Return state and destination of each item."""
    return {item["id"]: (item["state"], item["target"]["path"]) for item in items_of(hub, actor, plan_id)}


def test_a_step_that_is_taken_back_leaves_everything_as_before(hub: Hub, alice: Actor, downloads: Path) -> None:
    """One item, many at once, and a changed destination: each waits again exactly as it did, and nothing else does."""
    plan = f"/plans/{make_plan(hub, alice, downloads)['id']}"
    plan_id, client = plan.rpartition("/")[2], hub.client(alice)
    fresh = states(hub, alice, plan_id)
    one = next(iter(fresh))
    client.post(f"{plan}/reject", json={"item_ids": [one]})
    before = states(hub, alice, plan_id)
    many = client.post(f"{plan}/accept", json={"min_confidence": 0.6, "undecided": True}).json
    assert many["changed"] > 20
    assert client.post(f"{plan}/take-back", json={"version": many["version"]}).json["changed"] == many["changed"]
    assert states(hub, alice, plan_id) == before
    song = next(item for item in items_of(hub, alice, plan_id) if item["source"]["path"].endswith("song.mp3"))
    folder = {"volume_id": song["target"]["volume_id"], "path": "Elsewhere"}
    edited = client.patch(f"{plan}/items/{song['id']}", json={"folder": folder, "name": "hit.mp3"}).json
    assert edited["target"]["path"] == "Elsewhere/hit.mp3"
    client.post(f"{plan}/take-back", json={"version": edited["decided_in"]})
    assert states(hub, alice, plan_id) == before


def test_a_decision_that_was_changed_since_is_not_taken_back(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Accepting all, then rejecting one: taking the acceptance back leaves the rejection."""
    plan = make_plan(hub, alice, downloads)
    client, base = hub.client(alice), f"/plans/{plan['id']}"
    accepted = client.post(f"{base}/accept", json={"everything": True}).json
    song = next(item for item in items_of(hub, alice, plan["id"]) if item["source"]["path"].endswith("song.mp3"))
    client.post(f"{base}/reject", json={"item_ids": [song["id"]]})
    client.post(f"{base}/take-back", json={"version": accepted["version"]})
    rejected = [item["id"] for item in items_of(hub, alice, plan["id"]) if item["state"] == "rejected"]
    assert rejected == [song["id"]]
    assert items_of(hub, alice, plan["id"], state="accepted") == []


def test_all_at_once_leaves_alone_what_a_person_decided(hub: Hub, alice: Actor, downloads: Path) -> None:
    """With `undecided`, what was rejected before stays rejected."""
    plan = make_plan(hub, alice, downloads)
    client, base = hub.client(alice), f"/plans/{plan['id']}"
    song = next(item for item in items_of(hub, alice, plan["id"]) if item["source"]["path"].endswith("song.mp3"))
    client.post(f"{base}/reject", json={"item_ids": [song["id"]]})
    client.post(f"{base}/accept", json={"everything": True, "undecided": True})
    assert client.get(f"{base}/items/{song['id']}").json["state"] == "rejected"
    assert items_of(hub, alice, plan["id"], state="undecided") == []


def test_lists_by_kind_and_by_folder_are_complete_and_in_order(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Page after page, each item comes once, in the order that was asked for."""
    plan = make_plan(hub, alice, downloads)
    everything = {item["id"] for item in items_of(hub, alice, plan["id"])}
    for sort, key in (("category", "category"), ("folder", "target")):
        found = items_of(hub, alice, plan["id"], sort=sort, state="undecided")
        values = [item[key] if key == "category" else item[key]["path"].rpartition("/")[0] for item in found]
        assert values == sorted(values)
        assert len(found) == len(everything)
        assert {item["id"] for item in found} == everything
