"""A table that was read wrongly is corrected in a real browser, and the account's next file is read as was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import PHONE
from tests.hub import Hub

M = "/financial_manager"
MARCH = "Date,Description,Amount,Points\n03/04/2026,Shop,12.50,125\n05/04/2026,Cafe,4.00,40\n"
MAY = "Date,Description,Amount,Points\n01/05/2026,Bakery,3.00,30\n02/05/2026,Cafe,5.00,50\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Household]:
    """Anna, with two files of a card whose months come first and whose purchases have no minus."""
    with Hub(tmp_path / "data", app=True) as hub:
        household = Household(hub, tmp_path / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        household.open_folder(household.home / "Bank")
        (household.home / "Bank" / "March.csv").write_text(MARCH, "utf-8")
        (household.home / "Bank" / "May.csv").write_text(MAY, "utf-8")
        household.want("POST", f"{M}/accounts", {"name": "Card"})
        yield household
        household.leave()


def items(house: Household, what: str) -> list[dict[str, Any]]:
    """Return what the hub lists."""
    found: list[dict[str, Any]] = house.want("GET", f"{M}/{what}")["items"]
    return found


def test_a_table_is_read_differently_and_that_is_remembered(browser: Browser, house: Household) -> None:
    """Months first, signs turned; a column that is no amount changes nothing; the next file needs no word."""
    (card,) = items(house, "accounts")
    app = at_home(browser, house.hub, f"{M}/import/{card['id']}", PHONE)
    app.press("Bank", exact=True)
    app.press(re.compile("^March.csv"))
    app.sees("Shop")
    app.press("Read it differently")
    app.sees("What was read wrongly?")
    app.press("Day and month the wrong way round")
    app.press("Month, day, year")
    app.sees(re.compile("Read as you said"))
    app.press("Read it differently")
    app.press("What was spent looks received")
    app.sees(re.compile("−€12.50"))
    app.press("Read it differently")
    app.press("Another column is the amount")
    app.press("Description", exact=True)
    app.sees(re.compile("−€12.50"))
    app.press("Book 2 lines")
    app.until_route(rf"{M}/imports/.+")
    booked = {(one["date"], one["amount_minor"]) for one in items(house, "transactions")}
    assert booked == {("2026-03-04", -12_50), ("2026-05-04", -4_00)}
    app.go(f"{M}/import/{card['id']}")  # it is still in the folder that was opened
    app.press(re.compile("^May.csv"))
    app.sees(re.compile("Read as you said"))
    app.press("Book 2 lines")
    house.until(lambda: len(items(house, "transactions")) == 4)
    booked |= {("2026-01-05", -3_00), ("2026-02-05", -5_00)}
    assert {(one["date"], one["amount_minor"]) for one in items(house, "transactions")} == booked
    app.close()
