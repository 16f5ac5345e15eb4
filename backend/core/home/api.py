"""API of Home and search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.core.home.asking import ModuleAsker
from backend.core.home.overview import HomeOverview
from backend.core.home.schemas import HomeOut, SearchOut, SearchQuery
from backend.core.home.search import Search
from backend.sdk.http import Group, current_actor

if TYPE_CHECKING:
    from backend.core.platform import Platform


def home_groups(platform: Platform) -> list[Group]:
    """Return the operations `/home` and `/search`."""
    asker = ModuleAsker(platform.apps)
    overview, search = HomeOverview(platform, asker), Search(platform, asker)
    home = Group("home", url_prefix="/home", tag="Home")
    finding = Group("search", url_prefix="/search", tag="Search")

    @home.get("", returns=HomeOut)
    def show_home() -> HomeOut:
        """Show what needs you, and one card per module.

        Never waits for a module that does not run: one that is asleep is woken and answers the next time
        (`modules.changed` tells when).
        """
        return overview.show(current_actor())

    @finding.get("", returns=SearchOut)
    def search_everything(query: SearchQuery) -> SearchOut:
        """Find people, spaces, work, modules, pages, and what the modules know by name.

        Without case and accents; each word must be in the name. `searched` says what was looked through.
        """
        kinds = frozenset(query.kinds.split(",")) if query.kinds else None
        return search.find(current_actor(), query.q, query.limit, kinds)

    return [home, finding]
