"""One error shape, nothing of the inside in it, declared output only, and the same headers on every answer."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from werkzeug.test import Client

from backend.sdk.actor import Actor
from backend.sdk.http import Api
from backend.sdk.testing import client_for
from tests.sdk.http.conftest import Notes


class CountingLimiter:
    """Allow the number in the limit per key, for ever."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}

    def take(self, key: str, limit: str) -> float:
        self.taken[key] = self.taken.get(key, 0) + 1
        return 0.0 if self.taken[key] <= int(limit.split("/")[0]) else 7.2


@pytest.mark.parametrize("address", ["/notes/crash", "/notes/wrong"])
def test_an_unforeseen_error_says_nothing_of_the_inside(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 500
    assert answer.json["error"]["code"] == "internal_error"
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-Id"]
    for inside in ("secret", "SELECT", "Traceback", "RuntimeError", "conftest"):
        assert inside not in answer.text


def test_only_declared_fields_leave(client: Client) -> None:
    assert set(client.get("/notes/1").json) == {"id", "title", "owner_id"}


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("GET", "/notes/missing", 404), ("GET", "/nothing", 404), ("PUT", "/notes", 405), ("GET", "/notes/a/b/c", 404)],
)
def test_every_error_has_the_one_shape(client: Client, method: str, address: str, status: int) -> None:
    answer = client.open(address, method=method)
    assert answer.status_code == status
    assert set(answer.json["error"]) == {"code", "message", "fields", "request_id"}
    assert (answer.headers.get("Allow") is not None) == (status == 405)


@pytest.mark.parametrize("address", ["/notes", "/notes/missing", "/notes/crash", "/nothing", "/openapi.json"])
def test_every_answer_has_the_security_headers(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Strict-Transport-Security" not in headers


def test_hsts_is_sent_behind_tls(client: Client) -> None:
    answer = client.get("/notes", base_url="https://homie.example")
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_without_login_every_protected_operation_is_refused(api: Api) -> None:
    client = client_for(api, None)
    for group in api.groups:
        for operation in group.operations:
            if operation.auth == "none":
                continue
            address = group.url_prefix + operation.rule.replace("<note_id>", "1")
            answer = client.open(address, method=operation.method, json={"title": "a"})
            assert answer.status_code == 401, operation.id
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_rights_are_checked_before_the_body_is_read(api: Api, alice: Actor) -> None:
    assert client_for(api, alice).delete("/notes/1").status_code == 403
    admin = Actor("root", "r", frozenset({"r"}), is_admin=True)
    assert client_for(api, admin).delete("/notes/1").status_code == 204


def test_sudo_operations_want_the_password_again(api: Api, alice: Actor) -> None:
    refused = client_for(api, alice, sudo=False).post("/notes/1/erase")
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "sudo_required")
    assert client_for(api, alice, sudo=True).post("/notes/1/erase").status_code == 204


def test_the_space_header_chooses_where_to_write_and_hides_foreign_spaces(client: Client) -> None:
    made = client.post("/notes", json={"title": "a"}, headers={"X-Homie-Space": "home"})
    assert made.json["owner_id"] == "home"
    foreign = client.post("/notes", json={"title": "a"}, headers={"X-Homie-Space": "bobs"})
    absent = client.post("/notes", json={"title": "a"}, headers={"X-Homie-Space": "no-such"})
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json["error"]["message"] == absent.json["error"]["message"]


def test_the_space_parameter_narrows_a_list(client: Client) -> None:
    assert client.get("/notes?space=home&limit=1").json["items"][0]["owner_id"] == "home"
    assert client.get("/notes?space=bobs").status_code == 404


def test_a_limit_answers_429_with_the_time_to_wait(api: Api) -> None:
    client = client_for(api, None, limiter=CountingLimiter())
    statuses = [client.post("/notes/limited").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    refused = client.post("/notes/limited")
    assert refused.headers["Retry-After"] == "8"
    assert refused.json["error"]["code"] == "rate_limited"


def test_files_are_attachments_that_no_browser_runs(client: Client, notes: Notes) -> None:
    (notes.folder / "page.html").write_text("<script>alert(1)</script>")
    answer = client.get("/notes/page.html/file", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get("/notes/none/file", buffered=True).status_code == 404


@pytest.mark.parametrize("name", ["a\r\nSet-Cookie: x=1", 'a"; filename="b', "ü\u202egnp.exe", "tab\there"])
def test_no_file_name_writes_into_the_headers(client: Client, notes: Notes, name: str) -> None:
    (notes.folder / name).write_text("x")
    answer = client.get(f"/notes/{quote(name)}/file", buffered=True)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    shown = answer.headers["Content-Disposition"]
    assert shown.isprintable()
    assert shown.startswith("attachment; filename=")


def test_one_household_of_addresses_has_one_limit(api: Api) -> None:
    """The platform says what counts as one address; more of the same /64 gain nothing."""
    client = client_for(api, None, limiter=CountingLimiter())
    client.environ_base["homie.limit_key"] = "2001:db8::/64"  # type: ignore[attr-defined]
    statuses = []
    for number in range(5):
        client.environ_base["homie.ip"] = f"2001:db8::{number}"  # type: ignore[attr-defined]
        statuses.append(client.post("/notes/limited").status_code)
    assert statuses == [200, 200, 200, 429, 429]


def test_files_answer_ranges_and_conditions(client: Client, notes: Notes) -> None:
    (notes.folder / "f").write_bytes(bytes(range(100)))
    part = client.get("/notes/f/file", headers={"Range": "bytes=10-19"}, buffered=True)
    assert (part.status_code, part.data) == (206, bytes(range(10, 20)))
    etag = client.get("/notes/f/file", buffered=True).headers["ETag"]
    assert client.get("/notes/f/file", headers={"If-None-Match": etag}, buffered=True).status_code == 304
    assert client.get("/notes/f/file", headers={"Range": "bytes=500-"}, buffered=True).status_code == 416
