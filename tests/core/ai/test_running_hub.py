"""AI in the running server: set up over HTTP, asked from gevent, the key nowhere on disk or in the log."""

from __future__ import annotations

from pathlib import Path

from tests.core.ai.wire_servers import WireServer
from tests.hub import Hub


def test_an_admin_sets_gemini_up_in_the_running_hub(tmp_path: Path, gemini: WireServer) -> None:
    """Choose, key, test, agree; afterwards every file of the installation is searched for the key."""
    environment = {"HOMIE_AI__GEMINI_BASE_URL": gemini.url, "HOMIE_WORKERS": "0", "HOMIE_LOG_LEVEL": "debug"}
    with Hub(tmp_path / "data", environment) as hub:
        token = hub.set_up()
        ask = lambda method, path, body=None: hub.request(method, f"/api/v1/ai{path}", body, token=token)  # noqa: E731
        assert hub.get("/api/v1/ai/settings").status == 401
        assert ask("GET", "/settings").json["provider"] == "none"
        assert ask("PUT", "/settings", {"provider": "gemini", "redaction": "strict"}).status == 200
        assert ask("PUT", "/keys/gemini", {"key": gemini.key}).json["stored"] is True
        assert ask("POST", "/test").json["models"] == ["gemini-2.5-flash"]
        assert ask("GET", "/modules/file_organizer").json["state"] == "not_opted_in"
        assert ask("PUT", "/modules/file_organizer", {"enabled": True}).json["state"] == "ready"
        assert ask("PUT", "/keys/gemini", {"key": "another-key-that-is-wrong"}).status == 200
        assert "refused the API key" in ask("POST", "/test").json["text"]
        assert ask("GET", "/modules/file_organizer").json["state"] == "key_refused"
        assert ask("PUT", "/keys/gemini", {"key": gemini.key}).json == {
            "provider": "gemini",
            "stored": True,
            "refused": False,
        }
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.name.startswith("homie_users.db") for path in files)
        for path in files:
            assert gemini.key.encode() not in path.read_bytes(), path
    assert gemini.questions == []
