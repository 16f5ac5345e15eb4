"""Asking an AI, in a real browser against a real hub and an AI server at the wire: cost first, then answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.core.ai.wire_servers import OpenAiWireServer, serving
from tests.e2e.app_world import log_in
from tests.e2e.flutter import PHONE, App
from tests.e2e.lived_in import arrive, settled
from tests.hub import Hub

PASSWORD = "correct horse staple"
MODEL = "llama3.2:3b"


def answers(data: dict[str, Any]) -> dict[str, Any]:
    """Choose the garden, then (where that was refused) the boat; give the last fact as the reason."""
    if "facts" in data["choices"]:
        facts = [choice["id"] for choice in data["choices"]["facts"]]
        return {"whys": [{"file": "i1", "because": facts[-1:], "sentence": "It belongs to the garden."}]}
    folders = {choice["label"]: choice["id"] for choice in data["choices"]["folders"]}
    filings = []
    for item in data["items"]:
        label = "Boat" if item["data"].get("refused") else "Garden"
        filings.append({"file": item["id"], "folder": folders[label], "confidence": 0.8, "reason": "belongs there"})
    return {"filings": filings}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[Hub, OpenAiWireServer]]:
    """Give a hub whose household chose an AI server and agreed, with a folder of two files that say nothing."""
    inbox = tmp_path / "Inbox"
    for name in ("Garden", "Boat"):
        (inbox / name).mkdir(parents=True)
    for number in (1, 2):
        (inbox / f"qzx-{number}815.bin").write_bytes(bytes([number, 1, 2]) * 50)
    with serving(OpenAiWireServer(answers)) as server, Hub(tmp_path / "data", {}, app=True) as hub:
        assert isinstance(server, OpenAiWireServer)
        server.known_models, server.key = [MODEL], ""
        token = hub.set_up("anna", PASSWORD)

        def want(method: str, path: str, body: Any) -> Any:
            answer = hub.request(method, "/api/v1" + path, body, token=token)
            assert answer.status < 300, (path, answer.body)
            return answer.json

        space = hub.request("GET", "/api/v1/accounts/me", token=token).json["person"]["private_space_id"]
        want("POST", "/accounts/roots", {"space_id": space, "path": str(inbox), "label": "Inbox"})
        want("PUT", "/ai/settings", {"provider": "openai", "base_url": server.url, "model": MODEL})
        want("PUT", "/ai/modules/file_organizer", {"enabled": True})
        want("PATCH", "/file_organizer/settings", {"ai_enabled": True})
        yield hub, server


def tap(app: App, name: str) -> None:
    """Press a button by its name as a screen reader does: what lies over it in the tree does not matter."""
    app.button(name).first.evaluate("node => node.click()")


def chip(app: App, name: str) -> None:
    """Choose what is listed."""
    app.host.get_by_role("button", name=re.compile(name)).or_(
        app.host.get_by_role("checkbox", name=re.compile(name))
    ).first.evaluate("node => node.click()")


def test_cost_first_then_the_answer_why_another_idea_and_the_record(
    browser: Browser, world: tuple[Hub, OpenAiWireServer]
) -> None:
    """Nothing is sent by estimating; one call for both files; each further answer is asked for."""
    hub, server = world
    app = App.open(browser, hub.url, size=PHONE)
    log_in(app)
    app.misses("Log in", timeout=60_000)
    arrive(app, "/file_organizer")
    app.walk(lambda: app.press(re.compile("^Scan Inbox")), "/file_organizer/scan/.+")
    settled(app)
    app.host.get_by_role("switch", name=re.compile("^Ask the AI about unclear files")).evaluate("node => node.click()")
    tap(app, "What would it cost?")
    app.sees("2 unclear files · 1 question")
    app.sees("It costs nothing: the AI server is in your own network.")
    assert server.questions == []
    tap(app, "Start the scan")
    app.sees(re.compile(r"\d+ files? to decide"))
    assert len(server.questions) == 1
    app.sees("goes to Garden")
    app.press(re.compile("^Reject qzx-1815"))
    app.sees("1 file stays.")
    chip(app, "^Rejected")
    tap(app, "Another idea for 1 file")
    app.sees("There is another idea for 1 file.")
    assert len(server.questions) == 2
    chip(app, "^To decide")
    app.sees("goes to Boat")
    app.close()
