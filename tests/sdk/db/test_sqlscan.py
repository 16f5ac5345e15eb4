"""The scanner behind the guard: finds every table, is fooled by no spelling, and never fails on odd text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.sdk.db.sqlscan import scan


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("SELECT a FROM notes", [("notes", "notes")]),
        ("SELECT a FROM NOTES", [("notes", "notes")]),
        ('SELECT a FROM "Notes" AS n', [("notes", "n")]),
        ("SELECT a FROM [notes] n", [("notes", "n")]),
        ("SELECT a FROM `notes`", [("notes", "notes")]),
        ("SELECT a FROM main.notes", [("notes", "notes")]),
        ("SELECT a FROM notes, folders f WHERE 1", [("notes", "notes"), ("folders", "f")]),
        ("SELECT a FROM (SELECT b FROM notes) AS x, folders", [("notes", "notes"), ("folders", "folders")]),
        (
            "SELECT a FROM folders JOIN notes ON f(a, b) = 1, x",
            [("folders", "folders"), ("notes", "notes"), ("x", "x")],
        ),
        ("SELECT a FROM (folders JOIN notes n ON 1)", [("folders", "folders"), ("notes", "n")]),
        ("WITH c AS (SELECT a FROM notes) SELECT a FROM c", [("notes", "notes")]),
        ("WITH RECURSIVE c(a) AS (SELECT a FROM notes UNION SELECT a FROM c) SELECT a FROM c", [("notes", "notes")]),
        ("SELECT a, notes FROM x ORDER BY b, notes", [("x", "x")]),
        ("SELECT extract(year FROM seen_at) FROM notes", [("notes", "notes")]),
        ("SELECT a IS NOT DISTINCT FROM b FROM notes", [("notes", "notes")]),
        ("SELECT 'x FROM secret' FROM notes", [("notes", "notes")]),
        ("INSERT INTO notes (id, folders) VALUES (?, ?)", []),
        ("INSERT INTO notes (id) SELECT id FROM folders", [("folders", "folders")]),
        ("UPDATE notes SET a=(SELECT b FROM folders), c=?", [("folders", "folders")]),
        ("UPDATE notes SET a=? FROM folders WHERE 1", [("folders", "folders")]),
        ("DELETE FROM notes WHERE id IN (SELECT id FROM folders)", [("folders", "folders")]),
    ],
)
def test_every_table_that_is_read_is_found(sql: str, reads: list[tuple[str, str]]) -> None:
    """Under the name that it goes by in the statement."""
    assert scan(sql).reads == reads


@pytest.mark.parametrize(
    ("sql", "head", "target"),
    [
        ("INSERT INTO main.notes (id) VALUES (?)", "INSERT", "notes"),
        ('UPDATE "Notes" SET a=?', "UPDATE", "notes"),
        ("DELETE FROM notes WHERE 1", "DELETE", "notes"),
        ("WITH c AS (SELECT 1) DELETE FROM notes", "DELETE", "notes"),
        ("PRAGMA query_only=OFF", "PRAGMA", ""),
    ],
)
def test_the_target_of_a_write_is_found(sql: str, head: str, target: str) -> None:
    """Whatever precedes it."""
    assert (scan(sql).head, scan(sql).target) == (head, target)


@pytest.mark.parametrize(
    "sql", ["SELECT 1 -- x", "SELECT /* x */ 1", "SELECT 1; DROP TABLE notes", "SELECT * FROM dblink(?)"]
)
def test_what_is_not_understood_is_called_strange(sql: str) -> None:
    """Comments, second statements and unknown table functions."""
    assert scan(sql).strange


def test_only_a_bound_list_is_the_session_s_filter() -> None:
    """Two columns compared, a negation or a literal are none."""
    assert scan("SELECT 1 FROM notes WHERE notes.owner_id IN (?, ?)").in_filters == {"notes": 1}
    assert scan("SELECT 1 FROM notes WHERE notes.owner_id IN (%(o_1)s::VARCHAR)").in_filters == {"notes": 1}
    for other in ("= folders.owner_id", "NOT IN (?)", "IN ('bob')", "IN (SELECT 1)", "= 'bob'", "<> ?"):
        found = scan(f"SELECT 1 FROM notes WHERE notes.owner_id {other} AND 1=1")
        assert not found.in_filters
        assert not found.eq_filters


@given(
    st.text(
        alphabet=st.sampled_from(list("select from join with as ( ) , . ' \" [ ] ? ; - notes owner_id in =")),
        max_size=80,
    )
)
def test_any_text_can_be_scanned(text: str) -> None:
    """The scanner is total: it answers, whatever it is given."""
    scan(text)


@given(st.text(max_size=60))
def test_any_unicode_can_be_scanned(text: str) -> None:
    """Also with quotes that never close."""
    scan("SELECT " + text)
