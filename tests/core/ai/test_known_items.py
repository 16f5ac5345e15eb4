"""Answers remembered item by item, and what questions would take: read at the wire and in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.core.ai.prices import PriceTable, is_in_house
from backend.core.ai.settings import HouseholdAi
from backend.sdk.actor import Actor
from backend.sdk.ai import AiChoice, AiPayload, AiSource
from tests.core.ai.conftest import TASK, Filings, Hub, local_choice, payload_of
from tests.core.ai.wire_servers import WireServer, data_in

EACH = replace(TASK, answers="filings", output_tokens_per_item=50)


def asked(server: WireServer) -> list[list[str]]:
    """The names that each question was about."""
    texts = [question.json["contents"][0]["parts"][0]["text"] for question in server.questions]
    return [[item["data"]["name"] for item in data_in(text)["items"]] for text in texts]


def test_only_what_is_new_is_asked(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """In any company and order: each file is sent once, and each answer names today's ids."""
    hub.agree(anna)
    first = payload_of("a.pdf", "b.pdf")
    hub.ai.run(anna, EACH, first, local_choice(first))
    more = payload_of("c.pdf", "b.pdf", "a.pdf")
    answer = hub.ai.run(anna, EACH, more, local_choice(more))
    assert asked(gemini) == [["a.pdf", "b.pdf"], ["c.pdf"]]
    assert {one.file for one in answer.value.filings} == {item.id for item in more.items}
    assert (answer.source, answer.known_items) == (AiSource.GEMINI, 2)
    known = hub.ai.run(anna, EACH, more, local_choice(more))
    assert (known.source, known.known_items, known.cost_micro_usd) == (AiSource.CACHE, 3, 0)
    assert len(gemini.questions) == 2


def test_other_choices_facts_tasks_or_spaces_are_other_questions(
    hub: Hub, gemini: WireServer, anna: Actor, ben: Actor
) -> None:
    hub.agree(anna)
    hub.agree(ben)
    payload = payload_of("a.pdf")
    hub.ai.run(anna, EACH, payload, local_choice(payload))
    others: list[tuple[Actor, object, AiPayload]] = [
        (anna, EACH, payload_of("a.pdf", folders=("Invoices", "Photos", "Letters"))),
        (anna, EACH, replace(payload, facts={"language": "de"})),
        (anna, replace(EACH, version=2), payload),
        (ben, EACH, payload),
    ]
    for number, (who, task, other) in enumerate(others, 2):
        hub.ai.run(who, task, other, local_choice(other))  # type: ignore[arg-type]
        assert len(gemini.questions) == number


def test_what_is_hidden_stays_hidden_in_the_memory(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Names of files and folders come back in the answer, and lie nowhere in the database."""
    hub.agree(anna)
    hub.choose(provider="gemini", names=["Meier"])
    gemini.answer = lambda data: {
        "filings": [
            {"file": i["id"], "folder": data["choices"]["folders"][0]["id"], "reason": f"like {i['data']['name']}"}
            for i in data["items"]
        ]
    }
    payload = payload_of("Herr Meier 2024.pdf", "Brief an meier@example.org.pdf", folders=("Familie Meier", "Photos"))
    fresh = hub.ai.run(anna, EACH, payload, local_choice(payload))
    again = hub.ai.run(anna, EACH, payload, local_choice(payload))
    assert again.source is AiSource.CACHE
    reasons = {one.reason for one in again.value.filings}
    assert reasons == {one.reason for one in fresh.value.filings}
    assert "like Herr Meier 2024.pdf" in reasons
    assert b"Meier 2024" not in hub.stored()
    assert b"meier@example.org" not in hub.stored()


def test_an_item_that_the_model_passed_over_is_asked_about_again(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    hub.agree(anna)
    gemini.answer = lambda data: {
        "filings": [{"file": "i1", "folder": data["choices"]["folders"][0]["id"], "reason": "yes"}]
    }
    payload = payload_of("a.pdf", "b.pdf")
    hub.ai.run(anna, EACH, payload, local_choice(payload))
    hub.ai.run(anna, EACH, payload, local_choice(payload))
    assert asked(gemini) == [["a.pdf", "b.pdf"], ["b.pdf"]]


def test_what_a_check_refuses_is_not_taken_from_memory(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """A rule that came later holds for old answers too: everything is asked again."""
    hub.agree(anna)
    payload = payload_of("a.pdf")
    hub.ai.run(anna, EACH, payload, local_choice(payload))

    def later(value: Filings) -> str | None:
        return "not there" if len(gemini.questions) == 1 else None

    assert hub.ai.run(anna, EACH, payload, local_choice(payload), later).source is AiSource.GEMINI


def test_the_preview_is_about_the_new_ones_only_and_equals_the_wire(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    hub.agree(anna)
    first = payload_of("a.pdf")
    hub.ai.run(anna, EACH, first, local_choice(first))
    assert hub.ai.preview(anna, EACH, first).would_send is False
    more = payload_of("a.pdf", "b.pdf")
    shown = hub.ai.preview(anna, EACH, more)
    hub.ai.run(anna, EACH, more, local_choice(more))
    assert shown.body is not None
    assert gemini.questions[1].raw.decode() == shown.body


def test_an_estimate_sends_nothing_and_counts_what_a_run_takes(hub: Hub, gemini: WireServer, anna: Actor) -> None:
    """Careful tokens, the price of the model, nothing for what is known; without agreement it says why."""
    first, second = payload_of("a.pdf", "b.pdf"), payload_of("c.pdf")
    assert hub.ai.estimate(anna, EACH, [first, second]).would_send is False
    hub.agree(anna)
    found = hub.ai.estimate(anna, EACH, [first, second])
    assert gemini.requests == []
    assert (found.would_send, found.items, found.calls, found.output_tokens) == (True, 3, 2, 150)
    assert found.price_per_million == (300_000, 2_500_000)
    assert found.cost_micro_usd == -(-(found.input_tokens * 300 + 150 * 2500) // 1000)
    assert (found.most_cost_micro_usd or 0) > found.cost_micro_usd
    assert found.budget_left_micro_usd == 2_000_000
    for payload in (first, second):
        hub.ai.run(anna, EACH, payload, local_choice(payload))
    assert found.input_tokens * 3 >= sum(len(question.raw) for question in gemini.questions) // 2
    after = hub.ai.estimate(anna, EACH, [first, second])
    assert (after.would_send, after.known_items, after.calls, after.cost_micro_usd) == (False, 3, 0, 0)


def test_an_unknown_price_is_none_and_is_booked_at_the_highest() -> None:
    """For a server elsewhere as for a new model of Gemini: nobody is told a figure, and the budget stays careful."""
    away = HouseholdAi(provider="openai", base_url="https://api.example.com")
    assert PriceTable.of(away).cost("openai", "some-model", 1000, 1000) == (14_000, False)
    assert PriceTable.of(away).cost("gemini", "gemini-9-ultra", 1000, 0) == (2_000, False)
    own = away.model_copy(update={"prices": {"some": (10, 20)}})
    assert PriceTable.of(own).cost("openai", "some-model", 1000, 1000) == (30, True)
    home = away.model_copy(update={"base_url": "http://192.168.1.5:11434"})
    assert PriceTable.of(home).cost("openai", "some-model", 1000, 1000) == (0, True)


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://10.1.2.3", True),
        ("http://192.168.0.9:11434", True),
        ("http://172.20.0.2", True),
        ("http://[fd00::2]", True),
        ("http://nas", True),
        ("http://nas.local", True),
        ("http://ai.home.arpa", True),
        ("https://api.openai.com", False),
        ("http://8.8.8.8", False),
        ("http://[2001:4860:4860::8888]", False),
        ("https://local.example.com", False),
    ],
)
def test_a_server_is_in_the_house_by_its_address(address: str, inside: bool) -> None:
    assert is_in_house(address) is inside


def test_the_record_says_what_a_question_was_for(hub: Hub, anna: Actor) -> None:
    """In the books and in no request."""
    hub.agree(anna)
    payload = replace(payload_of("a.pdf"), subject="plans/p1")
    shown = hub.ai.preview(anna, EACH, payload)
    assert "plans/p1" not in (shown.body or "")
    hub.ai.run(anna, EACH, payload, local_choice(payload))
    assert b"plans/p1" in hub.stored()


def test_a_choice_may_go_by_another_name_than_it_has(hub: Hub, anna: Actor) -> None:
    """The label is what is sent, the id is what comes back, also from memory."""
    hub.agree(anna)
    payload = replace(payload_of("a.pdf"), choices={"folders": [AiChoice("Rechnungen Meier", "Invoices")]})
    for source in (AiSource.GEMINI, AiSource.CACHE):
        answer = hub.ai.run(anna, EACH, payload, local_choice(payload))
        assert (answer.source, answer.value.filings[0].folder) == (source, "Rechnungen Meier")
