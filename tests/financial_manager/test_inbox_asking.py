"""Asking an AI about the inbox, at the wire of a local server: only what is shown leaves, only what is sure counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from backend.core.ai.settings import AiConfig
from backend.financial_manager.finances import Finances
from backend.sdk.actor import Actor
from tests.core.ai.conftest import Hub as CoreHub
from tests.core.ai.wire_servers import Fault, OpenAiWireServer, data_in, serving
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import enter

MODEL = "llama3.2:3b"


@dataclass
class World:
    """A household that chose a server in the house; whether Anna agreed is for the test."""

    household: Household
    core: CoreHub
    server: OpenAiWireServer
    anna: Actor

    def preview(self) -> Any:
        answer = self.household.client(self.anna).get("/inbox/ask")
        assert answer.status_code == 200, answer.text
        return answer.json

    def ask(self, expect: int = 200) -> Any:
        answer = self.household.client(self.anna).post("/inbox/ask")
        assert answer.status_code == expect, answer.text
        return answer.json

    def sent(self) -> list[dict[str, Any]]:
        """Return what each question held."""
        users = (next(m["content"] for m in q.json["messages"] if m["role"] == "user") for q in self.server.questions)
        return [data_in(text) for text in users]


Answer = Callable[[dict[str, Any]], Any]


def saying(title: str | None, confidence: float) -> Answer:
    """Answer each payee with the category of that name."""

    def answer(data: dict[str, Any]) -> dict[str, Any]:
        chosen = next((one["id"] for one in data["choices"]["categories"] if one["label"] == title), None)
        rows = [{"payee": one["id"], "category": chosen, "confidence": confidence} for one in data["items"]]
        return {"payees": rows}

    return answer


@pytest.fixture
def answer() -> Answer:
    """Return what the server says; tests choose another one by parametrizing it."""
    return saying("Hobbies", 0.9)


@pytest.fixture
def world(household: Household, anna: Actor, tmp_path: Path, answer: Answer) -> Iterator[World]:
    with serving(OpenAiWireServer(answer)) as server:
        assert isinstance(server, OpenAiWireServer)
        server.known_models, server.key = [MODEL], ""
        folder = tmp_path / "core"
        folder.mkdir()
        core = CoreHub(folder, AiConfig(attempts=1))
        core.choose(provider="openai", base_url=server.url, model=MODEL)
        core.agree(anna, "financial_manager")
        household.ctx = replace(household.ctx, ai=core.ai)
        household.app.finances = Finances(household.ctx)
        yield World(household, core, server, anna)
        core.close()


def unknown(world: World, *names: str, **more: Any) -> dict[str, Any]:
    """Enter bookings of payees that nobody knows; return the account."""
    giro = world.household.account(world.anna, "Haushaltskonto")
    for name in names:
        enter(world.household, world.anna, giro, -1234, counterparty=name, **more)
    return giro


def test_what_is_shown_is_what_leaves(world: World) -> None:
    """Payee, band and direction, byte for byte as previewed; no account, amount, day or IBAN; looking sends nothing."""
    unknown(world, "Qzxwert Vlogg 0815 GmbH", purpose="AT611904300234573201 Rechnung 4711")
    shown = world.preview()
    assert (shown["would_send"], shown["state"], shown["bookings"], shown["left"]) == (True, "ready", 1, 0)
    (payee,) = shown["payees"]
    assert (payee["amount"], payee["direction"]) == ("10-20", "out")
    assert world.server.questions == []
    world.ask()
    (request,) = world.server.questions
    assert request.raw.decode() == shown["body"]
    (item,) = world.sent()[0]["items"]
    assert item["data"] == {"payee": payee["text"], "amount": "10-20", "direction": "out"}
    for secret in ("Haushaltskonto", "4711", "0815", "AT61", "1234", "2026-02-10"):
        assert secret not in request.raw.decode()


def test_what_the_ai_is_sure_of_is_filed_with_its_reason_and_taken_back(world: World) -> None:
    """Source, confidence (never more than an AI is worth) and reason are stored; one step, one undo."""
    unknown(world, "Qzxwert Vlogg", "Qzxwert Vlogg", "Brumsel Tatz")
    told = world.ask()
    assert (told["asked"], told["known"], told["filed"], told["unsure"], told["notice"]) == (2, 0, 3, [], "")
    client = world.household.client(world.anna)
    (part,) = client.get("/transactions").json["items"][0]["parts"]
    assert (part["source"], part["confidence"]) == ("ai", 0.88)
    assert part["reason"] == "The AI takes it for Hobbies."
    assert client.get("/transactions/inbox").json["items"] == []
    step = client.get("/changes").json["items"][0]
    assert (step["kind"], step["title"]) == ("category.ask", "3 transactions")
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert len(client.get("/transactions/inbox").json["items"]) == 3


def test_asked_again_nothing_is_sent_again(world: World) -> None:
    """An answer is remembered by payee; without anything that waits there is no question."""
    unknown(world, "Qzxwert Vlogg")
    world.ask()
    assert world.ask()["asked"] == 0
    client = world.household.client(world.anna)
    client.post(f"/changes/{client.get('/changes').json['items'][0]['id']}/undo")
    assert world.preview()["known_payees"] == 1
    assert (world.ask()["known"], len(world.server.questions)) == (1, 1)


@pytest.mark.parametrize("answer", [saying("Hobbies", 0.5)])
def test_what_it_is_not_sure_of_stays_with_a_suggestion(world: World) -> None:
    """Nothing is stored, and no step is recorded; the suggestion comes back."""
    unknown(world, "Qzxwert Vlogg")
    before = world.household.client(world.anna).get("/changes").json["items"]
    told = world.ask()
    (waiting,) = told["unsure"]
    hobbies = next(
        one["id"]
        for one in world.household.client(world.anna).get("/categories").json["items"]
        if one["title"] == "Hobbies"
    )
    assert waiting["suggestions"][0] == {"category_id": hobbies, "confidence": 0.5}
    assert told["filed"] == 0
    assert world.household.client(world.anna).get("/changes").json["items"] == before


@pytest.mark.parametrize("answer", [saying("No such category", 0.9), lambda data: {"nonsense": 1}])
def test_an_answer_that_was_not_offered_changes_nothing(world: World) -> None:
    """Neither an unknown category nor another shape files anything."""
    unknown(world, "Qzxwert Vlogg")
    assert world.ask()["filed"] == 0
    assert len(world.household.client(world.anna).get("/transactions/inbox").json["items"]) == 1


def test_without_agreement_nothing_leaves(world: World, ben: Actor) -> None:
    """Another person's space did not agree: refused in words, nothing sent; nor is Anna's inbox asked about."""
    unknown(world, "Qzxwert Vlogg")
    client = world.household.client(ben)
    shown = client.get("/inbox/ask").json
    assert (shown["would_send"], shown["state"], shown["payees"]) == (False, "not_opted_in", [])
    refused = client.post("/inbox/ask")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "ai_not_ready")
    world.core.ai.household.opt_in(world.anna, "financial_manager", False)
    assert world.ask(409)["error"]["code"] == "ai_not_ready"
    assert world.server.questions == []


def test_a_provider_that_fails_is_said_and_changes_nothing(world: World) -> None:
    """The inbox stays as it was."""
    unknown(world, "Qzxwert Vlogg")
    world.server.script = [Fault(status=500)] * 4
    told = world.ask()
    assert (told["asked"], told["filed"]) == (0, 0)
    assert told["notice"]
    assert len(world.household.client(world.anna).get("/transactions/inbox").json["items"]) == 1


def test_what_a_person_says_meanwhile_stays(world: World) -> None:
    """Somebody files a booking while the AI thinks: it stays so, and for its twin that word is heard first."""
    unknown(world, "Qzxwert Vlogg", "Qzxwert Vlogg")
    client = world.household.client(world.anna)
    first = client.get("/transactions").json["items"][0]["id"]
    rent = next(one["id"] for one in client.get("/categories").json["items"] if one["title"] == "Rent")
    plain = world.server._answer

    def meanwhile(question: str) -> str:
        client.post("/transactions/categorise", json={"ids": [first], "category_id": rent})
        said: str = plain(question)
        return said

    world.server._answer = meanwhile  # type: ignore[method-assign]
    told = world.ask()
    assert told["filed"] == 0
    assert [one["suggestions"][0]["category_id"] for one in told["unsure"]] == [rent]
    (part,) = client.get(f"/transactions/{first}").json["parts"]
    assert (part["category_id"], part["source"]) == (rent, "hand")


def test_transfers_to_people_and_splits_are_not_asked_about(world: World) -> None:
    """A person's name with an account of theirs stays in the house; parts of a split are for people."""
    giro = world.household.account(world.anna, "Main")
    parts = [{"amount_minor": -5}, {"amount_minor": -5}]
    enter(world.household, world.anna, giro, -10, counterparty="Qzxwert Vlogg", parts=parts)
    row = b"Buchungstag;Auftraggeber/Empf\xe4nger;IBAN;Verwendungszweck;Betrag;W\xe4hrung\n"
    row += b"05.02.2026;Anna Gruber;AT611904300234573201;Danke;-10,00;EUR\n"
    world.household.book(world.anna, giro["id"], row)
    assert world.preview()["payees"] == []
    assert world.ask()["asked"] == 0
    assert world.server.questions == []
