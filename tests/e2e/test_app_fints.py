"""FinTS in a real browser: product id, login, a choice, a TAN, a fetch with a TAN, a refusal and the way out of it."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import PHONE
from tests.financial_manager import fints_server
from tests.hub import Hub

M = "/financial_manager"


@pytest.fixture(scope="module")
def bank() -> Iterator[fints_server.FintsBank]:
    """Give a bank with two ways of TANs and some bookings of the last days."""
    fints_server.need_fints()
    days = [(dt.date.today() - dt.timedelta(days=ago)).strftime("%y%m%d") for ago in (10, 9)]
    with fints_server.serving() as server:
        server.mechanisms = {"942": "mobileTAN", "962": "photoTAN"}
        server.pages = [fints_server.mt940((days[0], "C1000,00", "Employer"), (days[1], "D12,50", "Shop"))]
        server.balance = ("C", "987,50", dt.date.today().strftime("%Y%m%d"))
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, bank: fints_server.FintsBank) -> Iterator[Household]:
    """Anna, whose hub asks only the bank of this test."""
    folder = tmp_path_factory.mktemp("fints")
    with Hub(folder / "data", app=True) as hub:
        household = Household(hub, folder / "home", hub.set_up("anna", PASSWORD))
        household.space = household.want("GET", "/accounts/me")["person"]["private_space_id"]
        values = {"allow_local_servers": True}
        household.want("PUT", "/modules/financial_manager/settings", {"values": values})
        household.want("GET", f"{M}/accounts")
        yield household
        household.leave()


def png() -> bytes:
    """Return a picture as a bank sends it."""
    out = io.BytesIO()
    Image.effect_noise((64, 64), 80).save(out, "PNG")
    return out.getvalue()


def connections(house: Household) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = house.want("GET", f"{M}/bank-connections")["items"]
    return found


def picture(app: Any, name: str) -> None:
    """Keep a picture where HOMIE_PICTURES says, for somebody to look at."""
    if folder := os.environ.get("HOMIE_PICTURES"):
        app.page.wait_for_timeout(800)
        app.page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_a_german_bank_is_connected_and_fetched(browser: Browser, house: Household, bank: Any) -> None:
    """Each step of the bank is shown and answered once; a refusal says so, and the PIN leads out of it."""
    house.want("POST", f"{M}/accounts", {"name": "Giro", "iban": fints_server.IBAN})
    app = at_home(browser, house.hub, f"{M}/banks/connect", PHONE)
    app.choose("FinTS")
    app.type_into("Product id", fints_server.PRODUCT)
    picture(app, "fints-product")
    app.press("Keep", exact=True)
    app.sees(re.compile("You find bank code"))
    app.type_into("Bank code (BLZ)", fints_server.BANK_CODE)
    app.type_into("FinTS address (https://…)", bank.address)
    app.type_into("User name at the bank", "erika.m")
    app.type_into("PIN", fints_server.PIN)
    picture(app, "fints-login")
    app.press("Connect", exact=True)
    app.until_route(rf"{M}/banks/(?!connect).+")
    app.sees("How do you make TANs?")
    picture(app, "fints-choice")
    bank.picture = png()
    app.press("photoTAN", exact=True)
    app.sees("The bank wants a TAN")
    app.host.get_by_role("img", name="Picture for the TAN").wait_for()
    app.type_into("TAN", fints_server.TAN)
    picture(app, "fints-tan")
    app.press("Send", exact=True)
    house.until(lambda: [one for one in connections(house) if one["state"] == "ready"])
    app.sees(re.compile("Booked into Giro"))
    bank.tan_for = {"HKKAZ"}
    app.press("Fetch now")
    app.sees("Your PIN")
    app.type_into("PIN", fints_server.PIN)
    app.press("Send", exact=True)
    app.sees("The bank wants a TAN")
    app.type_into("TAN", fints_server.TAN)
    app.press("Send", exact=True)
    app.sees(re.compile("2 new, 0 were there already"))
    app.sees(re.compile("The bank and Homie agree"))
    picture(app, "fints-fetched")
    app.press("Fetch now")
    app.sees("Your PIN")
    app.type_into("PIN", "00000")
    app.press("Send", exact=True)
    app.sees("Needs you")
    app.sees(re.compile("Anmeldename oder PIN ist falsch"))
    picture(app, "fints-refused")
    assert bank.pins[-1] == "00000"
    assert bank.pins.count("00000") == 1
    app.close()
