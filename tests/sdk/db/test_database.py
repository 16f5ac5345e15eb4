"""Units of work: turns to write, all or nothing, events after commit, and types that mean the same on both engines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import ClassVar

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from backend.sdk.actor import Actor
from backend.sdk.db import (
    Database,
    DatabaseBusy,
    ModuleBase,
    NestedWrite,
    OwnedSession,
    ReadOnlySession,
    WrongSpace,
    make_base,
    owned_fk,
    owned_tables,
    unowned_tables,
)
from backend.sdk.errors import NotFound
from backend.sdk.events import Event
from tests.sdk.db.models import Folder, Note, NotesBase

MakeDatabase = Callable[..., Database]


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Event):
    """A note was added."""

    name: ClassVar[str] = "notes.added"
    title: str


def add(s: OwnedSession, title: str, **kw: object) -> str:
    note = Note(title=title, **kw)
    s.add(note)
    s.flush()
    return note.id


def titles(s: OwnedSession) -> list[str]:
    return sorted(s.scalars(sa.select(Note.title)))


def test_concurrent_writers_neither_fail_nor_lose_an_update(db: Database, alice: Actor) -> None:
    """Eight threads that read and then write one row: every increment counts, on both engines."""
    note = db.write(alice, add, "counter")

    def more(s: OwnedSession) -> None:
        s.find(Note, note).stars += 1

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(db.write, alice, more) for _ in range(80)]:
            done.result()
    assert db.read(alice, lambda s: s.find(Note, note).stars) == 80


def test_an_update_of_many_rows_reaches_those_that_are_loaded(db: Database, alice: Actor) -> None:
    """What a statement set stands in the objects of the same work, without reading them again."""
    note = db.write(alice, add, "counter")

    def work(s: OwnedSession) -> int:
        loaded = s.find(Note, note)
        s.execute(sa.update(Note).values(stars=7))
        return loaded.stars

    assert db.write(alice, work) == 7


def test_writers_of_several_owners_and_the_system_share_one_database(db: Database) -> None:
    """Owned and unscoped writers side by side: each row arrives with its own owner."""

    def system(n: int) -> None:
        db.unscoped("a test", lambda s: s.add(Note(owner_id="system", title=str(n))), write=True)

    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(db.write, Actor.of(f"o{n % 4}"), add, str(n)) for n in range(40)]
        for done in [*work, *(pool.submit(system, n) for n in range(10))]:
            done.result()
    counts = db.unscoped("a test", lambda s: dict(s.execute(_per_owner()).all()))
    assert counts == {"o0": 10, "o1": 10, "o2": 10, "o3": 10, "system": 10}


def _per_owner() -> sa.Select[tuple[str, int]]:
    return sa.select(Note.owner_id, sa.func.count()).group_by(Note.owner_id)


def test_two_database_objects_write_to_one_database(make_database: MakeDatabase, alice: Actor) -> None:
    """As the web process and a worker do: nobody fails, nothing is lost."""
    one, two = make_database(), make_database()
    one.create_all()
    with ThreadPoolExecutor(4) as pool:
        work = [pool.submit((one, two)[n % 2].write, alice, add, str(n)) for n in range(40)]
        for done in work:
            done.result()
    assert len(two.read(alice, titles)) == 40


def test_a_raising_unit_of_work_leaves_nothing(db: Database, alice: Actor) -> None:
    """Neither rows nor events."""
    seen: list[Event] = []
    db.on_commit = seen.append

    def fail(s: OwnedSession) -> None:
        add(s, "gone")
        s.emit(NoteAdded(owner_id="alice", title="gone"))
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        db.write(alice, fail)
    with pytest.raises(RuntimeError, match="half-way"), db.session(alice, write=True) as s:
        fail(s)
    assert (db.read(alice, titles), seen) == ([], [])


def test_events_are_published_once_their_rows_can_be_read(db: Database, alice: Actor) -> None:
    """A listener that reads back finds the row of the event."""
    found: list[list[str]] = []
    db.on_commit = lambda event: found.append(db.read(alice, titles))

    def work(s: OwnedSession) -> None:
        add(s, "new")
        s.emit(NoteAdded(owner_id="alice", title="new"))
        assert found == []

    db.write(alice, work)
    assert found == [["new"]]


def test_a_rolled_back_savepoint_drops_its_own_events_only(db: Database, alice: Actor) -> None:
    """What was emitted before the savepoint stays."""
    seen: list[str] = []
    db.on_commit = lambda event: seen.append(event.payload()["title"])

    def work(s: OwnedSession) -> None:
        s.emit(NoteAdded(owner_id="alice", title="kept"))
        with pytest.raises(IntegrityError), s.begin_nested():
            s.emit(NoteAdded(owner_id="alice", title="dropped"))
            add(s, "x", stars=-1)
        with s.begin_nested():
            s.emit(NoteAdded(owner_id="alice", title="also kept"))
            add(s, "y")

    db.write(alice, work)
    assert seen == ["kept", "also kept"]
    assert db.read(alice, titles) == ["y"]


def test_a_failing_listener_does_not_undo_the_work(db: Database, alice: Actor) -> None:
    """The row is committed, so the caller hears of success."""

    def explode(event: Event) -> None:
        raise RuntimeError("listener")

    db.on_commit = explode
    db.write(alice, lambda s: (add(s, "stays"), s.emit(NoteAdded(owner_id="alice", title="stays"))))
    assert db.read(alice, titles) == ["stays"]


def test_events_need_an_owner(db: Database, alice: Actor) -> None:
    """An event of nobody could be shown to anybody."""
    with pytest.raises(ValueError, match="owner"):
        db.write(alice, lambda s: s.emit(NoteAdded(owner_id="", title="x")))


def test_a_direct_session_may_commit_in_the_middle(db: Database, alice: Actor) -> None:
    """For workers: what was committed stays although the rest fails."""
    seen: list[str] = []
    db.on_commit = lambda event: seen.append(event.payload()["title"])
    with pytest.raises(RuntimeError), db.session(alice, write=True) as s:
        add(s, "first")
        s.emit(NoteAdded(owner_id="alice", title="first"))
        s.commit()
        add(s, "second")
        raise RuntimeError
    assert (db.read(alice, titles), seen) == (["first"], ["first"])


def test_a_write_inside_a_write_is_refused_at_once(db: Database, alice: Actor) -> None:
    """It would wait for itself; reading inside a write sees what is committed."""
    db.write(alice, lambda s: add(s, "before"))

    def nested(s: OwnedSession) -> list[str]:
        add(s, "inside")
        with pytest.raises(NestedWrite):
            db.write(alice, add, "nested")
        return db.read(alice, titles)

    assert db.write(alice, nested) == ["before"]


def test_a_reading_session_cannot_write(db: Database, alice: Actor) -> None:
    """Not by flush, not by statement."""
    with pytest.raises(ReadOnlySession):
        db.read(alice, add, "x")
    with pytest.raises(ReadOnlySession):
        db.read(alice, lambda s: s.execute(sa.delete(Note)))
    assert db.read(alice, titles) == []


def test_a_read_is_one_snapshot(db: Database, alice: Actor) -> None:
    """A commit in between is not seen by the second half."""

    def twice(s: OwnedSession) -> tuple[list[str], list[str]]:
        first = titles(s)
        other = threading.Thread(target=db.write, args=(alice, add, "late"))
        other.start()
        other.join()
        return first, titles(s)

    assert db.read(alice, twice) == ([], [])


def test_interleaved_sessions_of_one_thread_keep_their_actors(db: Database, alice: Actor, bob: Actor) -> None:
    """The actor belongs to the connection, not to the thread."""
    db.write(alice, add, "a")
    db.write(bob, add, "b")
    with db.session(alice) as one, db.session(bob) as two, db.unscoped_session("a test") as all_:
        assert (titles(one), titles(two), titles(one)) == (["a"], ["b"], ["a"])
        assert sorted(all_.scalars(sa.select(Note.title))) == ["a", "b"]
        assert titles(two) == ["b"]


def test_a_session_keeps_its_actor_in_another_thread(db: Database, alice: Actor, bob: Actor) -> None:
    """A pool thread that served Bob serves Alice's session as Alice."""
    db.write(alice, add, "a")
    with ThreadPoolExecutor(1) as pool, db.session(alice) as s:
        assert pool.submit(db.read, bob, titles).result() == []
        assert pool.submit(titles, s).result() == ["a"]


def test_find_tells_absent_and_foreign_alike_and_names_the_wrong_space(db: Database, alice: Actor, bob: Actor) -> None:
    """404 for both; only a row that one may see leads to a hint about the space."""
    foreign, shared = db.write(bob, add, "b"), db.write(Actor.of("home"), add, "h")
    family = Actor("alice", "alice", frozenset({"alice", "home"}))
    for unknown in (foreign, "nothing"):
        with pytest.raises(NotFound) as caught:
            db.read(family, lambda s, unknown=unknown: s.find(Note, unknown))
        assert caught.value.message == NotFound.message
    assert db.read(family, lambda s: s.find(Note, shared).title) == "h"
    with pytest.raises(WrongSpace):
        db.write(family, lambda s: s.find_own(Note, shared))
    assert db.write(family.acting_in("home"), lambda s: s.find_own(Note, shared).title) == "h"


def test_five_thousand_rows_in_one_insert_are_all_stamped(db: Database, alice: Actor) -> None:
    """Bulk inserts go through the session and carry owner and id."""
    rows = [{"title": str(n)} for n in range(5000)]
    db.write(alice, lambda s: s.execute(sa.insert(Note), rows))
    query = sa.select(sa.func.count(), sa.func.count(sa.distinct(Note.id)), sa.func.min(Note.owner_id))
    assert db.read(alice, lambda s: tuple(s.execute(query).one())) == (5000, 5000, "alice")
    assert "owner_id" not in rows[0]


def test_times_come_back_as_aware_utc(db: Database, alice: Actor) -> None:
    """Whatever zone they were given in; naive ones are refused."""
    given = datetime(2026, 7, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    note = db.write(alice, lambda s: add(s, "t", seen_at=given))
    found = db.read(alice, lambda s: s.scalar(sa.select(Note.seen_at).where(Note.seen_at == given)))
    assert found == given
    assert found is not None
    assert found.tzinfo is UTC
    with pytest.raises(Exception, match="zone"):
        db.write(alice, lambda s: setattr(s.find(Note, note), "seen_at", datetime(2026, 1, 1)))


def test_changed_keys_of_json_are_saved_and_large_numbers_fit(db: Database, alice: Actor) -> None:
    """Assigning a key of the loaded dictionary is noticed; sizes and nanoseconds need 64 bits."""
    note = db.write(alice, lambda s: add(s, "j", extra={"a": 1}, stars=2**62))

    def change(s: OwnedSession) -> None:
        found = s.find(Note, note)
        found.extra["b"] = [1, {"ü": None}]

    db.write(alice, change)
    row = db.read(alice, lambda s: (s.find(Note, note).extra, s.find(Note, note).stars))
    assert row == ({"a": 1, "b": [1, {"ü": None}]}, 2**62)


def test_children_follow_their_parent_within_one_owner(db: Database, alice: Actor) -> None:
    """Relationships work over composite keys: assign, load, cascade."""

    def fill(s: OwnedSession) -> str:
        folder = Folder(name="f", notes=[Note(title="one"), Note(title="two")])
        s.add(folder)
        s.flush()
        return folder.id

    folder = db.write(alice, fill)
    assert db.read(alice, lambda s: sorted(n.title for n in s.find(Folder, folder).notes)) == ["one", "two"]
    db.write(alice, lambda s: s.delete(s.find(Folder, folder)))
    assert db.read(alice, titles) == []


def test_unscoped_work_needs_a_reason_and_is_counted(db: Database) -> None:
    """So that the log tells who looked past the owners, and why."""
    with pytest.raises(ValueError, match="why"):
        db.unscoped("  ", titles)
    before = db.unscoped_counts.get("a test", 0)
    db.unscoped("a test", titles)
    with db.unscoped_session("a test"):
        pass
    assert db.unscoped_counts["a test"] == before + 2


def test_unscoped_inserts_must_name_the_owner(db: Database) -> None:
    """System work has no owner of its own."""
    with pytest.raises(Exception, match="owner"):
        db.unscoped("a test", lambda s: s.add(Note(title="whose?")), write=True)


def test_the_database_file_is_private(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody else on the machine reads it."""
    path = tmp_path_factory.mktemp("private") / "deep" / "x.db"
    Database(path, NotesBase, name="notes").close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_table_is_owned_or_says_why_not() -> None:
    """Forgetting the owner fails when the class is defined."""
    base = make_base("forgetful")
    with pytest.raises(TypeError, match="__unowned__"):
        type("Thing", (base,), {"__tablename__": "things", "__annotations__": {"id": Mapped[int]}, "id": _key()})
    assert unowned_tables(NotesBase) == {
        "settings": "settings of the machine belong to nobody",
        "colours": "a fixed list",
    }


def _key() -> Mapped[int]:
    return mapped_column(primary_key=True)


def test_a_foreign_key_cannot_clear_the_owner() -> None:
    """SET NULL on a composite key would take the owner along."""
    with pytest.raises(ValueError, match="owner_id"):
        owned_fk("folder_id", "folders", ondelete="SET NULL")


def test_bases_do_not_share_tables() -> None:
    """Two modules may use one table name."""

    class One(ModuleBase, module="one"):
        """A base."""

    class Two(ModuleBase, module="two"):
        """Another."""

    assert One.metadata is not Two.metadata
    assert One.registry is not Two.registry


def test_a_table_without_class_needs_an_owner() -> None:
    """An association table that nobody mapped would escape the nets."""
    base = make_base("loose")
    sa.Table("pairs", base.metadata, sa.Column("a", sa.String, primary_key=True))
    with pytest.raises(TypeError, match="pairs"):
        owned_tables(base)


def test_a_transaction_that_postgresql_gave_up_is_run_again(db: Database, alice: Actor) -> None:
    """A serialization failure or deadlock is somebody else's good luck, not the caller's error."""
    attempts: list[int] = []

    class GivenUp(Exception):
        sqlstate = "40P01"

    def unlucky(s: OwnedSession) -> str:
        attempts.append(1)
        add(s, f"attempt {len(attempts)}")
        if len(attempts) < 3:
            raise DatabaseBusy() from GivenUp()
        return "done"

    assert db.write(alice, unlucky) == "done"
    assert db.read(alice, titles) == ["attempt 3"]
