"""`insert_rows` stores what the ORM would store, on both engines."""

from __future__ import annotations

import resource
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, OwnerMismatch, UnscopedStatement, bulk, insert_columns, insert_rows
from backend.sdk.errors import HomieError
from tests.sdk.db.models import Note

WHEN = datetime(2026, 5, 17, 8, 30, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {"id": "a", "title": "one", "seen_at": WHEN, "extra": {"tags": ["x", "ü"]}, "stars": 5},
    {"id": "b", "title": "it's; DROP TABLE notes", "seen_at": None, "extra": {}, "stars": 0},
]


def _stored(db: Database, actor: Actor) -> list[tuple[Any, ...]]:
    query = sa.select(Note.owner_id, Note.id, Note.title, Note.folder_id, Note.stars, Note.seen_at, Note.extra)
    return db.read(actor, lambda s: [tuple(row) for row in s.execute(query.order_by(Note.id))])


def test_rows_arrive_with_their_types_and_owner(db: Database, alice: Actor) -> None:
    """Dates, JSON, numbers and texts come back as they were given."""
    db.write(alice, insert_rows, Note, ROWS)
    assert _stored(db, alice) == [
        ("alice", "a", "one", None, 5, WHEN, {"tags": ["x", "ü"]}),
        ("alice", "b", "it's; DROP TABLE notes", None, 0, None, {}),
    ]


def test_what_is_not_given_gets_its_default(db: Database, alice: Actor) -> None:
    """Constants and callables both; a default dict is each row's own."""
    db.write(alice, insert_rows, Note, [{"id": "a", "title": "one"}, {"id": "b", "title": "two"}])
    assert [row[3:] for row in _stored(db, alice)] == [(None, 0, None, {})] * 2


def test_nothing_is_nothing(db: Database, alice: Actor) -> None:
    """An empty list is no error."""
    db.write(alice, insert_rows, Note, [])
    assert _stored(db, alice) == []


def test_another_owner_is_refused_and_nothing_is_stored(db: Database, alice: Actor) -> None:
    """One row for Bob among Alice's takes all of them back."""
    rows = [{"id": "a", "title": "x", "owner_id": "alice"}, {"id": "b", "title": "y", "owner_id": "bob"}]
    with pytest.raises(OwnerMismatch):
        db.write(alice, insert_rows, Note, rows)
    assert _stored(db, alice) == []


def test_rows_of_different_shape_are_refused_where_they_could_be_mixed_up(db: Database, alice: Actor) -> None:
    """A row without an id, or with other columns than the first, is a mistake of the caller on every engine."""
    for rows in ([{"title": "x"}], [{"id": "a", "title": "x"}, {"id": "b", "title": "y", "stars": 1}]):
        with pytest.raises(UnscopedStatement):
            db.write(alice, insert_rows, Note, rows)


def test_pending_rows_are_written_first(db: Database, alice: Actor) -> None:
    """What was added to the session before is there when the bulk rows come."""

    def work(session: OwnedSession) -> None:
        session.add(Note(id="0", title="first"))
        insert_rows(session, Note, ROWS)

    db.write(alice, work)
    assert [row[1] for row in _stored(db, alice)] == ["0", "a", "b"]


@pytest.mark.parametrize("count", [1, 39, 40, 41, 123])
def test_as_many_arrive_as_were_given_in_their_order(db: Database, alice: Actor, count: int) -> None:
    """However many go into one statement, and whatever is left over; columns that are one value are each row's."""
    ids, titles = [f"{n:03}" for n in range(count)], [f"note {n}" for n in range(count)]
    extra = [{"n": n % 3} for n in range(count)]
    given = {"id": ids, "title": titles, "stars": [7] * count, "seen_at": [WHEN] * count, "extra": extra}
    db.write(alice, insert_columns, Note, given)
    stored = _stored(db, alice)
    assert [row[1:3] + row[4:6] for row in stored] == [(i, t, 7, WHEN) for i, t in zip(ids, titles, strict=True)]
    assert [row[6] for row in stored] == extra


def test_columns_of_different_length_are_refused(db: Database, alice: Actor) -> None:
    """A value too few would end up beside another row's."""
    for columns in ({"title": ["x"]}, {"id": ["a", "b"], "title": ["x"]}, {"id": ["a"], "title": ["x", "y"]}):
        with pytest.raises(UnscopedStatement):
            db.write(alice, insert_columns, Note, columns)
    assert _stored(db, alice) == []


def test_one_bad_row_of_many_takes_all_back(db: Database, alice: Actor) -> None:
    """An id that is there already, in the middle of a statement of many rows, leaves nothing of them."""
    db.write(alice, insert_rows, Note, [{"id": "050", "title": "there"}])
    ids = [f"{n:03}" for n in range(100)]
    with pytest.raises(Exception, match=r".+"):
        db.write(alice, insert_columns, Note, {"id": ids, "title": ids})
    assert [row[1:3] for row in _stored(db, alice)] == [("050", "there")]


def test_another_owner_s_row_among_many_is_refused_by_the_database_too(db: Database, alice: Actor) -> None:
    """Below the check in Python: the statement of many rows that it sends still meets the net of the connection."""
    if db.kind != "sqlite":
        pytest.skip("SQLite's triggers")

    def work(session: OwnedSession) -> None:
        table = sa.inspect(Note).local_table
        rows = [("alice" if n != 30 else "bob", f"{n:03}", "x", 0, "{}") for n in range(40)]
        bulk._send(session, table, ["owner_id", "id", "title", "stars", "extra"], rows)

    with pytest.raises(Exception, match="owner"):
        db.write(alice, work)
    assert _stored(db, alice) == []


NAMES = ["owner_id", "id", "title", "stars", "extra"]


def _send(session: OwnedSession, count: int, *, foreign: int = -1, first: int = 0) -> None:
    rows = [("bob" if n == foreign else "alice", f"{first + n:04}", "x", 0, "{}") for n in range(count)]
    bulk._send(session, sa.inspect(Note).local_table, NAMES, rows)


@pytest.mark.parametrize("foreign", [0, 250, 599])
def test_many_rows_are_looked_at_together_and_one_foreign_takes_all_back(
    db: Database, alice: Actor, bob: Actor, foreign: int
) -> None:
    """Where the trigger steps aside its question is asked once: nothing stays, also if the caller goes on."""
    if db.kind != "sqlite":
        pytest.skip("SQLite's triggers")
    db.write(bob, insert_rows, Note, [{"id": "his", "title": "his"}])

    def work(session: OwnedSession) -> None:
        insert_rows(session, Note, [{"id": "mine", "title": "mine"}])
        with pytest.raises(OwnerMismatch):
            _send(session, 600, foreign=foreign)
        _send(session, 10)

    db.write(alice, work)
    assert [row[1] for row in _stored(db, alice)] == [*(f"{n:04}" for n in range(10)), "mine"]
    assert [row[1] for row in _stored(db, bob)] == ["his"]


@pytest.mark.parametrize("before", ["done", "foreign", "double", "taken back"])
def test_the_trigger_is_back_whatever_became_of_many_rows(db: Database, alice: Actor, before: str) -> None:
    """After a success, a refusal, a failed statement and a transaction that was taken back, each row is looked at."""
    if db.kind != "sqlite":
        pytest.skip("SQLite's triggers")

    def many(session: OwnedSession) -> None:
        if before == "double":
            insert_rows(session, Note, [{"id": "0300", "title": "there"}])
        _send(session, 600, foreign=5 if before == "foreign" else -1)
        if before == "taken back":
            raise ValueError("changed my mind")

    with nullcontext() if before == "done" else pytest.raises(Exception, match=r".+"):
        db.write(alice, many)
    assert len(_stored(db, alice)) == (600 if before == "done" else 0)
    with pytest.raises(OwnerMismatch):
        db.write(alice, lambda session: _send(session, 40, foreign=7, first=1000))
    assert len(_stored(db, alice)) == (600 if before == "done" else 0)


def test_the_triggers_are_back_after_a_disk_that_was_full(db: Database, alice: Actor, bob: Actor) -> None:
    """SQLite takes back by itself what does not fit, on the first write of a connection all its triggers with it."""
    if db.kind != "sqlite":
        pytest.skip("SQLite's triggers")
    db.write(bob, insert_rows, Note, [{"id": "his", "title": "his"}])
    db.store.dispose()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, before[1]))
    try:
        with pytest.raises(HomieError):
            db.write(alice, insert_rows, Note, [{"id": f"{n}", "title": "x" * 40_000} for n in range(600)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def attack(session: OwnedSession) -> None:
        dbapi: Any = session.connection().connection.driver_connection
        dbapi.execute("UPDATE notes SET title = 'mine'")

    with pytest.raises(Exception, match="other owner"):
        db.write(alice, attack)
    assert (_stored(db, alice), _stored(db, bob)[0][2]) == ([], "his")


def test_what_a_statement_may_have_to_take_back_is_noted_in_memory(db: Database) -> None:
    """A trigger that may stop a statement makes SQLite keep a journal of each: in a file, it was half of an import."""
    if db.kind != "sqlite":
        pytest.skip("SQLite's journal")
    with db.store.writer.connect() as connection:
        dbapi: Any = connection.connection.driver_connection
        assert dbapi.execute("PRAGMA temp_store").fetchone()[0] == 2
