"""What has served its time goes, what is still needed stays, and a failing chore hinders no other."""

from __future__ import annotations

from datetime import timedelta

from backend.core.accounts.models import LoginThrottle
from backend.core.housekeeping import Housekeeping, sweep_core
from backend.core.runtime_models import IdempotencyRow
from backend.core.schema import CoreBase
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database, OwnedSession, UnscopedSession
from backend.sdk.ids import new_id


def test_rows_past_their_time_go_and_others_stay(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """An answer of yesterday and a forgotten throttle are dropped; today's are kept."""
    clock = FakeClock()
    now = clock.now()
    db = Database(tmp_path / "core.db", CoreBase, name="core")
    db.create_all()

    def fill(session: OwnedSession) -> None:
        for age in (1, 30):
            session.add(IdempotencyRow(id=new_id(), request_hash="x", created_at=now - timedelta(hours=age)))

    def throttle(session: UnscopedSession) -> None:
        for age in (1, 48):
            at = now - timedelta(hours=age)
            session.add(LoginThrottle(key=f"k{age}", failures=1, not_before=at, last_at=at))

    try:
        db.write(Actor.of(new_id()), fill)
        db.unscoped("test", throttle, write=True)
        assert sweep_core(db, now) == 2
        assert sweep_core(db, now) == 0
    finally:
        db.close()


def test_a_failing_chore_hinders_no_other() -> None:
    """The second chore runs although the first one raised."""
    done = []

    def broken() -> None:
        raise RuntimeError("broken")

    Housekeeping({"broken": broken, "fine": lambda: done.append(1)}).run()
    assert done == [1]
