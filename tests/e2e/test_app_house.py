"""Building a house in a real browser: from no project to an invoice that a bank line paid, and money released."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.e2e.house_world import kept_house
from tests.hub import Hub

C = "/financial_manager/construction"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """Anna, with an opened folder in which a plan lies; one hub for the file."""
    place = tmp_path_factory.mktemp("house")
    with Hub(place / "data", app=True) as hub:
        household = Household(hub, place / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        household.open_folder(household.home / "House")
        (household.home / "House" / "plan.pdf").write_bytes(b"%PDF-1.4\n")
        household.want("GET", "/financial_manager/accounts")  # the module is up before somebody looks
        yield household
        household.leave()


def save(app: App, **fields: str) -> None:
    """Type into the fields of a form, by their names with _ for spaces, and save it."""
    for label, text in fields.items():
        app.type_into(label.replace("_", " "), text)
    app.press("Save", exact=True)


def booked(house: Household, name: str, amount: int, text: str) -> None:
    """Book a bank line of today, as an import does."""
    account = house.want("POST", "/financial_manager/accounts", {"name": name})["id"]
    line = {"account_id": account, "date": dt.date.today().isoformat(), "amount_minor": amount, "purpose": text}
    house.want("POST", "/financial_manager/transactions", {**line, "counterparty": "HUBER HOLZBAU GMBH"})


def total(house: Household, project: str) -> dict[str, Any]:
    """Return the figures of a project."""
    found: dict[str, Any] = house.want("GET", f"{C}/projects/{project}/status")["total"]
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_house_from_no_project_to_a_paid_invoice(browser: Browser, house: Household, size: dict[str, int]) -> None:
    """Begin, plan, order, invoice, pay by the bank line that is suggested, release what was held back."""
    name, number = f"House {size['width']}", f"TR-{size['width']}"
    app = at_home(browser, house.hub, "/financial_manager/houses", size)
    if size == PHONE:
        app.sees("No building project yet")
        app.press(re.compile("^ÖNORM B 1801-1"))
    else:
        app.press("Begin a project")
    app.until_route(r"/financial_manager/houses/new.*")
    save(app, Name=name)
    app.sees("Nothing is planned yet")
    projects = house.want("GET", f"{C}/projects")["items"]
    project = next(one["id"] for one in projects if one["name"] == name)
    app.press("Add to the budget")
    app.until_route(r"/financial_manager/houses/.+/lines/new.*")
    app.type_into("What is it?", "Timber frame")
    app.type_into("Cost group", "X")
    app.type_into("Planned, with VAT", "125000")
    app.press("Save", exact=True)
    app.sees(re.compile("X is no cost group of this project"))
    app.type_into("Cost group", "2.D")
    app.press("Save", exact=True)
    app.sees("Nothing is ordered yet. A purchase is a contract with one final invoice.")
    app.press("Enter contract")
    app.type_into("Skonto", "3")
    app.type_into("Skonto within", "14")
    app.type_into("Kept from partial invoices", "5")
    app.type_into("Company", "Holzbau Huber")
    app.type_into("Amount without VAT", "100000")
    app.press("Save", exact=True)
    app.sees("Nothing was invoiced yet.")
    app.press("Enter invoice")
    app.type_into("Number of the invoice", number)
    app.type_into("Everything done so far, without VAT", "33333,33")
    app.press("Save", exact=True)
    app.until_route(r"/financial_manager/houses/.+/invoices/(?!new).+")
    app.sees("€38,000.00")
    app.sees("−€1,140.00")
    booked(house, f"Giro {size['width']}", -36_860_00, number)
    app.press("Enter payment")
    app.until_route(r"/financial_manager/houses/.+/invoices/.+/pay")
    app.press(re.compile("^HUBER HOLZBAU GMBH"))
    app.sees("This pays all of it, less €1,140.00 of Skonto.")
    assert total(house, project)["paid_minor"] == 0
    app.press("Enter payment", exact=True)
    house.until(lambda: total(house, project)["paid_minor"] == 36_860_00)
    app.sees(re.compile("By a booking"))
    contract = house.want("GET", f"{C}/projects/{project}")["contracts"][0]["id"]
    app.go(f"/financial_manager/houses/{project}/contracts/{contract}")
    app.press("Release money")
    save(app, Amount="500")
    app.until_route(r"/financial_manager/houses/.+/releases/(?!new).+")
    assert total(house, project)["retained_minor"] == 1_500_00
    app.go(f"/financial_manager/houses/{project}")
    app.sees(re.compile("€125,000.00"))
    app.press(re.compile("^2 Shell"))
    app.until_route(r"/financial_manager/houses/.+/group.*")
    app.sees("Timber frame")
    app.close()


def test_money_is_entered_and_a_payment_taken_back(browser: Browser, house: Household) -> None:
    """A loan is added; a payment is deleted after asking, and undo brings it back; a line keeps a file."""
    known = kept_house(house.want)
    project = known[":house_id"]
    app = at_home(browser, house.hub, f"/financial_manager/houses/{project}/money", PHONE)
    app.press("Add money")
    save(app, Name="Second part", Amount="70000")
    app.sees("Second part")
    (paid, *_) = [
        one for one in house.want("GET", f"{C}/projects/{project}")["payments"] if one["skonto_minor"]
    ]  # fmt: skip
    app.go(f"/financial_manager/houses/{project}/invoices/{paid['invoice_id']}")
    app.press("Delete this payment")
    app.press("Delete", exact=True)
    house.until(lambda: len(house.want("GET", f"{C}/projects/{project}")["payments"]) == 1)
    app.press("Undo", exact=True)
    house.until(lambda: len(house.want("GET", f"{C}/projects/{project}")["payments"]) == 2)
    app.go(f"/financial_manager/houses/{project}/lines/{known[':line_id']}")
    app.press("Add a file")
    app.press("House", exact=True)
    app.press(re.compile("^plan.pdf"))
    house.until(lambda: any(one["documents"] for one in house.want("GET", f"{C}/projects/{project}")["lines"]))
    app.sees("plan.pdf")
    app.close()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_bank_line_pays_an_invoice_from_its_own_page(
    browser: Browser, house: Household, size: dict[str, int]
) -> None:
    """It says what it would do, one press does it, a touch leads there; deleting the line opens the invoice again."""
    project = house.want("POST", f"{C}/projects", {"name": f"Barn {size['width']}"})["id"]
    line = {"project_id": project, "cost_group": "2", "title": "Roof", "estimate_minor": 50_000_00}
    agreed = {"vendor": "Dach Ehrlich", "net_minor": 40_000_00, "vat_bp": 2000, "skonto_bp": 300, "skonto_days": 14}
    agreed |= {"line_id": house.want("POST", f"{C}/lines", line)["id"], "cover_bp": 500}
    contract = house.want("POST", f"{C}/contracts", agreed)["id"]
    today = dt.date.today().isoformat()
    number = f"D-{size['width']}"
    asked = {"contract_id": contract, "number": number, "date": today, "net_to_date_minor": 10_000_00}
    invoice = house.want("POST", f"{C}/invoices", {**asked, "kind": "partial"})["id"]
    account = house.want("POST", "/financial_manager/accounts", {"name": f"Roof {size['width']}"})["id"]
    spent = {"account_id": account, "date": today, "amount_minor": -11_058_00, "counterparty": "DACH EHRLICH GMBH"}
    booking = house.want("POST", "/financial_manager/transactions", {**spent, "purpose": number})["id"]
    app = at_home(browser, house.hub, f"/financial_manager/transactions/{booking}", size)
    app.sees("This pays all of it, less €342.00 of Skonto.")
    app.sees("Of €12,000.00, €600.00 are held back and not paid yet.")
    assert total(house, project)["paid_minor"] == 0
    app.press("Pays this invoice")
    house.until(lambda: total(house, project)["paid_minor"] == 11_058_00)
    app.press(re.compile(f"^Dach Ehrlich, Invoice {number}"))
    app.until_route(rf"/financial_manager/houses/{project}/invoices/{invoice}")
    app.go(f"/financial_manager/transactions/{booking}")
    app.press("Delete transaction")
    house.until(lambda: total(house, project)["paid_minor"] == 0)
    app.press("Undo", exact=True)
    house.until(lambda: total(house, project)["paid_minor"] == 11_058_00)
    app.close()
