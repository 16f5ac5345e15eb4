"""The security log: checklist line 40, and line 43 for what it keeps of an erased person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from backend.core.accounts.audit import AuditFilter, anchor_path
from backend.core.accounts.views import SignedIn
from backend.core.schema import CoreBase
from backend.sdk.actor import Actor
from backend.sdk.db import Database
from tests.core.accounts.conftest import House, build

EVA = Actor.of("eva-space", "eva")


@pytest.fixture
def log(house: House) -> House:
    """A log of twelve entries."""
    for number in range(12):
        house.audit.record("test.happened", actor=EVA, target=f"t{number}", detail={"number": number})
    assert house.audit.verify().ok
    return house


def unguarded(house: House, statement: str, **values: Any) -> None:
    """Change the log as somebody who owns the database file or server would: with the triggers out of the way."""
    names = ("no_delete", "no_update", "no_replace") if house.db.kind == "sqlite" else ("no_delete", "no_update")
    with house.db.store.admin() as connection, connection.begin():
        for name in names:
            on = "" if house.db.kind == "sqlite" else " ON security_audit"
            connection.execute(sa.text(f"DROP TRIGGER security_audit_{name}{on}"))
        connection.execute(sa.text(statement), values)


def test_entries_are_shown_newest_first_with_their_facts(log: House) -> None:
    """What was recorded comes back, in pages."""
    first = log.audit.entries(limit=5)
    assert [entry.target for entry in first] == ["t11", "t10", "t9", "t8", "t7"]
    assert first[0].detail == {"number": 11}
    assert (first[0].actor_id, first[0].owner_id) == ("eva", "eva-space")
    assert [e.target for e in log.audit.entries(before=first[-1].seq, limit=1)] == ["t6"]
    assert log.audit.entries(actor_id="ben", owner_ids=frozenset({"ben-space"})) == []
    assert len(log.audit.entries(actor_id="ben", owner_ids=frozenset({"eva-space"}))) == 12


@pytest.mark.parametrize(
    ("attack", "problem"),
    [
        ("UPDATE security_audit SET action = 'test.harmless' WHERE seq = 5", "Entry 5 was changed"),
        ("UPDATE security_audit SET detail = '{\"number\": 99}' WHERE seq = 5", "detail of entry 5 was changed"),
        ("UPDATE security_audit SET actor_id = 'ben' WHERE seq = 12", "Entry 12 was changed"),
        ("UPDATE security_audit SET detail = NULL, salt = NULL WHERE seq = 5", "no erasure explains it"),
        ("DELETE FROM security_audit WHERE seq = 5", "Entry 5 is missing"),
        ("DELETE FROM security_audit WHERE seq = 1", "Entry 1 is missing"),
        ("DELETE FROM security_audit WHERE seq = 12", "signed head is entry 12"),
        ("DELETE FROM security_audit WHERE seq > 6", "signed head is entry 12"),
        ("DELETE FROM security_audit", "signed head is entry 12"),
        ("UPDATE security_audit SET seq = CASE seq WHEN 4 THEN 104 ELSE seq END", "Entry 4 is missing"),
        ("UPDATE security_audit_head SET seq = 11", "signature is wrong"),
        ("DELETE FROM security_audit_head", "head row is missing"),
    ],
)
def test_every_later_change_is_found(log: House, attack: str, problem: str) -> None:
    """Changed, removed, swapped, cut: verify names the place."""
    unguarded(log, attack)
    report = log.audit.verify()
    assert not report.ok
    assert any(problem in found for found in report.problems), report.problems


def test_swapping_two_entries_is_found(log: House) -> None:
    """Also when their numbers are exchanged."""
    unguarded(
        log, "UPDATE security_audit SET seq = CASE seq WHEN 4 THEN -4 WHEN 5 THEN -5 ELSE seq END WHERE seq IN (4, 5)"
    )
    with log.db.store.admin() as connection, connection.begin():
        connection.execute(sa.text("UPDATE security_audit SET seq = CASE seq WHEN -4 THEN 5 ELSE 4 END WHERE seq < 0"))
    assert not log.audit.verify().ok


def test_a_whole_older_log_with_its_own_head_is_found_by_the_anchor(log: House) -> None:
    """Cutting entries and putting the old signed head back passes the chain, not the file in secrets/."""
    with log.db.store.admin() as connection:
        old = connection.execute(sa.text("SELECT seq, hash, mac FROM security_audit_head")).one()
    for number in range(3):
        log.audit.record("test.secret", actor=EVA, target=str(number))
    unguarded(log, "DELETE FROM security_audit WHERE seq > 12")
    log.sql("UPDATE security_audit_head SET seq = :seq, hash = :hash, mac = :mac", **old._mapping)
    report = log.audit.verify()
    assert [p for p in report.problems if "it was cut" in p]


def test_a_restored_backup_is_accepted_once_it_is_logged(log: House) -> None:
    """The same state, put back on purpose: the log says so and is whole again."""
    with log.db.store.admin() as connection:
        old = connection.execute(sa.text("SELECT seq, hash, mac FROM security_audit_head")).one()
    log.audit.record("test.later", actor=EVA)
    unguarded(log, "DELETE FROM security_audit WHERE seq > 12")
    log.sql("UPDATE security_audit_head SET seq = :seq, hash = :hash, mac = :mac", **old._mapping)
    log.audit.accept_restore({"backup": "b1"})
    assert log.audit.verify().ok
    assert log.audit.entries(limit=1)[0].detail == {"backup": "b1", "anchor_before": 13}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE security_audit SET action = 'x' WHERE seq = 1",
        "UPDATE security_audit SET detail = '{}' WHERE seq = 1",
        "UPDATE security_audit SET detail = NULL, salt = NULL, hash = 'x' WHERE seq = 1",
        "DELETE FROM security_audit WHERE seq = 1",
        "INSERT OR REPLACE INTO security_audit SELECT * FROM security_audit WHERE seq = 1",
    ],
)
def test_the_database_itself_refuses_changes(log: House, statement: str) -> None:
    """Triggers on both engines, whoever writes."""
    if statement.startswith("INSERT OR REPLACE") and log.db.kind != "sqlite":
        statement = "UPDATE security_audit SET seq = seq + 100"
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        log.sql(statement)
    assert log.audit.verify().ok


def test_the_apps_role_on_postgresql_may_not_truncate(log: House) -> None:
    """The triggers see rows; TRUNCATE is kept away by the rights of the role."""
    if log.db.kind == "sqlite":
        return
    with log.db.store.admin() as connection:
        query = "SELECT has_table_privilege('homie_app', 'security_audit', 'TRUNCATE')"
        assert connection.execute(sa.text(query)).scalar() is False


def test_concurrent_writers_keep_one_chain(house: House, core_url: str) -> None:
    """Two processes' worth of writers, eight threads: no gap, no fork."""
    other = Database(core_url, CoreBase, name="core")
    try:
        second = build(other, house.settings.data_dir)
        with ThreadPoolExecutor(8) as pool:
            list(
                pool.map(
                    lambda n: (house, second)[n % 2].audit.record("test.raced", actor=EVA, target=str(n)), range(48)
                )
            )
        report = house.audit.verify()
        assert report.ok, report.problems
        assert report.entries == 48
    finally:
        other.close()


def test_an_entry_and_its_action_happen_together_or_not_at_all(house: House) -> None:
    """A rolled-back action leaves neither entry nor anchor."""
    house.audit.record("test.kept", actor=EVA)
    before = anchor_path(house.settings.secrets_dir).read_text()

    def fail(session: Any) -> None:
        house.audit.append(session, "test.lost", actor_id="eva")
        raise RuntimeError("the action failed")

    with pytest.raises(RuntimeError):
        house.db.unscoped("t", fail, write=True)
    assert house.actions() == ["test.kept"]
    assert anchor_path(house.settings.secrets_dir).read_text() == before
    assert house.audit.verify().ok


def test_erasing_a_person_forgets_the_details_and_keeps_the_chain(house: House, eva: SignedIn, ben: SignedIn) -> None:
    """Ben's address and device names are gone from the log; the log is whole and says why."""
    household = house.households(eva)[0]
    code = house.accounts.invitations.create(eva.person.id, space_id=household, new_account=False).code
    assert code is not None
    house.accounts.invitations.join(ben.person.id, code, "10.77.0.1")
    house.accounts.sign_in.change_password(
        ben.person.id, ben.tokens.session_id, "seven purple otters", "nine tired walruses", "10.77.0.1"
    )
    house.accounts.preferences.change(house.actor(ben), {"language": "de"})
    house.accounts.erase_owner(ben.person.private_space_id, by=ben.person.id)
    report = house.audit.verify()
    assert report.ok, report.problems
    assert report.erased_details > 0
    mine = [e for e in house.audit.entries(limit=1000) if ben.person.id in (e.actor_id, e.target)]
    assert all(not entry.detail for entry in mine)
    with house.db.store.admin() as connection:
        for table in CoreBase.metadata.sorted_tables:
            rows = str(connection.execute(sa.select(table)).all())
            assert "ben" not in rows.lower().replace("benefit", ""), table.name
            if table.name != "security_audit":
                assert ben.person.id not in rows, table.name
                assert ben.person.private_space_id not in rows, table.name
    assert house.actor(eva)
    assert ben.tokens.session_id in house.revoked


def test_a_migrated_database_has_the_same_guards(tmp_path: Path) -> None:
    """The triggers of core's first revision are those of `audit_guards.py`."""
    from sqlalchemy import text

    import backend.core
    from backend.core.schema_migration import bring_up_to_date

    found = []
    for name in ("created", "migrated"):
        db = Database(tmp_path / f"{name}.db", CoreBase, name="core")
        if name == "created":
            db.create_all()
        else:
            bring_up_to_date(db, Path(backend.core.__file__).parent / "migrations")
        with db.store.admin() as connection:
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'security_audit'"
            found.append({row[0]: row[1] for row in connection.execute(text(query))})
        db.close()
    assert found[0] == found[1]
    assert len(found[0]) == 3


def test_the_log_is_narrowed_by_what_who_and_when(house: House) -> None:
    """Beginning of the action (never a pattern), the person, from one moment to another."""
    eva = house.set_up()
    start = house.clock.now()
    house.clock.advance(60)
    ben = house.add("ben")

    def actions(**only: Any) -> list[str]:
        return [entry.action for entry in house.audit.entries(limit=100, only=AuditFilter(**only))]

    assert set(actions(action="accounts.logged")) == {"accounts.logged_in"}
    assert actions(action="accounts%") == []
    assert set(actions(actor_id=ben.person.id)) == {"accounts.user_created", "accounts.logged_in"}
    assert actions(until=start) == []
    assert set(actions(since=house.clock.now())) == {"accounts.user_created", "accounts.logged_in"}
    assert eva.person.id not in str(actions(actor_id="nobody"))
