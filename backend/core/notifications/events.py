"""What notifications tell the clients, and what core tells notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.core.module_events import HOUSEHOLD
from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class NotificationsChanged(Event):
    """There is news in this space, or a person read or put away some; `kind` is empty for the latter."""

    name: ClassVar[str] = "notifications.changed"
    notification_id: str | None = None
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class BackupsOverdue(Event):
    """No verified backup for too long; told about once per check."""

    name: ClassVar[str] = "backups.overdue"
    owner_id: str = HOUSEHOLD
    parts: str = ""
    hours: int = 0
