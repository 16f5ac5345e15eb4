"""PostgreSQL's own wall: forced row-level security for a role that owns nothing, checked before the first use."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from backend.sdk.actor import Actor
from backend.sdk.db import Database, DatabaseBusy, DatabaseUnreachable, IsolationError
from tests.postgres_server import PostgresServer
from tests.sdk.db.models import Note, NotesBase

pytestmark = pytest.mark.postgres
ALICE, BOB = Actor.of("alice"), Actor.of("bob")


@pytest.fixture
def url(postgres_server: PostgresServer) -> str:
    """Return an empty schema."""
    return postgres_server.new_schema()


@pytest.fixture
def pg(url: str) -> Iterator[Database]:
    """Return a module's database with one row of each owner."""
    db = Database(url, NotesBase, name="notes", busy_seconds=5)
    db.create_all()
    for actor in (ALICE, BOB):
        db.write(actor, lambda s: s.add(Note(title=s.actor.owner_id)))
    yield db
    db.close()


def plain(url: str, role: str = "homie_app") -> psycopg.Connection[tuple[object, ...]]:
    address, _, schema = url.replace("+psycopg", "").partition("?schema=")
    connection = psycopg.connect(address)
    connection.execute(f'SET search_path TO "{schema}"'.encode())
    connection.execute(f'SET ROLE "{role}"'.encode())
    return connection


def test_nobody_in_particular_sees_no_row_and_writes_none(pg: Database, url: str) -> None:
    """A connection of the app's role that did not say who acts."""
    with plain(url) as connection:
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (0,)
        assert connection.execute("UPDATE notes SET title = 'x'").rowcount == 0
        assert connection.execute("DELETE FROM notes").rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO notes (owner_id, id, title, extra) VALUES ('alice', 'x', 'x', '{}')")


def test_a_reader_of_two_spaces_writes_to_one(pg: Database, url: str) -> None:
    """The policies tell reading and writing apart."""
    with plain(url) as connection:
        connection.execute("SELECT set_config('homie.read_owners', 'alice' || chr(31) || 'bob', true)")
        connection.execute("SELECT set_config('homie.write_owner', 'alice', true)")
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (2,)
        assert connection.execute("UPDATE notes SET stars = 1").rowcount == 1


def test_the_role_owns_nothing_and_is_a_plain_one(pg: Database, postgres_server: PostgresServer) -> None:
    """Otherwise no policy would run."""
    roles = postgres_server.execute(
        "SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'homie_app'"
    )
    assert roles == [(False, False, False)]
    owned = postgres_server.execute("SELECT count(*) FROM pg_tables WHERE tableowner = 'homie_app'")
    assert owned == [(0,)]


@pytest.mark.parametrize(
    "spoil",
    [
        "ALTER TABLE {schema}.notes NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE {schema}.notes DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY everybody ON {schema}.notes FOR SELECT USING (true)",
    ],
)
def test_a_server_that_does_not_separate_owners_is_refused(
    pg: Database, url: str, postgres_server: PostgresServer, spoil: str
) -> None:
    """Found before the first statement, not after the first leak."""
    postgres_server.execute(spoil.format(schema=pg.store.schema))
    late = Database(url, NotesBase, name="notes")
    with pytest.raises(IsolationError):
        late.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all())
    late.close()


def test_two_addresses_use_the_app_user_of_the_first(postgres_server: PostgresServer) -> None:
    """The app logs in as a user that cannot change the schema; migrations as another."""
    admin = postgres_server.new_schema()
    postgres_server.execute("DROP ROLE IF EXISTS homie_login")
    postgres_server.execute("CREATE ROLE homie_login LOGIN PASSWORD 'app'")
    app = admin.replace("postgres:" + postgres_server.password, "homie_login:app")
    db = Database(app, NotesBase, name="notes", admin_url=admin)
    db.create_all()
    db.write(ALICE, lambda s: s.add(Note(title="a")))
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["a"]
    assert db.read(BOB, lambda s: s.scalars(sa.select(Note.title)).all()) == []
    with pytest.raises(psycopg.errors.InsufficientPrivilege), plain(app, "homie_login") as connection:
        connection.execute("DROP TABLE notes")
    db.close()
    postgres_server.execute(f"DROP SCHEMA {db.store.schema} CASCADE")
    postgres_server.execute("DROP ROLE homie_login")


def test_two_modules_share_one_database_in_their_own_schemas(postgres_server: PostgresServer) -> None:
    """One address for all modules: each keeps to the schema of its name."""
    url = postgres_server.new_database()
    one, two = (Database(url, NotesBase, name=name) for name in ("one", "two"))
    for db in (one, two):
        db.create_all()
    one.write(ALICE, lambda s: s.add(Note(title="in one")))
    assert two.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == []
    one.close()
    two.close()


@pytest.mark.parametrize(("durable", "shown"), [(True, "on"), (False, "off")])
def test_a_journal_waits_for_the_disk_whatever_the_server_is_set_to(url: str, durable: bool, shown: str) -> None:
    """The test's server does not wait by itself; a durable database asks for it on each connection."""
    db = Database(url, NotesBase, name="notes", durable=durable)
    db.create_all()
    for engine in (db.store.writer, db.store.reader):
        raw = engine.raw_connection()
        assert raw.driver_connection is not None
        assert raw.driver_connection.execute("SHOW synchronous_commit").fetchone() == (shown,)
        raw.close()
    db.close()


def test_a_held_turn_to_write_becomes_busy(url: str, pg: Database) -> None:
    """Somebody else's long transaction of the same owner is waited for, but not for ever; other owners go on."""
    impatient = Database(url, NotesBase, name="notes", busy_seconds=0.2)
    with pg.session(ALICE, write=True) as s:
        s.add(Note(title="long"))
        s.flush()
        with pytest.raises(DatabaseBusy):
            impatient.write(ALICE, lambda t: t.add(Note(title="short")))
        impatient.write(BOB, lambda t: t.add(Note(title="other")))
    impatient.close()


def test_a_server_that_is_away_is_unreachable() -> None:
    """A clear error, no driver text."""
    db = Database("postgresql+psycopg://x:y@127.0.0.1:9/none", NotesBase, name="notes", busy_seconds=2)
    with pytest.raises(DatabaseUnreachable) as caught:
        db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all())
    assert "127.0.0.1" not in caught.value.message
    db.close()
