"""What is malformed, ambiguous or unknown is refused with a clear 4xx that names the field, and changes nothing."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from tests.sdk.http.conftest import Notes

BAD_JSON: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 400),
    "not json": (b"{", 400),
    "not utf-8": (b'{"title": "\xff"}', 400),
    "lone surrogate": (b'{"title": "\\ud8ff"}', 400),
    "NaN": (b'{"title": "a", "ratio": NaN}', 400),
    "infinity in a free field": (b'{"title": "a", "extra": [Infinity]}', 400),
    "overflowing number": (b'{"title": "a", "ratio": 1e999}', 400),
    "deep nesting": (b'{"title": "a", "extra": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
    "field twice": (b'{"title": "a", "title": "b"}', 400),
    "field twice, deep": (b'{"title": "a", "extra": [{"x": 1, "x": 2}]}', 400),
    "NUL": (b'{"title": "a\\u0000"}', 400),
    "NUL in a name, deep": (b'{"title": "a", "extra": [{"\\u0000": 1}]}', 400),
    "huge integer": (b'{"title": "a", "count": 9007199254740993}', 400),
    "huge integer, thousands of digits": (b'{"title": "a", "extra": ' + b"9" * 6000 + b"}", 400),
    "trailing text": (b'{"title": "a"} x', 400),
    "byte order mark": (b'\xef\xbb\xbf{"title": "a"}', 400),
    "null": (b"null", 422),
    "a list": (b"[]", 422),
    "missing field": (b"{}", 422),
    "unknown field": (b'{"title": "a", "colour": 1}', 422),
    "number as text": (b'{"title": "a", "count": "1"}', 422),
    "boolean as number": (b'{"title": "a", "count": true}', 422),
    "number as boolean": (b'{"title": "a", "pinned": 0}', 422),
    "fraction as integer": (b'{"title": "a", "count": 1.5}', 422),
    "text too long": (json.dumps({"title": "x" * 51}).encode(), 422),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_a_bad_body_is_refused_and_changes_nothing(client: Client, notes: Notes, name: str) -> None:
    body, status = BAD_JSON[name]
    answer = client.post("/notes", data=body, content_type="application/json")
    assert answer.status_code == status, answer.text
    error = answer.json["error"]
    assert error["message"]
    assert error["request_id"]
    if status == 422:
        assert all(
            field["name"].startswith("body") and field["problem"] and field["remedy"] for field in error["fields"]
        )
        assert error["fields"]
    assert notes.made == []


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_media_type_is_refused(client: Client, media_type: str) -> None:
    answer = client.post("/notes", data=b'{"title": "a"}', content_type=media_type)
    assert answer.status_code == 415


def test_a_compressed_body_is_refused(client: Client) -> None:
    headers = {"Content-Encoding": "gzip"}
    answer = client.post("/notes", data=b"x", content_type="application/json", headers=headers)
    assert answer.status_code == 415


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    class Untouchable:
        def read(self, *_: Any) -> bytes:
            raise AssertionError("the body was read")

        readline = read

        place = 0

        def tell(self) -> int:
            return self.place

        def seek(self, place: int, whence: int = 0) -> None:
            self.place = 50_000_000 if whence == 2 else place

        def close(self) -> None: ...

    answer = client.post("/notes", input_stream=Untouchable(), content_type="application/json")
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "payload_too_large"


def test_a_query_list_is_given_by_repeating_the_name(client: Client) -> None:
    answer = client.get("/notes?tags=a&tags=b&limit=1")
    assert answer.json["items"][0]["title"] == "a+b"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=1&limit=2", "query.limit"),
        ("limit=0", "query.limit"),
        ("limit=201", "query.limit"),
        ("limit=many", "query.limit"),
        ("colour=red", "query.colour"),
        ("cursor=%00", "query.cursor"),
        ("cursor=nonsense", "query.cursor"),
        ("cursor=WyJhIl0", "query.cursor"),
        ("cursor=WzEsMl0", "query.cursor"),
        ("least=99999999999999999999", "query.least"),
    ],
)
def test_a_bad_query_names_the_parameter(client: Client, query: str, field: str) -> None:
    answer = client.get(f"/notes?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json["error"]["fields"][0]["name"] == field
    assert answer.json["error"]["fields"][0]["remedy"]


def test_a_path_with_nul_is_refused(client: Client) -> None:
    assert client.get("/notes/a%00b").status_code == 400


def test_pages_cover_the_list_once_in_order(client: Client) -> None:
    """Following `next_cursor` gives every item exactly once, whatever the page size."""
    for limit in (1, 3, 7, 20, 200):
        seen: list[int] = []
        cursor = ""
        while True:
            answer = client.get(f"/notes?limit={limit}{cursor}").json
            seen += [int(item["id"]) for item in answer["items"]]
            if answer["next_cursor"] is None:
                break
            cursor = f"&cursor={answer['next_cursor']}"
        assert seen == list(range(20))


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30, "\ud800", "a\0b", 1.5, True, None, [1], {}])
def test_a_made_up_cursor_is_refused(client: Client, value: object) -> None:
    """No cursor reaches a database with a number or a text that it cannot hold."""
    cursor = base64.urlsafe_b64encode(json.dumps([value]).encode()).decode().rstrip("=")
    answer = client.get(f"/notes?cursor={cursor}")
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"] == "query.cursor"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(JSON.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")), st.binary(max_size=200))
)
def test_no_body_causes_an_internal_error(client: Client, body: bytes) -> None:
    """Whatever bytes arrive, the answer is a success or a 4xx in the one error shape."""
    answer = client.post("/notes", data=body, content_type="application/json")
    assert answer.status_code in (201, 400, 422)
    assert ("error" in answer.json) == (answer.status_code != 201)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(["limit", "cursor", "tags", "least", "space", "x"]), st.text(max_size=30)))
def test_no_query_causes_an_internal_error(client: Client, query: dict[str, str]) -> None:
    """Whatever a query says, the answer is a success or a 4xx."""
    assert client.get("/notes", query_string=query).status_code in (200, 400, 404, 422)
