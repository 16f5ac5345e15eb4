"""The test client in a real browser: two people side by side, each seeing only their own."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import TestClientPage

pytestmark = pytest.mark.browser
PASSWORD = "correct horse staple"


def fill_person(card: Locator, name: str) -> None:
    card.locator("[name=name]").fill(name)
    card.locator("[name=password]").fill(PASSWORD)


def set_up(client: TestClientPage) -> Locator:
    card = client.page.locator(".person").nth(0)
    fill_person(card, "anna")
    card.locator("[name=code]").fill(client.hub.setup_code())
    card.locator("[name=household]").fill("Home")
    card.get_by_role("button", name="Set up this hub").click()
    expect(card.locator(".message")).to_have_text("Logged in.")
    return card


def call(card: Locator, operation: str, body: object = None, **parameters: str) -> dict[str, object]:
    card.locator(".filter").fill("")
    card.locator(".operations").select_option(operation)
    for name, value in parameters.items():
        card.locator(f".parameters input[data-name={name}]").fill(value)
    if body is not None:
        card.locator(".body").fill(json.dumps(body))
    card.get_by_role("button", name="Send").click()
    expect(card.locator(".status")).not_to_have_text("")
    answer = card.locator(".answer").text_content() or "null"
    result: dict[str, object] = json.loads(answer) or {}
    return result


def open_socket(card: Locator) -> None:
    card.get_by_role("button", name="Open socket").click()
    expect(card.locator(".socket")).to_have_text("connected")


def join_second_person(client: TestClientPage, anna: Locator) -> Locator:
    call(anna, "POST /api/v1/accounts/reauthenticate", {"password": PASSWORD})
    invitation = call(anna, "POST /api/v1/accounts/invitations", {"new_account": True})
    accepted = client.hub.post(
        "/api/v1/accounts/invitations/accept", {"code": invitation["code"], "name": "ben", "password": PASSWORD}
    )
    assert accepted.status == 201, accepted.body
    ben = client.page.locator(".person").nth(1)
    fill_person(ben, "ben")
    ben.get_by_role("button", name="Log in").click()
    expect(ben.locator(".message")).to_have_text("Logged in.")
    return ben


def test_two_people_work_side_by_side_and_see_only_their_own_events(
    test_client: TestClientPage, tmp_path: Path
) -> None:
    """One organises a folder through the page; the events reach that person's list and not the neighbour's."""
    folder = tmp_path / "Downloads"
    folder.mkdir()
    (folder / "Invoice Stadtwerke 2026-03.txt").write_text("Invoice 17 of Stadtwerke, 40 EUR")
    anna = set_up(test_client)
    ben = join_second_person(test_client, anna)
    for card in (anna, ben):
        open_socket(card)
        card.locator(".modules").select_option("file_organizer")
        card.get_by_role("button", name="Switch", exact=True).click()
        expect(card.locator("[data-event=module_switched]").first).to_be_visible()

    me = call(anna, "GET /api/v1/accounts/me")
    spaces = me["spaces"]
    assert isinstance(spaces, list)
    private = next(space["id"] for space in spaces if space["kind"] == "private")
    granted = call(anna, "POST /api/v1/accounts/roots", {"space_id": private, "path": str(folder)})
    assert granted.get("path") == str(folder), granted
    call(anna, "POST /api/v1/file_organizer/plans", {"path": str(folder)})

    expect(anna.locator("[data-event='jobs.finished']").first).to_be_visible()
    expect(ben.locator("[data-event^='jobs.']")).to_have_count(0)
    assert call(ben, "GET /api/v1/jobs")["items"] == []
    assert test_client.outside == []
    if where := os.environ.get("HOMIE_SCREENSHOTS"):
        test_client.page.screenshot(path=f"{where}/test-client.png", full_page=True)


def test_a_wrong_password_is_said_in_words(test_client: TestClientPage) -> None:
    """The page shows the hub's own sentence, and the person stays logged out."""
    set_up(test_client)
    card = test_client.page.locator(".person").nth(1)
    card.locator("[name=name]").fill("anna")
    card.locator("[name=password]").fill("something else entirely")
    card.get_by_role("button", name="Log in").click()
    expect(card.locator(".message")).not_to_have_text("")
    expect(card.locator(".signed-in")).to_be_hidden()


def test_a_socket_comes_back_by_itself_after_a_restart(test_client: TestClientPage) -> None:
    """The hub is killed and started again; the page reconnects and is told to reload what it missed."""
    anna = set_up(test_client)
    open_socket(anna)
    assert test_client.hub.process is not None
    test_client.hub.process.send_signal(signal.SIGKILL)
    test_client.hub.process.wait()
    expect(anna.locator(".socket")).to_have_text("offline")
    test_client.hub.start()
    expect(anna.locator(".socket")).to_have_text("connected", timeout=60_000)
    expect(anna.locator("[data-event=reload]").first).to_be_visible(timeout=60_000)
