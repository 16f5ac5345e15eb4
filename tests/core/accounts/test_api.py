"""The accounts over HTTP, with the platform's own dispatching of tokens replaced by the accounts' own answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from backend.core.accounts.api import accounts_groups
from backend.core.accounts.cookies import REFRESH_COOKIE
from backend.core.accounts.views import SignedIn
from backend.sdk.http import SESSION_COOKIE, Api, HttpServices, MemoryIdempotencyStore
from tests.core.accounts.conftest import HOME, PASSWORD, House


class Caller:
    """A client of the accounts' API; `token` is looked up on each request as the dispatcher does."""

    def __init__(self, house: House, token: str | None = None) -> None:
        self.house = house
        self.token = token
        self.api = Api("core", "Homie", "1", mount="/api/v1", groups=accounts_groups(house.accounts))
        self.client: Any = self.api.wsgi.test_client(use_cookies=False)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        environ: dict[str, Any] = {"homie.ip": HOME, "homie.http": HttpServices(idempotency=MemoryIdempotencyStore())}
        if self.token:
            actor, session_id = self.house.accounts.authenticate(self.token, HOME)
            environ |= {"homie.actor": actor, "homie.session_id": session_id}
            environ["homie.sudo"] = lambda: self.house.accounts.has_sudo(session_id)
        answer: TestResponse = self.client.open(
            f"/accounts{path}", method=method, json=body, environ_overrides=environ, **more
        )
        return answer


@pytest.fixture
def anonymous(house: House) -> Caller:
    return Caller(house)


@pytest.fixture
def as_eva(house: House, eva: SignedIn) -> Caller:
    return Caller(house, eva.tokens.access)


@pytest.fixture
def as_ben(house: House, ben: SignedIn) -> Caller:
    return Caller(house, ben.tokens.access)


def test_a_newcomer_sets_up_invites_and_shares(house: House, anonymous: Caller, tmp_path: Path) -> None:
    """The whole way over HTTP: set-up, folder, invitation, a second person, their login, the log."""
    folder = tmp_path / "Downloads"
    folder.mkdir()
    assert anonymous.call("GET", "/setup").json == {"state": "open"}
    code = house.accounts.setup_code()
    done = anonymous.call(
        "POST", "/setup", {"code": code, "name": "eva", "password": PASSWORD, "folders": [str(folder)]}
    )
    assert done.status_code == 201, done.json
    assert done.json is not None
    eva = Caller(house, done.json["tokens"]["access_token"])
    assert anonymous.call("GET", "/setup").json == {"state": "closed"}
    spaces = eva.call("GET", "/me").json["spaces"]  # type: ignore[index]
    home = next(s["id"] for s in spaces if s["kind"] == "household")
    assert [r["path"] for r in eva.call("GET", "/roots").json["items"]] == [str(folder)]  # type: ignore[index]
    made = eva.call("POST", "/invitations", {"space_id": home, "new_account": True, "note": "Ben"})
    assert made.status_code == 201, made.json
    joined = anonymous.call(
        "POST",
        "/invitations/accept",
        {"code": made.json["code"], "name": "ben", "password": PASSWORD},  # type: ignore[index]
    )
    assert joined.status_code == 201, joined.json
    ben = Caller(house, joined.json["tokens"]["access_token"])  # type: ignore[index]
    assert {s["id"] for s in ben.call("GET", "/spaces").json["items"]} >= {home}  # type: ignore[index]
    assert ben.call("GET", "/roots").json == {"items": []}
    members = eva.call("GET", f"/spaces/{home}/members").json["items"]  # type: ignore[index]
    assert {m["name"] for m in members} == {"eva", "ben"}
    log = eva.call("GET", "/audit?scope=all&limit=200").json["items"]  # type: ignore[index]
    assert {"accounts.set_up", "accounts.invitation_used", "accounts.logged_in"} <= {e["action"] for e in log}
    assert eva.call("GET", "/audit/verify").json["ok"]  # type: ignore[index]


def test_the_document_is_valid_and_every_operation_is_described(anonymous: Caller) -> None:
    """OpenAPI 3.1, each operation with a summary."""
    document = anonymous.api.openapi()
    validate(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]


def test_without_a_token_nothing_but_the_way_in_answers(anonymous: Caller) -> None:
    """401 everywhere else, in the one error shape."""
    open_paths = {"/setup", "/login", "/refresh", "/invitations/accept", "/password/reset"}
    for path, methods in anonymous.api.openapi()["paths"].items():
        short = path.removeprefix("/accounts").replace("{id}", "x").replace("{user_id}", "y")
        for method in methods:
            answer = anonymous.call(method.upper(), short, {} if method in ("post", "put", "patch") else None)
            assert answer.status_code == (422 if short in open_paths else 401) or method == "get" or short == "/refresh"
            if short not in open_paths:
                assert answer.status_code == 401
                assert set(answer.json["error"]) == {"code", "message", "fields", "request_id"}  # type: ignore[index]


def test_for_another_user_every_id_is_missing(house: House, eva: SignedIn, as_ben: Caller, as_eva: Caller) -> None:
    """Each operation with an id answers Ben on Eva's things exactly as on things that do not exist."""
    home = house.households(eva)[0]
    invitation = as_eva.call("POST", "/invitations", {"space_id": home}).json["id"]  # type: ignore[index]
    cases = [
        ("DELETE", "/devices/{}", eva.tokens.session_id, None),
        ("PATCH", "/spaces/{}", home, {"name": "x"}),
        ("GET", "/spaces/{}/members", home, None),
        ("PATCH", "/spaces/{}/members/" + eva.person.id, home, {"role": "member"}),
        ("DELETE", "/spaces/{}/members/" + eva.person.id, home, None),
        ("DELETE", "/invitations/{}", invitation, None),
    ]
    for method, path, real, body in cases:
        answers = []
        for target in (real, "01890000-0000-7000-8000-000000000000"):
            answer = as_ben.call(method, path.format(target), body)
            assert answer.status_code == 404, (method, path, answer.json)
            error = dict(answer.json["error"])  # type: ignore[index]
            error.pop("request_id")
            answers.append(error)
        assert answers[0] == answers[1]


def test_administration_is_for_administrators_with_a_fresh_proof(
    house: House, eva: SignedIn, ben: SignedIn, as_eva: Caller, as_ben: Caller
) -> None:
    """Ben gets 403; Eva too once her proof is older than ten minutes, until she confirms her password."""
    target = f"/users/{ben.person.id}"
    for method, path, body in (
        ("GET", "/users", None),
        ("PATCH", target, {"disabled": True}),
        ("POST", f"{target}/password-code", None),
        ("DELETE", f"{target}/totp", None),
        ("POST", "/roots", {"space_id": ben.person.private_space_id, "path": "/tmp"}),
        ("GET", "/audit/verify", None),
        ("GET", "/audit?scope=all", None),
        ("GET", "/roots?scope=all", None),
    ):
        assert as_ben.call(method, path, body).status_code == 403
    house.clock.advance(601)
    assert as_eva.call("PATCH", target, {"disabled": True}).json["error"]["code"] == "sudo_required"  # type: ignore[index]
    assert as_eva.call("POST", "/reauthenticate", {"password": "wrong"}).status_code == 422
    assert as_eva.call("POST", "/reauthenticate", {"password": PASSWORD}).status_code == 204
    assert as_eva.call("PATCH", target, {"disabled": True}).json["disabled"] is True  # type: ignore[index]


def test_a_login_answers_with_retry_after(house: House, eva: SignedIn, anonymous: Caller) -> None:
    """401 alike, then 429 with the seconds to wait."""
    for _ in range(3):
        answer = anonymous.call("POST", "/login", {"name": "eva", "password": "wrong"})
        assert (answer.status_code, answer.json["error"]["code"]) == (401, "login_refused")  # type: ignore[index]
    answer = anonymous.call("POST", "/login", {"name": "eva", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")


def test_browsers_get_cookies_that_scripts_cannot_read(house: House, eva: SignedIn, anonymous: Caller) -> None:
    """HttpOnly, SameSite=Strict, Secure behind TLS; no token in the body; refresh and logout by cookie."""
    login = {"name": "eva", "password": PASSWORD, "cookie": True}
    plain = anonymous.call("POST", "/login", login)
    assert plain.status_code == 201
    assert plain.json["tokens"]["access_token"] is None  # type: ignore[index]
    assert plain.json["tokens"]["refresh_token"] is None  # type: ignore[index]
    for cookie in plain.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Secure" not in cookie
    secure = anonymous.call("POST", "/login", login, base_url="https://homie.example")
    assert all("Secure" in cookie for cookie in secure.headers.getlist("Set-Cookie"))
    jar = {c.split("=")[0]: c.split(";")[0].split("=", 1)[1] for c in plain.headers.getlist("Set-Cookie")}
    header = {"Cookie": f"{REFRESH_COOKIE}={jar[REFRESH_COOKIE]}"}
    foreign = anonymous.call("POST", "/refresh", {}, headers={**header, "Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    fresh = anonymous.call("POST", "/refresh", {}, headers={**header, "Sec-Fetch-Site": "same-origin"})
    assert fresh.status_code == 200
    session_id = plain.json["tokens"]["session_id"]  # type: ignore[index]
    assert fresh.json["csrf_token"] == house.accounts.csrf_token(session_id)  # type: ignore[index]
    out = Caller(house, jar[SESSION_COOKIE]).call("POST", "/logout")
    assert out.status_code == 204
    assert all("Max-Age=0" in cookie for cookie in out.headers.getlist("Set-Cookie"))
    assert anonymous.call("POST", "/refresh", {}).status_code == 401


def test_passwords_devices_and_the_second_factor_over_http(house: House, eva: SignedIn, as_eva: Caller) -> None:
    """The operations of one's own account, end to end."""
    import pyotp

    other = house.login("eva")
    assert len(as_eva.call("GET", "/devices").json["items"]) == 2  # type: ignore[index]
    assert as_eva.call("DELETE", f"/devices/{other.tokens.session_id}").status_code == 204
    house.login("eva")
    change = {"current_password": PASSWORD, "new_password": "nine tired walruses"}
    assert as_eva.call("PUT", "/password", change).json == {"devices_logged_out": 1}
    start = as_eva.call("POST", "/totp").json
    assert start is not None
    code = pyotp.TOTP(start["secret"]).at(house.clock.now())
    codes = as_eva.call("POST", "/totp/confirm", {"code": code}).json["codes"]  # type: ignore[index]
    assert len(codes) == 10
    assert as_eva.call("GET", "/totp").json == {"on": True, "recovery_codes_left": 10}
    assert as_eva.call("DELETE", "/totp").status_code == 204
    assert as_eva.call("PATCH", "/preferences", {"changes": {"theme": "dark"}}).json["theme"] == "dark"  # type: ignore[index]
    assert as_eva.call("PATCH", "/me", {"display_name": "Eva M."}).json["display_name"] == "Eva M."  # type: ignore[index]


def test_bad_bodies_name_the_field_and_change_nothing(house: House, eva: SignedIn, as_eva: Caller) -> None:
    """Unknown fields, wrong types, empty texts: 422 with field and remedy."""
    for method, path, body in (
        ("POST", "/spaces", {"name": ""}),
        ("POST", "/spaces", {"name": "x", "owner": "me"}),
        ("POST", "/spaces", {"name": 7}),
        ("POST", "/spaces", {"name": "a\nb"}),
        ("POST", "/roots", {"space_id": eva.person.private_space_id, "path": "relative"}),
        ("PATCH", "/preferences", {"changes": {"theme": "pink"}}),
    ):
        answer = as_eva.call(method, path, body)
        assert answer.status_code == 422, (path, answer.json)
        assert answer.json["error"]["fields"][0]["remedy"]  # type: ignore[index]
    assert len(house.households(eva)) == 1
