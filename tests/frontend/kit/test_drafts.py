"""Half-typed text outlives the process that holds the window, until it was sent or left; secrets are never kept."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import flet as ft
import pytest

from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.kit import SessionContext, Viewport, use_provider
from frontend.kit.context import ViewportContext
from frontend.kit.keys import KeyListeners
from frontend.providers.drafts import LONGEST, MOST_PLACES, TOO_OLD, Drafts
from frontend.providers.session import Session, Surroundings
from frontend.shell.routes import app_routes
from tests.frontend.headless import Headless
from tests.frontend.screens.stage import NOW, V1, Stage, run
from tests.frontend.wire import tokens

PLACE = "/people/invite"
NOTE = "For whom? (only you see it)"


def stage(storage: MemoryStorage | None = None) -> Stage:
    """A window at the form for invitations; with `storage`, on a device that knows something already."""
    made = Stage()
    if storage is not None:
        made.storage = storage
    made.hub.on("GET", f"{V1}/accounts/spaces", {"items": []})
    made.hub.on("GET", f"{V1}/accounts/invitations", {"items": []})
    made.hub.on("GET", f"{V1}/accounts/users", {"items": []})
    made.hub.on("GET", f"{V1}/search", {"groups": [], "complete": True, "left_out": []})
    return made


async def typed_text(of: Stage, label: str = NOTE) -> str:
    window = of.window
    await window.until(lambda: window.find("TextField", label=label))
    return str(window.find("TextField", label=label)[0].value)


def test_typed_text_is_there_again_in_a_new_process() -> None:
    """Nothing is said to the old one: it was killed. Each keystroke is on the device when its handler has ended."""

    async def scenario() -> None:
        first = stage()
        window = await first.open(PLACE)
        await window.until(lambda: window.find("TextField", label=NOTE))
        await window.type(NOTE, "my sis")
        await window.type(NOTE, "my sister")
        await first.session.drafts.written()
        again = stage(first.storage)
        await again.open(PLACE)
        assert await typed_text(again) == "my sister"

    run(scenario)


@ft.component
def Window(session: Session, viewport: Viewport) -> Any:
    """Show the app's places as soon as it is known who is here, as the real window does."""
    stage_of = use_provider(session.auth).stage

    def inside() -> Any:
        return ft.Router(app_routes()) if stage_of == "logged_in" else ft.Text("starting")

    return SessionContext(session, lambda: ViewportContext(viewport, inside))


def test_the_first_screen_of_a_restored_log_in_begins_with_the_text() -> None:
    """The whole way of a new process: device, who is here, first screen. The hub takes its time with the rest."""

    async def scenario() -> None:
        first = stage()
        label = "What are you looking for?"
        window = await first.open("/search")
        await window.until(lambda: window.find("TextField", label=label))
        await window.type(label, "invoice")
        await first.session.drafts.written()
        again = stage()
        again.hub.on("GET", f"{V1}/accounts/me", {"person": again.person, "spaces": [], "session_id": "s1"})
        keepers = Keepers()
        keepers.adopt(tokens(1))  # type: ignore[arg-type]
        session = Session(Surroundings(again.hub.connection(), keepers, first.storage), keys=KeyListeners())
        session.transport._sleep = again.hub.sleep
        session.socket.start = lambda: None  # type: ignore[method-assign]
        viewport = Viewport()
        viewport.resize(412, 915)
        other = await Headless(route="/search").show(Window, session, viewport)
        await session.start()
        await other.until(lambda: other.find("TextField", label=label))
        assert other.find("TextField", label=label)[0].value == "invoice"

    run(scenario)


def test_text_that_was_left_on_purpose_is_forgotten() -> None:
    """Going to another place is enough; coming back begins anew."""

    async def scenario() -> None:
        first = stage()
        window = await first.open(PLACE)
        await window.until(lambda: window.find("TextField", label=NOTE))
        await window.type(NOTE, "my sister")
        await first.session.drafts.written()
        await window.go("/more")
        await window.until(lambda: not window.find("TextField", label=NOTE))
        await first.session.drafts.written()
        assert "drafts" not in first.storage.kept

    run(scenario)


def test_text_that_was_sent_is_forgotten() -> None:
    async def scenario() -> None:
        first = stage()
        code = {"id": "i1", "code": "abc", "space_id": None, "role": "member", "new_account": True, "note": "x"}
        code |= {"expires_at": NOW, "created_at": NOW, "created_by": "p1", "invite_url": "http://x/invite#code=abc"}
        first.hub.on("POST", f"{V1}/accounts/invitations", code)
        window = await first.open(PLACE)
        await window.until(lambda: window.find("TextField", label=NOTE))
        await window.type(NOTE, "my sister")
        await first.session.drafts.written()
        assert "drafts" in first.storage.kept
        await window.click("Make the code")
        await window.until(lambda: first.hub.calls("POST", f"{V1}/accounts/invitations"))
        await window.until(lambda: "drafts" not in first.storage.kept)

    run(scenario)


def test_a_search_that_was_being_typed_is_asked_again() -> None:
    """The field and what it found: both are there."""

    async def scenario() -> None:
        first = stage()
        window = await first.open("/search")
        label = "What are you looking for?"
        await window.until(lambda: window.find("TextField", label=label))
        await window.type(label, "invoice")
        await first.session.drafts.written()
        again = stage(first.storage)
        other = await again.open("/search")
        assert await typed_text(again, label) == "invoice"
        await other.until(lambda: again.hub.calls("GET", f"{V1}/search"))

    run(scenario)


@pytest.mark.parametrize("route", ["/account/password", "/join"])
def test_passwords_and_codes_are_never_kept(route: str) -> None:
    """Whatever is typed into every field of these screens, the device hears of none of it."""

    async def scenario() -> None:
        on = stage()
        on.hub.on("GET", f"{V1}/accounts/me", {"person": on.person})
        window = await on.open(route)
        await window.until(lambda: window.find("TextField"))
        for one in list(window.find("TextField")):
            await window.type(str(one.label), "correct horse staple")
        await on.session.drafts.written()
        assert "drafts" not in on.storage.kept

    run(scenario)


def test_a_key_beside_a_kept_field_is_not_kept() -> None:
    """The address of an AI server is, the key to it is not."""

    async def scenario() -> None:
        on = stage()
        on.hub.on("GET", f"{V1}/ai/modules", {"items": []})
        standing = {"module": "file_organizer", "enabled": False, "ready": False, "state": "off", "text": "Off."}
        on.hub.on("GET", f"{V1}/ai/modules/file_organizer", standing | {"provider": "openai", "model": None})
        usage = {"months": [], "household_month": None, "monthly_budget_micro_usd": None, "monthly_tokens": None}
        on.hub.on("GET", f"{V1}/ai/usage", usage)
        settings: dict[str, Any] = {
            "provider": "openai",
            "model": None,
            "base_url": "http://a",
            "redaction": "standard",
        }
        settings |= {"names": [], "monthly_budget_micro_usd": None, "monthly_tokens": None, "payload_days": 30}
        keys = [{"provider": "openai", "stored": False, "refused": False}]
        on.hub.on(
            "GET", f"{V1}/ai/settings", settings | {"cache_days": 9, "prices": {}, "model_price": None, "keys": keys}
        )
        window = await on.open("/settings/ai")
        await window.until(lambda: window.find("TextField", label="Key"))
        await window.type("Address of the server", "http://192.168.1.20")
        await window.type("Key", "very-secret")
        await on.session.drafts.written()
        assert "192.168.1.20" in on.storage.kept["drafts"]
        assert "very-secret" not in on.storage.kept["drafts"]

    run(scenario)


def test_drafts_are_of_one_person_bounded_and_end() -> None:
    """Another person, a day later, after log-out: nothing. Too many places: the oldest go. Too long: not kept."""

    async def scenario() -> None:
        storage, now = MemoryStorage(), [1000.0]
        drafts = Drafts(storage, lambda: now[0])
        await drafts.read()
        drafts.begin("anna")
        for number in range(MOST_PLACES + 5):
            now[0] += 1
            drafts.put(f"/p{number}", "f.text", "x")
        drafts.put("/p24", "f.long", "x" * (LONGEST + 1))
        await drafts.written()
        kept = json.loads(storage.kept["drafts"])["kept"]
        assert sorted(kept) == sorted(f"/p{number}" for number in range(5, MOST_PLACES + 5))
        assert kept["/p24"]["texts"] == {"f.text": "x"}
        other = Drafts(storage, lambda: now[0])
        await other.read()
        other.begin("ben")
        assert other.texts("/p24") == {}
        await other.read()
        other.begin("anna")
        assert other.texts("/p24") == {"f.text": "x"}
        now[0] += TOO_OLD + 1
        await other.read()
        other.begin("anna")
        assert other.texts("/p24") == {}
        drafts.forget()
        await drafts.written()
        assert storage.kept == {}

    asyncio.run(scenario())


def test_a_device_that_cannot_keep_anything_is_no_harm() -> None:
    class Broken(MemoryStorage):
        async def get(self, key: str) -> str | None:
            raise TimeoutError

        async def set(self, key: str, value: str) -> None:
            raise OSError

    async def scenario() -> None:
        drafts = Drafts(Broken())
        await drafts.read()
        drafts.begin("anna")
        drafts.put("/a", "f.x", "text")
        await drafts.written()
        assert drafts.texts("/a") == {"f.x": "text"}
        for nonsense in ("[]", "{", '{"person": "anna", "kept": 3}', '{"person": "anna", "kept": {"/a": {}}}'):
            storage = MemoryStorage()
            storage.kept["drafts"] = nonsense
            drafts = Drafts(storage)
            await drafts.read()
            drafts.begin("anna")
            assert drafts.texts("/a") == {}

    asyncio.run(scenario())
