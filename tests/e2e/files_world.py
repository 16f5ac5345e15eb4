"""A household with real folders and a drive that can be pulled out, for driving the File Organizer's screens."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.e2e.flutter import App
from tests.file_organizer.messy_folder import make_messy_folder
from tests.hub import Hub

PASSWORD = "correct horse staple"
PATIENCE = 60.0


@dataclass
class Household:
    """Anna, her folders, and what she asks the hub without the app. `home` is where the folders lie."""

    hub: Hub
    home: Path
    token: str = ""
    space: str = ""
    mounted: list[Path] = field(default_factory=list)

    def settle_in(self) -> Household:
        """Make the account and the messy folder, and open it."""
        self.token = self.hub.set_up("anna", PASSWORD)
        self.space = self.want("GET", "/accounts/me")["person"]["private_space_id"]
        make_messy_folder(self.home / "Downloads")
        self.open_folder(self.home / "Downloads")
        return self

    def open_folder(self, path: Path) -> None:
        """Open a folder to Anna's own space."""
        path.mkdir(parents=True, exist_ok=True)
        self.want("POST", "/accounts/roots", {"space_id": self.space, "path": str(path), "label": path.name})

    def want(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the hub, and insist that it does it; a test that asks faster than a person is told to wait, and waits."""
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.hub.request(method, "/api/v1" + path, body, token=self.token)
            if answer.status != 429 or time.monotonic() > deadline:
                break
            time.sleep(0.5)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json

    def plan(self, folder: Path) -> str:
        """Scan a folder; return the id of the plan when it is ready."""
        made = self.want("POST", "/file_organizer/plans", {"path": str(folder)})["id"]
        self.until(lambda: self.want("GET", f"/file_organizer/plans/{made}")["state"] == "ready")
        return str(made)

    def tidy(self, folder: Path) -> str:
        """Scan a folder and carry everything out; return the id of the run."""
        plan = self.plan(folder)
        self.want("POST", f"/file_organizer/plans/{plan}/accept", {"everything": True})
        job = self.want("POST", f"/file_organizer/plans/{plan}/execute", {})["job_id"]
        self.until(lambda: self.want("GET", f"/jobs/{job}")["state"] == "done")
        return str(self.want("GET", "/file_organizer/runs")["items"][0]["id"])

    def until(self, what: Any) -> Any:
        """Return the first true answer of `what`."""
        deadline = time.monotonic() + PATIENCE
        while not (found := what()):
            assert time.monotonic() < deadline, "it did not come"
            time.sleep(0.4)  # the app asks for the same person: more would use up what the hub allows both a minute
        return found

    def files(self, folder: str = "Downloads") -> dict[str, bytes]:
        """Return every file below a folder with its content, without Homie's own; looks again while files move."""
        root = self.home / folder
        while True:
            with contextlib.suppress(FileNotFoundError):
                return {
                    str(path.relative_to(root)): path.read_bytes()
                    for path in sorted(root.rglob("*"))
                    if path.is_file() and not path.is_symlink() and ".homie" not in path.parts
                }

    def plug_in(self, name: str) -> Path:
        """Mount a small drive and open it as a folder; plugged in again, it is the same drive."""
        point, image = self.home / name, self.home.parent / f"{name}.img"
        point.mkdir(parents=True, exist_ok=True)
        if not image.exists():
            with image.open("wb") as file:
                file.truncate(32 << 20)
            subprocess.run(["mkfs.ext4", "-q", "-F", "-L", name, str(image)], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", str(image), str(point)], check=True, capture_output=True)
        self.mounted.append(point)
        return point

    def pull_out(self, point: Path) -> None:
        """Take a drive away as a hand does: at once."""
        subprocess.run(["umount", "-l", str(point)], check=False, capture_output=True)
        with contextlib.suppress(ValueError):
            self.mounted.remove(point)

    def leave(self) -> None:
        """Unmount everything."""
        for point in tuple(self.mounted):
            self.pull_out(point)


def can_mount() -> bool:
    """Tell whether this test may mount drives."""
    if os.geteuid() != 0 or not Path("/dev/loop-control").exists():
        return False
    return subprocess.run(["losetup", "-f"], check=False, capture_output=True).returncode == 0


def at_home(browser: Browser, hub: Hub, route: str, size: dict[str, int]) -> App:
    """Open the app as Anna at a place."""
    app = App.open(browser, hub.url, size=size)
    app.type_into("Name", "anna")
    app.type_into("Password", PASSWORD)
    app.press("Log in", exact=True)
    app.misses("I forgot my password")  # to load the page anew in the middle of a log-in is a test of its own
    app.go(route)
    return app
