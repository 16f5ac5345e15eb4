"""Planning money in a real browser: budgets, rules, payees, plans, files of a transaction, charts; one hub for all."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE
from tests.hub import Hub

M = "/financial_manager"
SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def today() -> dt.date:
    """Return the day when it is asked for: a run may go over midnight."""
    return dt.date.today()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """Anna, an account with half a year of bookings, and a folder with an invoice."""
    place = tmp_path_factory.mktemp("budgets")
    with Hub(place / "data", app=True) as hub:
        household = Household(hub, place / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        household.open_folder(household.home / "Papers")
        (household.home / "Papers" / "Invoice 7.pdf").write_bytes(b"%PDF-1.4 invoice")
        account = household.want("POST", f"{M}/accounts", {"name": "Giro"})["id"]
        month = today().replace(day=1)
        for back in range(5):
            spent = {"food.groceries": -30_000 - back, "transport.fuel": -8_000, "income.salary": 250_000}
            for key, amount in spent.items():
                day = month.isoformat()
                entered(household, account, day, amount, f"Shop for {key}", key)
            month = (month - dt.timedelta(days=1)).replace(day=1)
        yield household
        household.leave()


def category(house: Household, key: str) -> str:
    items = house.want("GET", f"{M}/categories")["items"]
    return next(str(one["id"]) for one in items if one["key"] == key)


def entered(house: Household, account: str, day: str, amount: int, name: str, key: str = "") -> str:
    body: dict[str, Any] = {"account_id": account, "date": day, "amount_minor": amount, "counterparty": name}
    if key:
        body["category_id"] = category(house, key)
    return str(house.want("POST", f"{M}/transactions", body)["id"])


@pytest.fixture
def as_before(house: Household) -> Iterator[None]:
    """Take back afterwards whatever a test did, the newest step first."""
    known = {one["id"] for one in house.want("GET", f"{M}/changes?limit=200")["items"]}
    yield
    for one in house.want("GET", f"{M}/changes?limit=200")["items"]:
        if one["id"] not in known and not one["undone"] and one["undoes"] is None:
            house.want("POST", f"{M}/changes/{one['id']}/undo")


def budgets(house: Household) -> dict[str, tuple[int, int]]:
    month = today().replace(day=1).isoformat()
    items = house.want("GET", f"{M}/budgets?month={month}")["items"]
    return {one["category_id"]: (one["assigned_minor"], one["remaining_minor"]) for one in items}


@SIZES
def test_proposed_budgets_are_taken_changed_in_place_and_looked_into(
    browser: Browser, house: Household, as_before: None, size: dict[str, int]
) -> None:
    """From nothing to two envelopes by one touch; too much spent is said in words; each step is taken back by Undo."""
    food = category(house, "food.groceries")
    app = at_home(browser, house.hub, f"{M}/budgets", size)
    app.sees(re.compile("No budgets in"))
    app.press("Take all 2 proposals")
    house.until(lambda: budgets(house).get(food) == (301_00, 1_00))
    app.sees("€1.00 left")
    app.press(re.compile("^Groceries €"))
    app.type_into("May cost in a month", "250")
    app.press("Save", exact=True)
    house.until(lambda: budgets(house)[food] == (250_00, -50_00))
    app.sees("€50.00 too much")
    app.press("Undo", exact=True)
    house.until(lambda: budgets(house)[food] == (301_00, 1_00))
    app.sees("€1.00 left")
    app.press(re.compile("^A month later"))
    app.sees(re.compile("€1.00 carried over"))
    app.press("This month", exact=True)
    app.press(re.compile("^Groceries €"))
    app.press("Its transactions", exact=True)
    app.until_route(rf"{M}/transactions\?month=.*category={food}")
    app.sees("Shop for food.groceries")
    app.close()


def test_a_budget_is_one_persons_in_a_shared_space(browser: Browser, house: Household) -> None:
    """Chosen in the form, named in the list, and looked at apart; alone in a space nobody is asked whose it is."""
    shared = next(one["id"] for one in house.want("GET", "/accounts/spaces")["items"] if one["kind"] == "household")
    code = house.want("POST", "/accounts/invitations", {"new_account": True, "space_id": shared})["code"]
    person = {"code": code, "name": "bea", "display_name": "Bea", "password": PASSWORD}
    assert house.hub.post("/api/v1/accounts/invitations/accept", person).status < 300
    house.want("PATCH", "/accounts/preferences", {"changes": {"default_space": shared}})
    try:
        app = at_home(browser, house.hub, f"{M}/budgets", PHONE)
        app.press("Add budget")
        app.type_into("Search categories", "clothing")
        app.press(re.compile("^Clothing"))
        app.choose("Bea")
        app.sees("It counts what Bea entered or imported.")
        app.type_into("May cost in a month", "30")
        app.press("Save", exact=True)
        app.sees("€30.00 left")
        app.choose("Bea")
        app.sees("€0.00 of €30.00 spent")
        app.close()
    finally:
        house.want("PATCH", "/accounts/preferences", {"changes": {"default_space": None}})


@SIZES
def test_a_rule_is_tried_kept_applied_and_deleted_with_undo(
    browser: Browser, house: Household, as_before: None, size: dict[str, int]
) -> None:
    """The preview names the bookings before anything is saved; what applying changed can be taken back."""
    account = house.want("GET", f"{M}/accounts")["items"][0]["id"]
    kiosk = entered(house, account, today().isoformat(), -4_20, "Kiosk am Eck")
    app = at_home(browser, house.hub, f"{M}/rules", size)
    app.sees("No rules yet")
    app.press("New rule")
    app.until_route(f"{M}/rules/new")
    app.type_into("Words, with commas between them", "kiosk")
    app.press("Choose a category")
    app.type_into("Search categories", "newspap")
    app.press(re.compile("^Books|^News"))
    app.sees("It would change 1 booking.")
    app.sees("Kiosk am Eck")
    assert house.want("GET", f"{M}/category-rules")["items"] == []
    app.press("Keep the rule")
    app.until_route(f"{M}/rules$")
    app.sees(re.compile("If the text has “kiosk”"))
    app.press("Apply to what is booked")
    app.press("Apply", exact=True)
    house.until(lambda: house.want("GET", f"{M}/transactions/{kiosk}")["parts"][0]["source"] == "rule")
    app.sees("1 booking changed.")
    app.press("More for kiosk")
    app.press(re.compile("^Delete"))
    house.until(lambda: not house.want("GET", f"{M}/category-rules")["items"])
    app.press("Undo", exact=True)
    house.until(lambda: house.want("GET", f"{M}/category-rules")["items"])
    app.sees(re.compile("If the text has “kiosk”"))
    app.close()


def test_two_payees_are_merged_and_a_plan_happens(browser: Browser, house: Household, as_before: None) -> None:
    """What was written as the one is the other's; the plan counts once it happened."""
    account = house.want("GET", f"{M}/accounts")["items"][0]["id"]
    for name, written in (("Market", "MARKT 1"), ("Stall", "STAND 2")):
        entered(house, account, today().isoformat(), -1_00, written)
        house.want("POST", f"{M}/payees", {"name": name, "written": [written]})
    body = {"account_id": account, "date": today().isoformat(), "amount_minor": -77_00, "counterparty": "Skiing"}
    plan = house.want("POST", f"{M}/transactions", {**body, "planned": True})["id"]
    app = at_home(browser, house.hub, f"{M}/payees", PHONE)
    app.press(re.compile("^Stall"))
    app.until_route(rf"{M}/payees/.+")
    app.sees("stand 2")
    app.press("More for Stall")
    app.press(re.compile("^Merge with another"))
    app.press(re.compile("^Market"))
    app.sees("markt 1")
    house.until(lambda: len(house.want("GET", f"{M}/payees")["items"]) == 1)
    app.comes(app.host.get_by_role("heading", name="Market", exact=True).first)  # it leads there by itself
    (payee,) = house.want("GET", f"{M}/payees")["items"]
    assert (payee["name"], payee["transactions"], sorted(payee["written"])) == ("Market", 2, ["markt 1", "stand 2"])
    app.go(f"{M}/planned")
    app.press(re.compile("^It happened"))
    house.until(lambda: not house.want("GET", f"{M}/transactions/{plan}")["planned"])
    app.sees("Nothing is planned")
    app.close()


def test_an_invoice_is_put_to_its_transaction(browser: Browser, house: Household, as_before: None) -> None:
    """Chosen from an opened folder, shown with its state; gone from the folder, that is said plainly."""
    account = house.want("GET", f"{M}/accounts")["items"][0]["id"]
    booked = entered(house, account, today().isoformat(), -9_00, "Carpenter")
    app = at_home(browser, house.hub, f"{M}/transactions/{booked}", DESKTOP)
    app.press("Add file")
    app.press("Papers", exact=True)
    app.press(re.compile("^Invoice 7.pdf"))
    (file,) = house.until(lambda: house.want("GET", f"{M}/attachments?transaction_id={booked}")["items"])
    assert file["state"] == "there"
    app.sees(re.compile("Invoice 7.pdf"))
    paper = house.home / "Papers" / "Invoice 7.pdf"
    content = paper.read_bytes()
    paper.unlink()
    app.go(f"{M}/accounts")
    app.go(f"{M}/transactions/{booked}")
    app.sees(re.compile("The file is gone from its folder"))
    paper.write_bytes(content)
    app.press("Take Invoice 7.pdf away")
    house.until(lambda: not house.want("GET", f"{M}/attachments?transaction_id={booked}")["items"])
    app.press("Undo", exact=True)
    house.until(lambda: house.want("GET", f"{M}/attachments?transaction_id={booked}")["items"])
    app.close()


@SIZES
def test_charts_are_said_in_words_and_lead_to_the_bookings(
    browser: Browser, house: Household, size: dict[str, int]
) -> None:
    """Every month is in the chart's text; another month is a press away; a category leads to its transactions."""
    app = at_home(browser, house.hub, f"{M}/reports", size)
    app.sees(re.compile("€2,500.00 received, €380.00 spent"))
    app.sees(re.compile("Groceries: €300.00; Fuel: €80.00"))
    app.press(re.compile("^A month earlier"))
    app.sees("€300.01")
    app.press(re.compile("^Groceries"))
    app.until_route(rf"{M}/transactions\?month=.*")
    app.sees("Shop for food.groceries")
    app.close()
