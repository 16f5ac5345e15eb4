"""What comes again is looked for once for each state of the ledger: kept until anything changes, in any process."""

from __future__ import annotations

from typing import Any

import pytest

from backend.financial_manager.ledger.change_log import ChangeLog
from backend.financial_manager.recurring import finding
from backend.financial_manager.recurring.recurring_payments import RecurringPayments
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_recurring import listed, named, statement


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count how often bookings are looked through, by owner."""
    found: list[str] = []
    look = finding._look

    def counted(session: Any, *rest: Any) -> finding.Findings:
        found.append(session.actor.owner_id)
        return look(session, *rest)

    monkeypatch.setattr(finding, "_look", counted)
    return found


@pytest.fixture
def giro(household: Household, anna: Actor) -> dict[str, Any]:
    account = household.account(anna)
    assert household.book(anna, account["id"], statement()).status_code == 201
    return account


def test_the_same_ledger_is_looked_through_once(
    household: Household, anna: Actor, giro: dict[str, Any], looks: list[str]
) -> None:
    """Listing twice, and one by its id, look once; the answers are the same."""
    first = listed(household, anna)
    assert listed(household, anna) == first
    one = named(first, "netflix")
    assert household.client(anna).get(f"/recurring/{one['id']}").status_code == 200
    assert looks == [anna.owner_id]


def test_every_change_is_seen_at_once(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """An import, a payee's decision and each undo change the list as if nothing had been kept."""
    before = listed(household, anna)
    later = household.client(anna)
    row = named(before, "netflix")
    told = later.put(f"/recurring/{row['id']}/state", json={"state": "dismissed"})
    assert told.status_code == 200, told.text
    assert named(listed(household, anna), "netflix")["state"] == "dismissed"
    change = later.get("/changes").json["items"][0]["id"]
    assert later.post(f"/changes/{change}/undo").status_code == 200
    assert listed(household, anna) == before
    batch = later.get("/imports").json["items"][0]["id"]
    assert later.post(f"/imports/{batch}/undo").status_code == 200
    assert listed(household, anna) == {}


def test_another_process_s_change_is_seen(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Two that keep for themselves, as two processes do: what one writes, the other lists."""
    kept, ctx = household.finances.recurring, household.ctx
    other = RecurringPayments(ctx.db, ChangeLog(ctx.db, ctx.clock, ctx.new_id), ctx.clock, ctx.new_id)
    mine, theirs = kept.all(anna), other.all(anna)
    assert [one.id for one in mine] == [one.id for one in theirs]
    other.change(anna, mine[0].id, {"name": "Renamed"})
    assert "Renamed" in {one.name for one in kept.all(anna)}


def test_another_day_is_another_finding(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """What was kept is not told on a day from which it lies too far back to be looked at."""
    assert listed(household, anna)
    household.clock.advance(6 * 366 * 86400)
    assert listed(household, anna) == {}


def test_another_space_has_its_own(household: Household, anna: Actor, giro: dict[str, Any], looks: list[str]) -> None:
    """Nothing of Anna's is answered to Ben, whose ledger is as new as hers was."""
    assert listed(household, anna)
    assert listed(household, Actor.of("ben")) == {}
    assert listed(household, anna)
    assert looks == [anna.owner_id, "ben"]
