"""Money in a real browser: an account, a statement from an opened folder, the inbox, and taking the import back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE
from tests.hub import Hub

STATEMENT = """Buchungsdatum;Empfänger;Verwendungszweck;Betrag;Währung;Saldo
03.11.2026;XQ Handels KG;Order 8812;-59,90;EUR;1.940,10
02.11.2026;BILLA DANKT;Filiale 2231;-60,00;EUR;2.000,00
01.11.2026;Muster GmbH;Gehalt;2.060,00;EUR;2.060,00
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Household]:
    """Anna, with a folder in which a statement of her bank lies."""
    with Hub(tmp_path / "data", app=True) as hub:
        household = Household(hub, tmp_path / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        household.open_folder(household.home / "Bank")
        (household.home / "Bank" / "November.csv").write_text(STATEMENT, "utf-8")
        household.want("GET", "/financial_manager/accounts")  # the module is up before somebody looks
        yield household
        household.leave()


def items(house: Household, what: str) -> list[dict[str, Any]]:
    """Return what the hub lists."""
    found: list[dict[str, Any]] = house.want("GET", f"/financial_manager/{what}")["items"]
    return found


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_statement_is_imported_filed_and_taken_back(browser: Browser, house: Household, size: dict[str, int]) -> None:
    """From no account to a balance; the preview says what the bank says, one touch files a booking, undo empties it."""
    app = at_home(browser, house.hub, "/financial_manager/accounts", size)
    app.sees("No account yet")
    app.press("Add account")
    app.until_route(r"/financial_manager/accounts/new")
    app.type_into("Name", "Giro")
    app.press("Save", exact=True)
    app.until_route(r"/financial_manager/accounts/(?!new).+")
    (account,) = items(house, "accounts")
    app.sees("Nothing is booked on this account yet.")
    app.press("Import statement")
    app.until_route(r"/financial_manager/import/.+")
    app.press("Bank", exact=True)
    app.press(re.compile("^November.csv"))
    app.sees(re.compile("The bank says €1,940.10"))
    app.sees("XQ Handels KG")
    assert items(house, "transactions") == []
    app.press("Book 3 lines")
    app.until_route(r"/financial_manager/imports/.+")
    app.sees("3 bookings are new")
    assert items(house, "accounts")[0]["balance_minor"] == 1_940_10
    app.go("/financial_manager/accounts")
    app.sees("€1,940.10")
    app.press(re.compile("^Bookings without a category: 1"))
    app.until_route(r"/financial_manager/inbox")
    app.press("Another category for XQ Handels KG")
    app.type_into("Search categories", "cloth")
    app.press(re.compile("^Clothing"))
    house.until(lambda: not items(house, "transactions?inbox=true"))
    app.sees("Nothing waits")
    (batch,) = items(house, "imports")
    app.go(f"/financial_manager/imports/{batch['id']}")
    app.press("Take this import back")
    app.press("Take it back", exact=True)
    house.until(lambda: not items(house, "transactions"))
    app.sees("Taken back")
    app.go(f"/financial_manager/accounts/{account['id']}")
    app.sees("Nothing is booked on this account yet.")
    app.close()


def test_a_purchase_is_entered_in_two_touches_deleted_and_brought_back(browser: Browser, house: Household) -> None:
    """The amount, a category, done; deleting says so and offers to take it back."""
    body = {"name": "Purse", "kind": "cash", "opening_minor": 5000, "opening_date": "2026-01-01"}
    purse = house.want("POST", "/financial_manager/accounts", body)["id"]
    app = at_home(browser, house.hub, "/financial_manager/transactions/new", PHONE)
    app.type_into("Amount", "12,34")
    app.choose("Groceries")
    app.press("Save", exact=True)
    (entered,) = house.until(lambda: items(house, "transactions"))
    assert (entered["amount_minor"], entered["account_id"]) == (-1234, purse)
    app.sees("€37.66")
    app.go(f"/financial_manager/transactions/{entered['id']}")
    app.press("Delete transaction")
    house.until(lambda: not items(house, "transactions"))
    app.press("Undo", exact=True)
    house.until(lambda: items(house, "transactions"))
    app.close()


def test_a_statement_of_this_device_is_read(browser: Browser, house: Household) -> None:
    """A file that lies in no opened folder is chosen on the device; nothing of it is kept before it is booked."""
    account = house.want("POST", "/financial_manager/accounts", {"name": "Giro"})["id"]
    app = at_home(browser, house.hub, f"/financial_manager/import/{account}", DESKTOP)
    file: FilePayload = {"name": "Dezember.csv", "mimeType": "text/csv", "buffer": STATEMENT.encode()}
    with app.page.expect_file_chooser() as chooser:
        app.button("From this device").click()
    chooser.value.set_files(files=[file])
    app.sees("Dezember.csv")
    app.sees("BILLA DANKT")
    assert items(house, "imports") == []
    app.close()
