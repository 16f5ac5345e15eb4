"""`homie ai ...` as separate processes: looking sends nothing, the record prints what was sent, folders are closed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.ai.settings import HouseholdAi
from backend.core.platform import Platform
from backend.core.settings import HomieSettings
from tests.command_line import homie, homie_json
from tests.core.ai.wire_servers import OpenAiWireServer, serving
from tests.file_organizer.ai_world import MODEL, into
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_cli import fresh_data

__all__ = ["fresh_data"]


@pytest.fixture
def home(tmp_path: Path, fresh_data: Path) -> Path:
    """Give a folder of two files that say nothing."""
    shutil.copytree(fresh_data, tmp_path / "data", ignore=shutil.ignore_patterns("*.sock"))
    home = tmp_path / "home"
    for number in (1, 2):
        write(home / f"qzx-{number}815.bin", bytes([number, 2, 3]) * 50)
    for folder in ("Documents/Allotment", "Private"):
        (home / folder).mkdir(parents=True)
    write(home / "Private" / "secret-0001.bin", b"\x07\x08" * 50)
    return home


@pytest.fixture
def server(tmp_path: Path, home: Path) -> Iterator[OpenAiWireServer]:
    """Let the household have chosen a server at the wire, and its owner have agreed."""
    with serving(OpenAiWireServer(into("Documents/Allotment"))) as server:
        assert isinstance(server, OpenAiWireServer)
        server.known_models, server.key = [MODEL], ""
        platform = Platform.open(HomieSettings(data_dir=tmp_path / "data"), role="cli")
        try:
            actor = platform.accounts.local_owner()
            chosen = HouseholdAi(provider="openai", base_url=server.url, model=MODEL, names=("Meier",))
            platform.ai.household.save(chosen)
            platform.ai.household.opt_in(actor, "file_organizer", True)
            platform.module("file_organizer").organizer.settings.change(actor, {"ai_enabled": True})
        finally:
            platform.close()
        yield server


def test_looking_sends_nothing_and_the_record_is_exact(tmp_path: Path, home: Path, server: OpenAiWireServer) -> None:
    """Status, preview and estimate ask nobody; a scan sends what the preview said; the log prints it byte for byte."""
    assert homie_json(tmp_path, "ai", "status")["state"] == "ready"
    shown = homie_json(tmp_path, "ai", "preview", home)
    told = homie_json(tmp_path, "ai", "estimate", home)
    assert server.requests == []
    assert (shown["would_send"], told["calls"], told["cost_micro_usd"]) == (True, 1, 0)
    assert "about" in homie(tmp_path, "ai", "estimate", home)
    homie(tmp_path, "organize", home, "--ai", "--apply", "--yes")
    (request,) = server.questions
    assert request.raw.decode() == shown["body"]
    (entry,) = homie_json(tmp_path, "ai", "log")["items"]
    assert entry["body"] == shown["body"]
    assert entry["subject"].startswith("plans/")
    assert shown["body"] in homie(tmp_path, "ai", "log", entry["id"])
    assert json.loads(homie(tmp_path, "ai", "log", entry["id"], "--json"))["id"] == entry["id"]
    assert (home / "Documents" / "Allotment" / "qzx-1815.bin").exists()


def test_a_folder_is_closed_and_opened_again(tmp_path: Path, home: Path, server: OpenAiWireServer) -> None:
    """A closed folder is in no preview; `usual` drops the rule; nonsense is refused with the choices."""
    homie(tmp_path, "organize", home, "--apply", "--yes")  # opens the folder for the owner
    assert "No folder" in homie(tmp_path, "ai", "folders")
    (rule,) = homie_json(tmp_path, "ai", "folders", home / "Private", "nothing")["items"]
    assert (rule["path"], rule["rule"]) == (str(home / "Private"), "nothing")
    assert "Private" not in (homie_json(tmp_path, "ai", "preview", home)["body"] or "")
    assert homie_json(tmp_path, "ai", "folders", home / "Private", "usual")["items"] == []
    assert "Say also" in homie(tmp_path, "ai", "folders", home / "Private", expect=2)
    assert server.requests == []


def test_without_any_ai_each_command_says_so(tmp_path: Path, home: Path) -> None:
    assert "No AI provider is chosen" in homie(tmp_path, "ai", "status")
    assert "nothing leaves the house" in homie(tmp_path, "ai", "preview", home)
    assert "Not one request" in homie(tmp_path, "ai", "log")
    assert "not in the record" in homie(tmp_path, "ai", "log", "no-such-id", expect=1)
