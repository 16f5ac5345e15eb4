"""API of events: what happened in a space since a cursor, for clients without a socket."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from backend.core.event_log import EventLog
from backend.sdk.http import Group, In, Out, current_actor


class EventsQuery(In):
    """Ask for what was missed in one space."""

    after: str | None = Field(None, max_length=60, description="Last cursor seen; without it only the present one.")
    space: str | None = Field(None, max_length=64, description="The space; the private one if absent.")


class EventOut(Out):
    """Show one event."""

    name: str
    owner_id: str
    event_id: str
    occurred_at: str
    cursor: str
    payload: dict[str, Any]


class EventsOut(Out):
    """List missed events in order; `reload` means that they are not kept any more and views must be read anew."""

    items: list[EventOut]
    cursor: str
    reload: bool


def events_group(events: EventLog) -> Group:
    """Return the operations on events."""
    group = Group("events", url_prefix="/events", tag="Events")

    @group.get("", returns=EventsOut)
    def list_events(query: EventsQuery) -> EventsOut:
        """List what happened in a space after a cursor."""
        owner_id = current_actor().owner_id
        if query.after is None:
            return EventsOut(items=[], cursor=events.cursor(owner_id), reload=False)
        missed = events.since(owner_id, query.after)
        items = [EventOut.model_validate(envelope) for envelope in missed.events]
        return EventsOut(items=items, cursor=missed.cursor, reload=missed.reload)

    return group
