"""Account, spaces, people and folders at the wire: what is shown, what is sent, roll-back, and the password again."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.frontend.headless import Headless
from tests.frontend.screens.stage import NOW, V1, Stage, person, run
from tests.frontend.wire import refusal

SPACES = [
    {"id": "o1", "kind": "private", "name": "Anna", "role": "owner", "created_at": NOW},
    {"id": "h1", "kind": "household", "name": "Maple Street 4", "role": "owner", "created_at": NOW},
]
MEMBERS = [
    {"user_id": "p1", "name": "anna", "display_name": "Anna Berger", "role": "owner", "joined_at": NOW},
    {"user_id": "p2", "name": "ben", "display_name": "Ben", "role": "member", "joined_at": NOW},
]


def device(id_: str, *, current: bool = False) -> dict[str, Any]:
    return {
        "id": id_,
        "name": f"Phone {id_}",
        "kind": "app",
        "user_agent": "",
        "ip": "192.0.2.9",
        "created_at": NOW,
        "last_seen_at": NOW,
        "current": current,
    }


def stage(*, admin: bool = True) -> Stage:
    """Return a stage with a household of two."""
    made = Stage(admin=admin)
    on = made.hub.on
    on("GET", f"{V1}/accounts/totp", {"on": False, "recovery_codes_left": 0})
    on("GET", f"{V1}/accounts/devices", {"items": [device("d1", current=True), device("d2")]})
    on("GET", f"{V1}/accounts/spaces", {"items": SPACES})
    on("GET", f"{V1}/accounts/invitations", {"items": []})
    on("GET", f"{V1}/accounts/roots", {"items": []})
    on("GET", f"{V1}/accounts/spaces/h1/members", {"items": MEMBERS})
    on("GET", f"{V1}/accounts/users", {"items": [person(), {**person(admin=False), "id": "p2", "name": "ben"}]})
    on("GET", f"{V1}/accounts/me", {"person": person(admin=admin), "spaces": SPACES, "session_id": "s1"})
    on("GET", f"{V1}/server", {"id": "x", "name": "Homie", "version": "1", "api": "v1"})
    on("GET", f"{V1}/server/addresses", {"addresses": [], "reachable": False, "discovery": False, "qr": None})
    return made


def _keep(window: Headless, work: Any) -> None:
    """Begin `work` and hold its task as long as the window."""
    window.wire.__dict__.setdefault("asked", []).append(asyncio.create_task(work))


async def ask(window: Headless, name: str) -> None:
    """Press a button that waits for the answer to a question."""
    _keep(window, window.click(name))
    await window.settle()


async def confirm(window: Headless, yes: str) -> None:
    """Press the button of the open question; another one on the screen may have the same text."""
    found = [one for one in window.controls() if getattr(one, "on_click", None) and _text(one) == yes]
    _keep(window, window.fire(found[-1], "click"))
    await window.settle()


async def choose(window: Headless, text: str) -> None:
    """Touch the choice with this text."""
    [found] = [one.content for one in window.find("Semantics", label=text)]
    await window.fire(found, "click")


def _text(one: Any) -> str:
    return str(getattr(getattr(one, "content", None), "value", ""))


def test_a_device_leaves_the_list_at_once_and_comes_back_if_the_hub_refuses() -> None:
    """Optimistic, with a question before and words after."""

    async def scenario() -> None:
        at = stage()
        at.hub.on("DELETE", f"{V1}/accounts/devices/d2", refusal(500, "internal_error"))
        window = await at.open("/devices")
        assert window.shows("Phone d1")
        assert window.shows("This device")
        await ask(window, "Log out Phone d2")
        assert window.shows("Whoever uses it has to type the password again.")
        await confirm(window, "Log it out")
        assert at.hub.calls("DELETE", f"{V1}/accounts/devices/d2")
        assert [one["id"] for one in at.session.security.devices] == ["d1", "d2"]
        at.hub.on("DELETE", f"{V1}/accounts/devices/d2", httpx.Response(204))
        await ask(window, "Log out Phone d2")
        await confirm(window, "Log it out")
        assert [one["id"] for one in at.session.security.devices] == ["d1"]

    run(scenario)


def test_what_matters_asks_for_the_password_and_then_goes_on() -> None:
    """Wrong: said beside the field, the question stays. Right: what was wanted is done, once."""

    async def scenario() -> None:
        at = stage()
        secret = {"secret": "ABCDEFGHIJKLMNOP", "uri": "otpauth://totp/Homie:anna?secret=ABCDEFGHIJKLMNOP&issuer=Homie"}
        at.hub.on("POST", f"{V1}/accounts/totp", [refusal(403, "sudo_required"), secret])
        wrong = refusal(422, "password_wrong", fields=[{"name": "body.password", "problem": "It is wrong."}])
        at.hub.on("POST", f"{V1}/accounts/reauthenticate", [wrong, httpx.Response(204)])
        window = await at.open("/account/second-factor")
        await ask(window, "Turn it on")
        await window.until(lambda: window.shows("Is it you?"))
        await window.type("Password", "not it")
        await window.click("Continue")
        await window.until(lambda: window.find("TextField", label="Password")[0].error == "It is wrong.")
        await window.type("Password", "correct horse staple")
        await window.click("Continue")
        await window.until(lambda: window.shows("ABCD EFGH IJKL MNOP"))
        assert len(at.hub.calls("POST", f"{V1}/accounts/totp")) == 2

    run(scenario)


def test_recovery_codes_are_shown_once() -> None:
    """After "I have kept them" they are gone from the app too."""

    async def scenario() -> None:
        at = stage()
        window = await at.open("/account/second-factor")
        at.session.security.recovery_codes = ("aaaa-bbbb", "cccc-dddd")
        await window.settle()
        assert window.shows("aaaa-bbbb")
        await window.click("I have kept them")
        assert not window.shows("aaaa-bbbb")
        assert not at.session.security.recovery_codes

    run(scenario)


def test_a_new_password_is_checked_before_it_is_sent() -> None:
    """The hub's word about the present one stands beside it."""

    async def scenario() -> None:
        at = stage()
        wrong = [{"name": "body.current_password", "problem": "It is not right.", "remedy": ""}]
        at.hub.on("PUT", f"{V1}/accounts/password", refusal(422, "password_wrong", fields=wrong))
        window = await at.open("/account/password")
        await window.type("Present password", "old old old")
        await window.type("New password", "short")
        await confirm(window, "Change password")
        assert at.hub.bodies("PUT", f"{V1}/accounts/password") == []
        await window.type("New password", "nine purple turtles")
        await confirm(window, "Change password")
        assert at.hub.bodies("PUT", f"{V1}/accounts/password") == [
            {"current_password": "old old old", "new_password": "nine purple turtles"}
        ]
        assert window.find("TextField", label="Present password")[0].error == "It is not right."

    run(scenario)


def test_being_erased_needs_ones_name_typed() -> None:
    """Another text sends nothing."""

    async def scenario() -> None:
        at = stage()
        at.hub.on("GET", f"{V1}/owners/o1/exports", {"items": []})
        at.hub.on("POST", f"{V1}/owners/o1/erase", {"owner_id": "o1", "places": [], "folders": 0, "backup_jobs": []})
        window = await at.open("/account/data")
        await ask(window, "Erase me")
        await window.until(lambda: window.shows("Erase me for good?"))
        await window.type("Your name", "somebody")
        await confirm(window, "Erase me")
        assert window.find("TextField", label="Your name")[0].error == "Type exactly: anna"
        assert at.hub.bodies("POST", f"{V1}/owners/o1/erase") == []
        await window.type("Your name", "anna")
        await confirm(window, "Erase me")
        assert at.hub.bodies("POST", f"{V1}/owners/o1/erase") == [{"confirm": "o1", "replace_backups": True}]

    run(scenario)


def test_spaces_say_who_sees_what() -> None:
    """The private one says that it is; a shared one shows its people, and who looks after it may change them."""

    async def scenario() -> None:
        at = stage()
        at.hub.on("PATCH", f"{V1}/accounts/spaces/h1/members/p2", httpx.Response(204))
        window = await at.open("/people")
        assert window.shows("Only me")
        assert window.shows("Private: nobody else sees what is here")
        await window.go("/people/h1")
        assert window.shows("Anna Berger")
        assert window.shows("Ben")
        await ask(window, "Change Ben")
        await ask(window, "Let them look after it too")
        assert at.hub.bodies("PATCH", f"{V1}/accounts/spaces/h1/members/p2") == [{"role": "owner"}]
        await window.go("/people/nowhere")
        await window.until(lambda: window.shows("You are not in this space"))

    run(scenario)


def test_an_invitation_is_shown_once_with_link_and_picture() -> None:
    """The code stands in the link behind the #, which no browser sends to a server."""

    async def scenario() -> None:
        at = stage()
        made = {
            "id": "i1",
            "purpose": "account",
            "space_id": "h1",
            "role": "member",
            "note": "Ben",
            "created_by": "p1",
            "created_at": NOW,
            "expires_at": "2027-01-01T00:00:00Z",
            "code": "ABCDE-FGHIJ",
        }
        at.hub.on("POST", f"{V1}/accounts/invitations", made)
        window = await at.open("/people/invite?space=h1")
        await window.type("For whom? (only you see it)", "Ben")
        await window.click("Make the code")
        assert at.hub.bodies("POST", f"{V1}/accounts/invitations") == [
            {"new_account": True, "note": "Ben", "hours": 72, "space_id": "h1", "role": "member"}
        ]
        assert window.shows("ABCDE-FGHIJ")
        [picture] = window.find("Image")
        assert "<svg" in str(picture.src)
        await window.click("Done")
        assert not window.shows("ABCDE-FGHIJ")

    run(scenario)


def test_a_question_closes_although_a_message_came_meanwhile() -> None:
    """The newest thing on the screen is the message "is made"; what closes is the question."""

    async def scenario() -> None:
        at = stage()
        at.hub.on("POST", f"{V1}/accounts/spaces", {**SPACES[1], "id": "h2", "name": "Allotment"})
        window = await at.open("/people")
        await ask(window, "New shared space")
        await window.type("Name of the space", "Allotment")
        await confirm(window, "Make it")
        await window.until(lambda: window.shows("Allotment is made. Invite the others now."))
        assert not window.find("AlertDialog")

    run(scenario)


def test_only_administrators_see_everybody() -> None:
    """Others are told so, and the hub is not asked."""

    async def scenario() -> None:
        at = stage(admin=False)
        window = await at.open("/people/everybody")
        assert window.shows("Only administrators see this")
        window = await at.open("/folders/open")
        assert window.shows("Only administrators open folders")
        await window.go("/people")
        assert not window.shows("For administrators")

    run(scenario)


def test_locking_out_asks_and_names_the_person() -> None:
    """The row shows it at once."""

    async def scenario() -> None:
        at = stage()
        locked = {**person(admin=False), "id": "p2", "name": "ben", "display_name": "Ben", "disabled": True}
        at.hub.on("GET", f"{V1}/accounts/users", {"items": [person(), {**locked, "disabled": False}]})
        at.hub.on("PATCH", f"{V1}/accounts/users/p2", locked)
        window = await at.open("/people/everybody")
        await ask(window, "Change Ben")
        await ask(window, "Lock out")
        await window.until(lambda: window.shows("Lock out Ben?"))
        await confirm(window, "Lock out")
        assert at.hub.bodies("PATCH", f"{V1}/accounts/users/p2") == [{"disabled": True}]
        await window.until(lambda: window.shows("Locked out"))

    run(scenario)


def test_a_folder_is_found_and_opened() -> None:
    """Marked folders are opened to the chosen space; those that may not be opened say why."""

    async def scenario() -> None:
        at = stage()
        usable = {"grantable": True, "why": "", "granted": False, "enterable": True}
        system = {
            "grantable": False,
            "why": "It belongs to the operating system.",
            "granted": False,
            "enterable": False,
        }
        browsed = [
            {"name": "Downloads", "path": "/home/anna/Downloads", **usable},
            {"name": "/", "path": "/", **system},
        ]
        at.hub.on("GET", f"{V1}/accounts/roots/browse", {"path": None, "parent": None, "items": browsed, "more": False})
        at.hub.on(
            "POST",
            f"{V1}/accounts/roots",
            {
                "id": "r1",
                "space_id": "o1",
                "path": "/home/anna/Downloads",
                "label": "",
                "purpose": "",
                "writable": True,
                "granted_at": NOW,
                "online": True,
            },
        )
        window = await at.open("/folders/open")
        assert window.shows("The whole computer")
        assert window.shows("It belongs to the operating system.")
        [first, last] = window.find("Checkbox")
        assert last.disabled
        window.session.apply_patch(first._i, {"value": True})
        await window.fire(first, "change", True)
        await window.click("Open one folder")
        assert at.hub.bodies("POST", f"{V1}/accounts/roots") == [
            {"space_id": "o1", "path": "/home/anna/Downloads", "writable": True}
        ]

    run(scenario)


def test_appearance_applies_at_once_and_is_taken_back_when_refused() -> None:
    """The look changes before the hub answered; a refusal brings the old one back."""

    async def scenario() -> None:
        at = stage()
        at.hub.on("PATCH", f"{V1}/accounts/preferences", refusal(500, "internal_error"))
        window = await at.open("/settings/appearance")
        await choose(window, "Light")
        assert at.hub.bodies("PATCH", f"{V1}/accounts/preferences") == [{"changes": {"theme": "light"}}]
        assert at.session.preferences.appearance == "dark"
        at.hub.on("PATCH", f"{V1}/accounts/preferences", {"theme": "light"})
        await choose(window, "Light")
        assert at.session.preferences.appearance == "light"

    run(scenario)


def test_where_new_things_go_is_shown_and_switched() -> None:
    """Only with more than one space; the choice is the person's, on every device."""

    async def scenario() -> None:
        at = stage()
        at.hub.on("PATCH", f"{V1}/accounts/preferences", {"default_space": "h1"})
        window = await at.open("/settings")
        assert not window.shows("New things go to")
        at.session.auth.spaces = tuple(SPACES)  # type: ignore[arg-type]
        await window.settle()
        assert window.shows("New things go to: Only me")
        await ask(window, "New things go to: Only me")
        await window.until(lambda: window.shows("Where do new things go?"))
        await ask(window, "Maple Street 4")
        assert at.hub.bodies("PATCH", f"{V1}/accounts/preferences") == [{"changes": {"default_space": "h1"}}]
        await window.until(lambda: window.shows("New things go to: Maple Street 4"))

    run(scenario)


@pytest.mark.parametrize("path", ["", "/h1/members"])
def test_a_space_that_cannot_be_read_can_be_tried_again(path: str) -> None:
    """Neither the space nor its members are waited for without end."""

    async def scenario() -> None:
        at = stage()
        there = at.hub.answers["GET", f"{V1}/accounts/spaces{path}"]
        at.hub.on("GET", f"{V1}/accounts/spaces{path}", lambda _: refusal(500, "internal"))
        window = await at.open("/people/h1")
        await window.until(lambda: window.shows("Words about internal"))
        at.hub.on("GET", f"{V1}/accounts/spaces{path}", there)
        await window.click("Try again")
        await window.until(lambda: window.shows("Ben"))

    run(scenario)
