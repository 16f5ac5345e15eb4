"""The tables of news: one row per thing that is news in a space, and what each person did with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.models import CoreBase
from backend.sdk.db import JsonDict, Owned, UtcDateTime, owned_fk


class Notification(Owned, CoreBase):
    """One piece of news of one space. The same `kind` and `subject` again renews the row and counts it.

    `template` and `params` make the text; `event_id` is the last event that was taken in, so that none counts twice.
    """

    __tablename__ = "notifications"

    kind: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(120), default="")
    module: Mapped[str] = mapped_column(String(60))
    severity: Mapped[str] = mapped_column(String(10))
    template: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    route: Mapped[str] = mapped_column(String(300), default="")
    count: Mapped[int] = mapped_column(default=1)
    event_id: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("owner_id", "kind", "subject"),
        Index("ix_notifications_newest", "owner_id", "changed_at", "id"),
    )


class NotificationMark(Owned, CoreBase):
    """What one person did with a piece of news: read it, put it away. Gone when the news is renewed."""

    __tablename__ = "notification_marks"

    notification_id: Mapped[str] = mapped_column(String(36))
    user_id: Mapped[str] = mapped_column(String(36))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)

    __table_args__ = (
        owned_fk("notification_id", "notifications", ondelete="CASCADE"),
        UniqueConstraint("owner_id", "notification_id", "user_id"),
        Index("ix_notification_marks_user", "user_id"),
    )
