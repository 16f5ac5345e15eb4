"""What happened, told after commit: frozen dataclasses with an owner, and the bus that carries them.

An event is named in the past tense (`FilesMoved`), belongs to one owner and holds only JSON values. It reaches the
subscribers in this process and the sockets in the room of its owner, nobody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol, TypeVar

from backend.sdk.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Event:
    """Be the base of every event. Subclasses set `name` ("file_organizer.run_finished") and add their fields.

    `durable`: False for hints such as progress that a client may miss, because the row behind them tells the truth.
    """

    name: ClassVar[str]
    durable: ClassVar[bool] = True
    owner_id: str
    event_id: str = field(default_factory=new_id)
    occurred_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat())

    def payload(self) -> dict[str, Any]:
        """Return the event's own fields (without owner, id and time) as JSON values."""
        skip = {"owner_id", "event_id", "occurred_at"}
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in skip}

    def envelope(self) -> dict[str, Any]:
        """Return what travels: name, owner, id, time and payload; `cursor` is added by the event log."""
        return {
            "name": self.name,
            "owner_id": self.owner_id,
            "event_id": self.event_id,
            "occurred_at": self.occurred_at,
            "payload": self.payload(),
        }


E = TypeVar("E", bound=Event)
Unsubscribe = Callable[[], None]


class EventBus(Protocol):
    """Publish and subscribe. A listener's exception is logged and never reaches the publisher."""

    def publish(self, event: Event) -> None:
        """Send an event on its way; refuses one without an owner (`ValueError`). Call after commit only."""
        ...

    def subscribe(self, event_type: type[E], listener: Callable[[E], None]) -> Unsubscribe:
        """Call `listener` for each event of that type (or a subclass); returns its own un-subscribe."""
        ...
