"""Rules and the story of a file on the screen: what is shown in every state, what is sent, and what can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.file_organizer.rule_words import rule_sentence
from frontend.file_organizer.rules_provider import RulesProvider
from tests.frontend.file_organizer.manage_desk import API, folder, household, open_at, rule, step, trial
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, Held, begun, page, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return household(FakeHub())


async def test_without_rules_the_screen_says_what_one_is(hub: FakeHub) -> None:
    """And leads to the first one."""
    window, _ = await open_at(hub, "/rules")
    await window.until(lambda: window.shows("No rules yet"))
    window.button("New rule")


async def test_rules_stand_in_their_order_in_words(hub: FakeHub) -> None:
    """Number, name, and what each says; one that is off says so."""
    other = rule("k2", "Logs", enabled=False, position=1)
    other["body"] = {"conditions": [{"what": "extension", "values": ["log"]}], "action": {"do": "trash"}}
    hub.on("GET", f"{API}/rules", {"items": [rule(), other]})
    window, _ = await open_at(hub, "/rules")
    await window.until(lambda: window.shows("1. Invoices"))
    assert window.shows("Name contains “invoice”: move to Downloads › Bills › (year)")
    assert window.shows("Ending “log”: put it into the trash")
    assert window.shows("Switched off")


async def test_a_refused_list_says_so_and_tries_again(hub: FakeHub) -> None:
    hub.on("GET", f"{API}/rules", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/rules")
    await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/rules", {"items": [rule()]})
    await window.click("Try again")
    await window.until(lambda: window.shows("1. Invoices"))


async def editor(hub: FakeHub, answer: Any) -> Headless:
    hub.on("GET", f"{API}/rules/k1", rule())
    hub.on("POST", f"{API}/rules/try", answer)
    window, _ = await open_at(hub, "/rules/k1")
    await window.until(lambda: window.shows("What this rule would do"))
    return window


async def test_the_editor_says_what_the_rule_would_have_done(hub: FakeHub) -> None:
    """How many files, which would have gone elsewhere, and which rule comes first."""
    window = await editor(hub, trial(warnings=["The folder does not exist yet. It is made when the first file comes."]))
    await window.until(lambda: window.shows("It would have applied to 34 of 40 files"))
    assert window.shows("3 would have gone elsewhere than you put them:")
    assert window.shows("invoice 1.pdf: Downloads › Mine, not Downloads › Bills › 2025")
    assert window.shows("The rule “Earlier” comes first for 2 of them.")
    assert window.shows("The folder does not exist yet.")


async def test_a_rule_is_kept_with_the_version_that_was_seen(hub: FakeHub) -> None:
    """What is typed is what is sent; somebody else's change in between would be refused."""
    hub.on("PATCH", f"{API}/rules/k1", rule(version=4))
    window = await editor(hub, trial())
    await window.type("Name of the rule", "Bills")
    await window.type("Words, with commas between them", "bill, invoice")
    await window.click("Keep the rule")
    (body,) = hub.bodies("PATCH", f"{API}/rules/k1")
    assert (body["name"], body["version"]) == ("Bills", 3)
    assert body["body"]["conditions"][0]["values"] == ["bill", "invoice"]


async def test_a_rule_can_be_about_copies(hub: FakeHub) -> None:
    """The condition has no field, only what it means; the sentence in the list says it."""
    hub.on("PATCH", f"{API}/rules/k1", rule(version=4))
    window = await editor(hub, trial())
    [menu] = window.find("Dropdown", label="Condition 1")
    window.session.apply_patch(menu._i, {"value": "duplicate"})
    await window.fire(menu, "select", "duplicate")
    await window.until(lambda: window.shows("Another file in the opened folders has exactly the same content"))
    await window.click("Keep the rule")
    (body,) = hub.bodies("PATCH", f"{API}/rules/k1")
    assert body["body"]["conditions"] == [{"what": "duplicate"}]
    said = rule_sentence({**rule()["body"], "conditions": [{"what": "duplicate"}]}, ())
    assert said.startswith("Is a copy of another file: ")


async def test_what_is_wrong_with_a_rule_is_said_while_it_is_written(hub: FakeHub) -> None:
    """The hub's words stand where the trial would."""
    window = await editor(hub, lambda _: refusal(422, "invalid_input"))
    await window.until(lambda: window.shows("Words about invalid_input."))


async def test_a_rule_that_is_gone_says_so(hub: FakeHub) -> None:
    hub.on("GET", f"{API}/rules/k1", lambda _: refusal(404, "rule_missing"))
    window, _ = await open_at(hub, "/rules/k1")
    await window.until(lambda: window.shows("Words about rule_missing."))


async def test_the_story_of_a_file_is_told_in_order_with_who_and_why(hub: FakeHub) -> None:
    """You, or by its name who else; the reason of the suggestion."""
    hub.on("GET", f"{API}/folders", page(folder()))
    first = step("a1", why="Your rule 'Invoices'.", suggested_by="owner_rule")
    then = step("a2", by="homie", state="undone")
    hub.on("GET", f"{API}/actions/a2/chain", {"items": [first, then]})
    window, _ = await open_at(hub, "/history/file/a2")
    await window.until(lambda: window.shows("Homie did 2 things with it"))
    assert window.shows("By you")
    assert window.shows("Your rule 'Invoices'.")
    assert window.shows("By Homie itself, in a watched folder")


async def test_single_steps_are_narrowed_by_what_was_done(hub: FakeHub) -> None:
    """A chip asks the hub for that kind only."""
    hub.on("GET", f"{API}/actions", page(step()))
    window, session = await open_at(hub, "/history")
    await window.until(lambda: window.shows("Single files"))
    from frontend.file_organizer.history_provider import HistoryProvider

    history = session.of(HistoryProvider)
    await history.narrow(kind="trashed", user_id="u1")
    asked = [one.url.params for one in hub.calls("GET", f"{API}/actions")][-1]
    assert (asked["kind"], asked["user_id"]) == ("trashed", "u1")
    assert "since" not in asked


async def test_a_late_answer_does_not_fill_the_editor_of_another_rule(hub: FakeHub) -> None:
    """Saving would write the first rule over the second one, or the other way round."""
    held = Held(rule())
    hub.on("GET", f"{API}/rules/k1", held)
    hub.on("GET", f"{API}/rules/k2", {**rule(), "id": "k2", "name": "Second"})
    hub.on("POST", f"{API}/rules/try", trial())
    provider = RulesProvider(api=hub.api())
    first = await begun(provider.open("k1", {}))
    await provider.open("k2", {})
    held.go.set()
    await first
    assert (provider.rule_id, provider.name) == ("k2", "Second")
