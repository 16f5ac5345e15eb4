"""API of notifications: read them, mark them read, put them away. Each person's own marks, in every space of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from backend.core.notifications.rules import NoticeRules
from backend.core.notifications.store import NewsView, NotificationStore
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.http import Group, In, Out, PageQuery, current_actor, page
from backend.sdk.overview import Severity


class NotificationPath(In):
    """Name one notification."""

    notification_id: str = Field(min_length=1, max_length=64)


class NotificationsQuery(PageQuery):
    """Narrow the list."""

    unread: bool = Field(False, description="Only those that you have not read.")


class NotificationOut(Out):
    """Show one piece of news. `text` is English; apps translate `template` and fill in `params`."""

    id: str
    space_id: str = Field(description="The space that it is about.")
    module: str = Field(description="`core`, or the module that it comes from.")
    kind: str
    severity: Severity
    text: str
    template: str
    params: dict[str, str | int | float | bool]
    route: str = Field(description="Where the app leads to; may be empty.")
    count: int = Field(description="How often it happened since it was first told.")
    unread: bool
    created_at: datetime
    changed_at: datetime


class NotificationsOut(Out):
    """One page of news, newest first, and how many are unread in all."""

    items: list[NotificationOut]
    next_cursor: str | None = None
    unread: int


class UnreadOut(Out):
    """Say how many are unread."""

    unread: int


class NotificationKindOut(Out):
    """One kind of news that a person may switch off (`notifications.off` of the preferences)."""

    kind: str
    title: str
    module: str
    severity: Severity


class NotificationKindsOut(Out):
    """All kinds of news of the installed modules."""

    items: list[NotificationKindOut]


def notifications_group(store: NotificationStore, rules: NoticeRules) -> Group:
    """Return the operations below `/notifications`."""
    group = Group("notifications", url_prefix="/notifications", tag="Notifications")

    @group.get("", returns=NotificationsOut)
    def list_notifications(query: NotificationsQuery) -> Any:
        """List news of your spaces, newest first."""
        actor = current_actor()
        rows = store.page(actor, limit=query.limit, before=_before(query), unread=query.unread)
        found = page(rows, query.limit, lambda row: (row.changed_at.isoformat(), row.id))
        items = [_shown(row) for row in found.items]
        return NotificationsOut(items=items, next_cursor=found.next_cursor, unread=store.unread(actor))

    @group.get("/unread", returns=UnreadOut)
    def count_unread() -> UnreadOut:
        """Say how many you have not read."""
        return UnreadOut(unread=store.unread(current_actor()))

    @group.get("/kinds", returns=NotificationKindsOut)
    def list_kinds() -> NotificationKindsOut:
        """List the kinds of news that there are; the preferences switch them off."""
        found = rules.kinds().values()
        items = [
            NotificationKindOut(kind=k.rule.kind, title=k.rule.title, module=k.module, severity=k.rule.severity)
            for k in found
        ]
        return NotificationKindsOut(items=items)

    @group.post("/read", returns=UnreadOut, status=200)
    def read_all() -> UnreadOut:
        """Mark everything as read."""
        store.mark_all(current_actor())
        return UnreadOut(unread=store.unread(current_actor()))

    @group.post("/<notification_id>/read", returns=UnreadOut, status=200, errors=[404])
    def read_one(path: NotificationPath) -> UnreadOut:
        """Mark one as read."""
        store.mark(current_actor(), path.notification_id)
        return UnreadOut(unread=store.unread(current_actor()))

    @group.delete("")
    def put_all_away() -> None:
        """Put everything away, for yourself only."""
        store.mark_all(current_actor(), hide=True)

    @group.delete("/<notification_id>", errors=[404])
    def put_away(path: NotificationPath) -> None:
        """Put one away, for yourself only; it comes back when it happens again."""
        store.mark(current_actor(), path.notification_id, hide=True)

    return group


def _before(query: NotificationsQuery) -> tuple[datetime, str] | None:
    after = query.after(str, str)
    if after is None:
        return None
    try:
        at = datetime.fromisoformat(after[0])
        if at.tzinfo is None or not 1900 < at.year < 9000:
            raise ValueError(after[0])
    except ValueError:
        problem = FieldProblem("query.cursor", "This is no cursor of this list.", "Start again without a cursor.")
        raise InvalidInput(fields=[problem]) from None
    return at, after[1]


def _shown(row: NewsView) -> NotificationOut:
    return NotificationOut.model_validate(row)
