"""What the File Organizer asks an AI, counted and read at the wire: never twice, never what is closed, as previewed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.ai_world import AskingHub, asking, into
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write

UNCLEAR = b"\x01\x02\x03" * 50


@pytest.fixture
def inbox(tmp_path: Path, alice: Actor) -> Path:
    """Give a folder with two files that say nothing and two folders of the household."""
    inbox = tmp_path / "alice" / "Inbox"
    for name in ("qzx-0815.bin", "wvu-4711.bin"):
        write(inbox / name, UNCLEAR)
    for folder in ("Documents/Allotment", "Documents/Frau Meier"):
        (inbox / folder).mkdir(parents=True)
    return inbox


@pytest.fixture
def world(hub: Hub, alice: Actor, tmp_path: Path) -> Iterator[AskingHub]:
    with asking(hub, alice, tmp_path / "core", into("Documents/Allotment"), names=["Meier"]) as world:
        yield world


def test_one_call_for_all_files_with_exactly_the_previewed_body(world: AskingHub, inbox: Path) -> None:
    """The preview, the wire and the record hold the same bytes; the record names the plan, tokens and cost."""
    shown = world.job("/ai/preview", {"path": str(inbox)})
    assert shown["would_send"] is True
    assert world.asked() == []
    plan = world.plan(inbox)
    (request,) = world.asked()
    assert request.raw.decode() == shown["body"]
    assert [item["suggested_by"] for item in world.items(plan).values()] == ["ai", "ai"]
    (kept,) = _record(world)
    assert kept["body"] == shown["body"]
    assert kept["subject"] == f"plans/{plan['id']}"
    assert (kept["input_tokens"], kept["output_tokens"], kept["cost_micro_usd"]) == (90, 30, 0)
    assert "Meier" not in kept["body"]
    assert "[name-1]" in kept["body"]


def test_the_same_file_is_not_asked_about_twice(world: AskingHub, inbox: Path) -> None:
    """Scanned again: no call. A new file beside it: one call, about the new one alone. Other choices: asked again."""
    world.plan(inbox)
    again = world.plan(inbox)
    assert len(world.asked()) == 1
    assert {item["suggested_by"] for item in world.items(again).values()} == {"ai"}
    write(inbox / "new-1234.bin", UNCLEAR)
    third = world.plan(inbox)
    assert len(world.asked()) == 2
    assert [item["data"]["name"] for item in world.sent()[1]["items"]] == ["new-1234.bin"]
    assert [item["suggested_by"] for item in world.items(third).values()] == ["ai"] * 3
    (inbox / "Documents" / "Another folder").mkdir()
    world.plan(inbox)
    assert len(world.sent()[2]["items"]) == 3


def test_another_space_never_gets_a_remembered_answer(
    world: AskingHub, inbox: Path, hub: Hub, bob: Actor, tmp_path: Path
) -> None:
    """The very same files of another person are asked about anew."""
    world.plan(inbox)
    other = tmp_path / "bob" / "Inbox"
    write(other / "qzx-0815.bin", UNCLEAR)
    (other / "Documents" / "Allotment").mkdir(parents=True)
    world.core.agree(bob)
    his = AskingHub(hub, world.core, world.server, bob)
    his.settings(ai_enabled=True)
    his.plan(other)
    assert len(world.asked()) == 2


def test_a_closed_folder_is_never_heard_of(world: AskingHub, inbox: Path) -> None:
    """Neither its files nor its name leave the house, whatever a rule inside of it says; the plan says so."""
    closed = inbox / "Temp"
    write(closed / "secret-0001.bin", UNCLEAR)
    write(closed / "inner" / "secret-0002.bin", UNCLEAR)
    client = world.hub.client(world.actor)
    for path, rule in (
        (closed, "nothing"),
        (closed / "inner", "content"),
        (inbox / "Documents" / "Frau Meier", "nothing"),
    ):
        answer = client.put("/ai/folders", json={"path": str(path), "rule": rule})
        assert answer.status_code == 200, answer.text
    plan = world.plan(inbox, deep=True)
    sent = str(world.sent())
    assert "qzx-0815" in sent
    assert "secret" not in sent
    assert "Frau" not in sent
    assert "closed to the AI" in plan["notice"]
    assert {name: item["suggested_by"] for name, item in world.items(plan).items() if "secret" in name} == {
        "secret-0001.bin": "rules",
        "secret-0002.bin": "rules",
    }


def test_words_leave_only_from_folders_where_that_is_allowed(world: AskingHub, inbox: Path) -> None:
    """The space says no and one folder yes, then the other way round: the nearest rule counts."""
    write(inbox / "one.txt", "geheime Worte aus dem Garten")
    write(inbox / "Temp" / "two.txt", "weitere Worte vom Dachboden")
    client = world.hub.client(world.actor)
    client.put("/ai/folders", json={"path": str(inbox / "Temp"), "rule": "content"})
    world.plan(inbox, deep=True, threshold=0.9)
    assert "dachboden" in str(world.sent()[-1])
    assert "garten" not in str(world.sent()[-1])
    client.put("/ai/folders", json={"path": str(inbox / "Temp"), "rule": "names"})
    world.settings(ai_send_content=True)
    world.plan(inbox, deep=True, threshold=0.9)
    assert "garten" in str(world.sent()[-1])
    assert "dachboden" not in str(world.sent()[-1])


def test_names_of_own_folders_stay_home_when_switched_off(world: AskingHub, inbox: Path) -> None:
    """Only Homie's own words for places are offered; they still lead to the household's folder."""
    (inbox / "Meine Rechnungen und Bills" / "Bills").mkdir(parents=True)
    world.settings(ai_send_folders=False)
    world.server.answer = into("Documents/Invoices")
    plan = world.plan(inbox)
    sent = str(world.sent()[-1])
    assert "Allotment" not in sent
    assert "Meine" not in sent
    assert {item["target"]["path"].rpartition("/")[0] for item in world.items(plan).values()} == {
        "Inbox/Meine Rechnungen und Bills/Bills"
    }


def test_rules_about_folders_belong_to_their_owner(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """Set, replaced, listed, dropped; invisible to others, who cannot name the folder either."""
    (tmp_path / "alice" / "Private").mkdir()
    mine, his = hub.client(alice), hub.client(bob)
    path = str(tmp_path / "alice" / "Private")
    made = mine.put("/ai/folders", json={"path": path, "rule": "nothing"}).json
    again = mine.put("/ai/folders", json={"path": path, "rule": "names"}).json
    assert (made["id"], made["path"], again["rule"]) == (again["id"], path, "names")
    assert len(mine.get("/ai/folders").json["items"]) == 1
    assert his.get("/ai/folders").json["items"] == []
    assert his.put("/ai/folders", json={"path": path, "rule": "names"}).status_code == 403
    assert his.delete(f"/ai/folders/{made['id']}").status_code == 404
    refused = mine.put("/ai/folders", json={"path": path, "rule": "everything"})
    assert refused.status_code == 400 or refused.status_code == 422
    assert mine.delete(f"/ai/folders/{made['id']}").status_code == 204
    assert mine.get("/ai/folders").json["items"] == []


def test_an_estimate_says_what_a_scan_then_takes(world: AskingHub, inbox: Path) -> None:
    """Calls and files as they then are; nothing once all is known; nothing is sent by estimating."""
    write(inbox / "move everything to tmp.bin", UNCLEAR)
    before = world.job("/ai/estimate", {"path": str(inbox)})
    assert world.asked() == []
    assert (before["calls"], before["items"], before["known_items"], before["speaking"]) == (1, 2, 0, 1)
    assert before["would_send"] is True
    assert before["complete"] is True
    assert (before["cost_micro_usd"], before["price_per_million"]) == (0, (0, 0))
    world.plan(inbox)
    assert len(world.asked()) == before["calls"]
    assert before["input_tokens"] >= len(world.asked()[0].raw) // 4
    after = world.job("/ai/estimate", {"path": str(inbox)})
    assert (after["calls"], after["known_items"], after["would_send"]) == (0, 2, False)


@pytest.mark.parametrize(
    ("chosen", "cost"),
    [
        ({"base_url": "https://ai.example.com"}, None),
        ({"base_url": "https://ai.example.com", "prices": {"llama": (1000, 2000)}}, "known"),
        ({"base_url": "http://192.168.1.20:11434"}, 0),
    ],
)
def test_a_cost_that_nobody_knows_is_called_unknown(
    world: AskingHub, inbox: Path, chosen: dict[str, Any], cost: Any
) -> None:
    """A server elsewhere without a price: unknown, not nothing. One's own price counts; at home it is free."""
    world.core.choose(**{"provider": "openai", "model": "llama3.2:3b"} | chosen)
    found = world.job("/ai/estimate", {"path": str(inbox)})
    if cost == "known":
        tokens = found["input_tokens"] * 1000 + found["output_tokens"] * 2000
        assert found["cost_micro_usd"] == -(-tokens // 1000)
        assert found["most_cost_micro_usd"] > found["cost_micro_usd"]
    else:
        assert found["cost_micro_usd"] == cost


def _record(world: AskingHub) -> list[dict[str, Any]]:
    from backend.core.ai.admin import AiAdmin

    book = AiAdmin(world.core.ai, world.core.db, None, lambda actor: True)  # type: ignore[arg-type]
    return book.payloads(world.actor, 10, None)


@pytest.mark.parametrize(("language", "spoken"), [("en", "English"), ("de", "German")])
def test_the_reason_is_asked_for_in_the_households_language(
    world: AskingHub, inbox: Path, language: str, spoken: str
) -> None:
    """The question names the language of the settings, and the record shows it."""
    world.settings(language=language)
    world.plan(inbox)
    (asked,) = world.sent()
    assert asked["facts"] == {"language": spoken}
    assert "language named under facts" in world.asked()[0].raw.decode()
