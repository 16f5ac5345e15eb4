"""The entrance at the wire: each stage's page, what is sent, whose words stand where, what is kept when it fails."""

from __future__ import annotations

import asyncio
from typing import Any

import flet as ft
import httpx
import pytest

from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.kit import SessionContext, Viewport, confirm, toast
from frontend.kit.context import ViewportContext
from frontend.kit.keys import KeyListeners
from frontend.providers.session import Session, Surroundings
from frontend.screens.entrance import Entrance
from frontend.screens.entrance.redeem import code_of
from frontend.screens.entrance.server_address import address_of
from frontend.screens.new_password import strength
from frontend.shell.app import App
from tests.frontend.headless import Headless
from tests.frontend.screens.stage import V1, Stage, person, run
from tests.frontend.wire import FakeHub, refusal, tokens

PASSWORD = "correct horse staple"


@ft.component
def Door(session: Session, viewport: Viewport) -> Any:
    """Show the entrance alone."""
    return SessionContext(session, lambda: ViewportContext(viewport, lambda: Entrance()))


async def door(hub: FakeHub, route: str = "/", width: float = 412) -> tuple[Headless, Session]:
    """Open the entrance in a window."""
    session = Session(Surroundings(hub.connection(), Keepers(), MemoryStorage()), keys=KeyListeners())
    session.transport._sleep = hub.sleep
    session.auth.on_logged_in = _nothing
    viewport = Viewport()
    viewport.resize(width, 915)
    window = await Headless(width=width, route=route).show(Door, session, viewport)
    await session.start()
    await window.settle()
    return window, session


async def _nothing() -> None:
    return None


def signed_in() -> dict[str, Any]:
    return {"tokens": tokens(1), "person": person()}


def me() -> dict[str, Any]:
    return {"person": person(), "spaces": [], "session_id": "s1"}


def errors(window: Headless) -> list[str]:
    """Return the words beside fields."""
    return [str(one.error) for one in window.find("TextField") if one.error]


async def fill_set_up(window: Headless) -> None:
    """Answer the questions of the first start up to the last button."""
    for label, text in (("Set-up code", "ABCDE"), ("Your name", "Anna"), ("Password", PASSWORD)):
        await window.type(label, text)
        await window.click("Continue")


def test_the_first_start_asks_one_thing_at_a_time_and_sends_all_at_once() -> None:
    """Five steps; nothing is sent before the last question; the language of the window becomes the person's."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "open"})
        hub.on("POST", f"{V1}/accounts/setup", signed_in())
        hub.on("GET", f"{V1}/accounts/me", me())
        hub.on("PATCH", f"{V1}/accounts/preferences", {"language": "en"})
        window, session = await door(hub)
        assert window.shows("Step 1 of 5")
        await fill_set_up(window)
        assert hub.bodies("POST", f"{V1}/accounts/setup") == []
        await window.type("Name of your home", "Maple Street 4")
        await window.click("Make my home")
        [sent] = hub.bodies("POST", f"{V1}/accounts/setup")
        assert (sent["code"], sent["name"], sent["password"]) == ("ABCDE", "Anna", PASSWORD)
        assert (sent["household"], sent["folders"]) == ("Maple Street 4", [])
        assert hub.bodies("PATCH", f"{V1}/accounts/preferences") == [{"changes": {"language": "en"}}]
        assert session.auth.stage == "logged_in"

    run(scenario)


def test_a_step_that_lacks_something_says_so_and_stays() -> None:
    """Nothing typed, and a password that the hub would refuse."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "open"})
        window, _ = await door(hub)
        await window.click("Continue")
        assert errors(window) == ["Type the code that your server shows."]
        await window.type("Set-up code", "ABCDE")
        await window.click("Continue")
        await window.type("Your name", "Anna")
        await window.click("Continue")
        await window.type("Password", "short")
        assert window.shows("5 more characters.")
        await window.click("Continue")
        assert errors(window) == ["This password is too easy to guess."]
        await window.type("Password", PASSWORD)
        assert errors(window) == []
        await window.click("Back")
        assert window.find("TextField", label="Your name")[0].value == "Anna"

    run(scenario)


@pytest.mark.parametrize(
    ("refused", "label", "words"),
    [
        (refusal(422, "setup_code_wrong"), "Set-up code", "Words about setup_code_wrong."),
        (
            refusal(422, "password_weak", fields=[{"name": "body.password", "problem": "It is common.", "remedy": ""}]),
            "Password",
            "It is common.",
        ),
    ],
    ids=["code", "password"],
)
def test_a_refusal_leads_to_the_step_where_it_can_be_mended(refused: httpx.Response, label: str, words: str) -> None:
    """The hub's words stand beside the field; everything else is still there."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "open"})
        hub.on("POST", f"{V1}/accounts/setup", refused)
        window, _ = await door(hub)
        await fill_set_up(window)
        await window.click("Make my home")
        [field] = window.find("TextField", label=label)
        assert field.error == words
        assert field.value

    run(scenario)


def test_set_up_is_not_offered_over_lost_data() -> None:
    """Backups without people: the page says what the owner of the machine can do."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "blocked"})
        window, _ = await door(hub)
        assert window.shows("There was a Homie here before")
        assert window.shows("homie restore")

    run(scenario)


def test_a_wrong_password_is_said_in_words_and_nothing_is_lost() -> None:
    """The hub never says which was wrong; the app says what to look for, and keeps what was typed."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "closed"})
        hub.on("POST", f"{V1}/accounts/login", refusal(401, "login_refused"))
        window, _ = await door(hub)
        await window.type("Name", "anna")
        await window.type("Password", "wrong")
        await window.click("Log in")
        assert window.shows("Name and password do not fit together")
        assert [one.value for one in window.find("TextField")] == ["anna", "wrong"]

    run(scenario)


def test_too_many_tries_lock_the_button_with_the_seconds_on_it() -> None:
    """While the hub does not look at passwords, none is sent."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "closed"})
        hub.on("POST", f"{V1}/accounts/login", refusal(429, "login_delayed", retry_after=30))
        window, _ = await door(hub)
        await window.type("Name", "anna")
        await window.type("Password", "wrong")
        await window.click("Log in")
        await window.until(lambda: window.shows("Wait 30 seconds") or window.shows("Wait 29 seconds"))
        assert window.shows("That was wrong several times")
        sent = len(hub.asked)
        [password] = window.find("TextField", label="Password")
        await window.fire(password, "submit")
        assert len(hub.asked) == sent

    run(scenario)


def test_the_second_factor_is_asked_for_and_six_digits_are_enough() -> None:
    """The code goes with name and password as soon as it is whole; a recovery code waits for the button."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "closed"})
        hub.on("POST", f"{V1}/accounts/login", [refusal(401, "second_factor_required"), refusal(401, "login_refused")])
        window, session = await door(hub)
        await window.type("Name", "anna")
        await window.type("Password", PASSWORD)
        await window.click("Log in")
        assert window.shows("One more proof")
        await window.type("Six-digit code", "123 456")
        sent = hub.bodies("POST", f"{V1}/accounts/login")[-1]
        assert (sent["name"], sent["password"], sent["code"]) == ("anna", PASSWORD, "123456")
        assert errors(window) == ["This code is not right any more. Type the one that is shown now."]
        await window.click("Use a recovery code")
        await window.type("Recovery code", "abcdef")
        assert len(hub.bodies("POST", f"{V1}/accounts/login")) == 2
        await window.click("Back")
        assert session.auth.stage == "login"

    run(scenario)


def test_an_invitation_brings_its_code_along() -> None:
    """The link fills the code; a name that is taken is said beside the name."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "closed"})
        hub.on("POST", f"{V1}/accounts/invitations/accept", refusal(409, "name_taken"))
        window, _ = await door(hub, "/invite?code=ABCDE-FGHIJ")
        await window.type("Your name", "Ben")
        await window.type("Password", PASSWORD)
        await window.click("Come in")
        [sent] = hub.bodies("POST", f"{V1}/accounts/invitations/accept")
        assert (sent["code"], sent["name"]) == ("ABCDE-FGHIJ", "Ben")
        assert window.find("TextField", label="Your name")[0].error == "Words about name_taken."

    run(scenario)


def test_a_new_password_is_set_with_a_code() -> None:
    """Afterwards one stands at the door again."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", {"state": "closed"})
        hub.on("POST", f"{V1}/accounts/password/reset", httpx.Response(204))
        window, _ = await door(hub, "/new-password?code=ABCDE")
        await window.type("New password", PASSWORD)
        await window.click("Set the password")
        assert hub.bodies("POST", f"{V1}/accounts/password/reset") == [{"code": "ABCDE", "password": PASSWORD}]
        assert ("push_route", {"route": "/"}) in [(name, args) for name, args in window.wire.calls] or window.shows(
            "Your new password is set"
        )

    run(scenario)


def test_no_question_or_message_outlives_a_log_out() -> None:
    """What stood over the app is closed with it, unanswered: whoever logs in next must not read or answer it."""

    async def scenario() -> None:
        stage = Stage()
        await stage.open("/settings")
        viewport = Viewport()
        viewport.resize(412, 915)
        window = await Headless(route="/settings").show(App, stage.session, viewport)
        question = asyncio.create_task(confirm("Delete Anna's letter?", "It is about her salary.", "Delete"))
        await window.until(lambda: window.shows("salary"))
        toast("The letter to the bank is kept.")
        await stage.session.auth._out("not_authenticated")
        await window.until(lambda: window.find("TextField", label="Password"))
        assert not window.shows("salary")
        assert not window.shows("letter")
        assert await question is False

    run(scenario)


def test_a_hub_that_is_away_is_said_in_words() -> None:
    """The page promises to go on trying, and lets the person try."""

    async def scenario() -> None:
        hub = FakeHub()
        hub.on("GET", f"{V1}/accounts/setup", httpx.ConnectError("no"))
        window, session = await door(hub)
        assert window.shows("Homie does not answer")
        hub.on("GET", f"{V1}/accounts/setup", {"state": "closed"})
        await window.click("Try now")
        await window.until(lambda: window.shows("Welcome home"))
        assert session.auth.stage == "login"

    run(scenario)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("192.168.1.20", "http://192.168.1.20:8321"),
        (" homie.local:9000 ", "http://homie.local:9000"),
        ("https://home.example", "https://home.example"),
        ("homie://connect?url=http%3A%2F%2F10.0.0.5%3A8321%2F", "http://10.0.0.5:8321"),
        ("[fd00::1]:8321", "http://[fd00::1]:8321"),
        ("", ""),
        ("ftp://x", ""),
        ("a b", ""),
        ("host:port", ""),
    ],
)
def test_an_address_is_understood_as_people_type_it(typed: str, meant: str) -> None:
    """With or without scheme and port, or scanned."""
    assert address_of(typed) == meant


def test_a_links_code_is_read_from_behind_the_question_mark() -> None:
    """Other places carry none."""
    assert code_of("/invite?code=AB%2DC") == "AB-C"
    assert code_of("/invite") == ""


def test_strength_follows_the_hubs_rules() -> None:
    """What the hub refuses has no strength; longer and more varied is stronger."""
    assert [strength(one) for one in ("short", "aaaaaaaaaaaa", "x" * 73)] == [0, 0, 0]
    assert strength("moonlights") == 1
    assert strength(PASSWORD) >= 2
    assert strength("Nine purple turtles, 4 keys") == 3
