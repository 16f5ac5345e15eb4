"""News: made from events, one line per subject, each person's own marks, nothing of another space, gone in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from backend.core.accounts.events import LoggedIn
from backend.core.backup.jobs import SYSTEM
from backend.core.backup.owners import RowsPlace
from backend.core.module_events import ModuleStateChanged
from backend.core.module_records import Discovered
from backend.core.notifications.center import NotificationCenter
from backend.core.notifications.models import Notification, NotificationMark
from backend.core.notifications.rules import NoticeRules
from backend.core.notifications.store import MOST_PER_SPACE, NewsView
from backend.core.platform import Platform
from backend.core.settings import HomieSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.errors import NotFound
from backend.sdk.events import Event
from backend.sdk.job_events import JobFailed
from backend.sdk.module import ModuleSpec
from backend.sdk.overview import NoticeRule
from tests.engines import databases, installation_engine, postgres_server

__all__ = ["installation_engine", "postgres_server"]

pytestmark = pytest.mark.usefixtures("installation_engine")

WORDS = "seven quiet lanterns drift"


@dataclass(frozen=True, kw_only=True)
class PotBoiled(Event):
    """Something happened in a module."""

    name: ClassVar[str] = "pots.boiled"
    pot_id: str
    title: str = "Soup"
    burnt: int = 0


RULES = (
    NoticeRule(
        "pots.boiled", "pots.burnt", "A pot burnt", "{title} burnt", "error", "pot_id", "/pots/{pot_id}", "burnt"
    ),
    NoticeRule("pots.boiled", "pots.boiled", "A pot boiled", "{title} boils", "success", "pot_id", "/pots/{pot_id}"),
)
POTS = ModuleSpec(id="pots", title="Pots", version="1", app="no.where:App", models="no.where:Base", notices=RULES)


class House:
    """A platform with two people and a space that both are in."""

    def __init__(self, root: Path) -> None:
        self.clock = FakeClock()
        settings = HomieSettings(data_dir=root / "data", db=databases(root))
        self.platform = Platform.open(settings, "cli", clock=self.clock, modules=[Discovered("pots", POTS)])
        accounts = self.platform.accounts
        accounts.people.add("ann", WORDS, is_admin=True)
        accounts.people.add("bob", WORDS)
        shared = accounts.spaces.create(accounts.people.actor("ann").user_id, "Home").id
        code = accounts.invitations.create(
            accounts.people.actor("ann").user_id, space_id=shared, new_account=False
        ).code
        accounts.invitations.join(accounts.people.actor("bob").user_id, str(code), "10.0.0.1")
        self.shared = shared
        self.ann, self.bob = accounts.people.actor("ann"), accounts.people.actor("bob")
        self.store = self.platform.notifications
        self.heard: list[Event] = []
        self.platform.bus.subscribe(Event, self.heard.append)
        self.center = NotificationCenter(
            self.store, self.platform.notice_rules, lambda: accounts.people.private_spaces(admins=True)
        )

    def boil(self, owner: str, pot_id: str = "p1", **more: object) -> PotBoiled:
        event = PotBoiled(owner_id=owner, pot_id=pot_id, **more)  # type: ignore[arg-type]
        self.center.take(event)
        self.clock.advance(1)
        return event

    def seen(self, actor: Actor, unread: bool = False) -> list[NewsView]:
        return self.store.page(actor, limit=200, unread=unread)

    def count(self, model: type[Notification] | type[NotificationMark]) -> int:
        return self.platform.core_db.unscoped("test", lambda s: int(s.scalar(select(func.count()).select_from(model))))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.platform.close()


def test_an_event_becomes_news_with_text_and_template(house: House) -> None:
    """English text, template, plain parameters, where to go; the module's own declaration decides."""
    house.boil(house.ann.owner_id)
    (news,) = house.seen(house.ann)
    assert (news.text, news.template, news.severity) == ("Soup boils", "{title} boils", "success")
    assert (news.params, news.route, news.module) == ({"title": "Soup", "pot_id": "p1"}, "/pots/p1", "pots")
    assert (news.unread, news.count, house.store.unread(house.ann)) == (True, 1, 1)


def test_the_first_rule_that_fits_counts(house: House) -> None:
    house.boil(house.ann.owner_id, burnt=2)
    assert [news.kind for news in house.seen(house.ann)] == ["pots.burnt"]


def test_the_same_again_renews_one_line(house: House) -> None:
    """No flood: one row per kind and subject, counted, unread again, newest first."""
    for pot in ("p1", "p2", "p1", "p1"):
        house.boil(house.ann.owner_id, pot)
    house.store.mark(house.ann, house.seen(house.ann)[0].id)
    house.boil(house.ann.owner_id, "p1")
    assert [(news.params["pot_id"], news.count, news.unread) for news in house.seen(house.ann)] == [
        ("p1", 4, True),
        ("p2", 1, True),
    ]


def test_an_event_that_two_processes_hear_counts_once(house: House) -> None:
    event = house.boil(house.ann.owner_id)
    house.center.take(event)
    assert house.seen(house.ann)[0].count == 1


def test_what_one_person_reads_stays_unread_for_the_others(house: House) -> None:
    """Marks are each person's own, also in a space that both see; putting away too."""
    house.boil(house.shared)
    news = house.seen(house.bob)[0]
    house.store.mark(house.bob, news.id)
    assert (house.store.unread(house.bob), house.store.unread(house.ann)) == (0, 1)
    house.store.mark(house.ann, news.id, hide=True)
    assert (len(house.seen(house.ann)), len(house.seen(house.bob))) == (0, 1)
    house.boil(house.shared)
    assert house.seen(house.ann)[0].unread is True


def test_news_of_another_space_are_as_unknown_as_none(house: House) -> None:
    house.boil(house.ann.owner_id)
    news = house.seen(house.ann)[0]
    assert house.seen(house.bob) == []
    for known in (news.id, "01900000-0000-7000-8000-000000000000"):
        with pytest.raises(NotFound, match=r"This notification does not exist\."):
            house.store.mark(house.bob, known)
    house.store.mark_all(house.bob, hide=True)
    assert house.seen(house.ann) == [news]


def test_all_can_be_read_and_put_away_at_once(house: House) -> None:
    """In every space of the person; only unread ones are asked for on wish."""
    house.boil(house.ann.owner_id)
    house.boil(house.shared)
    house.store.mark_all(house.ann)
    assert (house.store.unread(house.ann), house.seen(house.ann, unread=True)) == (0, [])
    assert len(house.seen(house.ann)) == 2
    house.store.mark_all(house.ann, hide=True)
    assert house.seen(house.ann) == []


def test_kinds_that_are_off_are_neither_shown_nor_counted(house: House) -> None:
    house.boil(house.ann.owner_id)
    preferences = house.platform.accounts.preferences
    preferences.change(house.ann, {"notifications": {"off": ["pots.boiled"]}})
    assert (house.seen(house.ann), house.store.unread(house.ann)) == ([], 0)
    preferences.change(house.ann, {"notifications": {"off": []}})
    assert house.store.unread(house.ann) == 1
    preferences.change(house.ann, {"notifications": {"enabled": False}})
    assert (house.seen(house.ann), house.store.unread(house.ann)) == ([], 0)


def test_clients_are_told(house: House) -> None:
    """New news in the room of its space, marks in the private room of who made them."""
    house.boil(house.shared)
    house.store.mark(house.bob, house.seen(house.bob)[0].id)
    told = [event for event in house.heard if event.name == "notifications.changed"]
    assert [(event.owner_id, event.payload()["kind"]) for event in told] == [
        (house.shared, "pots.boiled"),
        (house.bob.owner_id, ""),
    ]


def test_news_about_the_hub_go_to_its_administrators(house: House) -> None:
    """A failed nightly backup and a module that does not work, told to Ann and not to Bob."""
    failed = JobFailed(owner_id=SYSTEM.owner_id, job_id="j", kind="core.backup_module", error="The drive is full.")
    house.center.take(failed)
    house.center.take(ModuleStateChanged(module_id="pots", title="Pots", state="running"))
    house.center.take(
        ModuleStateChanged(module_id="pots", title="Pots", state="setup_error", reason="It broke.", failed=True)
    )
    texts = {news.text for news in house.seen(house.ann)}
    assert texts == {"A backup did not succeed: The drive is full.", "Pots does not work: It broke."}
    assert house.seen(house.bob) == []


def test_a_log_in_and_a_failed_job_are_news(house: House) -> None:
    house.center.take(LoggedIn(owner_id=house.bob.owner_id, session_id="s", device="Bob's phone"))
    house.center.take(JobFailed(owner_id=house.bob.owner_id, job_id="j1", kind="pots.boil", error="No water."))
    assert {news.text for news in house.seen(house.bob)} == {
        "A device was logged in: Bob's phone",
        "Some work did not succeed: No water.",
    }


def test_pages_go_on_where_the_last_one_ended(house: House) -> None:
    for number in range(7):
        house.boil(house.ann.owner_id, f"p{number}")
    found: list[str] = []
    before = None
    while rows := house.store.page(house.ann, limit=3, before=before):
        found += [row.params["pot_id"] for row in rows[:3]]
        before = (rows[:3][-1].changed_at, rows[:3][-1].id)
    assert found == [f"p{number}" for number in reversed(range(7))]


def test_old_and_surplus_news_go_with_their_marks(house: House) -> None:
    """Sixty days, and no space keeps more than some hundreds."""
    house.boil(house.bob.owner_id, "old")
    house.store.mark_all(house.bob)
    house.clock.advance(timedelta(days=61).total_seconds())
    for number in range(MOST_PER_SPACE + 5):
        house.boil(house.ann.owner_id, f"p{number}")
    assert house.store.sweep() == 6
    assert (house.count(Notification), house.count(NotificationMark)) == (MOST_PER_SPACE, 0)
    assert house.seen(house.ann)[0].params["pot_id"] == f"p{MOST_PER_SPACE + 4}"


def test_export_holds_them_and_erasure_leaves_none(house: House, tmp_path: Path) -> None:
    """Rows and marks belong to their space; what the person marked in other spaces goes with the person."""
    house.boil(house.bob.owner_id)
    house.boil(house.shared)
    house.store.mark_all(house.bob)
    place = RowsPlace("core", house.platform.core_db)
    place.export(house.bob.owner_id, tmp_path / "out")
    assert "Soup" in (tmp_path / "out" / "notifications.jsonl").read_text()
    place.erase(house.bob.owner_id)
    house.platform.accounts.erase_owner(house.bob.owner_id)
    assert (house.count(Notification), house.count(NotificationMark)) == (1, 0)


def test_a_listener_without_rules_costs_nothing(house: House) -> None:
    """Events that are no news are dropped before anything is queued."""
    rules = NoticeRules([POTS])
    assert rules.concerns("pots.boiled")
    assert not rules.concerns("pots.stirred")
    assert set(rules.kinds()) >= {"pots.burnt", "pots.boiled", "jobs.failed", "accounts.logged_in"}


@pytest.mark.parametrize(
    ("now", "quiet"), [(21, False), (22, True), (23, True), (3, True), (6, True), (7, False), (12, False)]
)
def test_quiet_hours_hold_news_back_until_they_are_over(house: House, now: int, quiet: bool) -> None:
    """From 22 to 7 in the person's own zone the bell does not count what came since, except what went wrong; the list
    shows everything, another person hears it at once, and in the morning it is told."""
    preferences = house.platform.accounts.preferences
    chosen = {"notifications": {"quiet_from": 22, "quiet_until": 7}, "time_zone": "Europe/Vienna"}
    preferences.change(house.ann, chosen)
    local = house.clock.now().astimezone(ZoneInfo("Europe/Vienna"))
    house.clock.advance((now - local.hour) % 24 * 3600)
    before = house.store.unread(house.ann)
    house.center.take(PotBoiled(owner_id=house.shared, pot_id="1"))
    assert house.store.unread(house.ann) - before == (0 if quiet else 1)
    assert house.store.unread(house.bob) == 1
    assert len(house.store.page(house.ann, limit=10)) == 1
    assert len(house.store.page(house.ann, limit=10, unread=True)) == (0 if quiet else 1)
    house.center.take(PotBoiled(owner_id=house.shared, pot_id="2", burnt=1))
    assert house.store.unread(house.ann) - before == (1 if quiet else 2)
    house.clock.advance(12 * 3600)
    if quiet:
        assert house.store.unread(house.ann) == 2


def test_nobody_is_quiet_without_hours(house: House) -> None:
    """One hour alone, or the same one twice, holds nothing back."""
    preferences = house.platform.accounts.preferences
    for hours in ({"quiet_from": 5, "quiet_until": None}, {"quiet_from": 5, "quiet_until": 5}):
        preferences.change(house.ann, {"notifications": hours})
        for _ in range(24):
            house.clock.advance(3600)
            assert preferences.quiet_since(house.ann) is None
