"""Notifications of a running server: put together from a platform, and the watch over the age of the backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend.core.module_news import ModuleNews
from backend.core.notifications.center import NotificationCenter
from backend.core.notifications.events import BackupsOverdue
from backend.sdk.events import Event

if TYPE_CHECKING:
    from backend.core.platform import Platform


def make_news(platform: Platform) -> NotificationCenter:
    """Return the notifications of a server, listening to its bus; modules' states are told from now on too."""
    people = platform.accounts.people
    center = NotificationCenter(
        platform.notifications, platform.notice_rules, lambda: people.private_spaces(admins=True)
    )
    platform.bus.subscribe(Event, center.hear)
    ModuleNews(platform.apps, platform.bus, people.private_spaces)
    return center


class BackupWatch:
    """Look a few times a day whether the backups are too old."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def look(self) -> list[str]:
        """Tell it if parts have no verified backup of late; returns these parts."""
        from backend.core.backup.status import OVERDUE

        status = self._platform.backup.status()
        late = [part.part for part in status.parts if part.overdue]
        if late:
            hours = int(OVERDUE.total_seconds() // 3600)
            self._platform.bus.publish(BackupsOverdue(parts=", ".join(late), hours=hours))
        return late
