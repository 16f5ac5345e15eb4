"""Budgets, rules, names, plans and files of transactions in every state; what a touch sends, and what is said of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from frontend.financial_manager.budget_words import counted, share_spent
from frontend.financial_manager.category_rule_words import rule_sentence
from frontend.financial_manager.category_rules_provider import is_whole
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.i18n import today
from tests.frontend.financial_manager.money_desk import API, account, ledger, open_at, transaction
from tests.frontend.wire import FakeHub, Held, page, refusal

pytestmark = pytest.mark.anyio
MONTH = today().replace(day=1).isoformat()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return ledger(FakeHub())


def sent(hub: FakeHub, method: str, path: str) -> Any:
    """Return the body of the last such request."""
    return json.loads(hub.calls(method, f"{API}{path}")[-1].content)


def budget(category_id: str = "c1", spent: int = 4000, carried: int = 0, **more: Any) -> dict[str, Any]:
    facts = {"category_id": category_id, "currency": "EUR", "month": MONTH, "assigned_minor": 10000, "rollover": True}
    facts |= {"person_id": None, "person_name": "", "person_left": False}
    left = 10000 + carried - spent
    return {**facts, "carried_minor": carried, "spent_minor": spent, "remaining_minor": left, **more}


def of_month(*budgets: dict[str, Any], beside: int = 0, people: tuple[str, ...] = ("Bea",)) -> dict[str, Any]:
    """Return the hub's answer for a month; a person's id is their name in small letters."""
    persons = [{"id": name.lower(), "name": name} for name in people]
    rest = [{"currency": "EUR", "spent_minor": beside}, {"currency": "USD", "spent_minor": 1}]
    return {"items": list(budgets), "beside": rest, "people": persons}


def of(name: str, category_id: str = "c1", **more: Any) -> dict[str, Any]:
    """Return a person's budget."""
    return budget(category_id, **{"person_id": name.lower(), "person_name": name, **more})


def rule(id_: str = "r1", name: str = "Food", **more: Any) -> dict[str, Any]:
    text = {"what": "text", "part": "any", "how": "contains", "values": ["billa"]}
    facts = {"enabled": True, "position": 0, "version": 4, "match": "all", "conditions": [text], "sentence": ""}
    return {"id": id_, "name": name, "category_id": "c1", "tags": [], **facts, **more}


DONE = {"count": 1, "change_id": "s9"}


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("/budgets", "No budgets in"), ("/rules", "No rules yet"), ("/rules/gone", "This rule is not here"),
        ("/payees", "No payee has a name yet"), ("/payees/gone", "This payee is not here"),
        ("/planned", "Nothing is planned"), ("/tags?tag=trip", "No transactions."),
    ],
)  # fmt: skip
async def test_what_is_empty_says_so(hub: FakeHub, route: str, said: str) -> None:
    """Each place has words for nothing."""
    window, _ = await open_at(hub, route)
    await window.until(lambda: any(said in text for text in window.texts()))


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/budgets", "/budgets"), ("/rules", "/category-rules"), ("/rules/r1", "/category-rules"),
        ("/payees", "/payees"), ("/planned", "/transactions"), ("/tags?tag=trip", "/transactions"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub, route: str, path: str) -> None:
    """The hub's own words, and a button."""
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


async def test_budgets_say_what_is_left_and_what_was_too_much(hub: FakeHub) -> None:
    """By group, with what came along; what no budget covers is named."""
    more = budget("c2", 12500, 1000, rollover=False)
    hub.on("GET", f"{API}/budgets", of_month(budget(), more, beside=7700))
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("Food and drink"))
    for said in (
        "€60.00 left",
        "€15.00 too much",
        "€40.00 of €100.00 spent · the rest stays",
        "€125.00 of €100.00 spent · €10.00 carried over · a limit each month",
        "Spent without a budget: €77.00",
    ):
        assert window.shows(said), window.texts()


async def test_proposals_are_taken_at_once_as_envelopes(hub: FakeHub) -> None:
    """What is sent is what was shown; the message offers to take it back."""
    facts = {"currency": "EUR", "median_minor": 30515, "amount_minor": 30600, "months": 6}
    hub.on("GET", f"{API}/budgets/proposals", {"items": [{"category_id": "c1", **facts}]})
    hub.on("PUT", f"{API}/budgets/several", DONE)
    hub.on("POST", f"{API}/changes/s9/undo", {})
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("€306.00"))
    await window.click("Take 1 proposal")
    item = {"category_id": "c1", "currency": "EUR", "amount_minor": 30600, "rollover": True}
    assert sent(hub, "PUT", "/budgets/several") == {"month": MONTH, "items": [item]}
    await window.until(lambda: window.shows("1 budget is set."))


async def test_the_month_before_is_taken_over(hub: FakeHub) -> None:
    """Nothing to take over is said, and offers no undo."""
    hub.on("GET", f"{API}/budgets", of_month(budget()))
    hub.on("POST", f"{API}/budgets/copy", {"count": 0, "change_id": None})
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("Groceries"))
    await window.click("As last month")
    await window.until(lambda: window.shows("Everything is as last month already."))
    assert sent(hub, "POST", "/budgets/copy") == {"month": MONTH}


async def test_rules_are_sentences_in_their_order(hub: FakeHub) -> None:
    """Arrows send the new place; deleting names its change."""
    hub.on("GET", f"{API}/category-rules", {"items": [rule(), rule("r2", "Rest", category_id=None, tags=["x"])]})
    hub.on("POST", f"{API}/category-rules/r1/place", {"items": [rule("r2", "Rest"), rule()]})
    window, _ = await open_at(hub, "/rules")
    await window.until(lambda: window.shows("If the text has “billa”: file it under Groceries."))
    assert window.shows("If the text has “billa”: tag it x.")
    await window.click("Food: one down")
    assert sent(hub, "POST", "/category-rules/r1/place") == {"index": 1}
    await window.until(lambda: window.shows("1. Rest"))


async def test_a_rule_is_tried_while_it_is_written_and_kept_as_it_was_seen(hub: FakeHub) -> None:
    """The trial names bookings; saving sends the version that was looked at; nothing is saved by looking."""
    hub.on("GET", f"{API}/category-rules", {"items": [rule()]})
    counts = {"looked_at": 9, "fits": 3, "decides": 2, "changes": 2, "by_hand": 1, "earlier": 0}
    hub.on("POST", f"{API}/category-rules/try", {**counts, "examples": [transaction()]})
    hub.on("PUT", f"{API}/category-rules/r1", rule())
    window, _ = await open_at(hub, "/rules/r1")
    await window.until(lambda: window.shows("It would change 2 bookings."))
    assert window.shows("It fits 3 of the newest bookings. 1 stays as you said.")
    await window.type("Words, with commas between them", "billa, spar")
    tried = sent(hub, "POST", "/category-rules/try")
    assert (tried["rule_id"], tried["rule"]["conditions"][0]["values"]) == ("r1", ["billa", "spar"])
    assert not hub.calls("PUT", f"{API}/category-rules/r1")
    await window.type("Words, with commas between them", "")
    await window.click("Keep the rule")
    assert window.shows("Give each condition a value, and choose what the rule does.")
    assert not hub.calls("PUT", f"{API}/category-rules/r1")
    await window.type("Words, with commas between them", "spar")
    await window.click("Keep the rule")
    body = sent(hub, "PUT", "/category-rules/r1")
    assert (body["version"], body["rule"]["name"], body["rule"]["action"]["category_id"]) == (4, "Food", "c1")


async def test_a_plan_is_entered_as_planned_and_happens_once(hub: FakeHub) -> None:
    """The list says when; the button sends the version that was seen."""
    hub.on("GET", f"{API}/transactions", page(transaction(planned=True)))
    hub.on("PATCH", f"{API}/transactions/t1", transaction())
    window, _ = await open_at(hub, "/planned")
    await window.until(lambda: window.shows("The day is past"))
    await window.click("It happened Billa")
    assert sent(hub, "PATCH", "/transactions/t1") == {"planned": False, "version": 1}
    hub.on("POST", f"{API}/transactions", transaction(planned=True))
    window, _ = await open_at(hub, "/planned/new")
    await window.until(lambda: window.shows("Say on which day you expect it."))
    await window.type("Amount", "50")
    await window.click("Save")
    body = sent(hub, "POST", "/transactions")
    assert (body["planned"], body["amount_minor"]) == (True, -5000)
    assert body["date"] > today().isoformat()


FILES = (
    ("there", "1 KB"),
    ("changed", "Another content is there than when it was added"),
    ("missing", "The file is gone from its folder"),
    ("away", "Its folder is not here, or not open to you"),
)


@pytest.mark.parametrize(("state", "said"), FILES)
async def test_a_file_says_whether_it_is_there(hub: FakeHub, state: str, said: str) -> None:
    """Plainly, on the transaction's page; taking it away is sent."""
    file = {"id": "f1", "transaction_id": "t1", "name": "Bill.pdf", "size": 1000, "content_hash": "h", "state": state}
    rest = {"added_at": "2026-03-04T10:00:00Z", "volume_id": "v", "path": "Bill.pdf", "full_path": "/p/Bill.pdf"}
    hub.on("GET", f"{API}/transactions/t1", transaction())
    hub.on("GET", f"{API}/attachments", {"items": [{**file, **rest}]})
    hub.on("DELETE", f"{API}/attachments/f1", DONE)
    window, _ = await open_at(hub, "/transactions/t1")
    await window.until(lambda: window.shows("Bill.pdf"))
    assert window.shows(said), window.texts()
    await window.click("Take Bill.pdf away")
    assert hub.calls("DELETE", f"{API}/attachments/f1")


async def test_tags_are_put_on_a_transaction_and_all_taken_away(hub: FakeHub) -> None:
    """Typed with commas between them; an empty line takes all of them away."""
    hub.on("GET", f"{API}/transactions/t1", transaction(tags=["old"]))
    hub.on("PATCH", f"{API}/transactions/t1", transaction(tags=["trip", "sea"]))
    window, _ = await open_at(hub, "/transactions/t1")
    await window.until(lambda: window.shows("Tags"))
    for typed, tags in ((" trip, ,sea ", ["trip", "sea"]), ("", [])):
        window.wire.loop.create_task(window.click("Tags"))
        await window.settle(0.05)
        await window.type("Tags, with commas between them", typed)
        await window.click("Save")
        await window.settle(0.05)
        assert sent(hub, "PATCH", "/transactions/t1") == {"tags": tags, "version": 1}


async def test_what_was_deleted_comes_back_by_its_own_change(hub: FakeHub) -> None:
    """The hub names the change; Undo takes back that one, whatever happened since."""
    hub.on("GET", f"{API}/transactions/t1", transaction())
    hub.on("POST", f"{API}/transactions/delete", {**DONE, "payments": 1})
    hub.on("POST", f"{API}/changes/s9/undo", {})
    window, _ = await open_at(hub, "/transactions/t1")
    await window.until(lambda: window.button("Delete transaction"))
    await window.click("Delete transaction")
    await window.until(lambda: window.shows("The transaction is deleted. What it paid for your house is open again."))
    (message,) = [one for one in window.find("SnackBar") if one.action is not None]
    await window.fire(message.action, "click")
    await window.until(lambda: bool(hub.calls("POST", f"{API}/changes/s9/undo")))


async def test_sums_of_budgets_count_no_spending_twice(hub: FakeHub) -> None:
    """Of any budgets, each category of each person is held by one at most; one that stands alone is always counted."""
    of_ledger = LedgerProvider(api=hub.api())
    await of_ledger.load()
    every: Any = [budget("g1"), budget("c1"), budget("c2")]
    every += [of(name, one) for name in ("Bea", "Tom") for one in ("g1", "c1", "c2")]
    inside = {"g1": ("c1", "c2"), "c1": ("c1",), "c2": ("c2",)}
    for chosen in range(1, 2 ** len(every)):
        rows = [one for place, one in enumerate(every) if chosen >> place & 1]
        held = [
            (category, person)
            for one in counted(rows, of_ledger)
            for category in inside[one["category_id"]]
            for person in ([one["person_id"]] if one["person_id"] else ["bea", "tom", "home"])
        ]
        assert len(held) == len(set(held)), rows
        assert held
        assert len(rows) > 1 or counted(rows, of_ledger) == rows
    assert counted([every[1], every[3]], of_ledger) == [every[1]]  # Bea's of the group overlaps with everybody's in it
    assert [share_spent(*pair) for pair in ((5, 10), (20, 10), (5, 0), (0, 0), (-5, 10))] == [0.5, 1.0, 1.0, 0.0, 0.0]


async def test_budgets_of_persons_are_named_and_can_be_looked_at_apart(hub: FakeHub) -> None:
    """Everybody's come first; each sum is of what is shown; who left is said to have, and only the end is offered."""
    gone = of("Tom", spent=2000, person_left=True)
    everybody = budget(spent=6000)
    hub.on(
        "GET", f"{API}/budgets", of_month(gone, of("Bea", spent=12500), everybody, beside=7700, people=("Bea", "Eva"))
    )
    hub.on("POST", f"{API}/budgets/end", DONE)
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("Tom, who left"))
    said = [text for text in window.texts() if text in ("€40.00 left", "Bea", "€25.00 too much", "€80.00 left")]
    assert said == ["Bea", "€40.00 left", "€40.00 left", "€40.00 left", "€25.00 too much", "Bea", "€80.00 left"]
    assert window.shows("Spent without a budget: €77.00")
    await window.fire(_chip_of(window, "Bea"), "select", True)
    assert not window.shows("€80.00 left")
    assert not window.shows("Spent without a budget: €77.00")
    await window.fire(_chip_of(window, "Tom, who left"), "select", True)
    (line,) = [one for one in window.find("Container") if getattr(one, "ink", False) and one.on_click]
    await window.fire(line, "click")
    assert window.shows("Tom left this space: the budget can only be ended.")
    assert not window.find("TextField")
    await window.click("End the budget")
    assert sent(hub, "POST", "/budgets/end") == {
        "category_id": "c1", "currency": "EUR", "month": MONTH, "person_id": "tom",
    }  # fmt: skip


def _chip_of(window: Any, text: str) -> Any:
    return next(one for one in window.find("Chip") if one.label.value == text)


@pytest.mark.parametrize("people", [("Bea",), ("Bea", "Tom")])
async def test_a_new_budget_may_be_one_persons_where_several_share_the_space(
    hub: FakeHub, people: tuple[str, ...]
) -> None:
    """Everybody's at first; alone in a space nobody is asked whose it is."""
    hub.on("GET", f"{API}/budgets", of_month(budget("c2"), people=people))
    hub.on("PUT", f"{API}/budgets", DONE)
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("Restaurants"))
    window.wire.loop.create_task(window.click("Add budget"))
    await window.until(lambda: window.shows("What was it for?"))
    await window.fire(window.find("ListTile", key="c1")[0], "click")
    await window.until(lambda: bool(window.find("TextField", label="May cost in a month")))
    assert window.shows("Whose") == (len(people) > 1)
    if len(people) > 1:
        await window.fire(_chip_of(window, "Tom"), "select", True)
        assert window.shows("It counts what Tom entered or imported.")
    await window.type("May cost in a month", "30")
    await window.click("Save")
    assert sent(hub, "PUT", "/budgets")["person_id"] == ("tom" if len(people) > 1 else None)


async def test_each_kind_of_condition_is_said(hub: FakeHub) -> None:
    """In one sentence, with amounts and names as people know them."""
    of = LedgerProvider(api=hub.api())
    await of.load()
    conditions: list[dict[str, Any]] = [
        {"what": "text", "part": "payee", "how": "is", "values": ["A", "B"], "negate": True},
        {"what": "amount", "at_least": 1000, "at_most": 2000},
        {"what": "direction", "value": "out"},
        {"what": "account", "values": ["a1"]},
        {"what": "iban", "values": ["AT61"]},
        {"what": "currency", "values": ["EUR"]},
    ]
    said = rule_sentence({"match": "all", "conditions": conditions, "category_id": "c1", "tags": ["x"]}, of, "CHF")
    assert said == (
        "If not: the payee is exactly “A” or “B” and the amount is €10.00 to €20.00 and money goes out"
        " and it is on Giro and the other account is AT61 and it is in EUR: file it under Groceries and tag it x."
    )
    assert not is_whole({"conditions": [{"what": "amount"}], "action": {"category_id": "c1"}})
    assert not is_whole({"conditions": conditions, "action": {}})


@pytest.mark.parametrize(
    ("accounts", "conditions", "written"),
    [
        ({"a1": "USD"}, [], "CHF50.00"),
        ({"a1": "USD", "a2": "EUR"}, [{"what": "account", "values": ["a2"]}], "€50.00"),
        ({"a1": "USD", "a2": "EUR"}, [{"what": "account", "values": ["a1", "a2"]}], "CHF50.00"),
        ({"a1": "USD"}, [{"what": "currency", "values": ["jpy"]}], "JP¥5,000"),
        ({"a1": "USD"}, [{"what": "currency", "values": ["JPY"], "negate": True}], "CHF50.00"),
        ({}, [], "CHF50.00"),
    ],
)
async def test_amounts_of_a_rule_are_in_the_currency_that_it_is_about(
    hub: FakeHub, accounts: dict[str, str], conditions: list[dict[str, Any]], written: str
) -> None:
    """The hub compares numbers alone: that of the first account by name said nothing of what the rule means."""
    items = [account(id_, id_, currency=currency) for id_, currency in accounts.items()]
    hub.on("GET", f"{API}/accounts", {"items": items})
    of = LedgerProvider(api=hub.api())
    await of.load()
    conditions = [{"what": "amount", "at_least": 5000}, *conditions]
    said = rule_sentence({"match": "all", "conditions": conditions, "category_id": "c1", "tags": []}, of, "CHF")
    assert f"the amount is at least {written}" in said


async def test_a_rules_amounts_follow_the_currency_that_another_condition_names(hub: FakeHub) -> None:
    """The own currency at first, with a word that the number counts in each; what was typed is read by the new one."""
    hub.on("GET", f"{API}/settings", {"currency": "CHF", "country": "XX"})
    hub.on("GET", f"{API}/accounts", {"items": [account(), account("a2", "Tokyo", currency="JPY")]})
    conditions = [{"what": "amount", "at_least": 5000}, {"what": "currency", "values": []}]
    hub.on("GET", f"{API}/category-rules", {"items": [rule(conditions=conditions)]})
    window, _ = await open_at(hub, "/rules/r1")
    await window.until(lambda: window.shows("CHF"))
    assert window.find("TextField", label="At least")[0].value == "50.00"
    assert window.shows("The number counts in every currency alike")
    await window.type("Currency, such as EUR", "JPY")
    await window.until(lambda: window.find("TextField", label="At least")[0].value == "5000")
    assert window.find("TextField", label="Currency, such as EUR")[0].value == "JPY"
    assert not window.shows("The number counts in every currency alike")
    await window.type("At least", "700")
    await window.type("Currency, such as EUR", "CHF")
    await window.until(lambda: window.find("TextField", label="At least")[0].value == "7.00")
    hub.on("PUT", f"{API}/category-rules/r1", rule())
    await window.click("Remove condition 2")
    await window.until(lambda: window.shows("Amounts count in CHF only"))
    await window.click("Keep the rule")
    body = sent(hub, "PUT", "/category-rules/r1")
    assert body["rule"]["conditions"][0] == {"what": "amount", "at_least": 700, "currency": "CHF"}


async def test_the_first_budget_is_in_the_households_own_currency(hub: FakeHub) -> None:
    """Without an account or a budget there is nothing else to go by: a Swiss household's was in euros."""
    hub.on("GET", f"{API}/settings", {"currency": "CHF", "country": "XX"})
    hub.on("GET", f"{API}/accounts", {"items": []})
    proposed = {"category_id": "c1", "currency": "CHF", "median_minor": 100, "amount_minor": 100, "months": 6}
    hub.on("GET", f"{API}/budgets/proposals", {"items": [proposed]})
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("Below is what your usual months cost."))


async def test_a_budget_is_set_in_place_and_what_is_wrong_is_said_first(hub: FakeHub) -> None:
    """A touch opens the line; no amount, or a negative one, is not sent; the month and the kind are."""
    hub.on("GET", f"{API}/budgets", of_month(budget()))
    hub.on("PUT", f"{API}/budgets", DONE)
    hub.on("POST", f"{API}/budgets/end", DONE)
    window, _ = await open_at(hub, "/budgets")
    await window.until(lambda: window.shows("€60.00 left"))
    (line,) = [one for one in window.find("Container") if getattr(one, "ink", False) and one.on_click]
    await window.fire(line, "click")
    assert window.find("TextField", label="May cost in a month")[0].value == "100.00"
    for wrong, said in (("", "Type an amount."), ("-5", "Type it without a minus."), ("x", "This is no amount.")):
        await window.type("May cost in a month", wrong)
        await window.click("Save")
        error = window.find("TextField", label="May cost in a month")[0].error
        assert said in str(error), (wrong, error)
    assert not hub.calls("PUT", f"{API}/budgets")
    await window.type("May cost in a month", "250,5")
    (switch,) = window.find("Switch")
    window.session.apply_patch(switch._i, {"value": False})
    await window.fire(switch, "change", False)
    await window.click("Save")
    key = {"category_id": "c1", "currency": "EUR", "month": MONTH, "person_id": None}
    assert sent(hub, "PUT", "/budgets") == {**key, "amount_minor": 25050, "rollover": False}
    assert not window.find("TextField")
    (line,) = [one for one in window.find("Container") if getattr(one, "ink", False) and one.on_click]
    await window.fire(line, "click")
    await window.click("End the budget")
    assert sent(hub, "POST", "/budgets/end") == key


async def test_charts_say_what_they_show_and_lead_to_the_bookings(hub: FakeHub) -> None:
    """A touch on the bars chooses a month, one on the ring opens a category; both are said as text."""
    first = today().replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1).isoformat()
    sums = [
        {"month": month, "category_id": key, "currency": "EUR", "spent_minor": spent, "bookings": 1}
        for month, key, spent in ((MONTH, "c1", 4200), (MONTH, "c2", 1000), (before, "c1", 9900))
    ]
    hub.on("GET", f"{API}/reports/months", {"items": sums})
    worth = [{"day": day, "currency": "EUR", "worth_minor": minor} for day, minor in ((before, 500), (MONTH, 900))]
    hub.on("GET", f"{API}/reports/net-worth", {"items": worth})
    window, _ = await open_at(hub, "/reports")
    await window.until(lambda: window.find("PieChart"))
    labels = [str(getattr(one, "label", "")) for one in window.find("Semantics")]
    assert any("Groceries: €42.00; Restaurants: €10.00" in one for one in labels)
    assert any("€0.00 received, €52.00 spent" in one for one in labels)
    assert any("Today: €9.00" in one for one in labels)
    (ring,) = window.find("PieChart")
    await window.fire(ring, "event", {"type": "longPressStart", "section_index": 1})
    assert not [call for call in window.wire.calls if call[0] == "push_route"]
    await window.fire(ring, "event", {"type": "tapUp", "section_index": 1})
    place = f"/financial_manager/transactions?month={MONTH}&category=c2"
    assert ("push_route", {"route": place}) in window.wire.calls or window.page.route == place
    (bars,) = window.find("BarChart")
    await window.fire(bars, "event", {"type": "tapUp", "group_index": 10, "rod_index": 0})
    await window.until(lambda: any("€99.00" in text for text in window.texts()))


async def test_a_late_answer_does_not_fill_the_editor_of_another_rule(hub: FakeHub) -> None:
    """What is saved for the second rule are its own conditions, not those of the first."""
    rent = {"what": "text", "part": "any", "how": "contains", "values": ["rent"]}
    first, second = rule(), rule("r2", "Second", conditions=[rent], category_id="c3")
    held = Held({"items": [first, second]})
    hub.on("GET", f"{API}/category-rules", held)
    hub.on("PUT", f"{API}/category-rules/r2", second)
    window, _ = await open_at(hub, "/rules/r1")
    hub.on("GET", f"{API}/category-rules", {"items": [first, second]})
    await window.go("/financial_manager/rules")
    await window.go("/financial_manager/rules/r2")
    await window.until(lambda: window.button("Keep the rule"))
    held.go.set()
    await window.settle(0.1)
    await window.click("Keep the rule")
    found = sent(hub, "PUT", "/category-rules/r2")["rule"]
    assert (found["conditions"], found["action"]["category_id"]) == ([rent], "c3")
