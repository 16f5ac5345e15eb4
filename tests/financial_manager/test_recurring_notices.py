"""What newly comes again and what became dearer is told once, can be dismissed, and is never told again."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from backend.financial_manager.events import PricesRose, RecurringFound
from backend.financial_manager.jobs import notice_recurring
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_insight import told
from tests.financial_manager.test_recurring import listed, named, statement


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def look(household: Household, actor: Actor) -> int:
    """Do what the job does after an import."""
    job: Any = SimpleNamespace(module=household.ctx, actor=actor)
    done = notice_recurring(job, SimpleNamespace())  # type: ignore[arg-type]
    assert done is not None
    return int(done["told"])


def notices(household: Household, actor: Actor) -> dict[str, dict[str, Any]]:
    items = household.client(actor).get("/recurring-notices").json["items"]
    return {one["text"]: one for one in items}


def at_home(household: Household, actor: Actor) -> dict[str, int]:
    found = [one for one in household.app.attention(actor) if one.kind == "financial_manager.recurring"]
    return {one.template: one.count for one in found}


def test_what_is_found_is_told_once(household: Household, anna: Actor, ben: Actor) -> None:
    """Three are found and one became dearer: on Home and in the list, in one event each; looked again, nothing."""
    giro = household.account(anna)
    household.book(anna, giro["id"], statement())
    assert look(household, anna) == 4
    netflix = named(listed(household, anna), "netflix")
    said = notices(household, anna)
    assert f"{netflix['name']} comes again each month: 14.99 EUR." in said
    rise = said[f"{netflix['name']} went from 12.99 EUR to 14.99 EUR in 2026-01."]
    assert (rise["kind"], rise["recurring_id"]) == ("price", netflix["id"])
    expected = {"Payments that come again, found: {count}": 3, "Payments that cost more than before: {count}": 1}
    assert at_home(household, anna) == expected
    events = [one for one in household.bus.events if isinstance(one, RecurringFound | PricesRose)]
    assert [(type(one), one.count) for one in events] == [(RecurringFound, 3), (PricesRose, 1)]
    assert look(household, anna) == 0
    assert len([one for one in household.bus.events if isinstance(one, RecurringFound | PricesRose)]) == 2
    assert at_home(household, ben) == {}
    assert notices(household, ben) == {}
    assert look(household, ben) == 0


def test_what_is_dismissed_or_decided_is_not_told_again(household: Household, anna: Actor, ben: Actor) -> None:
    """Dismissed alone; a decision about the payment is an answer too; a later statement tells only what is new."""
    giro = household.account(anna)
    household.book(anna, giro["id"], statement())
    look(household, anna)
    client, said = household.client(anna), notices(household, anna)
    rise = next(one for one in said.values() if one["kind"] == "price")
    found = [one for one in said.values() if one["kind"] == "found"]
    other = household.client(ben).post("/recurring-notices/dismiss", json={"ids": [rise["id"]]})
    assert other.status_code == 404
    both = client.post("/recurring-notices/dismiss", json={"ids": [rise["id"], "nothing"]})
    assert both.status_code == 404
    assert rise["text"] in notices(household, anna), "nothing half"
    for _ in range(2):  # the same request twice
        assert client.post("/recurring-notices/dismiss", json={"ids": [rise["id"]]}).status_code == 204
    assert at_home(household, anna) == {"Payments that come again, found: {count}": 3}
    state = client.put(f"/recurring/{found[0]['recurring_id']}/state", json={"state": "confirmed"})
    assert state.status_code == 200, state.text
    assert at_home(household, anna) == {"Payments that come again, found: {count}": 2}
    more = b"Buchungstag;Auftraggeber;Betrag;Waehrung\n03.03.2026;NETFLIX.COM 991;-16,99;EUR\n"
    household.book(anna, giro["id"], more)
    household.clock.advance(4 * 86400)
    assert look(household, anna) == 1
    (text,) = [text for text, one in notices(household, anna).items() if one["kind"] == "price"]
    assert text.endswith("went from 14.99 EUR to 16.99 EUR in 2026-03.")
    assert client.post("/recurring-notices/dismiss", json={"ids": []}).status_code == 422
    assert client.post("/recurring-notices/dismiss", json={"ids": None}).status_code == 422


def test_what_is_gone_is_not_told(household: Household, anna: Actor) -> None:
    """The import taken back, nothing is left to look at; old prices and what is cheaper or comes in are no news."""
    giro = household.account(anna)
    batch = household.book(anna, giro["id"], statement()).json
    household.clock.advance(80 * 86400)
    look(household, anna)
    assert not [one for one in notices(household, anna).values() if one["kind"] == "price"]
    household.client(anna).post(f"/imports/{batch['id']}/undo")
    assert look(household, anna) == 0
    assert notices(household, anna) == {}
    assert at_home(household, anna) == {}


def test_the_news_of_a_month_name_what_newly_comes_again(household: Household, anna: Actor) -> None:
    """In the month whose booking was the third, and in no other."""
    giro = household.account(anna)
    household.book(anna, giro["id"], statement(until=dt.date(2026, 2, 28)))
    kinds = {month: [one["kind"] for one in told(household, anna, month)] for month in ("2025-11-01", "2026-02-01")}
    assert kinds["2025-11-01"].count("new_recurring") == 3
    assert "new_recurring" not in kinds["2026-02-01"]
