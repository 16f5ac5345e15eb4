"""Take the pictures of the documentation: `scripts/write-screenshots [FOLDER] [--only NAME]`.

A household is set up on a real hub with a messy folder, a plan is made, one run is done, then each screen is looked at.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.core.ai.wire_servers import OpenAiWireServer, serving
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.flutter import DESKTOP, PHONE, SMALLEST, App
from tests.file_organizer.messy_folder import make_messy_folder
from tests.hub import Hub

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse staple"
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@dataclass(frozen=True)
class Look:
    """One way to look at the screens."""

    suffix: str
    theme: str
    language: str
    text_size: float = 1.0


DARK = Look("", "dark", "en")
OTHERS = (Look("-light", "light", "en"), Look("-de", "dark", "de"), Look("-large", "dark", "de", 1.6))


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", default="", help="part of the names of the screens to take")
    parser.add_argument(
        "--all-looks", action="store_true", help="also light, German, large text and the smallest phone"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=CHROMIUM_FLAGS)
        with Hub(Path(place) / "data", {"HOMIE_BACKUP_DIR": f"{place}/backups"}, app=True) as hub:
            if not given.only or given.only in "first-start":
                entrance(browser, hub, given.folder, "first-start")
            house = Household(hub, Path(place) / "home")
            if not given.only or given.only in "log-in":
                entrance(browser, hub, given.folder, "log-in")
            for look in (DARK, *(OTHERS if given.all_looks else ())):
                house.prefer(look)
                for size, pixels in {**SIZES, **({"smallest": SMALLEST} if given.all_looks else {})}.items():
                    walk(browser, house, given.folder, size, pixels, look, given.only)
        browser.close()


class Household:
    """A household as it looks after a few days."""

    def __init__(self, hub: Hub, home: Path) -> None:
        self.hub, self.home = hub, home
        self.token = hub.set_up("anna", PASSWORD)
        me = self.want("GET", "/accounts/me")["person"]
        self.space = me["private_space_id"]
        self.want("PATCH", "/accounts/me", {"display_name": "Anna"})
        spaces = self.want("GET", "/accounts/spaces")["items"]
        shared = next(one["id"] for one in spaces if one["kind"] == "household")
        code = self.want("POST", "/accounts/invitations", {"new_account": True, "space_id": shared})["code"]
        hub.post("/api/v1/accounts/invitations/accept", {"code": code, "name": "ben", "password": PASSWORD})
        self.want("POST", "/accounts/invitations", {"space_id": shared, "new_account": True})
        downloads = make_messy_folder(home / "Downloads")
        for name in ("Documents/Bills", "Documents/Insurance", "Pictures/2025", "Films"):
            (home / name).mkdir(parents=True)
        for name in ("Downloads", "Documents", "Pictures", "Films"):
            self.want("POST", "/accounts/roots", {"space_id": self.space, "path": str(home / name), "label": name})
        first = self.plan(downloads)
        self.want("POST", f"/file_organizer/plans/{first}/accept", {"min_confidence": 0.9})
        job = self.want("POST", f"/file_organizer/plans/{first}/execute", {})
        self.ended(job["job_id"])
        self.run = self.want("GET", "/file_organizer/runs")["items"][0]["id"]
        self.waiting = self.plan(downloads)
        self.want("POST", "/file_organizer/drives/refresh")
        for made in self.want("POST", "/backups", {})["jobs"]:
            self.ended(made["job_id"])
        self.ask_an_ai(home)

    def ask_an_ai(self, home: Path) -> None:
        """Let an AI server of the house answer about one folder, and close another folder to it."""
        folder = home / "Films" / "Unclear"
        folder.mkdir()
        for number in range(4):
            (folder / f"qzx-{number}815.bin").write_bytes(bytes([number, 1, 2, 3]) * 40)
        with serving(OpenAiWireServer(first_choices_surely)) as server:
            server.known_models, server.key = ["llama3.2:3b"], ""
            chosen = {"provider": "openai", "base_url": server.url, "model": "llama3.2:3b", "names": ["Meier"]}
            self.want("PUT", "/ai/settings", chosen)
            self.want("PUT", "/ai/modules/file_organizer", {"enabled": True})
            self.want("PATCH", "/file_organizer/settings", {"ai_enabled": True})
            self.asked = self.plan(folder, use_ai=True)
        self.sent = self.want("GET", "/ai/payloads")["items"][0]["id"]
        self.want(
            "PUT", "/file_organizer/ai/folders", {"path": str(home / "Documents" / "Insurance"), "rule": "nothing"}
        )

    def want(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.hub.request(method, "/api/v1" + path, body, token=self.token)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json

    def plan(self, folder: Path, **options: Any) -> str:
        made = self.want("POST", "/file_organizer/plans", {"path": str(folder), **options})
        while (plan := self.want("GET", f"/file_organizer/plans/{made['id']}"))["state"] not in ("ready", "failed"):
            time.sleep(0.1)
        assert plan["state"] == "ready", plan
        return str(made["id"])

    def ended(self, job_id: str) -> None:
        while self.want("GET", f"/jobs/{job_id}")["state"] not in ("done", "failed", "cancelled"):
            time.sleep(0.1)

    def prefer(self, look: Look) -> None:
        changes = {"theme": look.theme, "language": look.language, "text_size": look.text_size}
        self.want("PATCH", "/accounts/preferences", {"changes": changes})

    def routes(self) -> dict[str, str]:
        """Return name -> place of every screen."""
        from frontend.file_organizer import APP
        from frontend.screens import SCREENS

        known = {":plan_id": self.waiting, ":run_id": self.run, ":payload_id": self.sent}
        found = {}
        for root, routes in (("", SCREENS), (APP.root, APP.routes)):
            for one in routes:
                path = "/".join(part for part in (root, one.path) if part)
                name = re.sub(r"[^a-z]+", "-", path.lower()).strip("-") or "home"
                for placeholder, value in known.items():
                    path = path.replace(placeholder, value)
                if ":" not in path:
                    found[name] = "/" + path.strip("/")
        return found


def first_choices_surely(data: dict[str, Any]) -> dict[str, Any]:
    """Answer every question by its first folder."""
    folder = data["choices"]["folders"][0]["id"]
    said = {"folder": folder, "confidence": 0.8, "reason": "belongs to what lies there"}
    return {"filings": [{"file": item["id"], **said} for item in data["items"]]}


def entrance(browser: Browser, hub: Hub, folder: Path, name: str) -> None:
    for size, pixels in SIZES.items():
        app = App.open(browser, hub.url, size=pixels)
        keep(app, folder / f"{name}-{size}.png")
        app.close()


def keep(app: App, path: Path) -> None:
    """Save the picture with 128 colours: a fifth of the bytes, and nobody sees it."""
    app.shot(path)
    with Image.open(path) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def walk(
    browser: Browser, house: Household, folder: Path, size: str, pixels: dict[str, int], look: Look, only: str
) -> None:
    app = App.open(browser, house.hub.url, size=pixels)
    app.type_into("Name", "anna")
    app.type_into("Password", PASSWORD)
    app.press("Log in")
    app.page.wait_for_timeout(1500)
    for name, route in house.routes().items():
        if only and only not in name:
            continue
        app.go(route)
        app.page.wait_for_timeout(1500)
        keep(app, folder / f"{name}-{size}{look.suffix}.png")
        print(f"{name}-{size}{look.suffix}.png", flush=True)
    app.close()


if __name__ == "__main__":
    main()
