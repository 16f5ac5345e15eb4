"""What is looked at before and after a run: counts, order, both sides of the tree, preview, problems, folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.planning.folder_search import look_on_drives
from backend.file_organizer.planning.plan_preview import PlanPreviewer
from backend.sdk.actor import Actor
from backend.sdk.finding import words_of
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import make_messy_folder
from tests.file_organizer.test_plans_api import make_plan


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def module_engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plan(hub: Hub, alice: Actor, tmp_path: Path) -> dict[str, Any]:
    return make_plan(hub, alice, make_messy_folder(tmp_path / "alice" / "Downloads"))


def test_two_folders_of_one_drive_share_its_room(
    hub: Hub, alice: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each half would fit alone, both together do not, and that is said before; what stays on its drive needs none."""
    from backend.file_organizer.planning import plan_preview
    from backend.file_organizer.planning.plans import AcceptedItem

    other = tmp_path / "alice too"
    other.mkdir()
    ours = [hub.roots.grant("alice", other).volume_id, hub.roots.for_actor(alice).roots[0].volume_id]
    monkeypatch.setattr(plan_preview, "room_of", lambda space: 1000)
    monkeypatch.setattr(PlanPreviewer, "_check", lambda self, item, found: None)

    def item(number: int, source: str, target: str) -> AcceptedItem:
        return AcceptedItem(str(number), None, source, "a", target, "b", 0, 0, 600, 0, False, "move")

    def look(*items: AcceptedItem) -> list[bool]:
        previewer = PlanPreviewer(hub.roots.for_actor(alice), "keep-both")
        return [need.enough for need in previewer.look(items).spaces.values()]

    assert look(item(1, "elsewhere", ours[0])) == [True]
    assert look(item(1, "elsewhere", ours[0]), item(2, "elsewhere", ours[1])) == [False, False]
    assert look(item(1, ours[1], ours[0]), item(2, ours[0], ours[1])) == [True, True]


def every_item(client: Any, plan: dict[str, Any], query: str = "", limit: int = 5) -> list[dict[str, Any]]:
    """Read all pages of a plan's items."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = client.get(f"/plans/{plan['id']}/items?limit={limit}{query}{cursor}").json
        found += answer["items"]
        if answer["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer['next_cursor']}"


def test_the_counts_are_those_of_the_items(hub: Hub, alice: Actor, plan: dict[str, Any]) -> None:
    """In all, by category and by confidence, after a decision too."""
    client = hub.client(alice)
    items = every_item(client, plan, limit=200)
    client.post(f"/plans/{plan['id']}/accept", json={"category": "picture"})
    found = client.get(f"/plans/{plan['id']}/summary").json
    pictures = [item for item in items if item["category"] == "picture"]
    assert found["total"]["items"] == len(items) == sum(c["items"] for c in found["categories"])
    assert found["total"]["bytes"] == sum(item["size"] for item in items)
    assert found["total"]["accepted"] >= len(pictures) > 0
    assert found["groups"] == len({item["group_key"] for item in items} - {None})
    bands = [(band["at_least"], band["items"]) for band in found["confidence"]]
    assert bands == sorted(bands, reverse=True, key=lambda band: band[0])
    for least, above in ((0.95, 1), (0.8, 3)):
        wanted = sum(item["confidence"] >= least for item in items)
        assert sum(count for _, count in bands[:above]) == wanted


@pytest.mark.parametrize("sort", ["seq", "confidence", "-confidence", "name", "-size"])
def test_items_come_in_the_order_asked_for_each_once(hub: Hub, alice: Actor, plan: dict[str, Any], sort: str) -> None:
    client = hub.client(alice)
    items = every_item(client, plan, f"&sort={sort}")
    assert len({item["id"] for item in items}) == len(items) == len(every_item(client, plan, limit=200))
    if sort == "name":
        return  # its order is the database's
    value = {"seq": "seq", "-size": "size"}.get(sort, "confidence")
    values = [item[value] for item in items]
    assert values == sorted(values, reverse=sort.startswith("-"))


def test_a_cursor_of_one_order_is_refused_in_another(hub: Hub, alice: Actor, plan: dict[str, Any]) -> None:
    client = hub.client(alice)
    cursor = client.get(f"/plans/{plan['id']}/items?limit=1&sort=name").json["next_cursor"]
    for other in ("seq", "-size", "confidence"):
        assert client.get(f"/plans/{plan['id']}/items?sort={other}&cursor={cursor}").status_code == 422


def test_items_are_found_by_name_and_by_where_they_come_from(hub: Hub, alice: Actor, plan: dict[str, Any]) -> None:
    """Without case; nothing that is typed is a pattern."""
    client = hub.client(alice)
    names = [item["source"]["path"] for item in every_item(client, plan, "&q=INVOICE")]
    assert names
    assert all("invoice" in name.lower() for name in names)
    assert every_item(client, plan, "&q=%25") == []
    before = client.get(f"/plans/{plan['id']}/tree?side=before").json["items"]
    for folder in before:
        inside = every_item(client, plan, f"&source_folder={folder['place']['path']}")
        assert len(inside) == folder["items"]
    after = client.get(f"/plans/{plan['id']}/tree").json["items"]
    assert sum(f["items"] for f in before) == sum(f["items"] for f in after)


def test_the_preview_says_what_the_run_will_do(hub: Hub, alice: Actor, plan: dict[str, Any], tmp_path: Path) -> None:
    """Nothing is changed by asking; what stands in the way is named before it is met."""
    client, downloads = hub.client(alice), tmp_path / "alice" / "Downloads"
    items = every_item(client, plan, limit=200)
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    files = sorted(str(path) for path in downloads.rglob("*"))
    calm = client.get(f"/plans/{plan['id']}/preview").json
    assert (calm["accepted"], calm["conflicts"], calm["ready"], calm["complete"]) == (len(items), 0, True, True)
    assert calm["new_folders"] > 0
    assert [(space["needed"], space["enough"]) for space in calm["spaces"]] == [(0, True)]
    assert sorted(str(path) for path in downloads.rglob("*")) == files

    single = [item for item in items if item["group_key"] is None and not item["is_folder"]]
    gone, changed, taken = (tmp_path / "alice" / item["source"]["path"] for item in single[:3])
    gone.unlink()
    changed.write_text("something else altogether")
    in_the_way = tmp_path / "alice" / single[2]["target"]["path"]
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("here already")
    assert taken.exists()
    found = client.get(f"/plans/{plan['id']}/preview").json
    kinds = {conflict["item_id"]: conflict["kind"] for conflict in found["conflict_examples"]}
    assert kinds == {single[0]["id"]: "gone", single[1]["id"]: "changed", single[2]["id"]: "taken"}
    assert all(conflict["text"].endswith(".") for conflict in found["conflict_examples"])
    assert (found["conflicts"], found["ready"]) == (3, False)


def test_a_preview_of_an_absent_drive_says_so(hub: Hub, alice: Actor, plan: dict[str, Any], tmp_path: Path) -> None:
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    os.rename(tmp_path / "alice" / ".homie", tmp_path / "away")
    found = client.get(f"/plans/{plan['id']}/preview").json
    assert {conflict["kind"] for conflict in found["conflict_examples"]} == {"drive_away"}
    assert [(space["online"], space["enough"], space["free"]) for space in found["spaces"]] == [(False, False, None)]


def test_a_preview_that_takes_too_long_says_that_it_is_not_complete(
    hub: Hub, alice: Actor, plan: dict[str, Any], tmp_path: Path
) -> None:
    """Space is counted for everything, conflicts for what was reached."""
    hub.client(alice).post(f"/plans/{plan['id']}/accept", json={"everything": True})
    items = [*hub.organizer.plans.accepted(alice, plan["id"], 1000)] * 4
    seconds = iter(range(1000))
    previewer = PlanPreviewer(hub.roots.for_actor(alice), "skip", seconds=0.5, timer=lambda: float(next(seconds)))
    found = previewer.look(items)
    assert (found.complete, found.ready, found.items) == (False, False, len(items))


def test_problems_of_a_run_are_counted_by_reason(hub: Hub, alice: Actor, plan: dict[str, Any], tmp_path: Path) -> None:
    """What was not done, why, how many; the things themselves are listed, and what can be taken back is said."""
    client = hub.client(alice)
    items = every_item(client, plan, limit=200)
    single = [item for item in items if item["group_key"] is None and not item["is_folder"]]
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    for item in single[:2]:
        (tmp_path / "alice" / item["source"]["path"]).unlink()
    client.post(f"/plans/{plan['id']}/execute", json={"skip_changed": True})
    (result,) = hub.jobs.run_all()
    run = client.get(f"/runs/{result['run_id']}").json
    assert run["undoable"] is True
    found = client.get(f"/runs/{run['id']}/problems").json
    assert found["total"] == 2 == sum(problem["count"] for problem in found["items"])
    assert all(problem["reason"] for problem in found["items"])
    listed = client.get(f"/actions?run_id={run['id']}&problems=true").json["items"]
    assert {action["source"]["path"] for action in listed} == {item["source"]["path"] for item in single[:2]}
    state = found["items"][0]["state"]
    assert client.get(f"/actions?run_id={run['id']}&state={state}").json["items"]
    client.post(f"/runs/{run['id']}/undo", json={})
    hub.jobs.run_all()
    assert client.get(f"/runs/{run['id']}").json["undoable"] is False


def test_folders_are_found_learned_ones_first(hub: Hub, alice: Actor, plan: dict[str, Any], tmp_path: Path) -> None:
    """By name or by the way to it; without a word, where one was lately; never through a link or beyond one's own."""
    client, home = hub.client(alice), tmp_path / "alice"
    (home / "Archive" / "Paperwork of Müller").mkdir(parents=True)
    (home / ".hidden" / "Paperwork").mkdir(parents=True)
    (tmp_path / "elsewhere" / "Paperwork").mkdir(parents=True)
    (home / "link").symlink_to(tmp_path / "elsewhere")
    found = client.get("/folders/search?q=paper%20muller").json
    assert [(hit["name"], hit["why"]) for hit in found["items"]] == [("Paperwork of Müller", "name")]
    assert [hit["name"] for hit in client.get("/folders/search?q=paperwork").json["items"]] == ["Paperwork of Müller"]
    assert found["complete"] is True
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    recent = client.get("/folders/recent").json["items"]
    assert recent
    assert all(hit["why"] == "recent" and hit["files"] > 0 for hit in recent)
    invoices = client.get("/folders/search?q=invoices").json["items"]
    assert invoices[0]["why"] in ("learned", "recent")
    assert client.get("/folders/search").json["items"][0]["why"] in ("recent", "root")


def test_a_search_for_folders_ends_in_time(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """What was not reached is said."""
    for number in range(100):
        (tmp_path / "alice" / "Inbox" / f"box {number:03}").mkdir(parents=True)
    seconds = iter(range(1000))
    roots = hub.roots.for_actor(alice).roots
    found, complete = look_on_drives(roots, words_of("box"), limit=500, seconds=0.5, timer=lambda: float(next(seconds)))
    assert complete is False
    assert 0 < len(found) < 100


def test_nobody_looks_at_the_plan_of_another(hub: Hub, bob: Actor, plan: dict[str, Any]) -> None:
    client = hub.client(bob)
    for view in ("summary", "preview", "tree?side=before", "items?sort=name"):
        assert client.get(f"/plans/{plan['id']}/{view}").status_code == 404
    found = client.get("/folders/search?q=downloads").json
    assert found["items"] == []
