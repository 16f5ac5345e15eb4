"""Home and search: what everybody says is put together, the urgent first, and nobody waits for who does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.core.backup.models import BackupRun
from backend.core.home.asking import ModuleAsker
from backend.core.home.overview import HomeOverview
from backend.core.home.schemas import HomeOut, SearchOut
from backend.core.home.search import Search
from backend.core.module_records import Discovered
from backend.core.platform import Platform
from backend.core.settings import HomieSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.errors import HomieError
from tests.core.home.talking_modules import BROKEN, FAILING, SLOW, TALKING, SlowApp
from tests.engines import databases, installation_engine, postgres_server

__all__ = ["installation_engine", "postgres_server"]

pytestmark = pytest.mark.usefixtures("installation_engine")
WORDS = "seven quiet lanterns drift"


class House:
    """A platform with these modules, an administrator and an ordinary member."""

    def __init__(self, root: Path, *specs: Any) -> None:
        self.clock = FakeClock()
        settings = HomieSettings(data_dir=root / "data", db=databases(root))
        found = [Discovered(spec.id, spec) for spec in specs]
        self.platform = Platform.open(settings, "cli", clock=self.clock, modules=found)
        people = self.platform.accounts.people
        people.add("ann", WORDS, is_admin=True)
        people.add("bob", WORDS, display_name="Bob the Builder")
        self.ann, self.bob = people.actor("ann"), people.actor("bob")
        asker = ModuleAsker(self.platform.apps, patience=2.0)
        self._home, self._search = HomeOverview(self.platform, asker), Search(self.platform, asker)

    def wake(self) -> None:
        for status in self.platform.apps.list():
            try:
                self.platform.module(status.id)
            except HomieError:
                continue

    def home(self, actor: Actor) -> HomeOut:
        return self._home.show(actor)

    def search(self, actor: Actor, query: str, limit: int = 10, kinds: frozenset[str] | None = None) -> SearchOut:
        return self._search.find(actor, query, limit, kinds)

    def backed_up(self, action: str, ok: bool = True) -> None:
        now = self.clock.now()
        row = BackupRun(id=self.platform.new_id(), part="core", action=action, ok=ok, started_at=now, finished_at=now)
        self.platform.core_db.unscoped("test", lambda s: s.add(row), write=True)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    made: list[House] = []
    SlowApp.released.clear()

    def build(*specs: Any) -> House:
        made.append(House(tmp_path / str(len(made)), *specs))
        return made[-1]

    yield build
    SlowApp.released.set()
    for house in made:
        house.platform.close()


def kinds(home: HomeOut) -> list[str]:
    return [item.kind for item in home.attention]


def test_what_a_module_says_stands_on_home(make: Any) -> None:
    """Text and template, the urgent first, one card with figures; the app knows when to read again."""
    house = make(TALKING)
    house.wake()
    home = house.home(house.bob)
    assert kinds(home) == ["talking.fire", "core.no_folders", "talking.letters"]
    fire, _, letters = home.attention
    assert (fire.text, fire.template, fire.params) == ("Fire in the attic", "Fire in the {room}", {"room": "attic"})
    assert (letters.count, letters.since is not None, letters.module) == (3, True, "talking")
    (card,) = home.modules
    assert (card.answered, card.text) == (True, f"Hello {house.bob.user_id[:4]}")
    assert [(figure.key, figure.value) for figure in card.figures] == [("letters", 3.0)]
    assert {"talking.letter_came", "notifications.changed", "modules.changed"} <= set(home.refresh_on)


def test_a_module_that_fails_or_is_slow_keeps_nobody_waiting(make: Any) -> None:
    """The others answer; its card shows its state, and nothing of its error."""
    house = make(TALKING, FAILING, SLOW, BROKEN)
    house.wake()
    home = house.home(house.ann)
    cards = {card.module: card for card in home.modules}
    assert [cards[name].answered for name in ("talking", "failing", "slow", "broken")] == [True, False, False, False]
    assert cards["broken"].state == "setup_error"
    assert "talking.letters" in kinds(home)
    assert "core.module_failed" in kinds(home)
    assert "core.module_failed" not in kinds(house.home(house.bob))
    assert "secret" not in home.model_dump_json()
    found = house.search(house.ann, "letter")
    assert {(left.module, left.why) for left in found.left_out} == {
        ("failing", "failed"),
        ("slow", "failed"),
        ("broken", "stopped"),
    }


def test_a_module_that_is_asleep_is_woken_for_the_next_time(make: Any) -> None:
    """Home answers at once; in a moment the card has its words."""
    house = make(TALKING)
    assert [card.answered for card in house.home(house.bob).modules] == [False]
    house.platform.module("talking")  # what the background does
    assert [card.answered for card in house.home(house.bob).modules] == [True]


def test_backups_are_judged_for_administrators(make: Any) -> None:
    """None yet, good, too old, failed; a member sees how old they are, and is asked for nothing."""
    house = make()
    backup_kinds = lambda: [kind for kind in kinds(house.home(house.ann)) if "backup" in kind]  # noqa: E731
    assert backup_kinds() == ["core.no_backup"]
    house.backed_up("backup")
    house.backed_up("verify")
    assert backup_kinds() == []
    house.clock.advance(timedelta(hours=37).total_seconds())
    assert backup_kinds() == ["core.backup_overdue"]
    house.backed_up("verify", ok=False)
    assert backup_kinds() == ["core.backup_failed"]
    seen = house.home(house.bob)
    assert not [kind for kind in kinds(seen) if "backup" in kind]
    assert seen.backup.last_backup is not None


def test_what_of_the_set_up_is_unfinished_is_told(make: Any) -> None:
    house = make()
    assert {"core.no_folders", "core.second_factor_off"} <= set(kinds(house.home(house.ann)))
    assert kinds(house.home(house.bob)) == ["core.no_folders"]


def test_search_groups_what_everybody_finds(make: Any) -> None:
    """The best group first, as many of each kind as asked for, and whether there are more."""
    house = make(TALKING)
    house.wake()
    found = house.search(house.bob, "LETTER", limit=1)
    (group,) = found.groups
    assert (group.kind, group.text, group.more) == ("talking.letter", "Letters", True)
    (hit,) = group.hits
    assert (hit.title, hit.highlights[0].start, hit.highlights[0].end) == ("Letter one", 0, 6)
    assert {"core.person", "talking.letter"} <= {kind.kind for kind in found.searched}
    only = house.search(house.bob, "e", kinds=frozenset({"core.page"}))
    assert {group.kind for group in only.groups} == {"core.page"}
    assert [kind.kind for kind in only.searched] == ["core.page"]
    assert house.search(house.bob, "  ").groups == []


def test_people_are_found_by_who_may_know_them(make: Any) -> None:
    """Administrators find everybody, members those they share a space with."""
    house = make()
    names = lambda actor, word: [  # noqa: E731
        hit.title for group in house.search(actor, word).groups for hit in group.hits if hit.kind == "core.person"
    ]
    assert names(house.ann, "builder") == ["Bob the Builder"]
    assert names(house.bob, "ann") == []
    spaces = house.platform.accounts.spaces.create(house.ann.user_id, "Band").id
    code = house.platform.accounts.invitations.create(house.ann.user_id, space_id=spaces, new_account=False).code
    house.platform.accounts.invitations.join(house.bob.user_id, str(code), "10.0.0.1")
    bob = house.platform.accounts.people.actor("bob")
    assert names(bob, "ann") == ["ann"]
    assert [group.kind for group in house.search(bob, "band").groups] == ["core.space"]


def test_pages_are_found_in_both_languages_and_only_by_who_has_them(make: Any) -> None:
    house = make()
    routes = lambda actor, word: [hit.route for g in house.search(actor, word).groups for hit in g.hits]  # noqa: E731
    assert "/backups" in routes(house.ann, "sicherung")
    assert "/backups" not in routes(house.bob, "sicherung")
    assert routes(house.bob, "gerate") == ["/devices"]
