"""The jobs API: what an owner sees and may do, and that others see nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client

from backend.core.jobs.api import jobs_group
from backend.sdk.actor import Actor
from backend.sdk.testing import client_for
from tests.core.jobs.conftest import Table
from tests.core.jobs.work_kinds import Mark

ANNA, BERT = Actor.of("anna"), Actor.of("bert")
WORK = Mark(folder="/nowhere")
As = Callable[[Actor | None], Client]


@pytest.fixture
def client_as(table: Table) -> As:
    return lambda actor: client_for(jobs_group(table.service), actor)


def put(table: Table, actor: Actor = ANNA, kind: str = "demo.write_mark") -> str:
    return table.service.enqueue(actor, kind, WORK).id


def url(path: str) -> str:
    return "/jobs" + path


def test_pages_hold_every_job_once_newest_first(table: Table, client_as: As) -> None:
    """Following `next_cursor` to the end gives every job of the owner exactly once."""
    jobs = [put(table) for _ in range(7)]
    put(table, BERT)
    seen, cursor = [], ""
    while cursor is not None:
        answer: Any = client_as(ANNA).get(url(f"?limit=3&cursor={cursor}" if cursor else "?limit=3")).json
        seen += [job["id"] for job in answer["items"]]
        cursor = answer["next_cursor"]
    assert seen == jobs[::-1]


def test_filters_narrow_the_list(table: Table, client_as: As) -> None:
    """State, live, kind and module; an unknown state names the field."""
    first, second = put(table), put(table, kind="demo.urgent_mark")
    anna = client_as(ANNA)
    anna.post(url(f"/{first}/cancel"))

    def ids(query: str) -> list[str]:
        return [job["id"] for job in anna.get(url(query)).json["items"]]  # type: ignore[index]

    assert ids("?state=cancelled") == [first]
    assert ids("?live=true") == [second]
    assert ids("?kind=demo.urgent_mark") == [second]
    assert ids("?module=other") == []
    wrong: Any = anna.get(url("?state=sleeping"))
    assert wrong.status_code == 422
    assert "state" in wrong.json["error"]["fields"][0]["name"]


def test_a_job_is_shown_cancelled_and_tried_again(table: Table, client_as: As) -> None:
    """The owner's whole use of the API on one job."""
    job = put(table)
    anna = client_as(ANNA)
    assert anna.get(url(f"/{job}")).json["state"] == "queued"  # type: ignore[index]
    assert anna.post(url(f"/{job}/retry")).status_code == 409
    assert anna.post(url(f"/{job}/cancel")).json["state"] == "cancelled"  # type: ignore[index]
    assert anna.post(url(f"/{job}/retry")).json["state"] == "queued"  # type: ignore[index]


@pytest.mark.parametrize(("method", "path"), [("get", "/{}"), ("post", "/{}/cancel"), ("post", "/{}/retry")])
def test_anothers_job_answers_like_none(table: Table, client_as: As, method: str, path: str) -> None:
    """404 with the same body (but for the request id) for another's job and for one that does not exist."""
    theirs: Any = getattr(client_as(BERT), method)(url(path.format(put(table))))
    absent: Any = getattr(client_as(BERT), method)(url(path.format("00000000-0000-7000-8000-000000000000")))
    for answer in (theirs, absent):
        assert answer.status_code == 404
        answer.json["error"].pop("request_id")
    assert theirs.json["error"]["message"] == absent.json["error"]["message"]


def test_nobody_gets_in_without_log_in(table: Table, client_as: As) -> None:
    """Every operation asks who it is."""
    assert client_as(None).get(url("")).status_code == 401
    assert client_as(None).post(url(f"/{put(table)}/cancel")).status_code == 401


def test_neither_arguments_nor_traces_leave(table: Table, client_as: As) -> None:
    """The answer holds no arguments (paths), no saved state and no traceback."""
    job = put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.save(claim, {"inner": "state"})
    body = client_as(ANNA).get(url(f"/{job}")).get_data(as_text=True)
    assert "/nowhere" not in body
    assert "inner" not in body


def test_results_with_undecodable_names_are_shown(table: Table, client_as: As) -> None:
    """Such a result is made readable instead of breaking the answer."""
    job = put(table)
    claim = table.store.claim("w/0")
    assert claim is not None
    table.store.finish(claim, {"folder": "caf\udce9"})
    answer: Any = client_as(ANNA).get(url(f"/{job}"))
    assert answer.status_code == 200
    assert answer.json["result"] == {"folder": "caf\\udce9"}
