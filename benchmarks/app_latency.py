"""From an event at the server to the changed picture: another device logs in, and the bell of an open window counts it.

The clock starts when a plain Socket.IO client of the same person hears it, and stops when the app's semantics tree
(drawn in the same frame as the picture) shows the new number. Floor: the same number put into a plain page by its own
Socket.IO-free script on the same event, which is the browser's own time. Run: python -m benchmarks.app_latency [events]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import socketio
from playwright.sync_api import sync_playwright

from benchmarks.app_memory import log_in
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.hub import Hub

TARGET_MS = 300.0
WATCH = """() => {
  window.seen = {};
  const look = () => {
    for (const node of document.querySelectorAll('flt-semantics-host [aria-label], flt-semantics-host flt-semantics')) {
      const text = node.getAttribute('aria-label') || node.textContent || '';
      const found = /Notifications, (\\d+) unread/.exec(text);
      if (found && !(found[1] in window.seen)) window.seen[found[1]] = Date.now();
    }
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, attributes: true});
  look();
}"""
PLAIN = """() => new Promise((done) => {
  const began = performance.now();
  const box = document.createElement('div');
  new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - began))).observe(
    document.body, {childList: true, subtree: true, characterData: true});
  box.textContent = String(began);
  document.body.append(box);
})"""


def main() -> None:
    """Measure and print p50, p95 and the worst, for a phone's and a desktop's window."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = {"HOMIE_LOGIN_PER_MINUTE": "100000"}
        with Hub(Path(folder) / "data", settings, app=True) as hub:
            token = hub.set_up("anna", "correct horse staple")
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", headless=True, args=CHROMIUM_FLAGS
            )
            for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
                app = App.open(browser, hub.url, size=size)
                log_in(app)
                report(name, measure(hub, app, token, events))
                app.close()
            plain = browser.new_page()
            plain.set_content("<p>floor</p>")
            floor = [float(plain.evaluate(PLAIN)) for _ in range(events)]
            print(f"floor, plain page: p95 {quantile(floor, 0.95):.0f} ms")
            browser.close()


def measure(hub: Hub, app: App, token: str, events: int) -> list[float]:
    """Return the milliseconds of each event."""
    heard: list[float] = []
    client = socketio.Client()

    def on_event(envelope: dict[str, Any]) -> None:
        if envelope["name"].startswith("notifications."):
            heard.append(time.time() * 1000)

    client.on("event", on_event)
    client.connect(hub.url, auth={"token": token}, transports=["websocket"])
    app.page.evaluate(WATCH)
    found = []
    for _ in range(events):
        before, known = len(heard), set(app.page.evaluate("() => Object.keys(window.seen)"))
        hub.log_in("anna", "correct horse staple")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            seen = app.page.evaluate("() => window.seen")
            fresh = [value for key, value in seen.items() if key not in known]
            if fresh and len(heard) > before:
                found.append(max(0.0, fresh[0] - heard[before]))
                break
            time.sleep(0.02)
        else:
            raise AssertionError("the bell did not change: " + app.everything()[:500])
    client.disconnect()
    return found


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of a few values."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def report(name: str, found: list[float]) -> None:
    """Print one line."""
    p95 = quantile(found, 0.95)
    print(
        f"{name}: event to picture p50 {statistics.median(found):.0f} ms, p95 {p95:.0f} ms, worst {max(found):.0f} ms "
        f"(target p95 {TARGET_MS:.0f} ms, ratio {p95 / TARGET_MS:.2f}, {len(found)} events)"
    )


if __name__ == "__main__":
    main()
