"""A plan with many suggestions in the app, without a browser: the server's work to open it and to accept one row.

The real hub holds the plan; the whole app renders in this process and packs its messages as it does for a browser, so
the figures are the front's processor time and what it sends. With `pictures` each row has a small picture of its own.
Run: python -m benchmarks.app_lists [files] [pictures]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from flet.controls.context import _context_page

from benchmarks.report import Figure, show
from frontend.api.connection import HubConnection
from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.file_organizer.review_provider import ReviewProvider
from frontend.kit import Viewport
from frontend.kit.keys import KeyListeners
from frontend.providers.session import Session, Surroundings
from tests.file_organizer.messy_folder import MP3
from tests.frontend.headless import Headless
from tests.frontend.screens.stage import Scene
from tests.hub import Hub

PASSWORD = "correct horse staple"
ACCEPTED = 20
PAGES = 4


def main() -> None:
    """Make the plan, measure, print."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    pictures = sys.argv[2:] == ["pictures"]
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "home" / "Inbox"
        inbox.mkdir(parents=True)
        for number in range(files):
            name = f"IMG_{number:05}.jpg" if pictures else f"song {number:05}.mp3"
            (inbox / name).write_bytes((b"\xff\xd8\xff\xe0" if pictures else MP3) + str(number).encode())
        with Hub(Path(folder) / "data", {"HOMIE_WORKERS": "1"}) as hub:
            wish = {"name": "anna", "password": PASSWORD, "household": "Home", "folders": [str(inbox.parent)]}
            answer = hub.post("/api/v1/accounts/setup", {"code": hub.setup_code(), **wish})
            plan = ready_plan(hub, str(answer.json["tokens"]["access_token"]), inbox)
            show(f"app: a plan of {files} suggestions", asyncio.run(measure(hub, plan)))


def ready_plan(hub: Hub, token: str, inbox: Path) -> str:
    """Scan the folder and return the plan's id."""
    plan = hub.post("/api/v1/file_organizer/plans", {"path": str(inbox)}, token=token).json["id"]
    while hub.get(f"/api/v1/file_organizer/plans/{plan}", token=token).json["state"] != "ready":
        time.sleep(0.2)
    return str(plan)


async def measure(hub: Hub, plan: str) -> list[Figure]:
    """Open the plan, read on, and accept rows; return the figures."""
    window = Headless(width=412, route=f"/file_organizer/plans/{plan}")
    _context_page.set(window.page)  # events of the live line draw in this window
    session = Session(Surroundings(HubConnection(hub.url), Keepers(), MemoryStorage()), keys=KeyListeners())
    await session.start()
    await session.auth.login("anna", PASSWORD)
    await session.modules.load()
    viewport = Viewport()
    viewport.resize(412, 915)
    review = session.of(ReviewProvider)
    cpu, wall, sent = time.process_time(), time.perf_counter(), len(window.wire.sent)
    await window.show(Scene, session, viewport, "en")
    await window.until(lambda: review.items.items and window.find("Dismissible"))
    opened = (time.process_time() - cpu) * 1000
    opened_wall = (time.perf_counter() - wall) * 1000
    opened_bytes = sum(len(one) for one in window.wire.sent[sent:])
    first = await accept(window, review)
    for _ in range(PAGES):
        await review.items.load_more()
        await window.settle()
    later = await accept(window, review)
    await session.close()
    rows = 50 * (1 + PAGES)
    return [
        Figure("open: the front's processor time", opened, "ms", target="1000"),
        Figure("open: until drawn, hub included", opened_wall, "ms"),
        Figure("open: sent to the browser", opened_bytes / 1000, "kB"),
        Figure("accept with 50 rows: the front's processor time", first[0], "ms", target="100"),
        Figure("accept with 50 rows: sent to the browser", first[1], "kB"),
        Figure(f"accept with {rows} rows: the front's processor time", later[0], "ms", target="100"),
        Figure(f"accept with {rows} rows: sent to the browser", later[1], "kB"),
    ]


async def accept(window: Headless, review: Any) -> tuple[float, float]:
    """Accept rows one after another; return (processor ms, kB sent) of one, in the middle."""
    times, sizes = [], []
    for _ in range(ACCEPTED):
        before, cpu = len(window.wire.sent), time.process_time()
        await review.decide([review.items.items[0]["id"]], "accept")
        await window.session.after_event(window.page)
        await asyncio.sleep(0.05)
        times.append((time.process_time() - cpu) * 1000)
        sizes.append(sum(len(one) for one in window.wire.sent[before:]) / 1000)
    return sorted(times)[ACCEPTED // 2], sorted(sizes)[ACCEPTED // 2]


if __name__ == "__main__":
    main()
