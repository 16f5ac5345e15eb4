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

from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.depot_world import kept_depot
from tests.e2e.flutter import DESKTOP, PHONE, SMALLEST, App
from tests.e2e.house_world import kept_house
from tests.e2e.money_world import kept_ledger
from tests.file_organizer.copies import make_copies, make_oddities
from tests.file_organizer.messy_folder import make_messy_folder
from tests.hub import Hub

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse staple"
SIZES = {"phone": PHONE, "desktop": DESKTOP}


RULES: tuple[tuple[str, list[dict[str, Any]], dict[str, Any]], ...] = (
    (
        "Invoices",
        [
            {"what": "name", "values": ["invoice", "rechnung"]},
            {"what": "extension", "values": ["pdf"]},
        ],
        {"do": "move", "folder": "Documents/Bills/{year}"},
    ),
    (
        "Old installers",
        [{"what": "kind", "values": ["installer"]}, {"what": "age", "amount": 6, "unit": "months"}],
        {"do": "trash"},
    ),
    ("Letters to the tax office", [{"what": "text", "values": ["tax office"]}], {"do": "ask"}),
)
"""Rules that a household has: name, conditions, action (its folder with the label of an opened one)."""


@dataclass(frozen=True)
class Look:
    """One way to look at the screens."""

    suffix: str
    theme: str
    language: str
    text_size: float = 1.0


DARK = Look("", "dark", "en")
OTHERS = (Look("-light", "light", "en"), Look("-de", "dark", "de"), Look("-large", "dark", "de", 1.6))

_HOUSE = "/financial_manager/houses/:house_id"
ASKED = {
    f"{_HOUSE}/group": "?code=2",
    f"{_HOUSE}/contracts/new": "?line=:line_id",
    **{f"{_HOUSE}/{one}/new": "?contract=:contract_id" for one in ("changes", "invoices", "releases")},
    "/financial_manager/depots": "?depot=:depot_id",
    "/financial_manager/what-if": "?depot=:depot_id&security=:security_id",
}
"""What the ways to a screen say besides its path."""


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
        self.rules = [self.rule(*one) for one in RULES]
        self.series = self.kept_series()
        self.want("POST", "/file_organizer/drives/refresh")
        self.copies = self.found_copies()
        self.learned = str(self.want("GET", "/file_organizer/destinations")["items"][0]["id"])
        said = {"colour": "teal", "purpose": "What the tax adviser asks for"}
        self.want("PATCH", f"/file_organizer/destinations/{self.learned}", said)
        self.watched = self.watch(home / "Downloads" / "Scans")
        for name in ("Old bill.pdf", "Holiday 2019/beach.jpg", "Holiday 2019/boat.jpg"):
            (home / "Documents" / name).parent.mkdir(exist_ok=True)
            (home / "Documents" / name).write_bytes(b"x" * 40_000)
        away = [{"op": "trash", "source": str(home / "Documents" / name)} for name in ("Old bill.pdf", "Holiday 2019")]
        self.ended(self.want("POST", "/file_organizer/operations", {"operations": away})["job_id"])
        self.money = kept_ledger(self.want) | kept_house(self.want) | kept_depot(self.want)
        for made in self.want("POST", "/backups", {})["jobs"]:
            self.ended(made["job_id"])

    def kept_series(self) -> str:
        """Keep two series and a project; return the first series."""
        made = []
        for title in ("Harbour Lights", "The Bureau (US)"):
            place = self.home / "Films" / title
            (place / "Season 01").mkdir(parents=True)
            for number in (1, 2):
                (place / "Season 01" / f"{title} - 1x0{number}.mkv").write_bytes(f"{title} {number}".encode())
            made.append(self.want("POST", "/file_organizer/series", {"title": title, "path": str(place)})["id"])
        (self.home / "Documents" / "Projects" / "Garden house").mkdir(parents=True)
        self.want("PATCH", "/file_organizer/naming", {"like_others": True})
        return str(made[0])

    def found_copies(self) -> str:
        """Look for copies; return the group of pictures that look alike."""
        make_copies(self.home)
        make_oddities(self.home)
        search = self.want("POST", "/file_organizer/duplicates/searches", {})
        self.ended(search["job_id"])
        self.ended(self.want("POST", "/file_organizer/clean/searches", {})["job_id"])
        groups = self.want("GET", f"/file_organizer/duplicates/searches/{search['id']}/groups?kind=similar")
        return str(groups["items"][0]["id"])

    def want(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.hub.request(method, "/api/v1" + path, body, token=self.token)
        while answer.status == 429:  # asked faster than a person does: it says to wait
            time.sleep(0.5)
            answer = self.hub.request(method, "/api/v1" + path, body, token=self.token)
        # The household outlives its access token in a long run, and the minutes in which a log-in counts as fresh.
        if answer.status == 401 or (answer.status == 403 and b"sudo_required" in answer.body):
            self.token = self.hub.log_in("anna", PASSWORD)
            answer = self.hub.request(method, "/api/v1" + path, body, token=self.token)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json

    def rule(self, name: str, conditions: list[dict[str, Any]], action: dict[str, Any]) -> str:
        folders = self.want("GET", "/file_organizer/folders")["items"]
        if "folder" in action:
            label, _, path = action["folder"].partition("/")
            volume = next(one["volume_id"] for one in folders if one["label"] == label)
            action = action | {"folder": {"volume_id": volume, "path": path}}
        body = {"conditions": conditions, "action": action}
        return str(self.want("POST", "/file_organizer/rules", {"name": name, "body": body})["id"])

    def plan(self, folder: Path) -> str:
        made = self.want("POST", "/file_organizer/plans", {"path": str(folder)})
        while (plan := self.want("GET", f"/file_organizer/plans/{made['id']}"))["state"] not in ("ready", "failed"):
            time.sleep(0.1)
        assert plan["state"] == "ready", plan
        return str(made["id"])

    def watch(self, folder: Path) -> str:
        """Watch a folder in which two files have just arrived; return its id when they wait."""
        folder.mkdir(parents=True)
        for name in ("Rechnung Stadtwerke 2025-11.pdf", "Anna school report.pdf"):
            (folder / name).write_bytes(b"%PDF-1.4\n")
        made = self.want("POST", "/file_organizer/watched", {"path": str(folder), "settle_seconds": 0})
        while not self.want("GET", f"/file_organizer/watched/{made['id']}")["waiting"]:
            time.sleep(0.1)
        changes = {"settle_seconds": 30, "mode": "file", "threshold": 0.92}
        self.want("PATCH", f"/file_organizer/watched/{made['id']}", changes)
        return str(made["id"])

    def ended(self, job_id: str) -> None:
        while (job := self.want("GET", f"/jobs/{job_id}"))["state"] not in ("done", "failed", "cancelled"):
            time.sleep(0.1)
        assert job["state"] == "done", job

    def prefer(self, look: Look) -> None:
        changes = {"theme": look.theme, "language": look.language, "text_size": look.text_size}
        self.want("PATCH", "/accounts/preferences", {"changes": changes})

    def routes(self) -> dict[str, str]:
        """Return name -> place of every screen."""
        from frontend.file_organizer import APP
        from frontend.financial_manager import APP as MONEY
        from frontend.screens import SCREENS

        items = self.want("GET", f"/file_organizer/plans/{self.waiting}/items")["items"]
        folders = self.want("GET", "/file_organizer/folders")["items"]
        steps = self.want("GET", f"/file_organizer/actions?run_id={self.run}")["items"]
        known = {
            ":plan_id": self.waiting,
            ":item_id": next(one["id"] for one in items if one["category"] == "archive"),
            ":run_id": self.run,
            ":action_id": steps[0]["id"],
            ":group_id": self.copies,
            ":rule_id": self.rules[0],
            ":watched_id": self.watched,
            ":destination_id": self.learned,
            ":series_id": self.series,
            ":job_id": self.want("GET", "/jobs")["items"][0]["id"],
            ":module_id": "file_organizer",
            ":set_id": self.want("GET", "/backups")["items"][0]["set_id"],
            ":space_id": self.space,
            ":volume_id": next(one["volume_id"] for one in folders if one["label"] == "Downloads"),
            **self.money,
        }
        found = {}
        for root, routes in (("", SCREENS), (APP.root, APP.routes), (MONEY.root, MONEY.routes)):
            for one in routes:
                path = "/".join(part for part in (root, one.path) if part)
                name = re.sub(r"[^a-z]+", "-", path.lower()).strip("-") or "home"
                path += ASKED.get(path, "")
                if ":house_id" in path:  # a change order of a contract, not a change in the ledger
                    path = path.replace(":change_id", ":house_change_id")
                for placeholder, value in known.items():
                    path = path.replace(placeholder, value)
                if ":" not in path:
                    found[name] = "/" + path.strip("/")
        return found


def entrance(browser: Browser, hub: Hub, folder: Path, name: str) -> None:
    for size, pixels in SIZES.items():
        app = App.open(browser, hub.url, size=pixels)
        keep(app, folder / f"{name}-{size}.png")
        app.close()


def keep(app: App, path: Path) -> None:
    """Save the picture with 128 colours: a fifth of the bytes, and nobody sees it. An empty one is taken anew."""
    for _ in range(5):
        app.shot(path)
        with Image.open(path) as image:
            darkest, brightest = image.convert("L").getextrema()
        if darkest != brightest:
            break
        app.page.wait_for_timeout(1000)
    with Image.open(path) as image:
        image.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def walk(
    browser: Browser, house: Household, folder: Path, size: str, pixels: dict[str, int], look: Look, only: str
) -> None:
    from tests.e2e.lived_in import settled  # which needs this file's household

    app = App.open(browser, house.hub.url, size=pixels)
    app.type_into("Name", "anna")
    app.type_into("Password", PASSWORD)
    app.press("Log in", exact=True)
    app.misses("I forgot my password")
    for name, route in house.routes().items():
        if only and only not in name:
            continue
        app.go(route)
        settled(app)
        keep(app, folder / f"{name}-{size}{look.suffix}.png")
        print(f"{name}-{size}{look.suffix}.png", flush=True)
    app.close()


if __name__ == "__main__":
    main()
