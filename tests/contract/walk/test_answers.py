"""Every operation, every kind of failure: one error shape, the same headers, nothing of the inside; strict bodies.

All is generated from the OpenAPI document of a running hub, so that a new operation is held to the same promises.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from backend.core.accounts.tokens import token_hash
from tests.contract.walk.bodies import valid_body
from tests.contract.walk.household import ABSENT, NOWHERE, PASSWORD, Household, Operation, fill
from tests.contract.walk.kinds import kind_of
from tests.hub import Answer

PUBLIC = {
    "GET /api/v1/server",
    "GET /api/v1/accounts/setup",
    "POST /api/v1/accounts/setup",
    "POST /api/v1/accounts/login",
    "POST /api/v1/accounts/refresh",
    "POST /api/v1/accounts/invitations/accept",
    "POST /api/v1/accounts/password/reset",
}
"""What may be called without a log-in, and nothing else."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
INSIDE = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|sqlalchemy|sqlite|psycopg|pydantic|werkzeug|IntegrityError"
    r"|OperationalError"
    r"|\bSELECT \b|\bINSERT INTO\b|\bDELETE FROM\b|\bUPDATE \w+ SET\b|homie_\w+\.db|/site|0x[0-9a-f]{8,}",
)
"""What no answer may show: stacks, SQL, libraries, files of the program, addresses in memory."""

SMALL_LISTS = {
    "/api/v1/accounts/devices": "one person's devices",
    "/api/v1/accounts/spaces": "the spaces that one person is in",
    "/api/v1/accounts/spaces/{id}/members": "the people of a household",
    "/api/v1/accounts/invitations": "open codes; they end by themselves",
    "/api/v1/accounts/roots": "folders that an administrator granted",
    "/api/v1/accounts/roots/browse": "the first thousand folders of one folder",
    "/api/v1/accounts/users": "the people of a household",
    "/api/v1/modules": "installed modules",
    "/api/v1/notifications/kinds": "what the installed modules declare",
    "/api/v1/events": "a ring of the last events, limited by HOMIE_EVENTS_KEPT",
    "/api/v1/backups": "what the retention rules keep",
    "/api/v1/owners/{owner_id}/exports": "exports of the last week",
    "/api/v1/ai/modules": "installed modules",
    "/api/v1/file_organizer/drives": "drives of one household",
    "/api/v1/file_organizer/drives/plugged": "drives of one machine",
    "/api/v1/file_organizer/trash/volumes": "opened folders of one household",
    "/api/v1/file_organizer/runs/{id}/problems": "one line per reason",
    "/api/v1/file_organizer/rules": "at most 500 rules of one household",
    "/api/v1/file_organizer/actions/chain": "what happened to one file, at most 200 steps",
    "/api/v1/file_organizer/actions/{id}/chain": "what happened to one file, at most 200 steps",
    "/api/v1/file_organizer/folders/search": "the best few",
    "/api/v1/file_organizer/file-index": "folders that an administrator granted",
    "/api/v1/file_organizer/watched": "folders that a household watches, of those that were granted",
    "/api/v1/file_organizer/folders/recent": "the last few",
    "/api/v1/financial_manager/accounts": "accounts of one household",
    "/api/v1/financial_manager/budgets": "one per category, currency and person of one household",
    "/api/v1/financial_manager/budgets/history": "months since a budget began",
    "/api/v1/financial_manager/attachments": "at most 50 files of one transaction",
    "/api/v1/financial_manager/budgets/proposals": "one per category and currency of one household",
    "/api/v1/financial_manager/tags": "words that people put on transactions",
    "/api/v1/financial_manager/categories": "at most 1,000 categories of one household",
    "/api/v1/financial_manager/category-rules": "at most 500 rules of one household",
    "/api/v1/financial_manager/construction/projects": "at most 500 building projects of one household",
    "/api/v1/financial_manager/construction/cost-groups": "the cost groups of one scheme",
    "/api/v1/financial_manager/construction/suggestions": "the best five",
    "/api/v1/financial_manager/construction/invoices/{id}/suggestions": "the best five",
    "/api/v1/financial_manager/construction/releases/{id}/suggestions": "the best five",
    "/api/v1/financial_manager/folders": "at most 500 folders and 500 statements of one opened folder",
    "/api/v1/financial_manager/payees": "payees that people named one by one",
    "/api/v1/financial_manager/transfers": "at most 200 pairs that wait",
    "/api/v1/financial_manager/securities": "at most 2,000 securities of one household",
    "/api/v1/financial_manager/price-feeds": "the feeds that came with this installation",
    "/api/v1/financial_manager/price-sources": "one for each security of one household",
    "/api/v1/financial_manager/depots/worth": "the depots of one household",
    "/api/v1/financial_manager/depots/positions": "the securities of one household in each of its depots",
    "/api/v1/financial_manager/depots/performance": "the currencies of one household's depots",
    "/api/v1/financial_manager/depots/allocation": "the currencies of one household's depots",
    "/api/v1/financial_manager/depots/{id}/sales": "the sales of one household's depot, which all are counted anyway",
    "/api/v1/financial_manager/tax-packs": "the rules that came with this installation",
    "/api/v1/financial_manager/recurring-notices": "what newly comes again for one household",
    "/api/v1/financial_manager/recurring": "what comes again for one household",
    "/api/v1/financial_manager/goals": "at most 200 goals of one household",
    "/api/v1/financial_manager/insight/news": "some sentences for each currency",
    "/api/v1/financial_manager/insight/payees": "the 1,000 largest",
    "/api/v1/financial_manager/insight/people": "the people of one household",
    "/api/v1/financial_manager/insight/years": "at most 60 years and the categories of one household",
    "/api/v1/financial_manager/reports/months": "months of at most 60 years and the categories of one household",
    "/api/v1/financial_manager/bank-connections": "banks that one household connected",
    "/api/v1/financial_manager/bank-key/banks": "the banks of one country",
    "/api/v1/financial_manager/statement-inboxes": "folders of those that an administrator granted",
    "/api/v1/financial_manager/statements-seen": "at most 500, the newest first",
    "/api/v1/financial_manager/rates": "the currencies of the European Central Bank",
    "/api/v1/financial_manager/reports/own/months": "months of at most 60 years and the categories of one household",
    "/api/v1/financial_manager/reports/net-worth": "at most 600 months and the currencies of one household",
}
"""Lists without pages, and what bounds each."""

BEST_FEW = {"/api/v1/search", "/api/v1/file_organizer/folders/search", "/api/v1/file_organizer/folders/recent"}
"""Answers to a question: as many as asked for, the best first, and no further pages."""


MADE_UP_KEYS: list[list[Any]] = [
    [first, *rest]
    for first in (10**30, -1, 2**63 - 1, "\ud800", "a\0b", "'; --", "x" * 600)
    for rest in ([], [1], ["x"], [10**30], ["\udfff"], ["x", "y"])
]
"""Cursors that no list handed out, of every shape that lists use."""


def nowhere(operation: Operation) -> str:
    return fill(operation.path, lambda name: ABSENT.get(kind_of(operation.path, name), NOWHERE))


def check_headers(answer: Answer, what: Any) -> None:
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (what, name, answer.headers)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy, what
    assert "frame-ancestors 'none'" in policy, what
    assert answer.headers["cache-control"] in ("no-store", "private, no-cache"), what
    assert answer.headers["x-request-id"], what
    assert "server" not in answer.headers or not re.search(r"\d", answer.headers["server"]), answer.headers


def check_error(house: Household, answer: Answer, status: int, what: Any) -> dict[str, Any]:
    """Insist on the one shape and on silence about the inside."""
    assert answer.status == status, (what, answer.status, answer.body[:500])
    assert answer.headers["content-type"] == "application/json", what
    body = json.loads(answer.body)
    assert set(body) == {"error"}, (what, body)
    error: dict[str, Any] = body["error"]
    assert set(error) == {"code", "message", "fields", "request_id"}, (what, error)
    assert re.fullmatch(r"[a-z][a-z0-9_]+", error["code"]), (what, error)
    assert error["message"], what
    assert error["request_id"] == answer.headers["x-request-id"], what
    for field in error["fields"]:
        assert set(field) == {"name", "problem", "remedy"}, (what, field)
        assert all(isinstance(value, str) and value for value in field.values()), (what, field)
    text = answer.body.decode()
    assert not INSIDE.search(text), (what, text)
    assert str(house.folder) not in text, (what, text)
    check_headers(answer, what)
    return error


# ---------------------------------------------------------------------- who


def spoiled_tokens(house: Household) -> dict[str, str | None]:
    """Return tokens that open nothing: none, made up, of the wrong kind, too old, and given back."""
    old, gone = house.hub.log_in("ben", PASSWORD), house.hub.log_in("ben", PASSWORD)
    with closing(sqlite3.connect(house.hub.data_dir / "homie_users.db")) as db, db:
        done = db.execute(
            "UPDATE tokens SET expires_at = '2020-01-01 00:00:00.000000' WHERE hash = ?", (token_hash(old),)
        )
        assert done.rowcount == 1
    assert house.hub.post("/api/v1/accounts/logout", token=gone).status == 204
    signed_in = house.hub.post("/api/v1/accounts/login", {"name": "ben", "password": PASSWORD}).json
    return {
        "none": None,
        "made up": "hma_" + "A" * 43,
        "nonsense": "x",
        "refresh": signed_in["tokens"]["refresh_token"],
        "expired": old,
        "revoked": gone,
    }


def test_without_a_valid_token_every_operation_answers_401(household: Household) -> None:
    """Deny by default; the operations that anybody may call are listed here."""
    tokens, walked = spoiled_tokens(household), 0
    before = household.settled()
    assert {operation.name for operation in household.operations() if operation.public} == PUBLIC
    for operation in household.operations():
        if operation.public:
            continue
        path = fill(operation.path, lambda name, op=operation: household.ids[kind_of(op.path, name)])
        for kind, token in tokens.items():
            answer = household.hub.request(operation.method, path, valid_body(household, operation, path), token=token)
            check_error(household, answer, 401, (operation.name, kind))
            assert answer.headers["www-authenticate"] == "Bearer", operation.name
        walked += 1
    assert walked >= 90
    assert household.snapshot() == before


SENSITIVE = re.compile(
    r"(POST|GET|DELETE) /api/v1/owners/{owner_id}/(exports$|exports/{export_id}|erase)"
    r"|(PATCH|POST|DELETE) /api/v1/accounts/users/"
    r"|POST /api/v1/accounts/(roots|invitations)$|(POST|DELETE) /api/v1/accounts/totp"
    r"|(DELETE|POST) /api/v1/backups/({set_id}$|{set_id}/restore|key|prune)|PATCH /api/v1/backups/settings"
    r"|PUT /api/v1/ai/settings|(PUT|DELETE) /api/v1/ai/keys/"
)
"""What reveals, destroys or hands out rights: asks for the password again."""
ONLY_NAMES = {"GET /api/v1/owners/{owner_id}/exports"}
"""Shows that there are exports, not what is in them."""


def test_what_reveals_destroys_or_hands_out_rights_asks_for_the_password_again(household: Household) -> None:
    """Export, erasure, backup key, people, folders, second factor, AI keys: refused when the proof is too old."""
    stale = household.hub.log_in("carl", PASSWORD)
    session = household.hub.get("/api/v1/accounts/me", token=stale).json["session_id"]
    with closing(sqlite3.connect(household.hub.data_dir / "homie_users.db")) as db, db:
        old = "2020-01-01 00:00:00.000000"
        db.execute("UPDATE sessions SET reauthenticated_at = ? WHERE id = ?", (old, session))
    walked = 0
    for operation in household.operations():
        if operation.name in ONLY_NAMES or not SENSITIVE.match(operation.name):
            continue
        path = nowhere(operation)
        answer = household.hub.request(operation.method, path, valid_body(household, operation, path), token=stale)
        assert check_error(household, answer, 403, operation.name)["code"] == "sudo_required", operation.name
        assert operation.spec["x-homie-sudo"] is True
        walked += 1
    assert walked >= 18


def test_a_token_in_the_address_opens_nothing(household: Household) -> None:
    """Tokens are read from the header or the cookie only: addresses end up in logs and histories."""
    for name in ("token", "access_token", "auth"):
        answer = household.hub.get(f"/api/v1/accounts/me?{name}={household.tokens['anna']}")
        assert answer.status == 401


# ---------------------------------------------------------------------- one shape


def test_every_failure_of_every_operation_has_the_one_shape(household: Household) -> None:
    """Not found, not allowed, unknown parameter, broken, wrong type, too deep, too large, wrong method."""
    for operation in household.operations():
        path, name = nowhere(operation), operation.name
        if operation.named("query"):
            wrong = household.call("carl", operation.method, f"{path}?no_such_parameter=1")
            check_error(household, wrong, 422, name)
        if "requestBody" in operation.spec:
            as_json = {"Content-Type": "application/json"}
            for sent, status in ((b"{", 400), (b'{"a":1,"a":2}', 400), (b"\xff", 400), (b"[" * 5000, 400)):
                answer = household.call("carl", operation.method, path, sent, headers=as_json)
                check_error(household, answer, status, (name, sent[:20]))
            answer = household.call("carl", operation.method, path, b"a=1", headers={"Content-Type": "text/plain"})
            check_error(household, answer, 415, name)
            answer = household.call("carl", operation.method, path, b"[]", headers=as_json)
            check_error(household, answer, 422, name)
        check_error(household, household.call("carl", "TRACE", path), 405, name)
        check_error(household, household.call("carl", operation.method, path + "/no/such/place"), 404, name)


def test_a_body_that_is_too_large_is_refused_before_it_is_read(household: Household) -> None:
    """The length alone decides: nobody makes the hub read a large body."""
    for operation in household.operations():
        if "requestBody" in operation.spec:
            headers = {"Content-Type": "application/json", "Content-Length": str(64 << 20)}
            answer = household.call("carl", operation.method, nowhere(operation), b"{}", headers=headers)
            check_error(household, answer, 413, operation.name)


def test_every_successful_answer_carries_the_headers(household: Household) -> None:
    walked = 0
    for operation in household.operations():
        if operation.method != "GET" or "volume_id" in operation.named("query"):
            continue
        path = fill(operation.path, lambda name, op=operation: household.ids[kind_of(op.path, name)])
        for who in ("anna", "carl"):
            answer = household.call(who, "GET", path)
            if answer.status == 200:
                check_headers(answer, operation.name)
                walked += 1
    assert walked >= 30
    for path in ("/", "/healthz", "/openapi.json", "/metrics", "/nowhere", "/api/v1/nowhere"):
        check_headers(household.call("carl", "GET", path), path)


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/api/v1/", "/api/v1/nowhere", "/api/v2/accounts/me", "/%00", "/api/v1/file_organizer/%2e%2e/x"],
)
def test_addresses_that_do_not_exist_answer_in_the_one_shape(household: Household, path: str) -> None:
    answer = household.call("carl", "GET", path)
    check_error(household, answer, answer.status, path)
    assert answer.status in (400, 404)


# ---------------------------------------------------------------------- strict bodies and bounded lists


def test_every_body_refuses_an_unknown_field(household: Household) -> None:
    """Nothing is taken that was not declared: no mass assignment, no typing error that passes in silence."""
    before, walked = household.settled(), 0
    for operation in household.operations():
        path = nowhere(operation)
        body = valid_body(household, operation, path)
        if body is None:
            continue
        for extra in ("no_such_field", "owner_id", "is_owner", "__proto__"):
            answer = household.call("carl", operation.method, path, {**body, extra: "x"})
            error = check_error(household, answer, 422, (operation.name, extra))
            assert f"body.{extra}" in {field["name"] for field in error["fields"]}, (operation.name, error)
        walked += 1
    assert walked >= 25
    assert household.snapshot() == before


def test_every_text_and_list_that_is_read_has_a_limit(household: Household) -> None:
    """In bodies and parameters: closed objects, texts with a length, lists with a number."""
    problems: list[str] = []
    for operation in household.operations():
        for parameter in operation.parameters:
            _check_limits(household, parameter["schema"], f"{operation.name} ?{parameter['name']}", problems)
        for content in operation.spec.get("requestBody", {}).get("content", {}).values():
            _check_limits(household, content["schema"], operation.name, problems)
    assert problems == []


def _check_limits(house: Household, schema: dict[str, Any], where: str, problems: list[str]) -> None:
    schema = house.resolved(schema)
    for choice in (*schema.get("anyOf", []), *schema.get("oneOf", [])):
        _check_limits(house, choice, where, problems)
    kind = schema.get("type")
    if kind == "string" and not {"maxLength", "enum", "const", "pattern", "format"} & set(schema):
        problems.append(f"{where}: a text of any length")
    if kind == "array":
        if "maxItems" not in schema:
            problems.append(f"{where}: a list of any length")
        _check_limits(house, schema["items"], f"{where}[]", problems)
    if kind == "object":
        if "properties" in schema and schema.get("additionalProperties") is not False:
            problems.append(f"{where}: an object that takes unknown fields")
        if "properties" not in schema and "maxProperties" not in schema:
            problems.append(f"{where}: a map of any size")
        for name, sub in schema.get("properties", {}).items():
            _check_limits(house, sub, f"{where}.{name}", problems)


def lists(house: Household) -> dict[str, dict[str, Any]]:
    """Return the answer's schema of every operation that lists things."""
    found = {}
    for operation in house.operations():
        content = operation.spec["responses"].get("200", {}).get("content", {}).get("application/json")
        if operation.method == "GET" and content:
            schema = house.resolved(content["schema"])
            if "items" in schema.get("properties", {}):
                found[operation.path] = schema
    return found


def test_every_list_is_paged_or_small_by_nature(household: Household) -> None:
    paged = {path for path, schema in lists(household).items() if "next_cursor" in schema["properties"]}
    assert set(lists(household)) - paged == set(SMALL_LISTS)
    for operation in household.operations():
        some = operation.path in paged or operation.path in BEST_FEW
        assert ("limit" in operation.named("query")) == (some and operation.method == "GET"), operation.name


def test_every_list_bounds_its_page(household: Household) -> None:
    """At most 200 at once; nonsense limits and cursors are refused, not guessed."""
    for path, schema in lists(household).items():
        if "next_cursor" not in schema["properties"]:
            continue
        known = fill(path, lambda name, path=path: household.ids[kind_of(path, name)])
        needed = "&volume_id=" + household.ids["volume"] if path.endswith("/folders/content") else ""
        for wrong in ("limit=0", "limit=-1", "limit=201", "limit=1000000000000", "limit=x", "cursor=x", "cursor=W10"):
            answer = household.call("anna", "GET", f"{known}?{wrong}{needed}")
            check_error(household, answer, 422, (path, wrong))
        for key in MADE_UP_KEYS:
            cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
            answer = household.call("anna", "GET", f"{known}?cursor={cursor}{needed}")
            assert answer.status in (200, 422), (path, key, answer.body)
        one = household.call("anna", "GET", f"{known}?limit=1{needed}")
        assert one.status == 200, (path, one.body)
        assert len(one.json["items"]) <= 1, path
        assert household.call("anna", "GET", f"{known}?limit=200{needed}").status == 200, path
