"""Attacks on another owner's rows, each through a door that was once found open somewhere.

Alice reads her own space and the household's ("home") and writes to her own; Bob's rows are none of her business.
An attack passes this suite when it is refused, or answers with nothing of Bob's, and when afterwards every row of
Bob's and of the household's is as before. Each runs on both engines, as `write` session unless it says otherwise.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased, joinedload, load_only, selectinload, subqueryload, undefer

from backend.sdk.actor import Actor
from backend.sdk.db import Database, ModuleBase, Owned, OwnedSession, insert_rows, raw_sql
from backend.sdk.db.guard import BULK, MARK
from backend.sdk.errors import HomieError
from tests.sdk.db.models import Colour, Folder, Note, Setting

ALICE = Actor("alice", "alice", frozenset({"alice", "home"}))
BOB = Actor.of("bob")
HOME = Actor.of("home")
NOTES = Note.__table__
FOLDERS = Folder.__table__
SEEN = ["a1", "a2", "h1"]


@dataclass(frozen=True)
class Ids:
    """Name the rows that every attack starts from."""

    folder_a: str
    folder_b: str
    folder_h: str
    a1: str
    b1: str
    h1: str


class _Refused:
    """Stand for: the attack raises."""

    def __repr__(self) -> str:
        return "refused"


REFUSED = _Refused()
Attack = Callable[[OwnedSession, Ids], Any]
ATTACKS: list[Any] = []


def attack(expected: Any, *, name: str = "") -> Callable[[Attack], Attack]:
    """Register an attack with what it may return at most."""

    def register(fn: Attack) -> Attack:
        ATTACKS.append(pytest.param(fn, expected, id=name or fn.__name__))
        return fn

    return register


def reading(name: str, query: Callable[[Ids], Any], expected: Any) -> None:
    """Register a query whose scalars, sorted, must be what is expected."""
    attack(expected, name=name)(lambda s, ids: sorted(s.scalars(query(ids)).all(), key=str))


def titles(s: OwnedSession) -> list[str]:
    """Return the titles that the session sees."""
    return sorted(s.scalars(sa.select(Note.title)))


def title(s: OwnedSession, note_id: str) -> str | None:
    """Return the title of one note as the session sees it."""
    return s.scalar(sa.select(Note.title).where(Note.id == note_id))


# ---------------------------------------------------------------- reading through the ORM: only what she may see

reading("select columns", lambda i: sa.select(Note.title), SEEN)
reading("count over the entity", lambda i: sa.select(sa.func.count()).select_from(Note), [3])
reading("count of a column", lambda i: sa.select(sa.func.count(Note.id)), [3])
reading("alias", lambda i: sa.select(aliased(Note).title), SEEN)
reading("alias of alias in subquery", lambda i: sa.select(aliased(Note, sa.select(Note).subquery()).title), SEEN)
reading("subquery in FROM", lambda i: sa.select(sa.select(Note.title).subquery().c.title), SEEN)
reading("common table expression", lambda i: sa.select(sa.select(Note.title).cte().c.title), SEEN)
reading("union", lambda i: sa.union_all(sa.select(Note.title), sa.select(Note.title)), sorted(SEEN * 2))
reading("except from nothing", lambda i: sa.except_(sa.select(Note.title), sa.select(Folder.name)), SEEN)
reading("by the other's id", lambda i: sa.select(Note.title).where(Note.id == i.b1), [])
reading("or true", lambda i: sa.select(Note.title).where(sa.or_(Note.id == i.b1, sa.true())), SEEN)
reading("join along the relationship", lambda i: sa.select(Note.title).join(Note.folder), ["a1", "h1"])
reading("outer join", lambda i: sa.select(Folder.name).outerjoin(Folder.notes), ["fa", "fh"])
reading(
    "cross join of two aliases",
    lambda i: sa.select(aliased(Note).title).join(aliased(Folder), sa.true()),
    sorted(SEEN * 2),
)
reading("EXISTS", lambda i: sa.select(Folder.name).where(sa.exists().where(Note.title == "b1")), [])
reading("any()", lambda i: sa.select(Folder.name).where(Folder.notes.any(Note.title == "b1")), [])
reading("any() of what is there", lambda i: sa.select(Folder.name).where(Folder.notes.any()), ["fa", "fh"])
reading("has()", lambda i: sa.select(Note.title).where(Note.folder.has(Folder.name == "fb")), [])
reading("not any()", lambda i: sa.select(Folder.name).where(~Folder.notes.any(Note.title == "b1")), ["fa", "fh"])
reading("IN subquery", lambda i: sa.select(Folder.name).where(Folder.id.in_(sa.select(Note.folder_id))), ["fa", "fh"])
reading("scalar subquery", lambda i: sa.select(sa.select(sa.func.max(Note.title)).scalar_subquery()), ["h1"])
reading(
    "correlated scalar subquery",
    lambda i: sa.select(
        sa.select(sa.func.count(Note.id)).where(Note.folder_id == Folder.id).scalar_subquery()
    ).select_from(Folder),
    [1, 1],
)
reading("window function", lambda i: sa.select(sa.func.count(Note.id).over()).select_from(Note), [3, 3, 3])
reading(
    "lateral-like subquery in CASE",
    lambda i: sa.select(sa.case((sa.exists(sa.select(Note.id).where(Note.title == "b1")), "leak"), else_="no")),
    ["no"],
)
reading("recursive CTE over ids", lambda i: sa.select(_recursive().c.title), SEEN)


def _recursive() -> Any:
    base = sa.select(Note.id, Note.title).cte(recursive=True)
    return base.union(sa.select(Note.id, Note.title).where(Note.id != base.c.id))


@attack(None)
def get_by_the_others_key(s: OwnedSession, i: Ids) -> Any:
    return s.get(Note, ("bob", i.b1))


@attack([])
def legacy_query_filter_by(s: OwnedSession, i: Ids) -> Any:
    return s.query(Note).filter_by(id=i.b1).all()


@attack(SEEN)
def legacy_query_all(s: OwnedSession, i: Ids) -> Any:
    return sorted(n.title for n in s.query(Note))


@attack(SEEN)
def from_statement(s: OwnedSession, i: Ids) -> Any:
    return sorted(n.title for n in s.scalars(sa.select(Note).from_statement(sa.select(Note))))


@attack(["a1"])
def lazy_relationship(s: OwnedSession, i: Ids) -> Any:
    return [n.title for n in s.find(Folder, i.folder_a).notes]


for _option in (joinedload, selectinload, subqueryload):

    @attack(["a1", "h1"], name=f"{_option.__name__} of children")
    def eager_children(s: OwnedSession, i: Ids, option: Any = _option) -> Any:
        folders = s.scalars(sa.select(Folder).options(option(Folder.notes))).unique()
        return sorted(n.title for f in folders for n in f.notes)


@attack("h1")
def many_to_one_lazy_in_a_shared_space(s: OwnedSession, i: Ids) -> Any:
    folder = s.find(Note, i.h1).folder
    assert folder is not None
    return folder.notes[0].title


@attack("a1")
def refresh_of_her_own(s: OwnedSession, i: Ids) -> Any:
    note = s.find(Note, i.a1)
    s.refresh(note)
    return note.title


@attack(3)
def stream_with_yield_per(s: OwnedSession, i: Ids) -> Any:
    return len([*s.scalars(sa.select(Note).execution_options(yield_per=1))])


@attack(REFUSED)
def load_only_with_deferred_refresh_of_a_forged_key(s: OwnedSession, i: Ids) -> Any:
    note = s.scalars(sa.select(Note).options(load_only(Note.id), undefer(Note.title))).first()
    assert note is not None
    orm.attributes.set_committed_value(note, "owner_id", "bob")
    sa.inspect(note).key = (Note, ("bob", i.b1), None)
    s.expire(note, ["title"])
    return note.title


@attack(REFUSED)
def forged_identity_then_attribute_access(s: OwnedSession, i: Ids) -> Any:
    note = Note(id=i.b1, owner_id="bob")
    orm.make_transient_to_detached(note)
    s.add(note)
    return note.title


@attack(REFUSED)
def forged_identity_then_refresh(s: OwnedSession, i: Ids) -> Any:
    note = Note(id=i.b1, owner_id="bob")
    orm.make_transient_to_detached(note)
    s.add(note)
    s.refresh(note)
    return note.title


@attack(REFUSED)
def merge_without_load(s: OwnedSession, i: Ids) -> Any:
    note = Note(id=i.b1, owner_id="bob", title="x")
    orm.make_transient_to_detached(note)
    return s.merge(note, load=False).title


@attack(REFUSED)
def object_of_an_unscoped_session(s: OwnedSession, i: Ids) -> Any:
    other = s.info["db"]
    with other.unscoped_session("the attack's set-up") as system:
        note = system.get(Note, ("bob", i.b1))
        system.expunge(note)
    s.add(note)
    return note.title


# ---------------------------------------------------------------- reading past the ORM


@attack(REFUSED)
def core_select(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(NOTES.c.title)).all()


@attack(REFUSED)
def core_select_with_own_owner_predicate(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(NOTES.c.title).where(NOTES.c.owner_id == "bob")).all()


@attack(REFUSED)
def text_select(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.text("SELECT title FROM notes")).all()


@attack(REFUSED)
def text_with_mapped_columns(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.text("SELECT title FROM notes").columns(Note.title)).all()


@attack(REFUSED)
def entity_from_text(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Note).from_statement(sa.text("SELECT * FROM notes"))).all()


@attack(REFUSED)
def text_in_where(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Note.title).where(sa.text("1=1) OR (1=1"))).all()


@attack(REFUSED)
def literal_column_subquery(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Note.id, sa.literal_column("(SELECT max(title) FROM notes)"))).all()


@attack(REFUSED)
def text_in_order_by(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Note.id).order_by(sa.text("(SELECT max(title) FROM notes)"))).all()


@attack(REFUSED)
def prefix_text(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Note.id).prefix_with("(SELECT max(title) FROM notes),")).all()


@attack(REFUSED)
def suffix_text(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Note.title).suffix_with("UNION SELECT title FROM notes")).all()


@attack(REFUSED)
def custom_operator_text(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Note.title).where(Note.id.op("= '' OR (SELECT max(title) FROM notes) =")("b2"))).all()


@attack(REFUSED)
def comment_hides_the_filter(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Note.title).suffix_with("-- ")).all()


@attack(REFUSED)
def join_to_the_core_table(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name, NOTES.c.title).join(NOTES, sa.true())).all()


@attack(REFUSED)
def join_to_the_core_table_without_its_columns(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name).join(NOTES, sa.true())).all()


@attack(REFUSED)
def join_to_an_alias_of_the_core_table(s: OwnedSession, i: Ids) -> Any:
    other = NOTES.alias("f")
    return s.execute(sa.select(Folder.name, other.c.title).join(other, sa.true())).all()


@attack(REFUSED)
def owner_named_in_a_core_join(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name, NOTES.c.title).join(NOTES, NOTES.c.owner_id == "bob")).all()


@attack(REFUSED)
def owner_named_in_a_core_exists(s: OwnedSession, i: Ids) -> Any:
    inner = sa.exists(sa.select(NOTES.c.id).where(NOTES.c.owner_id == "bob", NOTES.c.title == "b1"))
    return s.scalars(sa.select(Folder.name).where(inner)).all()


@attack(REFUSED)
def owner_listed_to_look_like_the_filter(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name).join(NOTES, NOTES.c.owner_id.in_(["bob"]))).all()


@attack([])
def owner_compared_by_hand(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Note.title).where(Note.owner_id == "bob")).all()


@attack(["a1"])
def relationship_compared_with_an_object(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Note.title).where(Note.folder == s.find(Folder, i.folder_a))).all()


@attack(REFUSED)
def owner_named_twice_to_fool_the_count(s: OwnedSession, i: Ids) -> Any:
    query = sa.select(Note.title, NOTES.alias("notes").c.title).where(Note.owner_id == "alice")
    return s.execute(query).all()


@attack(REFUSED)
def ad_hoc_table_with_another_case(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name, sa.table("NOTES", sa.column("title")).c.title)).all()


@attack(REFUSED)
def ad_hoc_table_with_a_schema(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name, sa.table("notes", sa.column("title"), schema="main").c.title)).all()


@attack(REFUSED)
def ad_hoc_system_table(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.select(Folder.name, sa.table("sqlite_master", sa.column("sql")).c.sql)).all()


@attack(REFUSED)
def connection_text(s: OwnedSession, i: Ids) -> Any:
    return s.connection().execute(sa.text("SELECT title FROM notes")).all()


@attack(REFUSED)
def connection_core(s: OwnedSession, i: Ids) -> Any:
    return s.connection().execute(sa.select(NOTES.c.title)).all()


@attack(REFUSED)
def connection_orm_statement(s: OwnedSession, i: Ids) -> Any:
    return s.connection().execute(sa.select(Note)).all()


@attack(REFUSED)
def connection_driver_sql(s: OwnedSession, i: Ids) -> Any:
    return s.connection().exec_driver_sql("SELECT title FROM notes").all()


@attack(REFUSED)
def forged_execution_option(s: OwnedSession, i: Ids) -> Any:
    return s.connection().execute(sa.select(NOTES.c.title), execution_options={"homie_pass": True}).all()


@attack(REFUSED)
def another_connection_of_the_engine(s: OwnedSession, i: Ids) -> Any:
    store = s.info["db"]._store
    with store.reader.connect() as connection:
        return connection.execute(sa.text("SELECT title FROM notes")).all()


@attack(REFUSED)
def plain_session_on_the_engine(s: OwnedSession, i: Ids) -> Any:
    with orm.Session(s.info["db"]._store.reader) as plain:
        return plain.scalars(sa.select(Note)).all()


@attack(REFUSED)
def unowned_table(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Setting.value)).all()


@attack(REFUSED)
def unowned_table_in_a_subquery(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Note.title).where(Note.title.in_(sa.select(Setting.value)))).all()


@attack(["blue"])
def shared_table_may_be_read(s: OwnedSession, i: Ids) -> Any:
    return s.scalars(sa.select(Colour.name)).all()


@attack(REFUSED)
def raw_sql_without_owner(s: OwnedSession, i: Ids) -> Any:
    return raw_sql(s, "SELECT title FROM notes")


@attack(REFUSED)
def raw_sql_naming_owner_elsewhere(s: OwnedSession, i: Ids) -> Any:
    return raw_sql(s, "SELECT title FROM notes WHERE :owner = :owner")


@attack(REFUSED)
def raw_sql_with_one_of_two_references_filtered(s: OwnedSession, i: Ids) -> Any:
    return raw_sql(s, "SELECT n.title FROM notes n, folders f WHERE n.owner_id = :owner")


@attack(REFUSED)
def raw_sql_owner_from_the_caller(s: OwnedSession, i: Ids) -> Any:
    return raw_sql(s, "SELECT notes.title FROM notes WHERE notes.owner_id = :owner", owner="bob")


@attack(REFUSED)
def raw_sql_filter_by_another_parameter(s: OwnedSession, i: Ids) -> Any:
    return raw_sql(s, "SELECT notes.title FROM notes WHERE notes.owner_id = :who AND :owner = :owner", who="bob")


@attack(REFUSED)
def raw_sql_filter_switched_off_by_or(s: OwnedSession, i: Ids) -> Any:
    return raw_sql(s, "SELECT notes.title FROM notes WHERE notes.owner_id = :owner OR 1=1")


@attack(["a1", "a2"])
def raw_sql_done_right(s: OwnedSession, i: Ids) -> Any:
    return sorted(r[0] for r in raw_sql(s, "SELECT n.title FROM notes n WHERE n.owner_id = :owner"))


@attack(SEEN)
def raw_sql_over_all_spaces(s: OwnedSession, i: Ids) -> Any:
    return sorted(r[0] for r in raw_sql(s, "SELECT n.title FROM notes AS n WHERE n.owner_id IN :owners"))


# ---------------------------------------------------------------- writing: only her own space


@attack(2)
def update_all(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).values(stars=5)).rowcount


@attack(0)
def update_by_the_others_id(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).where(Note.id == i.b1).values(title="HACK")).rowcount


@attack(0)
def update_in_a_space_that_she_only_reads(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).where(Note.id == i.h1).values(title="HACK")).rowcount


@attack(2)
def update_or_true(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).where(sa.or_(Note.id == i.b1, sa.true())).values(stars=1)).rowcount


@attack(REFUSED)
def update_gives_the_row_away(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).where(Note.id == i.a1).values(owner_id="bob")).rowcount


@attack(REFUSED)
def update_gives_the_row_away_by_key_name(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).where(Note.id == i.a1).values({"owner_id": "bob"})).rowcount


@attack(REFUSED)
def update_gives_the_row_away_in_order(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.update(Note).ordered_values((Note.owner_id, "bob"))).rowcount


@attack(REFUSED)
def attribute_gives_the_row_away(s: OwnedSession, i: Ids) -> Any:
    s.find(Note, i.a1).owner_id = "bob"
    s.flush()


@attack(REFUSED)
def bulk_update_by_the_others_key(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.update(Note), [{"owner_id": "bob", "id": i.b1, "title": "HACK"}])


@attack(REFUSED)
def bulk_update_stamped_does_not_hit(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.update(Note), [{"id": i.b1, "title": "HACK"}])


@attack("mine")
def bulk_update_of_her_own(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.update(Note), [{"id": i.a1, "title": "mine"}])
    return title(s, i.a1)


@attack(1)
def delete_all(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.delete(Note))
    return len(titles(s))


@attack(0)
def delete_by_the_others_id(s: OwnedSession, i: Ids) -> Any:
    return s.execute(sa.delete(Note).where(Note.id.in_([i.b1, i.h1]))).rowcount


@attack(2)
def legacy_query_delete(s: OwnedSession, i: Ids) -> Any:
    return s.query(Note).delete()


@attack(0)
def legacy_query_update(s: OwnedSession, i: Ids) -> Any:
    return s.query(Note).filter(Note.id == i.b1).update({"title": "HACK"})


@attack(REFUSED)
def merge_with_the_others_key(s: OwnedSession, i: Ids) -> Any:
    s.merge(Note(owner_id="bob", id=i.b1, title="HACK"))
    s.flush()


@attack(REFUSED)
def forged_identity_then_update(s: OwnedSession, i: Ids) -> Any:
    note = Note(id=i.b1, owner_id="bob", title="HACK")
    orm.make_transient_to_detached(note)
    s.add(note)
    note.title = "HACK2"
    s.flush()


@attack(REFUSED)
def forged_identity_then_delete(s: OwnedSession, i: Ids) -> Any:
    note = Note(id=i.b1, owner_id="bob")
    orm.make_transient_to_detached(note)
    s.delete(note)
    s.flush()


@attack(REFUSED)
def change_of_a_row_in_a_read_only_space(s: OwnedSession, i: Ids) -> Any:
    s.find(Note, i.h1).title = "HACK"
    s.flush()


@attack(REFUSED)
def delete_of_a_row_in_a_read_only_space(s: OwnedSession, i: Ids) -> Any:
    s.delete(s.find(Note, i.h1))
    s.flush()


@attack(REFUSED)
def find_own_in_a_read_only_space(s: OwnedSession, i: Ids) -> Any:
    return s.find_own(Note, i.h1)


@attack(REFUSED)
def add_for_the_other(s: OwnedSession, i: Ids) -> Any:
    s.add(Note(title="x", owner_id="bob"))
    s.flush()


@attack(REFUSED)
def add_for_a_space_that_she_only_reads(s: OwnedSession, i: Ids) -> Any:
    s.add(Note(title="x", owner_id="home"))
    s.flush()


@attack(REFUSED)
def bulk_insert_for_the_other(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Note), [{"title": "x"}, {"title": "y", "owner_id": "bob"}])


@attack(REFUSED)
def insert_rows_for_the_other(s: OwnedSession, i: Ids) -> Any:
    insert_rows(s, Note, [{"id": "x", "owner_id": "alice", "title": "x"}, {"id": "y", "owner_id": "bob", "title": "y"}])


@attack(["alice", "alice"])
def insert_rows_is_stamped(s: OwnedSession, i: Ids) -> Any:
    insert_rows(s, Note, [{"id": "x", "title": "x"}, {"id": "y", "title": "y"}])
    return list(s.scalars(sa.select(Note.owner_id).where(Note.id.in_(["x", "y"]))))


@attack(REFUSED)
def insert_rows_over_the_others_key(s: OwnedSession, i: Ids) -> Any:
    insert_rows(s, Note, [{"id": "x", "title": "x", "folder_id": i.folder_b}])
    s.flush()


@attack(REFUSED)
def insert_rows_into_a_shared_table(s: OwnedSession, i: Ids) -> Any:
    insert_rows(s, Colour, [{"id": "x", "name": "red"}])  # type: ignore[type-var]


@attack(REFUSED)
def the_pass_of_bulk_inserts_for_an_update(s: OwnedSession, i: Ids) -> Any:
    s.connection().exec_driver_sql("UPDATE notes SET title = 'HACK'", execution_options={MARK: BULK})


@attack(REFUSED)
def the_pass_of_bulk_inserts_for_the_other(s: OwnedSession, i: Ids) -> Any:
    text = "INSERT INTO notes (owner_id, id, title, stars, extra) VALUES ('bob', 'x', 'HACK', 0, '{}')"
    s.connection().exec_driver_sql(text, execution_options={MARK: BULK})


@attack("alice")
def bulk_insert_is_stamped(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Note), [{"title": "x"}, {"title": "y"}])
    return s.scalar(sa.select(sa.func.max(Note.owner_id)).where(Note.title.in_(["x", "y"])))


@attack(["alice", "alice"])
def bulk_insert_returning_is_stamped(s: OwnedSession, i: Ids) -> Any:
    return [n.owner_id for n in s.scalars(sa.insert(Note).returning(Note), [{"title": "x"}, {"title": "y"}])]


@attack(REFUSED)
def insert_values_for_the_other(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Note).values(title="x", owner_id="bob"))


@attack(REFUSED)
def insert_values_owner_as_expression(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Note).values(title="x", owner_id=sa.func.lower("BOB")))


@attack(REFUSED)
def insert_many_values_for_the_other(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Note).values([{"title": "x"}, {"title": "y", "owner_id": "bob"}]))


@attack(REFUSED)
def insert_from_select(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Note).from_select(["title", "owner_id"], sa.select(Note.title, sa.literal("bob"))))


@attack(REFUSED)
def legacy_bulk_save(s: OwnedSession, i: Ids) -> Any:
    s.bulk_save_objects([Note(title="x", owner_id="bob")])


@attack(REFUSED)
def legacy_bulk_update(s: OwnedSession, i: Ids) -> Any:
    s.bulk_update_mappings(Note, [{"owner_id": "bob", "id": i.b1, "title": "HACK"}])


@attack(REFUSED)
def legacy_bulk_insert(s: OwnedSession, i: Ids) -> Any:
    s.bulk_insert_mappings(Note, [{"title": "x", "owner_id": "bob"}])


@attack(REFUSED)
def legacy_bulk_through_the_base_class(s: OwnedSession, i: Ids) -> Any:
    orm.Session.bulk_update_mappings(s, Note, [{"owner_id": "bob", "id": i.b1, "title": "HACK"}])


@attack(REFUSED)
def foreign_key_to_the_others_row(s: OwnedSession, i: Ids) -> Any:
    s.add(Note(title="z", folder_id=i.folder_b))
    s.flush()


@attack(REFUSED)
def foreign_key_changed_to_the_others_row(s: OwnedSession, i: Ids) -> Any:
    s.find(Note, i.a1).folder_id = i.folder_b
    s.flush()


@attack(REFUSED)
def relationship_to_a_row_in_a_read_only_space(s: OwnedSession, i: Ids) -> Any:
    s.find(Note, i.a1).folder = s.find(Folder, i.folder_h)
    s.flush()


@attack(REFUSED)
def steal_by_backref(s: OwnedSession, i: Ids) -> Any:
    s.find(Folder, i.folder_a).notes.append(s.find(Note, i.h1))
    s.flush()


@attack(REFUSED)
def core_update(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.update(NOTES).values(title="HACK"))


@attack(REFUSED)
def core_insert(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(NOTES), [{"owner_id": "bob", "id": "x", "title": "HACK"}])


@attack(REFUSED)
def connection_core_insert(s: OwnedSession, i: Ids) -> Any:
    s.connection().execute(sa.insert(NOTES), [{"owner_id": "alice", "id": "x", "title": "ok?"}])


@attack(REFUSED)
def connection_core_delete(s: OwnedSession, i: Ids) -> Any:
    s.connection().execute(sa.delete(NOTES))


@attack(REFUSED)
def text_update(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.text("UPDATE notes SET title = 'HACK'"))


@attack(REFUSED)
def driver_cursor_update(s: OwnedSession, i: Ids) -> Any:
    """Below SQLAlchemy there are the triggers (SQLite) and row-level security (PostgreSQL)."""
    dbapi: Any = s.connection().connection.driver_connection
    if dbapi.execute("UPDATE notes SET title = 'HACK' WHERE owner_id = 'bob'").rowcount == 0:
        raise PermissionError("no row was reached")


@attack(REFUSED)
def driver_cursor_insert(s: OwnedSession, i: Ids) -> Any:
    dbapi: Any = s.connection().connection.driver_connection
    dbapi.execute("INSERT INTO notes (owner_id, id, title, stars, extra) VALUES ('bob', 'x', 'HACK', 0, '{}')")


@attack(REFUSED)
def driver_cursor_delete(s: OwnedSession, i: Ids) -> Any:
    dbapi: Any = s.connection().connection.driver_connection
    if dbapi.execute("DELETE FROM notes WHERE owner_id IN ('bob', 'home')").rowcount == 0:
        raise PermissionError("no row was reached")


@attack(REFUSED)
def update_value_from_a_core_subquery(s: OwnedSession, i: Ids) -> Any:
    value = sa.select(NOTES.c.title).where(NOTES.c.id == i.b1).scalar_subquery()
    s.execute(sa.update(Note).where(Note.id == i.a1).values(title=value))


@attack([])
def update_value_from_an_orm_subquery(s: OwnedSession, i: Ids) -> Any:
    other = aliased(Note)
    value = sa.func.coalesce(sa.select(other.title).where(other.id == i.b1).scalar_subquery(), "nothing")
    s.execute(
        sa.update(Note).where(Note.id == i.a1).values(title=value), execution_options={"synchronize_session": False}
    )
    return [t for t in titles(s) if t.startswith("b")]


@attack(REFUSED)
def insert_value_from_a_core_subquery(s: OwnedSession, i: Ids) -> Any:
    value = sa.select(NOTES.c.title).where(NOTES.c.id == i.b1).scalar_subquery()
    s.execute(sa.insert(Note).values(title=value))


@attack(REFUSED)
def insert_value_from_an_orm_subquery(s: OwnedSession, i: Ids) -> Any:
    value = sa.select(aliased(Note).title).limit(1).scalar_subquery()
    s.execute(sa.insert(Note).values(title=value))
    return titles(s)


@attack(REFUSED)
def expression_assigned_to_an_attribute(s: OwnedSession, i: Ids) -> Any:
    s.find(Note, i.a1).title = sa.select(NOTES.c.title).where(NOTES.c.id == i.b1).scalar_subquery()  # type: ignore
    s.flush()


@attack(REFUSED)
def text_assigned_to_an_attribute(s: OwnedSession, i: Ids) -> Any:
    s.find(Note, i.a1).title = sa.text("(SELECT max(title) FROM notes)")  # type: ignore
    s.flush()


@attack(REFUSED)
def literal_in_update_value(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.update(Note).values(title=sa.literal_column("(SELECT max(title) FROM notes)")))


@attack(REFUSED)
def update_from_the_core_table(s: OwnedSession, i: Ids) -> Any:
    other = NOTES.alias()
    s.execute(sa.update(Note).where(Note.id == i.a1, other.c.id == i.b1).values(title=other.c.title))


@attack(REFUSED)
def write_to_an_unowned_table(s: OwnedSession, i: Ids) -> Any:
    s.add(Setting(name="x", value="y"))
    s.flush()


@attack(REFUSED)
def write_to_a_shared_table(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.insert(Colour), [{"name": "red"}])


@attack(REFUSED)
def delete_from_a_shared_table(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.delete(Colour))


@attack(REFUSED)
def drop_table(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.schema.DropTable(NOTES))


@attack(REFUSED)
def pragma_or_set(s: OwnedSession, i: Ids) -> Any:
    s.execute(sa.text("SET ROLE postgres" if s.info["db"].kind == "postgresql" else "PRAGMA query_only=OFF"))


@attack(REFUSED)
def other_actor_on_the_same_session(s: OwnedSession, i: Ids) -> Any:
    s.scope.actor = BOB  # type: ignore[misc]
    return titles(s)


@attack(REFUSED)
def upsert_on_the_others_row(s: OwnedSession, i: Ids) -> Any:
    from sqlalchemy.dialects import postgresql, sqlite

    dialect: Any = postgresql if s.info["db"].kind == "postgresql" else sqlite
    row = dialect.insert(Note).values(id=i.a1, title="x")
    s.execute(row.on_conflict_do_update(index_elements=["owner_id", "id"], set_={"owner_id": "bob"}))


# ---------------------------------------------------------------- the suite


_REFUSALS = (HomieError, SQLAlchemyError, PermissionError, AttributeError, ValueError)
_DRIVERS = ("sqlite3", "psycopg")  # what the attacks below SQLAlchemy get to see


@pytest.fixture
def ids(db: Database) -> Ids:
    """Fill three spaces and return the ids."""

    def fill(s: OwnedSession, who: str, loose: bool) -> tuple[str, str]:
        folder = Folder(name=f"f{who}")
        s.add(folder)
        s.flush()
        first = Note(title=f"{who}1", folder_id=folder.id)
        s.add_all([first, *([Note(title=f"{who}2")] if loose else [])])
        s.flush()
        return folder.id, first.id

    folder_a, a1 = db.write(ALICE, fill, "a", True)
    folder_b, b1 = db.write(BOB, fill, "b", True)
    folder_h, h1 = db.write(HOME, fill, "h", False)
    with db.unscoped_session("set-up of the test", write=True) as s:
        s.add_all([Setting(name="key", value="secret"), Colour(name="blue")])
    return Ids(folder_a, folder_b, folder_h, a1, b1, h1)


def foreign_rows(db: Database) -> list[Any]:
    """Return everything that is not Alice's, as the database itself has it."""
    with db.unscoped_session("look whether the attack changed anything") as s:
        rows = s.execute(sa.select(NOTES).where(NOTES.c.owner_id != "alice").order_by(NOTES.c.id)).all()
        folders = s.execute(sa.select(FOLDERS).where(FOLDERS.c.owner_id != "alice").order_by(FOLDERS.c.id)).all()
        return [*rows, *folders, *s.execute(sa.select(Setting.value)).all(), *s.execute(sa.select(Colour.name)).all()]


@pytest.mark.filterwarnings("ignore:.*cartesian product")
@pytest.mark.parametrize(("run", "expected"), ATTACKS)
def test_attack_reaches_nothing_of_another_owner(db: Database, ids: Ids, run: Attack, expected: Any) -> None:
    """The attack is refused or harmless, and every foreign row is untouched afterwards."""
    before = foreign_rows(db)
    refusal: Exception | None = None
    result: Any = REFUSED
    try:
        with db.session(ALICE, write=True) as s:
            s.info["db"] = db
            result = run(s, ids)
            s.flush()
    except Exception as error:
        refusal, result = error, REFUSED
    assert result == expected or (result is REFUSED and expected is REFUSED), repr(refusal)
    if refusal is not None:
        assert isinstance(refusal, _REFUSALS) or type(refusal).__module__.split(".")[0] in _DRIVERS, repr(refusal)
    assert foreign_rows(db) == before


@pytest.mark.filterwarnings("ignore:.*cartesian product")
@pytest.mark.parametrize(("run", "expected"), [p for p in ATTACKS if p.values[1] is REFUSED])
def test_attack_in_a_reading_session_is_refused_too(db: Database, ids: Ids, run: Attack, expected: Any) -> None:
    """What is refused while writing is refused while reading."""
    before = foreign_rows(db)
    with pytest.raises(Exception), db.session(ALICE) as s:
        s.info["db"] = db
        run(s, ids)
        s.flush()
    assert foreign_rows(db) == before


@pytest.mark.parametrize("run", [driver_cursor_update, driver_cursor_insert, driver_cursor_delete])
def test_the_lowest_net_outlives_a_first_write_that_was_taken_back(
    make_database: Callable[..., Database], ids: Ids, run: Attack
) -> None:
    """SQLite takes back with a transaction also the triggers that were made in it: they are made anew."""
    again = make_database()  # with connections of its own, on which nobody has written yet
    before = foreign_rows(again)
    with pytest.raises(ValueError, match="changed"), again.session(ALICE, write=True) as s:
        s.add(Note(title="never"))
        s.flush()
        raise ValueError("changed my mind")
    with pytest.raises(Exception), again.session(ALICE, write=True) as s:
        s.info["db"] = again
        run(s, ids)
    assert foreign_rows(again) == before


def test_a_table_whose_model_comes_later_gets_its_triggers_too(tmp_path: Path) -> None:
    """Who has written before a model was imported is armed for its table with the next write."""

    class LateBase(ModuleBase, module="late"):
        """Base of a module that is imported in two steps."""

    class First(Owned, LateBase):
        __tablename__ = "firsts"

    database = Database(tmp_path / "late.db", LateBase, name="late")
    try:
        database.create_all()
        with closing(sqlite3.connect(tmp_path / "late.db")) as file:
            file.execute("CREATE TABLE seconds (owner_id TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (owner_id, id))")
        database.write(ALICE, lambda s: s.add(First()))

        class Second(Owned, LateBase):
            __tablename__ = "seconds"

        def attack(session: OwnedSession) -> None:
            dbapi: Any = session.connection().connection.driver_connection
            dbapi.execute("INSERT INTO seconds (owner_id, id) VALUES ('bob', 'x')")

        with pytest.raises(Exception, match="other owner"):
            database.write(ALICE, attack)
        assert Second.__tablename__ == "seconds"
    finally:
        database.close()


def test_ids_are_uuid7(ids: Ids) -> None:
    """Row ids sort by creation."""
    assert uuid.UUID(ids.a1).version == 7
    assert ids.a1 < ids.b1 < ids.h1
