"""Living together in a real browser: an invitation, two people who see only their own, and a space that both see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.app_world import PASSWORD, home_hub, log_in
from tests.e2e.flutter import DESKTOP, PHONE, App

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
CODE = re.compile(r"^[A-Z0-9]{5}(-[A-Z0-9]{5})+$")


@SIZES
def test_two_people_see_their_own_and_share_one_space(browser: Browser, tmp_path: Path, size: dict[str, int]) -> None:
    """Anna invites Ben with a link; he has a space that she does not see, and both see who is in the shared one."""
    with home_hub(tmp_path) as hub:
        hub.set_up()
        anna = App.open(browser, hub.url, "/people", size=size)
        log_in(anna)
        anna.touch(re.compile("Looks after it"))
        anna.until_route(r"/people/[0-9a-f-]+")
        anna.press("Invite somebody")
        anna.until_route(r"/people/invite\?space=.+")
        anna.press("Make the code")
        code = anna.sees(CODE).inner_text()

        ben = App.open(browser, hub.url, f"/invite#code={code}", size=size)
        ben.field("Your name").wait_for()
        # The link brought the code along: nothing of it is typed.
        ben.type_into("Your name", "ben")
        ben.type_into("Password", "nine purple turtles")
        ben.press("Come in")
        ben.sees(re.compile("(Hello|Good morning|Good evening), ben"))
        ben.go("/people")
        ben.sees("Only me")
        ben.touch(re.compile("Member"))
        ben.sees("anna")
        ben.sees("ben")
        ben.misses("Invite somebody")

        anna.go("/people")
        anna.touch(re.compile("Looks after it"))
        anna.sees("ben")
        # What is Ben's alone is nowhere in Anna's app, although she administers the hub.
        own = hub.log_in("ben", "nine purple turtles")
        space = hub.get("/api/v1/accounts/me", token=own).json["person"]["private_space_id"]
        anna.go(f"/people/{space}")
        anna.sees("You are not in this space")
        mine = hub.get("/api/v1/accounts/spaces", token=hub.log_in("anna", PASSWORD)).json["items"]
        assert space not in {one["id"] for one in mine}
        anna.close()
        ben.close()


def test_somebody_is_locked_out_while_they_look(browser: Browser, tmp_path: Path) -> None:
    """The other window falls back to the door by itself and says so."""
    with home_hub(tmp_path) as hub:
        token = hub.set_up()
        made = hub.post("/api/v1/accounts/invitations", {"new_account": True}, token=token).json
        hub.post(
            "/api/v1/accounts/invitations/accept",
            {"code": made["code"], "name": "ben", "password": "nine purple turtles"},
        )
        ben = App.open(browser, hub.url, "/people")
        log_in(ben, "ben", "nine purple turtles")
        ben.sees("What lies in a space")
        anna = App.open(browser, hub.url, "/people/everybody")
        log_in(anna)
        anna.press("Change ben")
        anna.touch(re.compile("^Lock out"))
        anna.sees("Lock out ben?")
        anna.press("Lock out", exact=True, last=True)
        anna.sees("Locked out")
        ben.sees("You were logged out")
        anna.close()
        ben.close()
