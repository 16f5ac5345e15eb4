"""Every way in and out, at the wire."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from frontend.api.errors import ApiError
from frontend.api.sealing import MemoryStorage
from frontend.api.session_tokens import STORED_AS, SessionTokens
from frontend.api.tokens import Keepers
from frontend.providers.auth_provider import AuthProvider, Cancelled
from tests.frontend.wire import FakeHub, refusal, tokens

pytestmark = pytest.mark.anyio
ME = "/api/v1/accounts/me"
LOGIN = "/api/v1/accounts/login"
SETUP = "/api/v1/accounts/setup"
PERSON = {"id": "u1", "name": "anna", "display_name": "Anna", "is_admin": True, "private_space_id": "o1"}


def _auth(hub: FakeHub, storage: MemoryStorage | None = None) -> AuthProvider:
    from frontend.api.generated import HomieApi

    transport = hub.transport()
    made = SessionTokens(transport, Keepers(), storage or MemoryStorage())
    hub.answers.setdefault(("GET", ME), {"person": PERSON, "spaces": [{"id": "o1"}]})
    return AuthProvider(api=HomieApi(transport), tokens=made, device="Tester")


def _signed_in() -> dict[str, Any]:
    return {"tokens": tokens(1), "person": PERSON}


@pytest.mark.parametrize(("state", "stage"), [("open", "setup"), ("closed", "login"), ("blocked", "setup_blocked")])
async def test_the_hub_says_what_it_needs(state: str, stage: str) -> None:
    """Without a device the hub's set-up state decides what is shown."""
    hub = FakeHub()
    hub.on("GET", SETUP, {"state": state})
    auth = _auth(hub)
    assert auth.stage == "starting"
    await auth.start()
    assert auth.stage == stage


async def test_nobody_there_is_unreachable_and_tried_again() -> None:
    """Without network the stage says so; the next start goes on."""
    hub = FakeHub()
    hub.on("GET", SETUP, httpx.ConnectError("no"))
    auth = _auth(hub)
    await auth.start()
    assert auth.stage == "unreachable"
    hub.on("GET", SETUP, {"state": "closed"})
    await auth.start()
    assert auth.stage == "login"


async def test_a_hub_that_fails_once_is_no_log_out() -> None:
    """A device that is logged in is not asked for a password because the hub could not answer; the next try goes on."""
    hub, storage = FakeHub(), MemoryStorage()
    hub.on("POST", "/api/v1/accounts/refresh", tokens(2))
    storage.kept[STORED_AS] = "hmr_1"
    auth = _auth(hub, storage)
    hub.on("GET", ME, lambda _: refusal(500, "internal"))
    await auth.start()
    assert (auth.stage, auth.tokens.has_device) == ("unreachable", True)
    hub.on("GET", ME, {"person": PERSON, "spaces": []})
    await auth.start()
    assert auth.stage == "logged_in"


async def test_a_device_is_restored() -> None:
    """A browser that was logged in is logged in again without a password."""
    hub, storage = FakeHub(), MemoryStorage()
    hub.on("POST", "/api/v1/accounts/refresh", tokens(2))
    storage.kept[STORED_AS] = "hmr_1"
    auth = _auth(hub, storage)
    told: list[int] = []

    async def logged_in() -> None:
        told.append(1)

    auth.on_logged_in = logged_in
    await auth.start()
    assert (auth.stage, auth.person_id, auth.is_admin, told) == ("logged_in", "u1", True, [1])


async def test_no_network_at_start_keeps_the_device() -> None:
    """A start without network does not forget who was logged in."""
    hub, storage = FakeHub(), MemoryStorage()
    storage.kept[STORED_AS] = "hmr_1"
    hub.on("POST", "/api/v1/accounts/refresh", httpx.ConnectError("no"))
    auth = _auth(hub, storage)
    await auth.start()
    assert (auth.stage, storage.kept) == ("unreachable", {STORED_AS: "hmr_1"})
    hub.on("POST", "/api/v1/accounts/refresh", tokens(2))
    await auth.start()
    assert auth.stage == "logged_in"


async def test_a_device_that_ended_goes_to_the_log_in() -> None:
    """A device that the hub no longer knows is forgotten and the person is asked to log in."""
    hub, storage = FakeHub(), MemoryStorage()
    storage.kept[STORED_AS] = "hmr_1"
    hub.on("POST", "/api/v1/accounts/refresh", refusal(401, "token_refused"))
    hub.on("GET", SETUP, {"state": "closed"})
    auth = _auth(hub, storage)
    await auth.start()
    assert (auth.stage, auth.person, storage.kept) == ("login", None, {})


async def test_a_second_factor_is_a_second_step() -> None:
    """When a code is missing the stage becomes `code`; name and password are sent again with it."""
    hub = FakeHub()
    hub.on("POST", LOGIN, [refusal(401, "second_factor_required"), refusal(401, "login_refused"), _signed_in()])
    auth = _auth(hub)
    await auth.login("anna", "pw")
    assert auth.stage == "code"
    with pytest.raises(ApiError, match="login_refused"):
        await auth.submit_code("000000")
    assert auth.stage == "code"
    await auth.submit_code("123456")
    assert auth.stage == "logged_in"
    assert hub.bodies("POST", LOGIN)[2] == {"name": "anna", "password": "pw", "device": "Tester", "code": "123456"}
    assert auth._held is None


async def test_going_back_forgets_the_password() -> None:
    """Leaving the code step keeps no password in memory."""
    hub = FakeHub()
    hub.on("POST", LOGIN, refusal(401, "second_factor_required"))
    auth = _auth(hub)
    await auth.login("anna", "pw")
    auth.cancel_code()
    assert (auth.stage, auth._held) == ("login", None)


async def test_too_many_tries_count_down() -> None:
    """The hub's delay is shown as seconds left."""
    hub = FakeHub()
    hub.on("POST", LOGIN, refusal(429, "login_delayed", retry_after=30))
    auth = _auth(hub)
    with pytest.raises(ApiError):
        await auth.login("anna", "pw")
    assert 28 <= auth.seconds_locked() <= 30


async def test_logging_out_without_network_logs_out_here() -> None:
    """A log-out that the hub cannot hear still leaves nothing on the device."""
    hub, storage = FakeHub(), MemoryStorage()
    hub.on("POST", LOGIN, _signed_in())
    auth = _auth(hub, storage)
    await auth.login("anna", "pw")
    assert storage.kept
    hub.on("POST", "/api/v1/accounts/logout", httpx.ConnectError("no"))
    await auth.logout()
    assert (auth.stage, auth.person, storage.kept, auth.ended_because) == ("login", None, {}, "")


async def test_being_logged_out_elsewhere_is_said() -> None:
    """When the hub ends the device the stage is the log-in, with the reason."""
    hub = FakeHub()
    hub.on("POST", LOGIN, _signed_in())
    auth = _auth(hub)
    await auth.login("anna", "pw")
    auth.lost()
    await asyncio.gather(*auth._tasks)
    assert (auth.stage, auth.ended_because) == ("login", "not_authenticated")


async def _sudo_auth() -> tuple[FakeHub, AuthProvider]:
    hub = FakeHub()
    hub.on("POST", LOGIN, _signed_in())
    auth = _auth(hub)
    await auth.login("anna", "pw")
    return hub, auth


async def test_an_action_waits_for_the_password() -> None:
    """What needs the password is done by itself once the person gave it; a wrong one leaves it waiting."""
    hub, auth = await _sudo_auth()
    hub.on("POST", "/api/v1/accounts/invitations", [refusal(403, "sudo_required"), {"id": "i1"}])
    hub.on("POST", "/api/v1/accounts/reauthenticate", [refusal(422, "invalid_input"), httpx.Response(204)])
    waiting = asyncio.create_task(auth.with_sudo(lambda: auth.api.accounts.create_invitation({})))
    while not auth.sudo_wanted:
        await asyncio.sleep(0)
    with pytest.raises(ApiError):
        await auth.reauthenticate("wrong")
    assert auth.sudo_wanted
    await auth.reauthenticate("right")
    assert (await waiting)["id"] == "i1"
    assert not auth.sudo_wanted


async def test_an_action_can_be_given_up() -> None:
    """Whoever does not want to give the password gets nothing done, and no error that needs words."""
    hub, auth = await _sudo_auth()
    hub.on("POST", "/api/v1/accounts/invitations", lambda _: refusal(403, "sudo_required"))
    waiting = asyncio.create_task(auth.with_sudo(lambda: auth.api.accounts.create_invitation({})))
    while not auth.sudo_wanted:
        await asyncio.sleep(0)
    auth.cancel_sudo()
    with pytest.raises(Cancelled):
        await waiting
    assert len(hub.calls("POST", "/api/v1/accounts/invitations")) == 1


async def test_other_refusals_ask_for_no_password() -> None:
    """Only the hub's wish for the password opens the dialog."""
    hub, auth = await _sudo_auth()
    hub.on("POST", "/api/v1/accounts/invitations", refusal(403, "not_allowed"))
    with pytest.raises(ApiError, match="not_allowed"):
        await auth.with_sudo(lambda: auth.api.accounts.create_invitation({}))
    assert not auth.sudo_wanted
