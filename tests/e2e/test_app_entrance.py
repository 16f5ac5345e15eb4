"""The way in, in a real browser against a real hub: first start, log-in, a second factor, a restart in between."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser

from tests.e2e.app_world import PASSWORD, home_hub, log_in, set_up_by_hand
from tests.e2e.flutter import DESKTOP, PHONE, App

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@SIZES
def test_first_start_log_out_and_log_in(browser: Browser, tmp_path: Path, size: dict[str, int]) -> None:
    """From the printed code to Home with a folder in under two minutes; a reload stays in; out and in again."""
    with home_hub(tmp_path) as hub:
        app = App.open(browser, hub.url, size=size)
        began = time.monotonic()
        set_up_by_hand(app, hub)
        app.press("Open one folder")
        app.press("Look around first")
        app.sees(re.compile("(Hello|Good morning|Good evening), anna"))
        assert time.monotonic() - began < 120
        token = hub.log_in()
        roots = hub.get("/api/v1/accounts/roots", token=token).json["items"]
        assert [one["label"] or one["path"].rpartition("/")[2] for one in roots] == ["Downloads"]
        app.page.reload()
        app.ready()
        app.sees(re.compile("(Hello|Good morning|Good evening), anna"))
        app.go("/account")
        app.press("Log out", exact=True)
        app.sees("Log out here?")
        app.press("Log out", exact=True, last=True)
        log_in(app, password="not this one")
        app.sees("Name and password do not fit together")
        log_in(app)
        app.sees("My account")
        assert app.route == "/account"
        app.close()


def test_a_wrong_set_up_code_is_mended_without_typing_all_again(browser: Browser, tmp_path: Path) -> None:
    """The hub refuses at the end; the app leads back to the code and keeps the rest."""
    with home_hub(tmp_path) as hub:
        app = App.open(browser, hub.url)
        app.field("Set-up code").wait_for()
        app.type_into("Set-up code", "AAAAA-BBBBB-CCCCC-DDDDD")
        app.press("Continue")
        app.field("Your name").wait_for()
        app.type_into("Your name", "anna")
        app.press("Continue")
        app.field("Password").wait_for()
        app.type_into("Password", "short")
        app.press("Continue")
        app.sees("too easy to guess")
        app.type_into("Password", PASSWORD)
        app.press("Continue")
        app.field("Name of your home").wait_for()
        app.press("Make my home")
        app.sees("The set-up code is not right")
        app.type_into("Set-up code", hub.setup_code())
        app.press("Continue")
        app.field("Your name").wait_for()
        assert app.field("Your name").input_value() == "anna"
        app.press("Continue")
        app.field("Password").wait_for()
        app.press("Continue")
        app.field("Name of your home").wait_for()
        app.press("Make my home")
        app.press("Not now")
        app.press("Go to the app")
        app.sees(re.compile("(Hello|Good morning|Good evening), anna"))
        app.close()


def test_a_second_factor_from_turning_on_to_logging_in(browser: Browser, tmp_path: Path) -> None:
    """The key is shown, a first code turns it on, recovery codes are told once; then a code is needed to get in."""
    with home_hub(tmp_path) as hub:
        hub.set_up()
        app = App.open(browser, hub.url, "/account/second-factor")
        log_in(app)
        app.press("Turn it on")
        key = app.sees(re.compile(r"^([A-Z2-7]{4} ){3,}")).inner_text()
        totp = pyotp.TOTP(key.replace(" ", ""))
        app.type_into("Six-digit code", totp.now())
        app.sees("Keep these codes")
        first = app.sees(re.compile(r"^\w{4,6}(-\w{4,6})+$")).inner_text()
        app.press("I have kept them")
        app.sees("Your account asks for a code")
        app.go("/account")
        app.press("Log out", exact=True)
        app.sees("Log out here?")
        app.press("Log out", exact=True, last=True)
        log_in(app)
        app.sees("One more proof")
        app.press("Use a recovery code")
        app.type_into("Recovery code", first)
        app.press("Log in", exact=True)
        app.sees("My account")
        app.close()


def test_a_hub_that_restarts_is_waited_for(browser: Browser, tmp_path: Path) -> None:
    """While the hub is away the door stays open; when it is back, one is still logged in."""
    with home_hub(tmp_path) as hub:
        hub.set_up()
        app = App.open(browser, hub.url, "/people")
        log_in(app)
        app.sees("What lies in a space")
        hub.stop()
        hub.start()
        app.sees("What lies in a space")
        app.press("New shared space")
        app.type_into("Name of the space", "Allotment")
        app.press("Make it")
        app.sees("Invite somebody")
        app.close()
