"""Securities and taxes on the screen: every figure with its meaning, what is sent, and what is said when it is not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frontend.financial_manager.trades_provider import TradesProvider
from tests.frontend.financial_manager.depot_desk import (
    DEPOT,
    SECURITY,
    TRADE,
    both,
    depots,
    figure,
    method,
    position,
    preview,
    report,
    security,
    trade,
    worth,
)
from tests.frontend.financial_manager.money_desk import API, account, open_at
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio
POSITION = f"/depots/{DEPOT}/{SECURITY}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return depots(FakeHub())


def sent(hub: FakeHub, path: str) -> Any:
    """Return the body of the last request to write there."""
    return json.loads(hub.calls("POST", f"{API}{path}")[-1].content)


async def choose(window: Any, name: str) -> None:
    """Touch a chip by its text."""
    await window.until(lambda: [one for one in window.find("Chip") if getattr(one.label, "value", "") == name])
    chip = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == name)
    await window.fire(chip, "select", True)


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/depots", "/depots/positions"), (POSITION, "/depots/performance"), (f"/trades/{TRADE}", f"/trades/{TRADE}"),
        ("/prices", "/securities"), (f"/what-if?depot={DEPOT}&security={SECURITY}", "/depots/positions"),
        ("/taxes", "/tax-packs"), ("/taxes/AT/2025/gains", "/tax-packs"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub, route: str, path: str) -> None:
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


async def test_without_a_depot_and_without_trades_it_says_how_to_begin(hub: FakeHub) -> None:
    hub.on("GET", f"{API}/depots/positions", {"items": []})
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("Nothing is held yet"))
    hub.on("GET", f"{API}/accounts", {"items": [account()]})
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("No depot yet"))
    assert window.button("Add account")


async def test_both_methods_stand_side_by_side_and_returns_say_what_they_mean(hub: FakeHub) -> None:
    """The one that is chosen comes first; a return is named with its question."""
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("What you hold"))
    for said in ("€102.50", "+€42.50", "+€32.50", "+35.00%", "−1.23%", "5 shares", "how well was chosen"):
        assert window.shows(said), (said, window.texts())
    assert window.shows("Austria counts so.")
    await choose(window, "First in, first out")
    await window.until(lambda: window.shows("Germany counts so."))


async def test_the_spread_is_drawn_and_named(hub: FakeHub) -> None:
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.find("PieChart"))
    (ring,) = window.find("PieChart")
    assert [one.value for one in ring.sections] == [10000]
    await choose(window, "Kind")
    await window.until(lambda: window.shows("Shares") and window.shows("100.00%"))
    assert "by=kind" in str(hub.calls("GET", f"{API}/depots/allocation")[-1].url)


async def test_what_has_no_price_is_said(hub: FakeHub) -> None:
    unknown = position(price=None, value_minor=None, fifo=method(unrealised_minor=None), average=method())
    hub.on("GET", f"{API}/depots/positions", {"items": [unknown]})
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("No price is known of Acme"))
    window, _ = await open_at(hub, POSITION)
    await window.until(lambda: window.shows("No price known"))


async def test_shares_on_their_way_are_told_apart(hub: FakeHub) -> None:
    """The list names them beside what lies in the depot; the depot's own page shows both, with their lots."""
    way = position(on_the_way=True, quantity="3", value_minor=6150)
    hub.on("GET", f"{API}/depots/positions", {"items": [position(), way]})
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("On the way to another depot"))
    assert window.shows("€61.50")
    window, _ = await open_at(hub, POSITION)
    await window.until(lambda: window.shows("On the way to another depot"))
    assert window.shows("5 shares")
    assert window.shows("3 shares · €61.50")


async def test_a_position_shows_its_lots_and_trades_and_a_sale_its_trail(hub: FakeHub) -> None:
    window, _ = await open_at(hub, POSITION)
    await window.until(lambda: window.shows("What is held, together"))
    await choose(window, "First in, first out")
    await window.until(lambda: window.shows("What is held, as it was bought"))
    await window.until(lambda: window.shows("€225.00"))
    window, _ = await open_at(hub, f"/trades/{TRADE}")
    await window.until(lambda: window.shows("How the average came about"))
    for said in ("10 shares of 10 Jan 2025", "+€50.00", "cost €100.00, sold for €150.00", "10 EUR a share"):
        assert window.shows(said), (said, window.texts())


async def test_a_trade_is_deleted_after_a_question(hub: FakeHub) -> None:
    hub.on("DELETE", f"{API}/trades/{TRADE}", None)
    window, _ = await open_at(hub, f"/trades/{TRADE}")
    await window.until(lambda: window.shows("Delete trade"))
    window.wire.loop.create_task(window.click("Delete trade"))  # it ends with the answer
    await window.until(lambda: window.shows("Delete this trade?"))
    assert not hub.calls("DELETE", f"{API}/trades/{TRADE}")
    window.wire.loop.create_task(window.click("Delete"))
    await window.until(lambda: hub.calls("DELETE", f"{API}/trades/{TRADE}"))


async def test_a_purchase_is_sent_in_cents_and_exact_numbers(hub: FakeHub) -> None:
    """What is missing is said at its field; commas are points; what the hub refuses stands at its field."""
    hub.on("POST", f"{API}/trades", trade(kind="buy"))
    window, _ = await open_at(hub, f"/trades/new?depot={DEPOT}&security={SECURITY}")
    await window.until(lambda: window.shows("Purchase"))
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/trades")
    await window.type("How many shares", "12,50")
    await window.type("Amount, before fees and taxes", "1.234,5")
    await window.type("Fees", "9.90")
    await window.click("Save")
    body = sent(hub, "/trades")
    assert (body["kind"], body["quantity"], body["amount_minor"], body["fees_minor"]) == ("buy", "12.5", 123450, 990)
    assert (body["depot_id"], body["security_id"], body["currency"]) == (DEPOT, SECURITY, "EUR")
    told = [{"name": "body.quantity", "problem": "Only 0 are held.", "remedy": "Look."}]
    hub.on("POST", f"{API}/trades", lambda _: refusal(422, "trade_invalid", fields=told))
    window, _ = await open_at(hub, f"/trades/new?depot={DEPOT}&security={SECURITY}")
    await choose(window, "Sale")
    await window.type("How many shares", "1")
    await window.type("Amount, before fees and taxes", "1")
    await window.click("Save")
    await window.until(lambda: any(one.error == "Only 0 are held." for one in window.find("TextField")))


async def test_a_mistyped_trade_is_put_right(hub: FakeHub) -> None:
    """The form begins with what is there; what is sent says which version was seen."""
    hub.on("PATCH", f"{API}/trades/{TRADE}", trade(quantity="14.5"))
    window, _ = await open_at(hub, f"/trades/{TRADE}/edit")
    await window.until(lambda: [one for one in window.find("TextField") if one.label == "How many shares"])
    await window.type("How many shares", "14,5")
    await window.click("Save")
    body = json.loads(hub.calls("PATCH", f"{API}/trades/{TRADE}")[-1].content)
    assert (body["quantity"], body["amount_minor"], body["date"], body["version"]) == ("14.5", 22500, "2025-03-10", 1)
    assert "kind" not in body


KINDS = (
    ("Dividend", {"Amount, before fees and taxes": "10", "Foreign withholding tax": "1,5"},
     {"kind": "dividend", "amount_minor": 1000, "foreign_withheld_minor": 150, "security_id": SECURITY}),
    ("Share split", {"New shares": "4"}, {"kind": "split", "split_new": "4", "split_old": "1"}),
    ("Fee", {"Amount": "2"}, {"kind": "fee", "amount_minor": 200, "security_id": None}),
    ("Held before",
     {"How many shares": "3", "What they cost altogether": "30", "Bought on (if you know it)": "1/2/2009"},
     {"kind": "opening", "quantity": "3", "amount_minor": 3000, "acquired": "2009-02-01"}),
    ("Change of cost",
     {"By how much the cost changes": "5", "Reported income": "6", "Tax that the bank kept": "1,65"},
     {"kind": "cost_adjustment", "sign": 1, "amount_minor": 500, "income_minor": 600, "withheld_minor": 165}),
    ("Sale",
     {"How many shares": "1", "Amount, before fees and taxes": "10",
      "Tax that the bank kept (paid back: with a minus)": "-2,75"},
     {"kind": "sell", "amount_minor": 1000, "withheld_minor": -275, "surcharge_minor": 0}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "typed", "wanted"), KINDS, ids=[one[0] for one in KINDS])
async def test_every_kind_of_trade_has_its_own_fields(
    hub: FakeHub, name: str, typed: dict[str, str], wanted: dict[str, Any]
) -> None:
    hub.on("POST", f"{API}/trades", trade(kind="buy"))
    window, _ = await open_at(hub, f"/trades/new?depot={DEPOT}&security={SECURITY}")
    await choose(window, name)
    for label, text in typed.items():
        await window.type(label, text)
    await window.click("Save")
    body = sent(hub, "/trades")
    assert {key: body.get(key) for key in wanted} == wanted


async def test_another_currency_needs_its_rate_and_shares_move_to_another_depot(hub: FakeHub) -> None:
    hub.on("GET", f"{API}/securities", {"items": [security(currency="USD")]})
    hub.on("POST", f"{API}/trades", trade(kind="buy"))
    hub.on(
        "GET",
        f"{API}/accounts",
        {"items": [account(DEPOT, "Broker", kind="depot"), account("d2", "Bank", kind="depot")]},
    )
    window, _ = await open_at(hub, f"/trades/new?depot={DEPOT}&security={SECURITY}")
    await choose(window, "USD")
    await window.type("How many shares", "1")
    await window.type("Amount, before fees and taxes", "10")
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/trades")
    await window.type("One USD in EUR", "0,9")
    await window.click("Save")
    body = sent(hub, "/trades")
    assert (body["currency"], body["fx_rate"]) == ("USD", "0.9")
    hub.on(
        "POST", f"{API}/trades/transfers", {"left": trade(kind="transfer_out"), "arrived": trade(kind="transfer_in")}
    )
    window, _ = await open_at(hub, f"/trades/new?depot={DEPOT}&security={SECURITY}")
    await choose(window, "To another depot")
    await window.until(lambda: window.shows("To depot"))
    chips = [one for one in window.find("Chip") if getattr(one.label, "value", "") == "Bank"]
    await window.fire(chips[-1], "select", True)
    await window.type("How many shares", "2")
    await window.click("Save")
    body = sent(hub, "/trades/transfers")
    assert (body["from_depot_id"], body["to_depot_id"], body["quantity"]) == (DEPOT, "d2", "2")


async def test_a_security_is_added_and_leads_on_to_its_purchase(hub: FakeHub) -> None:
    hub.on("POST", f"{API}/securities", security())
    window, _ = await open_at(hub, "/securities/new")
    await window.until(lambda: window.shows("Countries tax shares"))
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/securities")
    await window.type("Name", "Acme")
    await window.type("ISIN", "at0000743059")
    await window.click("Save")
    body = sent(hub, "/securities")
    assert (body["name"], body["isin"], body["kind"]) == ("Acme", "AT0000743059", "stock")
    await window.until(lambda: window.shows("Acme is there."))


async def test_a_security_begins_in_the_households_own_currency(hub: FakeHub) -> None:
    """It began in euros everywhere."""
    hub.on("GET", f"{API}/settings", {"currency": "CHF", "country": "XX"})
    hub.on("POST", f"{API}/securities", security())
    window, _ = await open_at(hub, "/securities/new")
    await window.until(lambda: window.shows("Countries tax shares"))
    await window.type("Name", "Acme")
    await window.click("Save")
    assert sent(hub, "/securities")["currency"] == "CHF"


async def test_a_price_is_noted(hub: FakeHub) -> None:
    hub.on("POST", f"{API}/securities/{SECURITY}/prices", {})
    window, _ = await open_at(hub, f"/prices?security={SECURITY}")
    await window.until(lambda: window.shows("Only prices of Acme are taken."))
    await window.click("Save price")
    assert not hub.calls("POST", f"{API}/securities/{SECURITY}/prices")
    await window.type("Price of one share", "20,55")
    await window.click("Save price")
    assert sent(hub, f"/securities/{SECURITY}/prices")["price"] == "20.55"


async def test_all_depots_in_ones_own_currency_say_the_day_of_the_rate(hub: FakeHub) -> None:
    """Only where something is held in another currency."""
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("Worth today"))
    assert not window.shows("All depots in your own currency")
    rate = {"source": "USD", "target": "EUR", "rate": "0.9", "as_of": "2026-02-27", "stale": True}
    hub.on("GET", f"{API}/depots/worth", worth("USD", quotes=[rate], missing=["KWD"]))
    window, _ = await open_at(hub, "/depots")
    await window.until(lambda: window.shows("All depots in your own currency"))
    for said in ("1 USD = 0.9 EUR", "more than a week old", "There is no exchange rate of KWD"):
        assert window.shows(said), (said, window.texts())


async def test_the_rate_of_a_trades_day_is_offered(hub: FakeHub) -> None:
    """A touch fills it in, and says of which day it is; it is sent with the trade."""
    hub.on("GET", f"{API}/securities", {"items": [security(currency="USD")]})
    rate = {"source": "USD", "target": "EUR", "rate": "0.9123", "as_of": "2026-02-27", "stale": False}
    hub.on("GET", f"{API}/rates/exchange", {"amount_minor": 0, "quote": rate})
    hub.on("POST", f"{API}/trades", trade(kind="buy"))
    window, _ = await open_at(hub, f"/trades/new?depot={DEPOT}&security={SECURITY}")
    await choose(window, "USD")
    await window.until(lambda: window.button("Take the ECB's rate of that day"))
    await window.type("How many shares", "1")
    await window.type("Amount, before fees and taxes", "10")
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/trades")
    await window.click("Take the ECB's rate of that day")
    await window.until(lambda: window.shows("1 USD = 0.9123 EUR"))
    await window.click("Save")
    assert sent(hub, "/trades")["fx_rate"] == "0.9123"


async def test_what_a_sale_would_bring_is_told_with_its_tax(hub: FakeHub) -> None:
    told = {"currency": "EUR", "method": "average", "fifo": preview(), "average": preview(), "status": "checked"}
    advice = {"disclaimer_en": "This is no tax advice.", "disclaimer_de": "Keine.", "status_de": "geprüft"}
    hub.on("POST", f"{API}/depots/what-if", {**told, **advice})
    window, _ = await open_at(hub, f"/what-if?depot={DEPOT}&security={SECURITY}")
    await window.until(lambda: window.shows("Whose tax rules count?"))
    await window.click("Show what it would bring")
    await window.until(lambda: window.shows("This is no tax advice."))
    for said in ("+€11.69", "€90.81", "Counts for tax", "Gains"):
        assert window.shows(said), (said, window.texts())
    body = sent(hub, "/depots/what-if")
    assert (body["quantity"], body["price"], body["country"]) == ("5", "20.5", "AT")


async def test_the_households_own_country_is_meant_until_another_is_chosen(hub: FakeHub) -> None:
    """A household in Germany tries a sale by Germany's rules, and its taxes open there."""
    hub.on("GET", f"{API}/settings", {"currency": "EUR", "country": "DE"})
    told = {"currency": "EUR", "method": "fifo", "fifo": preview(), "average": preview(), "status": "checked"}
    advice = {"disclaimer_en": "This is no tax advice.", "disclaimer_de": "Keine.", "status_de": "geprüft"}
    hub.on("POST", f"{API}/depots/what-if", {**told, **advice})
    window, _ = await open_at(hub, f"/what-if?depot={DEPOT}&security={SECURITY}")
    await window.until(lambda: window.shows("Assessed together with my spouse"))
    await window.click("Show what it would bring")
    await window.until(lambda: hub.calls("POST", f"{API}/depots/what-if"))
    assert sent(hub, "/depots/what-if")["country"] == "DE"
    window, _ = await open_at(hub, "/taxes")
    await window.until(lambda: hub.calls("GET", f"{API}/tax-reports"))
    assert hub.calls("GET", f"{API}/tax-reports")[-1].url.params["country"] == "DE"


async def test_the_figures_of_a_year_say_their_field_and_lead_to_what_is_behind(hub: FakeHub) -> None:
    """Zeroes are left out until they are wanted; a figure that needs the income says so; no tax advice comes first."""
    lacking = figure("medical", None, section="extraordinary", needs="income_minor", trail=[], sources=[],
                     label=both("Medical", "Krankheit"))  # fmt: skip
    zero = figure("losses", 0, label=both("Losses", "Verluste"))
    hub.on("GET", f"{API}/tax-reports", report(figure(), zero, lacking))
    window, _ = await open_at(hub, "/taxes")
    await window.until(lambda: window.shows("This is no tax advice."))
    for said in ("€45.00", "Form E1kv, field 994", "Needs your income", "Extraordinary expenses"):
        assert window.shows(said), (said, window.texts())
    assert not window.shows("Losses")
    await window.type("Income of the year", "30000")
    await window.click("Count again")
    await window.until(lambda: "income_minor=3000000" in str(hub.calls("GET", f"{API}/tax-reports")[-1].url))
    window, _ = await open_at(hub, "/taxes/AT/2025/gains")
    await window.until(lambda: window.shows("What is behind it"))
    for said in ("Law: § 27 EStG", "Rule checked against § 27 Abs 3 EStG, text of 15", "How it was made", "Sale Acme"):
        assert window.shows(said), (said, window.texts())


async def test_a_report_that_cannot_be_made_says_why(hub: FakeHub) -> None:
    """A depot of which nobody said where it is: the hub's words, and the way to the accounts."""
    told = [
        {
            "name": "query.country",
            "problem": "It is not known in which country the depot Broker is.",
            "remedy": "Say so.",
        }
    ]
    hub.on("GET", f"{API}/tax-reports", lambda _: refusal(422, "tax_fact_invalid", fields=told))
    window, _ = await open_at(hub, "/taxes")
    await window.until(lambda: window.button("To the accounts"))


async def test_nothing_of_a_year_counts(hub: FakeHub) -> None:
    hub.on("GET", f"{API}/tax-reports", report(figure("losses", 0)))
    hub.on("GET", f"{API}/trades", page())
    window, _ = await open_at(hub, "/taxes")
    await window.until(lambda: window.shows("Nothing of this year counts yet."))
    await choose(window, "2024")
    await window.until(lambda: "year=2024" in str(hub.calls("GET", f"{API}/tax-reports")[-1].url))


async def test_a_position_that_is_gone_leads_on(hub: FakeHub) -> None:
    """No dead end behind an old address."""
    window, _ = await open_at(hub, "/depots/gone/gone")
    await window.until(lambda: window.button("Show the others"))
    assert window.shows("It was deleted, or it belongs to another space.")


@pytest.mark.parametrize("rest", ["", "/edit"])
async def test_a_trade_that_is_gone_is_said_after_others_were_seen(hub: FakeHub, rest: str) -> None:
    """What was loaded before says nothing of this one: the hub's words stand there, not an empty page."""
    hub.on("GET", f"{API}/trades/gone", lambda _: refusal(404, "trade_missing"))
    window, session = await open_at(hub, POSITION)
    await window.until(lambda: window.shows("Cost of a share"))
    trades = session.of(TradesProvider)
    assert trades.loaded
    await trades.look_at("gone")
    assert (trades.loaded, trades.shown) == (False, None)
    later, _ = await open_at(hub, f"/trades/gone{rest}")
    await later.until(lambda: later.shows("Words about trade_missing."))
    assert later.button("Try again")
