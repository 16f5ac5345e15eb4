"""Models that are kept in memory between questions, keyed by the owners they were counted from.

A model follows the database: before it is used, its owners' states are read (one small query); what was learned
since is counted in, and when something was forgotten it is counted anew. Only what is committed gets in.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from backend.file_organizer.memory.lessons import MemoryState, load, states
from backend.file_organizer.memory.model import DestinationModel
from backend.sdk.concurrency import native_lock
from backend.sdk.db import OwnedSession

KEPT = 4


@dataclass(slots=True)
class Entry:
    """One model with how far it is."""

    model: DestinationModel = field(default_factory=DestinationModel)
    marks: dict[str, MemoryState] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=native_lock)


class ModelCache:
    """Keep the models used last."""

    def __init__(self) -> None:
        self._entries: OrderedDict[tuple[str, frozenset[str]], Entry] = OrderedDict()
        self._lock = native_lock()

    def fresh(self, session: OwnedSession) -> Entry:
        """Return the model of the session's owners as the database has it now."""
        actor = session.actor
        key = (actor.owner_id, frozenset(actor.owners))
        with self._lock:
            entry = self._entries.setdefault(key, Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > KEPT:
                self._entries.popitem(last=False)
        with entry.lock:
            _follow(entry, session)
        return entry


def _follow(entry: Entry, session: OwnedSession) -> None:
    now = states(session)
    if now == entry.marks:
        return
    own = now.get(session.actor.owner_id, MemoryState())
    gone = any(now.get(owner, MemoryState()).epoch != mark.epoch for owner, mark in entry.marks.items())
    behind = any(state.seq < entry.marks[owner].seq for owner, state in now.items() if owner in entry.marks)
    if gone or behind or not entry.marks:
        entry.model = DestinationModel(own.tuned)
        entry.model.count(load(session, {}))
    else:
        entry.model.tune(own.tuned)
        after = {owner: entry.marks[owner].seq if owner in entry.marks else 0 for owner in now}
        entry.model.count(load(session, after))
    entry.marks = now
