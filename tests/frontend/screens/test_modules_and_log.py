"""Modules, the security log, AI and the menu: plain words, switches that are sent, and nothing for who may not."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from frontend.screens.audit_words import action_words, detail_words
from frontend.screens.module_settings import fields_of, read_values
from tests.frontend.screens.stage import NOW, V1, Stage, module, run
from tests.frontend.wire import page

SCHEMA: dict[str, Any] = {
    "$defs": {"Deep": {"type": "object", "properties": {"share": {"type": "number", "default": 0.6}}}},
    "properties": {
        "defaults": {"$ref": "#/$defs/Deep"},
        "on": {"type": "boolean", "default": True},
        "seconds": {"type": "integer", "default": 5},
        "language": {"enum": ["en", "de"], "type": "string", "default": "en"},
    },
}


def detail(state: str, **more: Any) -> dict[str, Any]:
    return {**module(state=state, **more), "health": {"ok": state == "running", "problems": [], "facts": {}}}


def test_a_failed_module_says_reason_and_remedy_and_can_be_started() -> None:
    """The administrator gets the button; the reason stands above it."""

    async def scenario() -> None:
        stage = Stage()
        broken = detail("setup_error", reason="A program is missing.")
        stage.hub.on("GET", f"{V1}/modules", {"items": [module(state="setup_error", reason="A program is missing.")]})
        stage.hub.on("GET", f"{V1}/modules/file_organizer", broken)
        stage.hub.on("GET", f"{V1}/modules/file_organizer/settings", {"values": {}, "json_schema": {}})
        stage.hub.on("POST", f"{V1}/modules/file_organizer/start", module())
        window = await stage.open("/modules/file_organizer")
        await window.until(lambda: window.shows("A program is missing."))
        assert window.shows("Try to start it again.")
        stage.hub.on("GET", f"{V1}/modules/file_organizer", detail("running"))
        await window.click("Try again now File Organizer")
        await window.until(lambda: window.shows("Works"))

    run(scenario)


def test_who_is_no_administrator_sees_how_a_module_is_and_no_switches() -> None:
    """And is not asked for settings that the hub would refuse."""

    async def scenario() -> None:
        stage = Stage(admin=False)
        stage.hub.on("GET", f"{V1}/modules/file_organizer", detail("running"))
        window = await stage.open("/modules/file_organizer")
        await window.until(lambda: window.shows("Works"))
        assert not window.find("Switch")
        assert not stage.hub.calls("GET", f"{V1}/modules/file_organizer/settings")

    run(scenario)


def test_settings_become_a_form_and_come_back_as_they_were_nested() -> None:
    """What is not touched keeps its value; words are no numbers."""
    fields = fields_of(SCHEMA, {"defaults": {"share": 0.7}, "on": False, "seconds": 5, "language": "de"})
    assert [name for name, _, _ in fields] == ["defaults.share", "on", "seconds", "language"]
    values = read_values(fields, {"defaults.share": "0,8", "seconds": "9"}, {"language": "en"})
    assert values == {"defaults": {"share": 0.8}, "on": False, "seconds": 9, "language": "en"}
    with pytest.raises(ValueError, match=r"defaults\.share"):
        read_values(fields, {"defaults.share": "much", "seconds": "9"}, {})


def entry(seq: int, action: str, **more: Any) -> dict[str, Any]:
    made = {"seq": seq, "at": NOW, "actor_id": "p1", "owner_id": "o1", "action": action, "target": "p1", "detail": {}}
    return {**made, **more}


def test_the_log_is_written_in_words_without_ids() -> None:
    """Names instead of ids; unknown actions are still readable."""
    assert action_words("accounts.login_refused") == "Wrong password"
    assert action_words("garden.tree_planted") == "Tree planted"
    shown: Any = entry(1, "accounts.login", target="x9", detail={"device": "Firefox", "ip": "10.0.0.2", "id": "abc"})
    assert detail_words(shown, {"x9": "Max"}) == "Max · Firefox · from 10.0.0.2"


def test_the_chain_is_checked_and_the_result_is_said() -> None:
    """A broken chain is an alarm, a whole one a number of entries."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/accounts/audit", page(entry(2, "accounts.login"), entry(1, "accounts.set_up")))
        stage.hub.on("GET", f"{V1}/accounts/users", {"items": []})
        verdict = {"ok": True, "entries": 2, "erased_details": 0, "head": "h", "problems": []}
        stage.hub.on("GET", f"{V1}/accounts/audit/verify", verdict)
        window = await stage.open("/security-log")
        await window.until(lambda: window.shows("Homie was set up"))
        await window.click("Check that nothing was changed")
        await window.until(lambda: window.shows("The log is whole: 2 entries"))

    run(scenario)


def test_agreeing_to_ai_is_asked_with_what_leaves_the_house() -> None:
    """Nothing is sent to the hub before the person read and agreed."""

    async def scenario() -> None:
        stage = Stage(admin=False)
        standing = {"module": "file_organizer", "enabled": False, "ready": False, "state": "off", "text": "Off."}
        standing |= {"provider": "gemini", "model": None}
        stage.hub.on("GET", f"{V1}/ai/modules", {"items": []})
        stage.hub.on("GET", f"{V1}/ai/modules/file_organizer", standing)
        usage = {"months": [], "household_month": None, "monthly_budget_micro_usd": None, "monthly_tokens": None}
        stage.hub.on("GET", f"{V1}/ai/usage", usage)
        window = await stage.open("/settings/ai")
        await window.until(lambda: window.find("Switch"))
        switch = window.find("Switch")[0]
        window.session.apply_patch(switch._i, {"value": True})
        asking = asyncio.ensure_future(window.fire(switch, "change", True))
        await window.until(lambda: window.shows("Google"))
        assert not stage.hub.calls("PUT", f"{V1}/ai/modules/file_organizer")
        stage.hub.on("PUT", f"{V1}/ai/modules/file_organizer", {**standing, "enabled": True})
        await window.click("Agree")
        await asking
        assert stage.hub.bodies("PUT", f"{V1}/ai/modules/file_organizer") == [{"enabled": True}]

    run(scenario)


def test_the_menu_hides_from_members_what_only_administrators_may() -> None:
    """Backups are for administrators."""

    async def scenario() -> None:
        for admin in (True, False):
            stage = Stage(admin=admin)
            window = await stage.open("/more")
            assert window.shows("Security log")
            assert window.shows("Make, check and restore") == admin

    run(scenario)
