"""Backups: how safe the household is in words, live work, and a restore that first shows what it would change."""

from __future__ import annotations

from typing import Any

from tests.frontend.screens.stage import NOW, V1, Stage, run
from tests.frontend.wire import refusal

SET = "20261123T120000Z-file_organizer-0a0b0c0d"


def part(name: str, **more: Any) -> dict[str, Any]:
    made = {"part": name, "backups": 1, "last_backup": NOW, "last_verified": NOW, "last_run": None, "problems": []}
    return {**made, **more}


def status(*parts: Any, **more: Any) -> dict[str, Any]:
    return {
        "directory": "/mnt/backups",
        "reachable": True,
        "free_bytes": 1_000_000,
        "next_run": NOW,
        "encrypted": False,
        "parts": list(parts),
        "problems": [],
        "hints": [],
        **more,
    }


def backup(set_id: str = SET, **more: Any) -> dict[str, Any]:
    return {
        "set_id": set_id,
        "part": "file_organizer",
        "created_at": NOW,
        "reason": "manual",
        "encrypted": False,
        "key_id": None,
        "engine": "sqlite",
        "revision": None,
        "homie_version": "1.0",
        "rows": 82,
        "tables": {},
        "database_bytes": 221_000,
        "blob_count": 0,
        "blob_bytes": 0,
        "check": "verified",
        "checked_at": NOW,
        "problems": [],
        "pinned": False,
        "drift": [],
        "on_hold": False,
        "notices": [],
        **more,
    }


def stage_with(state: Any, *sets: Any) -> Stage:
    stage = Stage()
    settings = {"schedule": True, "hour": 3, "directory": "/mnt/backups", "encrypt": False}
    settings |= {"keep_last": 3, "keep_daily": 7, "keep_weekly": 4, "keep_monthly": 6}
    stage.hub.on("GET", f"{V1}/backups/status", state)
    stage.hub.on("GET", f"{V1}/backups", {"items": list(sets), "unreadable": []})
    stage.hub.on("GET", f"{V1}/backups/settings", settings)
    return stage


def test_one_sentence_says_how_safe_everything_is() -> None:
    """Good, missing and failed read differently, and failures say what to do."""
    failed = {"ok": False, "message": "The backup drive is full.", "part": "core", "action": "backup", "code": "x"}
    failed |= {"set_id": None, "started_at": NOW, "finished_at": NOW}
    cases = [
        (status(part("core")), "Everything is backed up"),
        (status(part("core", backups=0, last_verified=None)), "There is no backup yet"),
        (status(part("core", last_run=failed, problems=["x"])), "Accounts and settings: the last try failed."),
        (status(part("core", last_run=failed), reachable=False), "The backup drive is not connected"),
    ]

    async def scenario() -> None:
        for state, words in cases:
            window = await stage_with(state, backup()).open("/backups")
            await window.until(lambda words=words, window=window: window.shows(words))

    run(scenario)


def test_restore_shows_first_what_would_change_and_asks_before_it_does() -> None:
    """Nothing but a dry run is asked for before the person said yes."""

    async def scenario() -> None:
        stage = stage_with(status(part("file_organizer")), backup())
        done = {
            "id": "r1",
            "set_id": SET,
            "part": "file_organizer",
            "dry_run": True,
            "state": "done",
            "fraction": 1.0,
            "note": "",
            "started_at": NOW,
            "tables": [{"table": "file_actions", "now": 90, "restored": 82}],
            "files": 0,
            "safety_backup": None,
            "notices": [],
            "error": None,
        }
        path = f"{V1}/backups/{SET}/restore"
        stage.hub.on("POST", path, [done, {**done, "dry_run": False, "safety_backup": "s"}])
        window = await stage.open(f"/backups/{SET}/restore")
        await window.until(lambda: window.shows("See what would change"))
        await window.click("See what would change")
        await window.until(lambda: window.shows("File actions") and window.shows("90") and window.shows("82"))
        assert [one["dry_run"] for one in stage.hub.bodies("POST", path)] == [True]

    run(scenario)


def test_a_refused_restore_says_why_and_that_nothing_changed() -> None:
    """A damaged backup is named as what it is."""

    async def scenario() -> None:
        stage = stage_with(status(part("file_organizer")), backup())
        stage.hub.on("POST", f"{V1}/backups/{SET}/restore", refusal(422, "backup_damaged"))
        window = await stage.open(f"/backups/{SET}/restore")
        await window.until(lambda: window.shows("See what would change"))
        await window.click("See what would change")
        await window.until(lambda: window.shows("Words about backup_damaged."))

    run(scenario)


def test_a_backup_is_kept_for_good_by_one_switch() -> None:
    """The pin is sent, and shown as the hub answers."""

    async def scenario() -> None:
        stage = stage_with(status(part("file_organizer")), backup())
        stage.hub.on("PATCH", f"{V1}/backups/{SET}", backup(pinned=True))
        window = await stage.open(f"/backups/{SET}")
        await window.until(lambda: window.find("Switch"))
        switch = window.find("Switch")[0]
        window.session.apply_patch(switch._i, {"value": True})
        await window.fire(switch, "change", True)
        assert stage.hub.bodies("PATCH", f"{V1}/backups/{SET}") == [{"pinned": True}]

    run(scenario)
