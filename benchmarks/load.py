"""How long a browser needs until the app can be used, and what it loads for it: cold, warm, and warm on Home.

    python -m benchmarks.load [--runs 3] [--profile phone]

Profiles: a desktop on the LAN, and a phone on WiFi (40 Mbit/s, 20 ms, processor four times slower). The clock is the
page's own, from the navigation on, and stops when the semantics tree holds the log-in's first field (or the greeting of
Home). Floor: a plain page with the same two fields under the same conditions. Bytes are those of answers with headers,
plus what comes over the app's socket. Each run has a browser profile on disk of its own, as a person's browser has.
"""

from __future__ import annotations

import argparse
import http.server
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from benchmarks.report import Figure, show
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.hub import Hub

COLD_SECONDS, WARM_SECONDS, FIRST_LOAD_MB = 5.0, 2.2, 4.5
PASSWORD = "correct horse staple"
WATCH = """(() => {
  window.usable = {};
  const places = {
    field: "flt-semantics-host input, form input",
    home: "flt-semantics-host [aria-label^='Good '], flt-semantics-host [aria-label^='Hello']",
  };
  const look = () => {
    for (const [name, path] of Object.entries(places)) {
      if (!(name in window.usable) && document.querySelector(path)) window.usable[name] = performance.now();
    }
    if (!("home" in window.usable)) {
      for (const one of document.querySelectorAll("flt-semantics-host flt-semantics > span, flt-semantics-host h1")) {
        if (/^(Good |Hello)/.test(one.textContent)) window.usable.home = performance.now();
      }
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
})()"""
PLAIN = b"""<!DOCTYPE html><title>Log in</title><h1>Log in</h1><form><label>Name <input name=name></label>
<label>Password <input type=password name=password></label><button>Log in</button></form>"""


@dataclass(frozen=True)
class Profile:
    """What the browser runs on."""

    name: str
    size: dict[str, int]
    megabit: float = 0.0
    milliseconds: float = 0.0
    slower: float = 1.0


PROFILES = {
    "desktop": Profile("LAN desktop", DESKTOP),
    "phone": Profile("WiFi phone", PHONE, megabit=40, milliseconds=20, slower=4),
}


@dataclass
class Load:
    """One load: seconds until usable, bytes on the wire by address, and by the app's socket."""

    seconds: float = 0.0
    by_address: dict[str, float] = field(default_factory=dict)
    socket_bytes: float = 0.0

    @property
    def megabytes(self) -> float:
        """Return everything that came over the wire."""
        return (sum(self.by_address.values()) + self.socket_bytes) / 1e6


def main() -> None:
    """Measure every profile and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", choices=sorted(PROFILES))
    options = parser.parse_args()
    names = [options.profile] if options.profile else list(PROFILES)
    free = {"HOMIE_LOGIN_PER_MINUTE": "100000", "HOMIE_REQUESTS_PER_MINUTE": "1000000"}
    with (
        tempfile.TemporaryDirectory() as folder,
        Hub(Path(folder) / "data", free, app=True) as hub,
        plain_server() as plain,
        sync_playwright() as playwright,
    ):
        hub.set_up("anna", PASSWORD)
        wait_until_compressed(hub)
        for name in names:
            print(f"machine load before {name}: {os.getloadavg()[0]:.1f}")
            measure(playwright, hub, plain, PROFILES[name], options.runs)


def measure(playwright: Playwright, hub: Hub, plain: str, profile: Profile, runs: int) -> None:
    """Print the figures of one profile."""
    kinds = ("floor", "cold", "warm", "home")
    found: dict[str, list[Load]] = {kind: [] for kind in kinds}
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="homie-load-") as folder:
            context = playwright.chromium.launch_persistent_context(
                folder,
                executable_path="/usr/bin/chromium",
                headless=True,
                args=CHROMIUM_FLAGS,
                viewport=ViewportSize(width=profile.size["width"], height=profile.size["height"]),
                locale="en-GB",
            )
            found["floor"].append(load(context, plain, profile, "field"))
            found["cold"].append(load(context, hub.url, profile, "field", stay=4.0))
            found["warm"].append(load(context, hub.url, profile, "field"))
            remember(context, hub)
            found["home"].append(load(context, hub.url, profile, "home"))
            context.close()
    seconds = {kind: statistics.median(one.seconds for one in found[kind]) for kind in kinds}
    cold = found["cold"][-1]
    for address, size in sorted(cold.by_address.items(), key=lambda one: -one[1])[:12]:
        print(f"    {size / 1e3:9.1f} kB  {address}")
    targets = {"cold": f"<= {COLD_SECONDS} s", "warm": f"<= {WARM_SECONDS} s", "home": f"<= {WARM_SECONDS} s"}
    words = {"cold": "cold, log-in", "warm": "warm, log-in", "home": "warm, Home of a known device"}
    show(
        f"{profile.name}, median of {runs}",
        [
            *(Figure(words[k], seconds[k], "s", seconds["floor"], "plain page", targets[k]) for k in words),
            *(Figure(f"{words[k]}: wire", found[k][-1].megabytes, "MB") for k in ("warm", "home")),
            Figure(
                "cold, log-in: wire", cold.megabytes, "MB", found["floor"][-1].megabytes, "plain", f"<= {FIRST_LOAD_MB}"
            ),
        ],
    )
    print("    all runs:", {kind: [round(one.seconds, 2) for one in found[kind]] for kind in kinds})


def load(context: BrowserContext, url: str, profile: Profile, until: str, stay: float = 0.0) -> Load:
    """Load `url` in a new tab; `stay` leaves it open for a while, so that the browser can keep what it compiled."""
    page = context.new_page()
    found = Load()
    slow_down(page, profile, found)
    page.add_init_script(WATCH)
    page.goto(url, wait_until="commit")
    page.wait_for_function(f"() => '{until}' in window.usable", timeout=90_000, polling=100)
    found.seconds = float(page.evaluate(f"() => window.usable.{until}")) / 1000
    page.wait_for_timeout(1000 + stay * 1000)  # fonts that come late count
    page.close()
    return found


def slow_down(page: Page, profile: Profile, found: Load) -> None:
    """Count what comes, and make line and processor those of the profile."""
    devtools = page.context.new_cdp_session(page)
    addresses: dict[str, str] = {}

    def loaded(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "?")
        found.by_address[address] = found.by_address.get(address, 0.0) + event["encodedDataLength"]

    def framed(event: dict[str, Any]) -> None:
        size = len(event["response"]["payloadData"])
        found.socket_bytes += size * 0.75 if event["response"]["opcode"] == 2 else size

    devtools.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    devtools.on("Network.loadingFinished", loaded)
    devtools.on("Network.webSocketFrameReceived", framed)
    devtools.send("Network.enable")
    if profile.megabit:
        rate = profile.megabit * 1e6 / 8
        devtools.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": profile.milliseconds,
                "downloadThroughput": rate,
                "uploadThroughput": rate,
            },
        )
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": profile.slower})


def remember(context: BrowserContext, hub: Hub) -> None:
    """Log in, so that the next load finds a device that is known."""
    app = App.tab(context, hub.url)
    app.type_into("Name", "anna")
    app.type_into("Password", PASSWORD)
    app.press("Log in")
    app.tab_named("Home").first.wait_for(state="attached")
    time.sleep(2)
    app.page.close()


def wait_until_compressed(hub: Hub) -> None:
    """Wait for the compressing after the first start: a hub does it once in its life."""
    cache, size, same = hub.data_dir / "cache" / "front", -1, 0
    deadline = time.monotonic() + 240
    while same < 6 and time.monotonic() < deadline:
        time.sleep(1)
        now = sum(1 for _ in cache.iterdir()) if cache.is_dir() else 0
        same = same + 1 if now == size and now > 0 else 0
        size = now


@contextmanager
def plain_server() -> Iterator[str]:
    """Serve the plain page."""

    class Plain(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PLAIN)))
            self.end_headers()
            self.wfile.write(PLAIN)

        def log_message(self, format: str, *args: Any) -> None:
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Plain)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    main()
