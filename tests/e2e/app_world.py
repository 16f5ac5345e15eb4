"""What the app's journeys share: a hub that serves the app, a home with folders, and hands for the entrance."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.flutter import App
from tests.hub import Hub

PASSWORD = "correct horse staple"


def home_hub(place: Path) -> Hub:
    """Return a hub whose machine has a home with the usual folders."""
    home = place / "home"
    for name in ("Downloads", "Documents"):
        (home / name).mkdir(parents=True, exist_ok=True)
    return Hub(place / "data", {"HOME": str(home)}, app=True)


def log_in(app: App, name: str = "anna", password: str = PASSWORD) -> None:
    """Log in at the door."""
    app.field("Password").first.wait_for()
    app.type_into("Name", name)
    app.type_into("Password", password)
    app.press("Log in", exact=True)


def set_up_by_hand(app: App, hub: Hub, name: str = "anna") -> None:
    """Go through the first start up to the folders."""
    app.field("Set-up code").wait_for()
    app.type_into("Set-up code", hub.setup_code())
    app.press("Continue")
    app.field("Your name").wait_for()
    app.type_into("Your name", name)
    app.press("Continue")
    app.field("Password").wait_for()
    app.type_into("Password", PASSWORD)
    app.press("Continue")
    app.field("Name of your home").wait_for()
    app.type_into("Name of your home", "Maple Street 4")
    app.press("Make my home")
    app.button(re.compile("^Open one folder")).wait_for()
