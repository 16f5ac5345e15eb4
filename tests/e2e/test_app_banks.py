"""Where money data comes from, in a real browser: rates, a statement inbox, a connected bank; one hub for the file."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE
from tests.financial_manager import bank_servers, ecb_server
from tests.financial_manager.test_inboxes import FIRST, IBAN, LATER, statement
from tests.hub import Hub

M = "/financial_manager"


def _ago(days: int) -> str:
    """Return the day that was so many days ago: a bank is asked for the last months only."""
    return (dt.date.today() - dt.timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def bank() -> Iterator[bank_servers.BankServer]:
    """Give a server that speaks both bank protocols."""
    with bank_servers.serving() as server:
        account = bank_servers.simplefin_account(
            "75.00", ("t1", _ago(10), "100.00", "Salary"), ("t2", _ago(9), "-25.00", "Shop")
        )
        server.simplefin_accounts = [account | {"balance-date": bank_servers.seconds(_ago(8))}]
        yield server


@pytest.fixture(scope="module")
def ecb() -> Iterator[ecb_server.EcbServer]:
    """Give a server with newer rates than those shipped."""
    with ecb_server.serving({"2026-11-27": {"USD": "1.2500", "CHF": "0.9300"}}) as server:
        yield server


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, bank: bank_servers.BankServer, ecb: ecb_server.EcbServer
) -> Iterator[Household]:
    """Anna, whose hub asks only the servers of this test."""
    folder = tmp_path_factory.mktemp("banks")
    with Hub(folder / "data", app=True) as hub:
        household = Household(hub, folder / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        household.open_folder(household.home / "Bank")
        chosen = {
            "allow_local_servers": True, "rates_address": ecb.address, "inbox_settle_seconds": 0,
            "enable_banking_address": f"{bank.address}/eb",
        }  # fmt: skip
        household.want("PUT", "/modules/financial_manager/settings", {"values": chosen})
        household.want("GET", f"{M}/accounts")
        yield household
        household.leave()


def items(house: Household, what: str) -> list[dict[str, Any]]:
    """Return what the hub lists."""
    found: list[dict[str, Any]] = house.want("GET", f"{M}/{what}")["items"]
    return found


def picture(app: Any, name: str) -> None:
    """Keep a picture where HOMIE_PICTURES says, for somebody to look at."""
    if folder := os.environ.get("HOMIE_PICTURES"):
        app.page.wait_for_timeout(800)
        app.page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_statements_in_an_inbox_are_booked_or_wait(browser: Browser, house: Household) -> None:
    """A folder is chosen; a proven statement books itself, a doubtful one waits, is looked at and left out."""
    house.want("POST", f"{M}/accounts", {"name": "Giro", "iban": IBAN})
    app = at_home(browser, house.hub, f"{M}/inboxes", PHONE)
    app.sees("No folder is a statement inbox")
    picture(app, "inbox-empty")
    app.press("Choose a folder")
    app.press("Bank", exact=True)
    app.press("Use this folder")
    house.until(lambda: items(house, "statement-inboxes"))
    (house.home / "Bank" / "february.csv").write_bytes(statement(*FIRST))
    house.until(lambda: items(house, "imports"))  # the resident saw it: nobody pressed anything
    assert items(house, "accounts")[0]["balance_minor"] == 1_950_00
    (house.home / "Bank" / "odd.csv").write_bytes(statement(*LATER).replace(b"1943,00", b"1944,00"))
    house.until(lambda: items(house, "statements-seen"))
    app.sees("Statements that wait for you")
    picture(app, "inbox-waiting")
    app.press("Look at it odd.csv")
    app.until_route(rf"{M}/import/.+")
    app.sees("odd.csv")
    app.go(f"{M}/inboxes")
    app.press("Leave it out odd.csv")
    house.until(lambda: not items(house, "statements-seen"))
    app.close()


def test_a_bank_is_connected_fetched_and_disconnected(browser: Browser, house: Household, bank: Any) -> None:
    """A setup token, an account of one's own, a fetch that agrees with the bank, a refusal that says so, the end."""
    app = at_home(browser, house.hub, f"{M}/banks", PHONE)
    app.sees("No bank is connected")
    app.press("Connect a bank")
    app.until_route(rf"{M}/banks/connect")
    app.type_into("Setup token", bank.setup_token)
    picture(app, "bank-connect")
    app.press("Connect", exact=True)
    app.until_route(rf"{M}/banks/(?!connect).+")
    app.sees("Example Bank")
    app.press(re.compile("^Checking"))
    app.press(re.compile("^Open a new account for it"))
    house.until(lambda: any(one["currency"] == "USD" for one in items(house, "accounts")))
    app.sees(re.compile("Booked into Checking"))
    app.press("Fetch now")
    app.sees(re.compile("2 new, 0 were there already"))
    app.sees(re.compile("The bank and Homie agree"))
    picture(app, "bank-fetched")
    (dollars,) = [one for one in items(house, "accounts") if one["currency"] == "USD"]
    assert dollars["balance_minor"] == 75_00
    app.page.get_by_role("switch", name=re.compile("^Fetch every morning")).first.click()
    house.until(lambda: items(house, "bank-connections")[0]["next_at"])
    app.sees(re.compile("Next by itself"))
    picture(app, "bank-clock")
    bank.fault = "refused"
    app.insist(app.button("Fetch now").first, app.host.get_by_text("Needs you").first)
    picture(app, "bank-refused")
    bank.fault = ""
    app.press("Disconnect")
    app.press("Disconnect", exact=True)
    house.until(lambda: not items(house, "bank-connections"))
    app.close()


def test_a_bank_of_enable_banking_by_the_pasted_address(browser: Browser, house: Household, bank: Any) -> None:
    """Own application, the bank's name, the address that the bank led to: connected to the account with its IBAN."""
    key = {"application": bank_servers.APPLICATION, "private_key": bank_servers.pem()}
    house.want("PUT", f"{M}/bank-key", key)
    bank.valid_until = f"{_ago(-60)}T00:00:00+00:00"
    app = at_home(browser, house.hub, f"{M}/banks/connect", DESKTOP)
    app.choose("Enable Banking")
    app.press("Show its banks")
    app.sees("Testbank")
    picture(app, "bank-choose")
    app.press("Testbank", exact=True)
    app.until_route(rf"{M}/banks/(?!connect).+")
    app.sees("Your yes at the bank")
    picture(app, "bank-consent")
    app.type_into("Address that the bank led to", f"https://home.example/banks?code=code-1&state={bank.state}")
    app.press("Done", exact=True)
    house.until(lambda: [one for one in items(house, "bank-connections") if one["state"] == "ready"])
    app.sees(re.compile("Booked into Giro"))
    _decides_about_a_twin(app, house, bank)
    app.close()


def _decides_about_a_twin(app: Any, house: Household, bank: Any) -> None:
    """A fetch brings only what was entered by hand a day before: Home leads to it, and it is booked after all."""
    giro = next(one for one in items(house, "accounts") if one["name"] == "Giro")
    entered = {"account_id": giro["id"], "date": _ago(5), "amount_minor": -2_50, "counterparty": "Shop at the corner"}
    house.want("POST", f"{M}/transactions", entered)
    bank.lines = [bank_servers.booked(_ago(4), "-2.50", "Shop", "r9")]
    app.press("Fetch now")
    app.sees(re.compile("Perhaps there already, and not booked: 1"))
    app.go("/")
    app.press(re.compile("Testbank: is it there already"))
    app.until_route(rf"{M}/imports/.+")
    picture(app, "bank-twin")
    app.press("Book it too")
    house.until(lambda: sum(one["amount_minor"] == -2_50 for one in items(house, "transactions")) == 2)
    app.misses("Book it too")


def test_money_of_two_currencies_is_told_in_ones_own(browser: Browser, house: Household) -> None:
    """The first page names the rate and its day, old ones are said to be old, newer ones come when asked for."""
    if not [one for one in items(house, "accounts") if one["currency"] == "USD"]:
        body = {"name": "Dollars", "currency": "USD", "opening_minor": 75_00, "opening_date": "2026-01-01"}
        house.want("POST", f"{M}/accounts", body)
    app = at_home(browser, house.hub, f"{M}/accounts", PHONE)
    app.sees(re.compile(r"1 USD = 0\.\d+ EUR"))
    picture(app, "money-own-currency")
    app.go(f"{M}/settings")
    app.sees(re.compile("1 EUR = 1.1172 USD"))
    picture(app, "money-settings")
    app.press("Ask for newer rates")
    app.sees(re.compile("1 EUR = 1.25 USD"))
    app.go(f"{M}/reports")
    app.sees("All in EUR")
    picture(app, "reports-own")
    app.close()
