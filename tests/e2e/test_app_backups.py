"""Backups in a real browser: make one, see it checked, and restore it after seeing what would change."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.app_world import PASSWORD, home_hub, log_in
from tests.e2e.flutter import DESKTOP, PHONE, App

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@SIZES
def test_back_up_check_and_restore(browser: Browser, tmp_path: Path, size: dict[str, Any]) -> None:
    """From nothing to a checked backup by one button; the restore asks for the password and for a clear yes."""
    with home_hub(tmp_path) as hub:
        token = hub.set_up()
        hub.post("/api/v1/modules/file_organizer/start", token=token)
        app = App.open(browser, hub.url, "/backups", size=size)
        log_in(app)
        app.sees("There is no backup yet")
        app.press("Back up everything now")
        app.sees("Everything is backed up", timeout=60_000)
        app.sees(re.compile("Made and checked"), timeout=60_000)
        found = hub.get("/api/v1/backups?part=file_organizer", token=token).json["items"]
        assert [one["check"] for one in found] == ["verified"]
        app.go(f"/backups/{found[0]['set_id']}")
        app.press(re.compile("^Restore"))
        app.press("See what would change")
        asked = app.field("Password").first
        expect(app.text("What would change").first.or_(asked)).to_be_attached(timeout=60_000)
        if asked.count():
            app.type_into("Password", PASSWORD)
            app.press("Continue")
        app.press(re.compile("^Restore now"))
        app.sees("Restore File Organizer?")
        app.press("Restore", exact=True)
        app.sees("File Organizer is restored", timeout=60_000)
        reasons = {one["reason"] for one in hub.get("/api/v1/backups", token=token).json["items"]}
        assert "before_restore" in reasons
        app.close()
