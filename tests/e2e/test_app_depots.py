"""Securities and taxes in a real browser: a purchase, prices, a sale with its trail, "what if", and the tax figures."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.financial_manager.price_server import publishing
from tests.hub import Hub

M = "/financial_manager"
YEAR = dt.date.today().year - 1
PRICES = "date;isin;price;currency\n{day};{isin};130,00;EUR\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """Anna, with nothing yet."""
    place = tmp_path_factory.mktemp("depots")
    with Hub(place / "data", app=True) as hub:
        household = Household(hub, place / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        household.want("PUT", "/modules/financial_manager/settings", {"values": {"allow_local_servers": True}})
        household.want("GET", f"{M}/accounts")  # the module is up before somebody looks
        yield household
        household.leave()


def items(house: Household, what: str) -> list[dict[str, Any]]:
    """Return what the hub lists."""
    found: list[dict[str, Any]] = house.want("GET", f"{M}/{what}")["items"]
    return found


def look(app: App, name: str) -> None:
    """Keep a picture where somebody wants to look at it."""
    if folder := os.environ.get("HOMIE_TEST_SHOTS"):
        app.shot(Path(folder) / f"{name}.png")


@pytest.mark.parametrize(
    ("size", "name", "isin"),
    [(PHONE, "Pocket", "AT0000743059"), (DESKTOP, "Broker", "IE00B4L5Y983")],
    ids=["phone", "desktop"],
)
def test_from_the_first_purchase_to_the_tax_figures(
    browser: Browser, house: Household, size: dict[str, int], name: str, isin: str
) -> None:
    """What is bought is worth something, a sale names its lots, and the year's figures lead back to it."""
    depot = house.want("POST", f"{M}/accounts", {"name": name, "kind": "depot", "country": "AT"})["id"]
    app = at_home(browser, house.hub, f"{M}/accounts/{depot}", size)
    app.press("Securities", exact=True)
    app.until_route(rf"{M}/depots\?depot=.+")
    app.sees("Nothing is held yet")
    app.press("Enter trade")
    app.press("Add security")
    app.until_route(rf"{M}/securities/new")
    app.type_into("Name", f"{name} Works")
    app.type_into("ISIN", isin)
    look(app, f"security-{name}")
    app.press("Save", exact=True)
    app.until_route(rf"{M}/trades/new.+")
    (security,) = [one["id"] for one in items(house, "securities") if one["isin"] == isin]
    buy(app, house, depot, security, name)
    more = {"depot_id": depot, "security_id": security, "date": f"{YEAR}-03-03", "quantity": "10"}
    house.want("POST", f"{M}/trades", {**more, "kind": "buy", "amount_minor": 140_000, "date": f"{YEAR}-02-03"})
    house.want("POST", f"{M}/trades", {**more, "kind": "buy", "amount_minor": 100_000, "date": f"{YEAR}-01-03"})
    sold = house.want("POST", f"{M}/trades", {**more, "kind": "sell", "amount_minor": 150_000})["id"]
    price_from_a_file(app, isin, name)
    app.go(f"{M}/depots?depot={depot}")
    app.sees("Worth today")
    app.sees("Return of your money a year")
    look(app, f"depots-{name}")
    trail(app, depot, security, sold, name)
    think_of_selling(app, depot, security, name)
    figures(app, sold, name)
    app.close()


def buy(app: App, house: Household, depot: str, security: str, name: str) -> None:
    """Enter a purchase with the form; what is missing is said first."""
    app.go(f"{M}/trades/new?depot={depot}&security={security}")
    app.press("Save", exact=True)
    app.sees("How many? Write it like 12.5.")
    app.type_into("How many shares", "10")
    app.type_into("Amount, before fees and taxes", "1200")
    look(app, f"trade-new-{name}")
    app.press("Save", exact=True)
    house.until(lambda: items(house, f"trades?depot_id={depot}"))
    (made,) = items(house, f"trades?depot_id={depot}")
    assert (made["kind"], made["quantity"], made["amount_minor"]) == ("buy", "10", 120_000)


def price_from_a_file(app: App, isin: str, name: str) -> None:
    """A file of prices is taken, and what became of it is said."""
    app.go(f"{M}/prices")
    text = PRICES.format(day=dt.date.today().isoformat(), isin=isin)
    file: FilePayload = {"name": "prices.csv", "mimeType": "text/csv", "buffer": text.encode()}
    with app.page.expect_file_chooser() as chooser:
        app.button("Choose file").click()
    chooser.value.set_files(files=[file])
    app.sees("1 prices are new")
    look(app, f"prices-{name}")


def trail(app: App, depot: str, security: str, sold: str, name: str) -> None:
    """The position shows both methods; its sale shows the lot that it used, and how the average came about."""
    app.go(f"{M}/depots/{depot}/{security}")
    app.sees("Cost of a share")
    look(app, f"position-{name}")
    app.go(f"{M}/trades/{sold}")
    app.sees("How the average came about")
    assert app.text("€500.00").count()  # first in, first out: 1,500.00 less 1,000.00
    assert app.text("€300.00").count()  # the average of 1,000.00 and 1,400.00
    look(app, f"sale-{name}")


def think_of_selling(app: App, depot: str, security: str, name: str) -> None:
    """Austria's tax of it is shown, and that this is no advice; nothing is booked."""
    app.go(f"{M}/what-if?depot={depot}&security={security}")
    app.sees("Whose tax rules count?")
    app.press("Show what it would bring")
    app.sees("Tax of the year changes by")
    app.sees(re.compile("This is no tax advice"))
    look(app, f"what-if-{name}")


def figures(app: App, sold: str, name: str) -> None:
    """Last year's gain stands in the report, and leads to its law and to the sale; the report is saved as a PDF."""
    app.go(f"{M}/taxes")
    app.sees(re.compile("This is no tax advice"))
    app.sees("Realised gains, 27.5 %")
    look(app, f"taxes-{name}")
    app.go(f"{M}/taxes/AT/{YEAR}/gains_home")
    app.sees(re.compile("Law: § 27"))
    app.sees("What is behind it")
    look(app, f"figure-{name}")
    app.touch(re.compile(f"Sale {name} Works"))
    app.until_route(rf"{M}/trades/{sold}")
    app.go(f"{M}/taxes")
    with app.page.expect_download() as saved:
        app.press("Save as PDF")
    assert Path(saved.value.path()).read_bytes().startswith(b"%PDF-")


def test_the_way_there_in_german(browser: Browser, house: Household) -> None:
    """From the money's first page to the figures, in German."""
    depot = house.want("POST", f"{M}/accounts", {"name": "Sparplan", "kind": "depot", "country": "AT"})["id"]
    fund = house.want("POST", f"{M}/securities", {"name": "Weltfonds", "symbol": "WELT", "kind": "fund_equity"})["id"]
    held = {"depot_id": depot, "security_id": fund, "date": f"{YEAR}-05-05", "quantity": "3"}
    house.want("POST", f"{M}/trades", {**held, "kind": "buy", "amount_minor": 30_000})
    app = at_home(browser, house.hub, f"{M}/accounts", DESKTOP)
    app.sees("All transactions")
    house.want("PATCH", "/accounts/preferences", {"changes": {"language": "de"}})
    app.press("Steuern", exact=True)
    app.until_route(rf"{M}/taxes")
    app.sees("Das ist keine Steuerberatung")
    look(app, "taxes-german")
    app.go(f"{M}/depots")
    app.sees("Rendite deines Geldes im Jahr")
    look(app, "depots-german")
    house.want("PATCH", "/accounts/preferences", {"changes": {"language": "en"}})
    app.close()


def test_prices_from_a_server_are_asked_for_seen_put_right_and_forgotten(browser: Browser, house: Household) -> None:
    """What would be sent is shown; asked, the price is there with its source; it is changed and deleted."""
    made = house.want("POST", f"{M}/securities", {"name": "Quoted", "symbol": "QTD"})["id"]
    day = dt.date.today().isoformat()
    prices = f"securities/{made}/prices"
    with publishing() as server:
        server.answers["/p"] = json.dumps([{"d": day, "p": "12.5"}]).encode()
        source = {"address": f"{server.address}/p?s={{symbol}}", "date_path": "[*].d", "price_path": "[*].p"}
        house.want("PUT", f"{M}/securities/{made}/price-source", source)
        app = at_home(browser, house.hub, f"{M}/securities/{made}", PHONE)
        app.sees("Where its prices come from")
        app.touch("Where its prices come from")
        app.until_route(rf"{M}/securities/.+/source")
        app.sees(re.compile("Asked would be, and nothing else is sent: .+/p.s=QTD"))
        look(app, "price-source")
        app.type_into("What the source calls it", "QQ")
        app.press("Save", exact=True)
        app.sees(re.compile("nothing else is sent: .+/p.s=QQ"))
        assert server.asked == []
        app.go(f"{M}/prices")
        app.press("Ask for newer prices")
        app.sees(re.compile("Quoted: 1 prices are new"))
        assert server.asked == ["/p?s=QQ"]
        look(app, "prices-asked")
        app.go(f"{M}/securities/{made}")
        app.sees(re.compile("asked on"))
        look(app, "security")
    app.touch(re.compile("asked on"))
    app.touch("It counts as entered by hand then")
    app.type_into("Price of one share", "13")
    app.press("Save", exact=True)
    house.until(lambda: [one["source"] for one in items(house, prices)] == ["hand"])
    assert [one["price"] for one in items(house, prices)] == ["13"]
    app.sees("By hand")
    app.touch("By hand")
    app.touch("The list of changes brings it back")
    house.until(lambda: not items(house, prices))
    app.press("Change", exact=True)
    app.until_route(rf"{M}/securities/.+/edit")
    app.type_into("Name", "Renamed")
    app.press("Save", exact=True)
    house.until(lambda: "Renamed" in [one["name"] for one in items(house, "securities")])
    app.until_route(rf"{M}/securities/{made}$")
    app.press("Delete security")
    app.press("Delete", exact=True)
    house.until(lambda: made not in [one["id"] for one in items(house, "securities")])
    app.close()
