"""What is news: a list for the bell, and how many of it are unread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import NotificationKindOut, NotificationOut
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class NotificationsProvider(Provider):
    """Hold the news of all spaces, newest first, and `unread`, their number."""

    hears = ("notifications.",)

    unread: int = 0
    only_unread: bool = False
    kinds: tuple[NotificationKindOut, ...] = ()
    news: Paged[NotificationOut] = field(init=False)
    _listed: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the list."""
        self.news = Paged(source=self._page)

    async def fetch(self) -> None:
        """Count what is unread; read the list again if somebody looked at it."""
        if self._listed:
            await self.news.refresh()
            if self.news.error:
                raise self.news.error
        else:
            self.unread = (await self.api.notifications.count_unread())["unread"]

    async def load_list(self) -> None:
        """Read the list, for the screen that shows it."""
        self._listed = True
        await self.load()

    async def load_kinds(self) -> None:
        """Load the kinds of news that there are, for the preferences; raises `ApiError`."""
        self.kinds = tuple((await self.api.notifications.list_kinds())["items"])

    async def show(self, *, only_unread: bool) -> None:
        """Show all, or only what is unread."""
        self.only_unread = only_unread
        self.news.reset()
        await self.load_list()

    async def read(self, notification_id: str) -> None:
        """Mark one as read: at once, taken back if the hub refuses; raises `ApiError`."""
        one = self.news.get(notification_id)
        if one is not None and not one["unread"]:
            return
        async with undone_on_error(self._count(-1), self.news.update(notification_id, {"unread": False})):
            self.unread = (await self.api.notifications.read_one(notification_id))["unread"]

    async def read_all(self) -> None:
        """Mark everything as read: at once, taken back if the hub refuses; raises `ApiError`."""
        undos = [self.news.update(one["id"], {"unread": False}) for one in self.news.items if one["unread"]]
        async with undone_on_error(self._count(-self.unread), *undos):
            self.unread = (await self.api.notifications.read_all())["unread"]

    async def put_away(self, notification_id: str) -> None:
        """Put one away: at once, put back if the hub refuses; raises `ApiError`."""
        one = self.news.get(notification_id)
        fewer = -1 if one is not None and one["unread"] else 0
        async with undone_on_error(self._count(fewer), self.news.remove(notification_id)):
            await self.api.notifications.put_away(notification_id)

    async def put_all_away(self) -> None:
        """Put everything away; raises `ApiError`."""
        await self.api.notifications.put_all_away()
        await self.load_list()

    def _count(self, change: int) -> Any:
        before = self.unread
        self.unread = after = max(0, before + change)

        def undo() -> None:
            if self.unread == after:
                self.unread = before

        return undo

    async def _page(self, cursor: str | None, limit: int) -> Any:
        page = await self.api.notifications.list_notifications(
            cursor=cursor, limit=limit, unread=self.only_unread or None
        )
        self.unread = page["unread"]
        return page

    def reset(self) -> None:
        """Forget the news."""
        super().reset()
        self.news.reset()
        self._listed = False
